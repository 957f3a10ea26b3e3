"""How sure the sender says it is, in its own words, and the ICD 203 band that such words suggest."""

import re
from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.clauses import lowered
from tocsin.intake.report import Found

_FIRST = 3_000
"""Characters that are looked at: how sure one is stands near what one says."""


def find_certainty(text: str) -> tuple[Found, ...]:
    """Each phrase once, the longest first where one stands in another."""
    found: dict[str, Found] = {}
    for match in _pattern().finditer(lowered(text), 0, _FIRST):
        words = text[match.start() : match.end()]
        found.setdefault(match.group(), Found(words, match.start(), match.end(), "C-phrase"))
    return tuple(found.values())


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
def _pattern() -> re.Pattern[str]:
    ordered = sorted(_bands(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(re.escape(one) for one in ordered)})(?![\w-])")
