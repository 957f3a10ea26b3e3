"""Whom a text speaks to: nationals of a state, the issuer's own staff, the public."""

import re
from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.report import Found


def find_audiences(text: str) -> tuple[Found, ...]:
    """Each audience once, where it is first named."""
    found = []
    for label, pattern in _patterns():
        match = pattern.search(text)
        if match:
            found.append(Found(label, match.start(), match.end(), "L-audience"))
    return tuple(found)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, str] = read_data("intake", "audiences.json")
    return tuple((label, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for label, words in table.items())
