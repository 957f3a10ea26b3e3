"""The lint reads the five other languages as it reads English: a fault is found there too, and what serves goes through."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.compose.test_lint import said

from tocsin.compose.lint.check import RULES, check_passes, find_faults
from tocsin.compose.lint.finding import Finding, Level, Said
from tocsin.compose.revision import CHANGED
from tocsin.core.language import LANGUAGES
from tocsin.errors import InputError

TEXTS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "spoken_texts.json").read_text(encoding="utf-8"))
PLACES = {"fr": "Moscou", "es": "Moscú", "ru": "Москва", "uk": "Москва", "ar": "موسكو"}
FAULTS = [(language, rule) for language, found in TEXTS.items() for rule in found if rule.startswith("TXT-")]


def text(language: str, rule: str = "") -> Said:
    ending = rule == "ends" or rule.startswith("TXT-E")
    words = TEXTS[language]["ends" if ending else "serves"] | (TEXTS[language][rule] if rule else {})
    return said(**words, language=language, issuer="Example", places=(PLACES[language],), ending=ending)


def findings(read: Said) -> list[Finding]:
    return [one for one in find_faults(read) if one.level is not Level.ADVICE]


@pytest.mark.parametrize(
    "rule", ["", "serves to those who stay inside", "ends"], ids=["a warning", "a warning to stay inside", "an end"]
)
@pytest.mark.parametrize("language", TEXTS)
def test_a_text_that_serves_has_no_finding_in_its_language(language: str, rule: str) -> None:
    assert [str(one) for one in findings(text(language, rule))] == []


@pytest.mark.parametrize(("language", "rule"), FAULTS, ids=[f"{rule} {language}" for language, rule in FAULTS])
def test_a_fault_is_found_in_its_language_and_refuses_nothing_while_nobody_reviewed_the_words(
    language: str, rule: str
) -> None:
    found = [one for one in findings(text(language, rule)) if one.rule == rule.split(maxsplit=1)[0]]
    assert found
    assert {one.level for one in found} == {Level.WARNING}


def test_every_rule_with_words_speaks_every_language_of_the_templates() -> None:
    assert [rule.id for rule in RULES if rule.words and not set(LANGUAGES) <= set(rule.languages or ())] == []


@pytest.mark.parametrize("language", CHANGED)
def test_the_first_words_that_an_update_must_have_are_those_that_the_lint_looks_for(language: str) -> None:
    told = said(language=language, headline=f"{CHANGED[language]} x", reverses=True)
    assert [one for one in find_faults(told) if one.rule == "TXT-C16"] == []


@pytest.mark.parametrize("rule", ["TXT-C14", "TXT-C19"])
def test_no_pass_sends_other_facts_in_another_language_or_drops_the_marks_without_an_end(rule: str) -> None:
    with pytest.raises(InputError, match=f"{rule} cannot be passed") as caught:
        check_passes({rule: "no time"})
    assert caught.value.hint
    assert "pass:" not in caught.value.hint


def test_the_finding_about_a_mark_does_not_tell_the_mark() -> None:
    (found,) = [one for one in find_faults(said(stricter=("number plate A123BC",))) if one.rule == "TXT-C19"]
    assert "A123BC" not in str(found)
    assert "plate" not in str(found)
