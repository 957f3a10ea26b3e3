"""How sure the sender says it is, in its own words, and the ICD 203 band that such words suggest."""

import re
from collections.abc import Iterator
from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.report import Found
from tocsin.intake.wording import Wording, Wordings, lowered

_FIRST = 3_000
"""Characters that are looked at: how sure one is stands near what one says."""


def find_certainty(text: str) -> tuple[Found, ...]:
    """Each phrase once, the longest first where one stands in another."""
    found: dict[str, Found] = {}
    taken = 0
    for start, end in sorted(_spans(lowered(text)[:_FIRST]), key=lambda span: (span[0], -span[1])):
        if start >= taken:
            taken = end
            found.setdefault(lowered(text)[start:end], Found(text[start:end], start, end, "C-phrase"))
    return tuple(found.values())


def _spans(lower: str) -> Iterator[tuple[int, int]]:
    for _, wording in _wordings().in_sight(lower):
        yield from (match.span() for match in wording.each(lower))


def band_of(words: str) -> str | None:
    """The likelihood word of ICD 203 that a person may confirm; None where the words do not speak of likelihood.

    >>> band_of("Probable"), band_of("credible")
    ('likely', None)
    """
    return _bands().get(words.casefold())


@cache
def _bands() -> dict[str, str | None]:
    table: list[tuple[str, str | None]] = read_data("intake", "certainty.json")
    return {words: band for words, band in table}  # noqa: C416  # JSON pairs are lists to mypy


@cache
def _wordings() -> Wordings[str]:
    return Wordings((words, Wording(rf"{re.escape(words)}(?![\w-])", near=(words,))) for words in _bands())
