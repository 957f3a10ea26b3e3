"""What is not known exactly never makes a verdict surer than it is, and the order of what comes in never matters."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.review.test_matching import EVERYWHERE, INCIDENT, ISSUED, MOSCOW, RULE, THREAT, WARNING

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import NOT_STATED, Precision, Window
from tocsin.errors import InputError
from tocsin.review.chains import find_in_force
from tocsin.review.facets import Verdict, judge_time
from tocsin.review.incident import SLACK
from tocsin.review.matching import ReviewedWarning, Told, find_matches, judge

HOUR = timedelta(hours=1)
hours = st.integers(-2000, 2000).map(lambda n: ISSUED + n * HOUR)
spans = st.integers(1, 2000)


def within(span: tuple[datetime, datetime], share: float) -> datetime:
    return span[0] + (span[1] - span[0]) * share


@given(hours, st.sampled_from(Precision), spans, st.floats(0, 1))
def test_a_sure_verdict_on_time_holds_for_whatever_the_true_time_was(
    start: datetime, precision: Precision, length: int, share: float
) -> None:
    warning = replace(WARNING, window=Window(start=ISSUED, end=ISSUED + length * HOUR))
    incident = replace(INCIDENT, start=start, precision=precision)
    found = judge(warning, incident, RULE)
    true = judge_time(warning.window, within(incident.span, share), late=RULE.late)
    assert not found.time_is_sure or found.time is true


@given(hours, spans)
def test_a_lower_precision_never_makes_a_verdict_sure(start: datetime, length: int) -> None:
    warning = replace(WARNING, window=Window(start=ISSUED, end=ISSUED + length * HOUR))
    sure = [judge(warning, replace(INCIDENT, start=start, precision=one), RULE).time_is_sure for one in SLACK]
    assert sure == sorted(sure, reverse=True)


@given(st.floats(0, 80), st.floats(0, 60), st.floats(-1, 1))
def test_a_sure_verdict_on_place_holds_wherever_it_truly_was(km: float, within_km: float, share: float) -> None:
    def judged(away: float, **known: float) -> tuple[Verdict, bool]:
        hall = Place(name="x", country="RU", level=Level.VENUE, point=Point(55.756 - away / 111.4, 37.617))
        found = judge(WARNING, replace(INCIDENT, place=hall, **known), RULE)
        return found.place, found.place_is_sure

    found, sure = judged(km, within_km=within_km)
    # Along one meridian a step of so many degrees is that many kilometres to a thousandth.
    true, _ = judged(max(km + share * within_km * 0.99, 0.0))
    assert not sure or found is true


def test_a_day_that_touches_the_window_only_in_part_is_a_hit_that_is_not_sure() -> None:
    noon = ISSUED + timedelta(hours=47)
    found = judge(WARNING, replace(INCIDENT, start=noon, precision=Precision.DAY), RULE)
    assert (found.time, found.time_is_sure) == (Verdict.HIT, False)


def test_a_span_of_its_own_counts_for_more_than_the_precision() -> None:
    known = replace(INCIDENT, precision=Precision.YEAR, earliest=ISSUED + HOUR, latest=ISSUED + 20 * HOUR)
    assert judge(WARNING, known, RULE).time_is_sure
    with pytest.raises(InputError, match="outside of its earliest and latest"):
        replace(INCIDENT, earliest=INCIDENT.start + HOUR)


def test_nobody_is_claimed_or_attributed_who_is_no_actor() -> None:
    with pytest.raises(InputError, match="'jnim' is claimed or attributed"):
        replace(INCIDENT, claimed=("jnim",))


TAGS = st.lists(st.sampled_from(["concert", "worship", "public_gathering", "hotel", "isis", "isis-k", "shooting"]), max_size=5).map(tuple)  # fmt: skip


@given(hours, TAGS, TAGS, TAGS)
def test_a_warning_that_names_everything_is_never_a_hit(start: datetime, targets: tuple[str, ...], actors: tuple[str, ...], methods: tuple[str, ...]) -> None:  # fmt: skip
    threat = Threat(places=(EVERYWHERE, MOSCOW), targets=targets, actors=actors, methods=methods)
    found = judge(replace(WARNING, threat=threat), replace(INCIDENT, start=start), RULE)
    assert found.overall is not Verdict.HIT


@given(
    st.permutations([0, 1, 2]),
    st.permutations(["isis", "extremists", "al-qaeda"]),
    st.permutations(["concert", "hotel"]),
)
def test_the_order_of_what_a_warning_lists_never_matters(
    order: list[int], actors: list[str], targets: list[str]
) -> None:
    places = (MOSCOW, EVERYWHERE, replace(MOSCOW, point=Point(43.1, 131.9)))
    mixed = replace(THREAT, places=tuple(places[n] for n in order), actors=tuple(actors), targets=tuple(targets))
    plain = replace(THREAT, places=places, actors=("isis", "extremists", "al-qaeda"), targets=("concert", "hotel"))
    assert judge(replace(WARNING, threat=mixed), INCIDENT, RULE) == judge(
        replace(WARNING, threat=plain), INCIDENT, RULE
    )


def version(name: str, hour: int, *, chain: str = "c", told: Told = Told.PUBLIC) -> ReviewedWarning:
    return replace(WARNING, id=name, chain=chain, told=told, issued=ISSUED + hour * HOUR)


VERSIONS = (
    version("first", 0),
    version("update", 5),
    version("after", 11),
    version("private", 3, told=Told.PRIVATE),
    version("other", 1, chain="d"),
    version("alone", 2, chain=""),
)


@given(st.permutations(VERSIONS))
def test_of_each_chain_and_channel_the_version_in_force_counts_once(versions: list[ReviewedWarning]) -> None:
    found = find_in_force(versions, ISSUED + 10 * HOUR)
    assert [one.id for one in found] == ["other", "alone", "private", "update"]


def test_what_was_told_at_that_instant_or_later_is_not_in_force() -> None:
    assert find_in_force(VERSIONS, ISSUED) == ()
    assert [one.id for one in find_in_force(VERSIONS[:2], ISSUED + 5 * HOUR)] == ["first"]


@given(st.permutations(VERSIONS))
def test_the_order_of_warnings_changes_no_verdict(versions: list[ReviewedWarning]) -> None:
    found = {one.warning: one for one in find_matches(INCIDENT, versions, RULE)}
    assert found == {one.warning: one for one in find_matches(INCIDENT, VERSIONS, RULE)}


def test_late_within_the_grace_of_the_rule_has_a_class_of_its_own() -> None:
    late = replace(INCIDENT, start=ISSUED + 60 * HOUR)
    grace = replace(RULE, id="grace/1", max_late=timedelta(hours=12))
    assert judge(WARNING, late, RULE).class_ == "lapsed"
    assert judge(WARNING, late, grace).class_ == "late"
    assert judge(WARNING, replace(late, start=late.start + timedelta(seconds=1)), grace).class_ == "lapsed"


def test_a_verdict_cites_the_clause_that_decided_and_the_cap() -> None:
    capped = replace(WARNING, threat=replace(THREAT, places=(EVERYWHERE,)))
    vague = replace(WARNING, threat=Threat(), window=NOT_STATED)
    cited = [judge(one, INCIDENT, RULE).decided_by for one in (WARNING, capped, vague)]
    assert cited == ["5", "5, capped: the whole world", "8"]
