"""Labels of the closed sets that a text names: audiences, targets, actors, methods, certainty words, advice."""

import re
from collections.abc import Iterator
from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.report import Found

_ADVICE_WORDS = re.compile(
    r"\b(?:avoid|stay (?:out|away)|keep (?:away|clear)|follow|monitor|asked to|advised to|urged to|do not travel|not to travel)\b",
    re.IGNORECASE,
)


def find_labels(text: str, field: str) -> Iterator[Found]:
    """The first place where the text names each label; a sentence of advice names no target."""
    for label, pattern in _patterns(field).items():
        for match in pattern.finditer(text):
            if field == "targets" and _is_told_to_do(text, match.start()):
                continue
            yield Found(label, match.start(), match.end(), f"L-{field}")
            break


def find_methods(text: str) -> Iterator[Found]:
    """Methods by name; where none is named but an attack is, that is said so."""
    named = list(find_labels(text, "methods"))
    yield from named
    attack = _pattern("attack").search(text)
    if not named and attack:
        yield Found("unspecified_attack", attack.start(), attack.end(), "L-attack")


def find_actors(text: str) -> Iterator[Found]:
    """Named and generic actors, each once, in the words of the text."""
    seen: set[str] = set()
    for match in _pattern("actors", ignore_case=False).finditer(text):
        if match.group().casefold() not in seen:
            seen.add(match.group().casefold())
            yield Found(match.group(), match.start(), match.end(), "L-actors")


def find_certainty(text: str) -> Iterator[Found]:
    """Phrases that say how sure the sender is."""
    phrases: list[str] = read_data("intake", "lexicon.json")["certainty_phrases"]
    taken: list[tuple[int, int]] = []
    for phrase in phrases:
        match = re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE)
        if match and not any(low <= match.start() < high for low, high in taken):
            taken.append(match.span())
            yield Found(phrase, match.start(), match.end(), "L-certainty")


def find_advice(text: str) -> Iterator[Found]:
    """What the receiver is told to do."""
    found: list[Found] = []
    for label, pattern in _patterns("advice").items():
        match = pattern.search(text)
        if match:
            found.append(Found(label, match.start(), match.end(), "L-advice"))
    # A standing advice against travel is the background of an alert, not what this alert asks for.
    for one in found:
        sentence = _sentence(text, one.start)
        if one.value != "avoid_travel" or not re.search(r"standing advice|has not changed|remains", sentence):
            yield one


def _is_told_to_do(text: str, start: int) -> bool:
    """Does this stand in a sentence that only says what to do (VOCAB R1)?"""
    line_start = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    return bool(_ADVICE_WORDS.search(text[line_start:start]))


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(". ", 0, at), text.rfind("\n", 0, at), text.rfind(";", 0, at)) + 1
    ends = [place for place in (text.find(". ", at), text.find("\n", at)) if place >= 0]
    return text[start : min(ends, default=len(text))]


@cache
def _patterns(field: str) -> dict[str, re.Pattern[str]]:
    lexicon: dict[str, str] = read_data("intake", "lexicon.json")[field]
    return {label: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for label, pattern in lexicon.items()}


@cache
def _pattern(name: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{read_data('intake', 'lexicon.json')[name]})\b", re.IGNORECASE if ignore_case else 0)
