"""When two names mean one actor or one party, as the reference texts are scored (INTAKE 2)."""

import re
from functools import cache

from tocsin.core.data import read_data

_ARTICLE = re.compile(r"^(?:the|an?) ")


def same_actor(one: str, other: str) -> bool:
    """Equal, or one contains the other, without case, article and plural.

    >>> same_actor("the militants", "Islamist militant")
    True
    """
    a, b = _stem(one), _stem(other)
    return bool(a and b) and (a == b or a in b or b in a)


def same_party(one: str | None, other: str | None) -> bool:
    """The same party by a small table of aliases; not stated is the same only as not stated.

    >>> same_party("U.S. Embassy Moscow", "the American embassy")
    True
    """
    if one is None or other is None:
        return one is other
    a, b = _words(one), _words(other)
    return bool(a and b) and (a <= b or b <= a)


def _stem(name: str) -> str:
    words = _ARTICLE.sub("", " ".join(name.casefold().split())).split()
    return " ".join(word.removesuffix("s") for word in words)


@cache
def _words(name: str) -> frozenset[str]:
    """The words that tell who is meant, after the aliases of one party were made one word."""
    plain = name.casefold()
    for pattern, party in _aliases():
        plain = pattern.sub(party, plain)
    return frozenset(re.findall(r"[\w-]+", plain))


@cache
def _aliases() -> tuple[tuple[re.Pattern[str], str], ...]:
    table: list[list[str]] = read_data("bench", "parties.json")
    return tuple((re.compile(pattern), party) for pattern, party in table)
