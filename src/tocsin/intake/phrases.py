"""Finds the phrases of a table of labels in a text: a cheap look for a word of each first, then its pattern."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from tocsin.core.data import read_data
from tocsin.intake.clauses import Clause, clause_at, lowered


@dataclass(frozen=True)
class Mention:
    """A label, where the text names it (characters, end exclusive), and the clause that does."""

    label: str
    start: int
    end: int
    clause: Clause


@dataclass(frozen=True)
class Phrase:
    """A label, the words without which it cannot be there (lower case), and its pattern over lower case."""

    label: str
    near: tuple[str, ...]
    words: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has a word of it: all of them would cost a command a tenth of a second."""
        return re.compile(rf"(?:{self.words})(?![\w-])")

    def spans(self, lower: str) -> Iterator[tuple[int, int]]:
        """Where the text names it, whole words only."""
        for word in self.near:
            if word in lower:
                break
        else:
            return
        at = 0
        # The pattern has no look-behind of its own: without one the engine skips to a letter it can begin with.
        while match := self.pattern.search(lower, at):
            start, end = match.span()
            if start == 0 or not (lower[start - 1].isalnum() or lower[start - 1] in "-_"):
                yield start, end
                at = max(end, start + 1)
            else:
                at = start + 1


def mentions(table: str, text: str) -> Iterator[Mention]:
    """Every mention of every label of `data/TABLE.json`, label by label, each in the order of the text."""
    lower = lowered(text)
    for phrase in _phrases(table):
        for start, end in phrase.spans(lower):
            clause = clause_at(text, start)
            if clause is not None:
                yield Mention(phrase.label, start, end, clause)


@cache
def _phrases(table: str) -> tuple[Phrase, ...]:
    found: dict[str, tuple[list[str], str]] = read_data("intake", f"{table}.json")
    return tuple(Phrase(label, tuple(near), words) for label, (near, words) in found.items())
