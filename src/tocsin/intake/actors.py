"""Who is feared: named groups and generic ones, each once, in the words of the text (VOCAB R7)."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from tocsin.core.data import read_data
from tocsin.intake.report import Found
from tocsin.intake.wording import Wording, lowered

STATE = "A-state"
"""The rule of an actor that is a state: it is a place too."""


@lru_cache(maxsize=8)
def find_actors(text: str) -> tuple[Found, ...]:
    """Noun phrases without article. A word that only describes an attack ("terrorist attack") is no actor."""
    found: dict[str, Found] = {}
    for start, end, rule in (
        *_spans("named", text),
        *_spans("short", text),
        *_generic(lowered(text)),
        *_spans("state", text),
    ):
        if any(one.start < end and start < one.end for one in found.values()):
            continue
        words = text[start:end]
        found.setdefault(_key(words), Found(words, start, end, rule))
    return tuple(sorted(found.values(), key=lambda one: one.start))


def _spans(name: str, text: str) -> Iterator[tuple[int, int, str]]:
    for match in _wording(name).each(text):
        # What stands around a state and makes it one that attacks is not part of its name.
        start, end = match.span(match.lastindex or 0)
        yield start, end, f"A-{name}"


def _generic(lower: str) -> Iterator[tuple[int, int, str]]:
    """A head noun, and to its left the adjectives that belong to it."""
    for head in _wording("heads").each(lower):
        start = max(0, head.start() - MOST_BEFORE)
        before = _modifiers().search(lower, start, head.start())
        yield before.start() if before else head.start(), head.end(), "A-generic"


MOST_BEFORE = 60
"""Characters before the noun in which its adjectives are looked for."""


def _key(words: str) -> str:
    return " ".join(word.removesuffix("s") for word in words.casefold().split())


@cache
def _wording(name: str) -> Wording:
    """Groups and states have as many beginnings as names: those are looked for by the word that each has to itself."""
    table = read_data("intake", "actors.json")
    around = rf"\b(?=[{table['heads_begin']}])(?:%s)(?![\w-])" if name == "heads" else r"(?<![\w-])(?:%s)(?!\w)"
    return Wording(around % table[name], tuple(table["near"][name]), glue=None)


@cache
def _modifiers() -> re.Pattern[str]:
    words: str = read_data("intake", "actors.json")["modifiers"]
    return re.compile(rf"(?<![\w-])(?:(?:{words}) )+\Z")
