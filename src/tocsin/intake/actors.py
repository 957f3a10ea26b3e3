"""Who is feared: named groups and generic ones, each once, in the words of the text (VOCAB R7)."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from tocsin.core.data import read_data
from tocsin.intake.clauses import lowered
from tocsin.intake.report import Found


@lru_cache(maxsize=8)
def find_actors(text: str) -> tuple[Found, ...]:
    """Noun phrases without article. A word that only describes an attack ("terrorist attack") is no actor."""
    found: dict[str, Found] = {}
    for start, end, rule in (*_spans("named", text), *_generic(lowered(text)), *_spans("state", text)):
        if any(one.start < end and start < one.end for one in found.values()):
            continue
        words = text[start:end]
        found.setdefault(_key(words), Found(words, start, end, rule))
    return tuple(sorted(found.values(), key=lambda one: one.start))


def _spans(name: str, text: str) -> Iterator[tuple[int, int, str]]:
    for match in _pattern(name).finditer(text):
        yield match.start(), match.end(), f"A-{name}"


def _generic(lower: str) -> Iterator[tuple[int, int, str]]:
    """A head noun, and to its left the adjectives that belong to it."""
    for head in _pattern("heads").finditer(lower):
        start = max(0, head.start() - MOST_BEFORE)
        before = _pattern("modifiers").search(lower, start, head.start())
        yield before.start() if before else head.start(), head.end(), "A-generic"


MOST_BEFORE = 60
"""Characters before the noun in which its adjectives are looked for."""


def _key(words: str) -> str:
    return " ".join(word.removesuffix("s") for word in words.casefold().split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    table: dict[str, str] = read_data("intake", "actors.json")
    around = {"modifiers": r"(?<![\w-])(?:(?:%s) )+\Z", "heads": r"\b(?:%s)(?![\w-])"}
    return re.compile(around.get(name, r"(?<![\w-])(?:%s)(?![\w])") % table[name])
