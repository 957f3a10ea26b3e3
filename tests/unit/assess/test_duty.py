"""The duty test: every row of its truth table, what doubt does, what a waiver needs, and when the clocks end."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.assess.duty import (
    ELEMENTS,
    Determination,
    Duty,
    DutyFacts,
    Ground,
    Truth,
    Waiver,
    check_duty,
    determination_as_claims,
    determine,
    find_facts,
    read_ruleset,
)
from tocsin.assess.grading import Reliability, grade
from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Window
from tocsin.errors import InputError, WaiverError

RULES = read_ruleset("icd191-2015")
ALREADY_KNOWN = Waiver(Ground.W1, "their police sent it to us", "R-7")
NOW = datetime(2024, 3, 7, 14, 45, tzinfo=UTC)
ACQUIRED = NOW - timedelta(minutes=25)
MOSCOW = Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.756, 37.617))
RUSSIA = Place(name="Russia", country="RU", level=Level.COUNTRY)
TWO_DAYS = Window(start=NOW, end=NOW + timedelta(days=2))
BASIS = (grade("R-1", Reliability.B, 2),)
THREAT = Threat(
    places=(MOSCOW,), window=TWO_DAYS, targets=("public_gathering", "concert"), methods=("unspecified_attack",)
)


def facts(*values: Truth, waiver: Waiver | None = None) -> DutyFacts:
    return DutyFacts(**dict(zip(ELEMENTS, values, strict=True)), waiver=waiver)


def determined(threat: Threat = THREAT, *, at: datetime = NOW, waiver: Waiver | None = None) -> Determination:
    return determine(threat, BASIS, id="D-1", officer="officer 1", acquired=ACQUIRED, at=at, waiver=waiver)


@pytest.mark.parametrize("row", list(itertools.product([True, False], repeat=5)))
def test_the_duty_arises_in_no_row_but_the_all_true_one(row: tuple[bool, ...]) -> None:
    outcome = check_duty(facts(*row), RULES)
    false = tuple(name for name, value in zip(ELEMENTS, row, strict=True) if not value)
    expected = Duty.ARISES if not false else Duty.DISCRETIONARY if false == ("harm",) else Duty.NOT_MET
    assert outcome.outcome is expected
    assert outcome.failed == false, "each false element names itself"
    assert outcome.proposed == ("warn" if all(row) else "none")


@pytest.mark.parametrize("waiver", [None, ALREADY_KNOWN])
def test_every_row_has_one_outcome_by_the_words_of_the_contract(waiver: Waiver | None) -> None:
    rows: list[tuple[Truth, ...]] = list(itertools.product([True, False, "uncertain"], repeat=5))
    for row in rows:
        outcome = check_duty(facts(*row, waiver=waiver), RULES)
        false = [name for name, value in zip(ELEMENTS, row, strict=True) if value is False]
        if false:
            expected = Duty.DISCRETIONARY if false == ["harm"] else Duty.NOT_MET
        elif waiver:
            expected = Duty.WAIVED
        else:
            expected = Duty.UNDECIDED if "uncertain" in row else Duty.ARISES
        assert outcome.outcome is expected, row
        assert (outcome.proposed == "warn") is (expected in {Duty.ARISES, Duty.UNDECIDED}), row


@pytest.mark.parametrize("element", ELEMENTS)
def test_doubt_about_any_element_is_resolved_in_favour_of_warning(element: str) -> None:
    row: list[Truth] = ["uncertain" if name == element else True for name in ELEMENTS]
    outcome = check_duty(facts(*row), RULES)
    assert (outcome.outcome, outcome.proposed, outcome.uncertain) == (Duty.UNDECIDED, "warn", (element,))
    assert "R7" in outcome.clauses


def test_a_waiver_never_hides_that_an_element_is_false() -> None:
    outcome = check_duty(facts(True, True, False, True, True, waiver=ALREADY_KNOWN), RULES)
    assert outcome.outcome is Duty.NOT_MET
    assert "W1" not in outcome.clauses


@pytest.mark.parametrize("ground", list(Ground))
def test_a_waiver_cites_its_own_ground(ground: Ground) -> None:
    waiver = Waiver(ground, "in words", "R-7")
    assert {"R9", ground.value} <= set(check_duty(facts(True, True, True, True, True, waiver=waiver), RULES).clauses)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
@pytest.mark.parametrize("ground", list(Ground))
def test_a_waiver_without_words_is_refused(ground: Ground, text: str) -> None:
    with pytest.raises(WaiverError, match=f"waiver {ground} has no text"):
        Waiver(ground, text, "R-7")


@pytest.mark.parametrize("evidence", [None, "", "  "])
def test_that_they_know_already_is_never_waived_on_a_mere_word(evidence: str | None) -> None:
    with pytest.raises(WaiverError, match="waiver W1 has no evidence"):
        Waiver(Ground.W1, "they know", evidence)


@given(row=st.lists(st.sampled_from([True, False, "uncertain"]), min_size=5, max_size=5), soon=st.booleans())
def test_every_clause_cited_stands_in_the_rule_set_with_its_standing(row: list[Truth], *, soon: bool) -> None:
    clauses = {clause["id"]: clause for clause in RULES.data["clauses"]}
    outcome = check_duty(facts(*row, waiver=ALREADY_KNOWN), RULES, soon=soon)
    for cited in outcome.clauses:
        assert clauses[cited]["standing"] in {"quoted", "secondary", "from memory"}
        assert clauses[cited]["text"]
    assert (outcome.ruleset, outcome.version) == ("icd191-2015", RULES.data["version"])


def test_only_clauses_marked_quoted_in_the_source_are_said_to_be() -> None:
    quoted = {clause["id"] for clause in RULES.data["clauses"] if clause["standing"] == "quoted"}
    assert quoted == {"R1", "R2", "R3", "R4", "W2", "W3", "W4"}


def test_an_unknown_rule_set_is_refused_and_the_known_named() -> None:
    with pytest.raises(InputError) as caught:
        read_ruleset("../../etc/passwd")
    assert "icd191-2015" in (caught.value.hint or "")


@pytest.mark.parametrize("citizens", ["us_citizens", "swedes", "israelis", "tourists", "general_public"])
def test_the_victims_nationality_changes_nothing(citizens: str) -> None:
    assert determined(replace(THREAT, targets=(citizens,))).outcome == determined().outcome


def test_the_public_warning_of_the_story_arises_with_a_reason_for_each_element() -> None:
    found = determined()
    assert found.outcome.outcome is Duty.ARISES
    assert set(found.reasons) == set(ELEMENTS)
    assert found.reasons["credible"] == "graded B2"


THREATS: dict[str, tuple[Threat, str, Truth]] = {
    "no method is no harm, in either direction": (replace(THREAT, methods=()), "harm", "uncertain"),
    "unrest alone": (replace(THREAT, methods=("civil_unrest",)), "harm", False),
    "unrest and a bombing": (replace(THREAT, methods=("civil_unrest", "bombing")), "harm", True),
    "an attack of no stated kind": (THREAT, "harm", True),
    "nothing to be directed at": (replace(THREAT, targets=(), places=()), "directed_at", "uncertain"),
    "a country and nothing else": (replace(THREAT, places=(RUSSIA,), targets=(), window=Window(start=None, end=None)), "specific", False),
    "a country, with target and time": (replace(THREAT, places=(RUSSIA,)), "specific", True),
    "a kind of target and a method": (Threat(targets=("concert",), methods=("bombing",)), "specific", True),
    "a kind of target and no named method": (Threat(targets=("concert",), methods=("unspecified_attack",)), "specific", False),
    "no beginning": (replace(THREAT, window=Window(start=None, end=None)), "impending", "uncertain"),
    "fourteen days off": (replace(THREAT, window=Window(start=NOW + timedelta(days=14), end=None)), "impending", True),
    "a second more": (replace(THREAT, window=Window(start=NOW + timedelta(days=14, seconds=1), end=None)), "impending", False),
    "over already": (replace(THREAT, window=Window(start=None, end=NOW)), "impending", False),
}  # fmt: skip


@pytest.mark.parametrize(("threat", "element", "truth"), list(THREATS.values()), ids=list(THREATS))
def test_elements_are_derived_by_the_numbers_of_the_rule_set(threat: Threat, element: str, truth: Truth) -> None:
    found, reasons = find_facts(threat, BASIS, RULES, at=NOW)
    assert found[element] == truth
    assert reasons[element]


def test_no_graded_report_leaves_the_belief_open_and_so_proposes_to_warn() -> None:
    found = determine(THREAT, (), id="D-1", officer="o", acquired=ACQUIRED, at=NOW)
    assert (found.outcome.outcome, found.outcome.proposed) == (Duty.UNDECIDED, "warn")


def test_the_clocks_run_from_the_arrival_and_each_from_the_end_of_the_one_before() -> None:
    later = replace(THREAT, window=Window(start=ACQUIRED + timedelta(days=3), end=None))
    found = determined(later, at=NOW + timedelta(hours=3))
    ends = [timedelta(hours=1), timedelta(hours=5), timedelta(hours=7)]
    assert list(found.due.values()) == [ACQUIRED + end for end in ends]


def test_an_event_less_than_two_days_off_has_the_shorter_clocks() -> None:
    found = determined(replace(THREAT, window=Window(start=ACQUIRED + timedelta(hours=47), end=None)))
    assert found.outcome.clocks == {"review": 1800, "determination": 3600, "dispatch": 1800}
    assert found.due["dispatch"] == ACQUIRED + timedelta(hours=2)


def test_two_days_off_to_the_second_is_not_less() -> None:
    found = determined(replace(THREAT, window=Window(start=ACQUIRED + timedelta(hours=48), end=None)))
    assert found.outcome.clocks == {"review": 3600, "determination": 14400, "dispatch": 7200}


def test_what_is_logged_never_names_a_person() -> None:
    named = replace(THREAT, persons=("Karl Ungewöhnlich", "Otto Zweiter"), targets=())
    written = json.dumps(determination_as_claims(determined(named)), ensure_ascii=False)
    assert "Ungewöhnlich" not in written
    assert "Zweiter" not in written
    assert "2 named persons" in written


def test_what_is_logged_keeps_rule_set_version_clauses_and_the_whole_waiver() -> None:
    claims = determination_as_claims(determined(waiver=ALREADY_KNOWN))
    assert (claims["ruleset"], claims["ruleset_version"]) == ("icd191-2015", RULES.version)
    assert "W1" in claims["clauses"]
    assert claims["waiver"] == {"ground": "W1", "text": "their police sent it to us", "evidence": "R-7"}
    assert claims["outcome"] == "waived"
    json.dumps(claims)
