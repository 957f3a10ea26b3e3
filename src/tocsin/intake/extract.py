"""Reads an alert in running text: who warns whom, of what, where, when, and what to do; each value with its words."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from tocsin.core.area import Point
from tocsin.core.data import read_data
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.vocabulary import canonical
from tocsin.core.window import Basis, days_included
from tocsin.intake.places import find_places
from tocsin.intake.ports import Gazetteer
from tocsin.intake.report import Found, FoundWindow, Reading, reading_as_json
from tocsin.intake.times import FoundSpan, find_date, find_window

__all__ = ["read_alert_text", "reading_as_json", "threats_of"]

_ADVICE_WORDS = re.compile(
    r"\b(?:avoid|stay (?:out|away)|keep (?:away|clear)|follow|monitor|asked to|advised to|urged to|do not travel|not to travel)\b",
    re.IGNORECASE,
)


def read_alert_text(text: str, *, gazetteer: Gazetteer, reference: date | None = None) -> Reading:
    """All that the text states, nothing that it does not. `reference` dates a text that carries no date of its own."""
    issued = find_date(text)
    day = issued[0] if issued else reference
    window = find_window(text, day) if day else None
    places = find_places(text, gazetteer)
    targets = tuple(_find_labels(text, "targets"))
    methods = tuple(_find_methods(text))
    actors = tuple(_find_actors(text))
    certainty = tuple(_find_certainty(text))
    advice = tuple(_find_advice(text))
    audiences = tuple(_find_labels(text, "audiences"))
    issuer, issuer_span = _find_issuer(text)
    spans = {
        "issuer": issuer_span,
        "audiences": audiences,
        "issued": (Found(issued[0].isoformat(), issued[1], issued[2], "D-full"),) if issued else (),
        "places": tuple(Found(one.place.name, one.start, one.end, one.rule) for one in places),
        "window": (_window_found(window),) if window else (),
        "targets": targets,
        "actors": actors,
        "methods": methods,
        "certainty": certainty,
        "advice": advice,
    }
    return Reading(
        kind="alert",
        issuer=issuer,
        audiences=_values(audiences),
        issued=issued[0] if issued else None,
        places=tuple(one.place for one in places),
        window=_window(window, text),
        targets=_values(targets),
        actors=_values(actors),
        methods=_values(methods),
        certainty=_values(certainty),
        advice=_values(advice),
        spans=spans,
    )


def threats_of(reading: Reading) -> tuple[Threat, ...]:
    """The threat that the text states, in canonical tags; the window's days are those of the threatened place."""
    threatened = [one for one in reading.places if one.role == "threatened"]
    zone = next((one.zone for one in threatened if one.zone), "UTC")
    window = reading.window
    basis = Basis(window.basis) if window.start or window.end else Basis.NONE
    return (
        Threat(
            places=tuple(
                Place(
                    name=one.name,
                    country=one.country,
                    level=Level.COUNTRY if one.kind == "country" else Level.CITY,
                    point=Point(one.lat, one.lon) if one.lat is not None and one.lon is not None else None,
                )
                for one in threatened
            ),
            window=days_included(window.start, window.end, zone, basis=basis),
            targets=tuple(dict.fromkeys(canonical(label) for label in reading.targets)),
            actors=tuple(dict.fromkeys(reading.actors)),
            methods=tuple(dict.fromkeys(canonical(label) for label in reading.methods)),
        ),
    )


def _find_labels(text: str, field: str) -> Iterator[Found]:
    """The first place where the text names each label; a sentence of advice names no target."""
    for label, pattern in _patterns(field).items():
        for match in pattern.finditer(text):
            if field == "targets" and _is_told_to_do(text, match.start()):
                continue
            yield Found(label, match.start(), match.end(), f"L-{field}")
            break


def _find_methods(text: str) -> Iterator[Found]:
    """Methods by name; where none is named but an attack is, that is said so."""
    named = list(_find_labels(text, "methods"))
    yield from named
    attack = _pattern("attack").search(text)
    if not named and attack:
        yield Found("unspecified_attack", attack.start(), attack.end(), "L-attack")


def _find_actors(text: str) -> Iterator[Found]:
    seen: set[str] = set()
    for match in _pattern("actors", ignore_case=False).finditer(text):
        if match.group().casefold() not in seen:
            seen.add(match.group().casefold())
            yield Found(match.group(), match.start(), match.end(), "L-actors")


def _find_certainty(text: str) -> Iterator[Found]:
    phrases: list[str] = read_data("intake", "lexicon.json")["certainty_phrases"]
    taken: list[tuple[int, int]] = []
    for phrase in phrases:
        match = re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE)
        if match and not any(low <= match.start() < high for low, high in taken):
            taken.append(match.span())
            yield Found(phrase, match.start(), match.end(), "L-certainty")


def _find_advice(text: str) -> Iterator[Found]:
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


def _find_issuer(text: str) -> tuple[dict[str, str | None], tuple[Found, ...]]:
    """`<state> Embassy|Consulate|… <city>` in the first lines."""
    lexicon = read_data("intake", "lexicon.json")
    head = text[:400]
    for states, code in lexicon["issuers"].items():
        for kinds, kind in lexicon["issuer_kinds"].items():
            match = re.search(rf"\b(?:{states}) (?:{kinds})(?:(?: in)? [A-Z][\w'-]+)?", head)
            if match:
                span = Found(match.group(), match.start(), match.end(), "I-state-kind")
                return {"name": match.group(), "state": code, "kind": kind}, (span,)
    return {"name": None, "state": None, "kind": None}, ()


def _is_told_to_do(text: str, start: int) -> bool:
    """Does this stand in a sentence that only says what to do (VOCAB R1)?"""
    line_start = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    return bool(_ADVICE_WORDS.search(text[line_start:start]))


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(". ", 0, at), text.rfind("\n", 0, at), text.rfind(";", 0, at)) + 1
    ends = [place for place in (text.find(". ", at), text.find("\n", at)) if place >= 0]
    return text[start : min(ends, default=len(text))]


def _window(found: FoundSpan | None, text: str) -> FoundWindow:
    if found is None:
        return FoundWindow(start=None, end=None, text=None, precision="day", basis="none")
    words = text[found.start : found.end]
    return FoundWindow(start=found.first, end=found.last, text=words, precision=found.precision, basis="stated")


def _window_found(found: FoundSpan) -> Found:
    last = found.last.isoformat() if found.last else "not stated"
    return Found(f"{found.first.isoformat()} to {last}", found.start, found.end, found.rule)


def _values(found: tuple[Found, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.value for one in found))


@cache
def _patterns(field: str) -> dict[str, re.Pattern[str]]:
    lexicon: dict[str, str] = read_data("intake", "lexicon.json")[field]
    return {label: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for label, pattern in lexicon.items()}


@cache
def _pattern(name: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{read_data('intake', 'lexicon.json')[name]})\b", re.IGNORECASE if ignore_case else 0)
