"""What shows only beside another text: the same in other languages, before, in a stricter version (TXT-C14, C17, C19)."""

from collections.abc import Iterator

from tocsin.compose.lint.finding import Level, Said
from tocsin.compose.lint.rule import Fault, Rule
from tocsin.compose.lint.words import find_all_words

MOST_ALIKE = 2
"""How often one text may go to one audience in a row: people stop answering to what never says anything new (LESSONS L18)."""


def _tells_the_same_facts(said: Said, _language: str) -> Iterator[Fault]:
    for difference in said.differences:
        yield Fault(difference, "tell the same facts, in digits; until then this language waits and the others go")


def _says_something_new(said: Said, _language: str) -> Iterator[Fault]:
    if said.repeats >= MOST_ALIKE:
        yield Fault(
            f"the same text {said.repeats + 1} times in a row, but for its dates",
            "say what is new; or that nothing is, and why it still holds",
        )


def _gives_the_marks(said: Said, language: str) -> Iterator[Fault]:
    public = find_all_words("marks", language, said.text)
    held = {mark for text in said.stricter for mark in find_all_words("marks", language, text)} - public
    if held and not said.marks_withheld:
        # Which mark is not told: this is read by some who may not read the stricter version.
        yield Fault(
            "a stricter version says by what to recognise it, the public words do not",
            "tell it; or withhold it by name: marks_withheld with until and reason",
        )


COMPARISON = (
    Rule(
        id="TXT-C14",
        level=Level.ERROR,
        asks="in each language the numbers, times, zones, days, places, telephone and link of the main one; else that language waits",
        check=_tells_the_same_facts,
        instead="correct its words: the other languages go out meanwhile",
        on=(False, True),
    ),
    Rule(
        id="TXT-C17",
        level=Level.WARNING,
        asks="something new, where the same text went out twice in a row (an extension is then refused)",
        check=_says_something_new,
    ),
    Rule(
        id="TXT-C19",
        level=Level.ERROR,
        asks="the marks to recognise an attacker by that a stricter version has, unless withheld by name until a time",
        check=_gives_the_marks,
        words=("marks",),
        instead="withhold them by name: marks_withheld with until and reason",
    ),
)
