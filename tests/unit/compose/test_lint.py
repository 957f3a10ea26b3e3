"""A text that leaves its readers searching is found by the rule that says why; one that serves them goes through."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cap.alert import Certainty, Urgency
from tocsin.compose.lint.check import RULES, check_passes, find_faults, used_passes, write_rules
from tocsin.compose.lint.finding import Level, Said
from tocsin.compose.lint.orders import find_order
from tocsin.compose.lint.words import find_words, languages_of
from tocsin.core.data import read_data
from tocsin.errors import InputError, PolicyError

FOLDER = Path(__file__).parent
DOCS = Path(__file__).parents[3] / "docs"
BAD: list[dict[str, Any]] = json.loads((FOLDER / "bad_texts.json").read_text(encoding="utf-8"))
GOOD: list[dict[str, Any]] = json.loads((FOLDER / "good_texts.json").read_text(encoding="utf-8"))
SERVES: dict[str, Any] = {
    "headline": "Embassy: stay away from concerts in Moscow",
    "description": "Issued Thursday 7 March, 18:00 Moscow time. Reports, not confirmed, say that extremists may attack "
    "concerts in Moscow. The danger is until Saturday 9 March, 18:00 Moscow time.",
    "instruction": "Stay away from concerts. We write again by Friday 8 March, 09:00 Moscow time. "
    "Check it on the embassy's page.",
    "language": "en",
    "issuer": "Embassy of Example",
    "places": ("Moscow",),
    "urgency": "Expected",
    "certainty": "Possible",
}


def said(**changes: Any) -> Said:
    facts = SERVES | {name: tuple(one) if isinstance(one, list) else one for name, one in changes.items()}
    return Said(**facts | {"urgency": Urgency(facts["urgency"]), "certainty": Certainty(facts["certainty"])})


def errors(text: Said) -> list[str]:
    return [one.rule for one in find_faults(text) if one.level is Level.ERROR]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad['rule']} {bad['why']}")
def test_a_bad_text_is_found_by_its_rule(bad: dict[str, Any]) -> None:
    text = said(**{name: one for name, one in bad.items() if name not in {"why", "rule", "level"}})
    found = {(one.rule, one.level.value) for one in find_faults(text)}
    assert (bad["rule"], bad["level"]) in found


@pytest.mark.parametrize("good", GOOD, ids=range(len(GOOD)))
def test_no_error_stands_in_the_way_of_a_text_that_serves(good: dict[str, Any]) -> None:
    assert errors(said(**good)) == []


def test_every_rule_has_a_bad_text_but_the_one_that_is_advice() -> None:
    assert {rule.id for rule in RULES} - {bad["rule"] for bad in BAD} == {"TXT-C20"}
    assert len(BAD) >= 40


def test_only_the_rule_that_is_broken_speaks_of_a_missing_verb() -> None:
    assert errors(said(instruction="Awareness helps. We write again on Friday.")) == ["TXT-C5"]


def test_a_language_without_words_is_said_to_be_unchecked_and_is_no_error() -> None:
    found = find_faults(said(language="sw-KE"))
    unchecked = {one.rule for one in found if one.found == "not checked in sw"}
    assert {rule.id for rule in RULES if rule.words and False in rule.on} == unchecked
    assert [one for one in found if one.level is Level.ERROR] == []


def test_a_list_that_nobody_reviewed_refuses_nothing() -> None:
    found = find_faults(said(language="ru", headline="Внимание", description="Беды ждут.", instruction="Ждите."))
    assert ("TXT-C2", Level.WARNING) in {(one.rule, one.level) for one in found}
    assert [one for one in found if one.level is Level.ERROR] == []


def test_a_span_shows_the_words_that_were_meant() -> None:
    text = said(description="This is not a drill.", exercise=True)
    (found,) = [one for one in find_faults(text) if one.rule == "TXT-C13"]
    assert text.text[slice(*found.span)] == "not a drill"


def test_every_error_is_refused_at_once_and_each_needs_its_own_pass() -> None:
    found = find_faults(said(instruction="Hope.", description="Soon."))
    wanted = {one.rule for one in found if one.level is Level.ERROR}
    with pytest.raises(PolicyError) as caught:
        used_passes(found, {})
    assert wanted == {rule for rule in wanted if rule in str(caught.value)}
    assert len(wanted) > 2
    with pytest.raises(PolicyError) as caught:
        used_passes(found, {"TXT-C5": "agreed with the city"})
    assert "TXT-C5" not in str(caught.value)
    assert set(used_passes(found, dict.fromkeys(wanted, "no time to find out"))) == wanted


def test_a_pass_that_no_error_needs_is_not_logged_as_used() -> None:
    assert used_passes(find_faults(said()), {"TXT-C4": "in case"}) == {}


@pytest.mark.parametrize(
    "passes", [{"TXT-C99": "why"}, {"TXT-C7": "only a warning"}, {"TXT-C4": "  "}], ids=["unknown", "warning", "empty"]
)
def test_a_pass_names_an_error_and_a_reason(passes: dict[str, str]) -> None:
    with pytest.raises(InputError, match="pass: "):
        check_passes(passes)


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["en", "fr", "ar", "uk", "", "x-", "zz"]))
def test_no_text_makes_it_fail_and_every_span_is_inside(headline: str, rest: str, language: str) -> None:
    for ending in (False, True):
        text = said(headline=headline, description=rest, instruction=rest, language=language, ending=ending)
        for one in find_faults(text):
            assert 0 <= one.span[0] <= one.span[1] <= len(text.text)


@given(
    st.sampled_from(
        [
            "a",
            "a ",
            "1:",
            "A",
            "not ",
            "http://",
            ".",
            "may ",
            "Europe/",
            "time ",
            "\n",
            "é",
            "evacuate, ",
            "9 May ",
            "a.b",
            "Go. ",
        ]
    )
)
def test_a_text_as_long_as_an_order_may_be_is_read_to_its_end(unit: str) -> None:
    text = said(description=unit * (50_000 // len(unit)) + " in your area", places=("Kazan",), headline="Embassy")
    assert any(one.rule == "TXT-C3" for one in find_faults(text))


def test_every_list_has_english_and_its_phrases_once() -> None:
    data = read_data("compose", "lint.json")
    for name, lists in (*data["words"].items(), *data["otherwise"].items()):
        assert "en" in languages_of(name)
        assert set(data["otherwise"].get(name, ())) <= set(languages_of(name))
        for phrases in lists.values():
            assert len(phrases) == len(set(phrases))


def test_a_language_without_the_list_has_none_of_its_words() -> None:
    assert find_words("zone", "de", "18:00 Uhr Moskauer time") is None


def test_names_that_everybody_writes_in_capitals_are_no_shout() -> None:
    text = said(description=f"{SERVES['description']} NATO, UNESCO and OSCE meet there.")
    assert [one for one in find_faults(text) if one.rule == "TXT-C9"] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Leave the building", "Leave the building"),
        ("Do not go out, leave the building", "leave the building"),
        ("Do not leave the building", None),
        ("If told, leave the building", None),
        ("If told, go. Leave Moscow", "Leave Moscow"),
        ("Leave alone what you find", None),
    ],
)
def test_an_order_holds_if_it_is_neither_forbidden_nor_for_some_only(text: str, found: str | None) -> None:
    span = find_order("leave", "en", text)
    assert (text[slice(*span)] if span else None) == found


def test_the_end_in_our_docs_has_no_error() -> None:
    texts = json.loads((DOCS / "examples" / "cancel.json").read_text(encoding="utf-8"))["texts"]
    assert errors(said(**texts["public"], ending=True)) == []


def test_the_page_on_the_lint_holds_the_rules_of_the_code() -> None:
    assert write_rules() in (DOCS / "lint.md").read_text(encoding="utf-8")
