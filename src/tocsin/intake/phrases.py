"""Finds the phrases of a table of labels in a text: a cheap look for a word of each first, then its pattern."""

from collections.abc import Callable, Iterator
from functools import cache

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.intake.clauses import Clause, clause_at
from tocsin.intake.wording import Wording, Wordings, lowered


class Mention(Struct, frozen=True):
    """A label, where the text names it (characters, end exclusive), and the clause that does."""

    label: str
    start: int
    end: int
    clause: Clause


def first_mentions(table: str, text: str, counts: Callable[[Mention], bool]) -> Iterator[Mention]:
    """Of each label of `data/TABLE.json`, in the order of the table, the first mention in the text that counts."""
    lower = lowered(text)
    for label, wording in _phrases(table).in_sight(lower):
        for match in wording.each(lower):
            clause = clause_at(text, match.start())
            if clause is None:
                continue
            one = Mention(label, match.start(), match.end(), clause)
            if counts(one):
                yield one
                break


def names_any(table: str, words: str) -> bool:
    """Whether words in lower case name any label of `data/TABLE.json`."""
    return any(wording.first(words) for _, wording in _phrases(table).in_sight(words))


@cache
def _phrases(table: str) -> Wordings[str]:
    """Each label with its wording: the words without which the table says that it is not there, and whole words only."""
    found: dict[str, tuple[list[str], str] | tuple[list[str], str, str]] = read_data("intake", f"{table}.json")
    return Wordings((label, _phrase(*about)) for label, about in found.items())


def _phrase(near: list[str], words: str, begins: str = "") -> Wording:
    """`begins` are the letters that a match can begin with, of a pattern that begins with a group.

    Such a pattern has no letter that the engine would skip to: at most words one look at the first letter spares a try.
    """
    begin = rf"\b(?=[{begins}])" if begins else ""
    return Wording(rf"{begin}(?:{words})(?![\w-])", tuple(near), glue="-_")
