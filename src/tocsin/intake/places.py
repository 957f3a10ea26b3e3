"""Places in running text: names of the gazetteer, chosen by rules, with the role they play."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.core.data import read_data
from tocsin.intake.ports import Gazetteer, GazetteerEntry, place_key
from tocsin.intake.report import FoundPlace

LEAST_POPULATION = 15_000
_NAME = re.compile(r"\b[A-ZÀ-ÞА-Я][\w'’.-]*(?:[ -](?:(?:of|the|de|el|al|and|es|la|du)[ -])?[A-ZÀ-Þ][\w'’-]*){0,3}")
_LOCATION = re.compile(r"^\s*Locations?\s*:\s*(?P<places>.+)$", re.IGNORECASE | re.MULTILINE)
_STANDING = re.compile(
    r"not to travel to|do not travel to|travel to|against travel to|return to|embassy|consulate", re.IGNORECASE
)


@dataclass(frozen=True)
class PlaceSpan:
    """A place with the words it was read from."""

    place: FoundPlace
    start: int
    end: int
    rule: str


def find_places(text: str, gazetteer: Gazetteer) -> tuple[PlaceSpan, ...]:
    """Every place once, in the order of the text; threatened if a location line or a threat's sentence names it."""
    candidates = list(_candidates(text, gazetteer))
    countries = [entry.country for entries, *_ in candidates for entry in entries if entry.kind == "country"]
    located = [m.span("places") for m in _LOCATION.finditer(text)]
    found: dict[tuple[str, str], PlaceSpan] = {}
    for entries, start, end in candidates:
        entry = _choose(entries, countries)
        inside = any(low <= start < high for low, high in located)
        role = "threatened" if inside or (not located and not _is_mentioned(text, start, entry)) else "mentioned"
        span = PlaceSpan(_place(entry, role), start, end, "P-location" if inside else "P-name")
        key = (entry.name, entry.country)
        if key not in found or (role == "threatened" and found[key].place.role == "mentioned"):
            found[key] = span
    return tuple(sorted(found.values(), key=lambda one: one.start))


def _candidates(text: str, gazetteer: Gazetteer) -> Iterator[tuple[tuple[GazetteerEntry, ...], int, int]]:
    """Capitalised runs of words that the gazetteer knows, the longest first."""
    banned: list[str] = read_data("intake", "lexicon.json")["not_places"]
    for match in _NAME.finditer(text):
        if not match.group()[0].isupper():
            continue
        words = list(re.finditer(r"[^\s]+", match.group()))
        taken = 0
        for first in range(len(words)):
            if words[first].start() < taken:
                continue
            for last in range(len(words), first, -1):
                name = match.group()[words[first].start() : words[last - 1].end()].strip(".,'’-")
                if name in banned or len(name) < 3:
                    continue
                entries = _known(name, gazetteer)
                if entries:
                    start = match.start() + words[first].start()
                    taken = words[last - 1].end()
                    yield entries, start, start + len(name)
                    break


def _known(name: str, gazetteer: Gazetteer) -> tuple[GazetteerEntry, ...]:
    entries = gazetteer.look_up(place_key(name))
    return tuple(one for one in entries if one.kind == "country" or one.population >= LEAST_POPULATION)


def _choose(entries: tuple[GazetteerEntry, ...], countries: list[str]) -> GazetteerEntry:
    """A country before a city, a city of a country that the text names before others, then the most populous."""
    return min(entries, key=lambda e: (e.kind != "country", e.country not in countries, -e.population))


def _is_mentioned(text: str, start: int, entry: GazetteerEntry) -> bool:
    before = text[max(0, start - 40) : start].rsplit("\n", maxsplit=1)[-1]
    return entry.kind == "country" or bool(_STANDING.search(before))


def _place(entry: GazetteerEntry, role: str) -> FoundPlace:
    return FoundPlace(
        name=entry.name,
        country=entry.country,
        lat=entry.lat,
        lon=entry.lon,
        kind=entry.kind,
        role=role,
        zone=entry.zone,
    )
