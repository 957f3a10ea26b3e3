"""Places in running text: which of several of one name is meant, and the role it plays."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from tocsin.core.expression import Expression
from tocsin.intake.actors import STATE, find_actors
from tocsin.intake.bodies import find_bodies, is_body_within
from tocsin.intake.names import Name, common_words, find_landmarks, find_names, part_kind
from tocsin.intake.own_places import own_places
from tocsin.intake.place_roles import COUNTRY_KINDS, PlaceSpan, with_roles
from tocsin.intake.ports import Gazetteer, GazetteerEntry, place_key
from tocsin.intake.report import FoundPlace
from tocsin.intake.unlisted import find_unlisted

TOWN, LARGE, METROPOLIS = 15_000, 100_000, 500_000
"""People from which a name is taken for a town of a country that the text is about, of any other, and by another name than its own."""
MOST = 1_000
"""Places that one text can name; what comes after them is not looked at."""


def find_places(text: str, gazetteer: Gazetteer) -> tuple[PlaceSpan, ...]:
    """Every place once, in the order of the text; threatened if one mention of it is."""
    known = list(islice(_known(text, gazetteer), MOST))
    context = _context(known)
    chosen = [span for name, found in known if (span := _choose(text, name, found, context))]
    spans = _without_overlaps([*_landmarks(text, chosen, context), *chosen])
    spans = [*spans, *_unknown(text, spans, context)]
    return with_roles(text, sorted(spans, key=lambda one: one.start))


Known = tuple[Name, tuple[GazetteerEntry, ...]]


def _known(text: str, gazetteer: Gazetteer) -> Iterator[Known]:
    """Names that the gazetteer or our own lists know, outside the names of groups; the longest of each place in the text."""
    names = [one for one in find_names(text) if len(one.key) > 1]
    found = gazetteer.look_up_all({one.key for one in names})
    groups = [*((one.start, one.end) for one in find_actors(text) if one.rule != STATE), *find_bodies(text)]
    own, taken = own_places(), 0
    for name in names:
        entries = (own[name.key],) if name.key in own else found.get(name.key, ())
        if entries and name.start >= taken and not any(low <= name.start < high for low, high in groups):
            taken = name.end
            yield name, entries


def _context(known: Sequence[Known]) -> tuple[str, ...]:
    """Countries that the text is about: named ones first, then those of its large towns."""
    named = [one.country for _, entries in known for one in entries if one.kind == "country"]
    towns = [
        entries[0].country
        for name, entries in known
        if entries[0].kind == "city"
        and not entries[0].alternate
        and entries[0].population >= METROPOLIS
        and name.key not in common_words()
    ]
    return tuple(dict.fromkeys(country for country in (*named, *towns) if country))


def _choose(text: str, name: Name, entries: tuple[GazetteerEntry, ...], context: tuple[str, ...]) -> PlaceSpan | None:
    """The place that is meant, or None where a word only looks like one."""
    kind = part_kind(text, name.start, name.end)
    fitting = [one for one in entries if _fits(one, name, context, kind)]
    if not fitting:
        return None
    chosen = min(fitting, key=lambda one: _rank(one, context, kind))
    end = name.end
    if _CLASS_BEHIND.match(text, end) and (city := next((one for one in fitting if one.kind == "city"), None)):
        chosen, end = city, end + len(" City")
    elif chosen.kind not in COUNTRY_KINDS and (of := _ISLANDS_BEHIND.match(text, end)):
        end = of.end()
    shown = text[name.start : end].removesuffix("'s").removesuffix("’s")
    latin = place_key(shown).isascii()
    place = FoundPlace(
        name=shown if latin else chosen.name,
        country=chosen.country,
        lat=chosen.lat,
        lon=chosen.lon,
        kind=kind if kind and chosen.kind not in COUNTRY_KINDS else chosen.kind,
        role="mentioned",
        zone=chosen.zone,
    )
    return PlaceSpan(place, name.start, name.start + len(shown), "P-name")


_CLASS_BEHIND = Expression(r" City\b")
_ISLANDS_BEHIND = Expression(r" (?:Islands?|Archipelago|Valley|Delta)\b")
"""Words that belong to the name where they bear a capital."""


def _fits(one: GazetteerEntry, name: Name, context: tuple[str, ...], kind: str | None) -> bool:
    at_home = one.country in context
    common = name.words == 1 and name.key in common_words()
    if one.kind in {"country", "region", "island", "area"}:
        return not (common and name.first)
    if one.kind == "admin":
        return (at_home or kind == "admin") and not common and len(name.key) > 2
    if common and (name.first or one.alternate or one.population < LARGE):
        return False
    if one.alternate:
        least = LARGE if at_home else METROPOLIS
        return one.population >= (TOWN if at_home and name.words > 1 else least) and len(name.key) > 3
    return one.population >= (TOWN // 3 if at_home else LARGE if context else TOWN)


def _rank(one: GazetteerEntry, context: tuple[str, ...], kind: str | None) -> tuple[object, ...]:
    order = {"country": 0, "region": 0, "area": 1, "island": 1, "city": 2, "admin": 3}
    place = context.index(one.country) if one.country in context else len(context)
    small = one.kind == "city" and one.population < LARGE
    if kind == "admin" and context:
        order = {"admin": 0, "area": 1, "island": 1, "city": 2, "country": 3, "region": 3}
    return order[one.kind] + (2 if small else 0), place, one.alternate, -one.population


def _landmarks(text: str, known: Sequence[PlaceSpan], context: tuple[str, ...]) -> Iterator[PlaceSpan]:
    found = list(islice(find_landmarks(text), MOST))
    inside = {one.start for one in known for start, end, _ in _around(found, one) if _is_only_named(text, one, end)}
    meant = [one for one in known if one.start not in inside]
    for start, end, kind in found:
        # `High Commission Port` is cut out of `High Commission Port Moresby`.
        if is_body_within(text[start:end]) or any(start < one.start < end < one.end for one in known):
            continue
        yield PlaceSpan(_unplaced(text[start:end], kind, _nearest(start, meant, context)), start, end, "P-landmark")


def _around(landmarks: Sequence[tuple[int, int, str]], one: PlaceSpan) -> Sequence[tuple[int, int, str]]:
    """The landmark that a place stands in, if it does; they are in the order of the text."""
    number = bisect_right(landmarks, one.start, key=lambda landmark: landmark[0]) - 1
    return landmarks[number : number + 1] if number >= 0 and one.start < landmarks[number][1] else ()


def _is_only_named(text: str, one: PlaceSpan, end: int) -> bool:
    """`Aden Adde International Airport` bears the name of a person that begins like a town of another country."""
    return len(_BEFORE_CLASS.sub("", text[one.end : end]).split()) > 1


_BEFORE_CLASS = Expression("^ international", re.IGNORECASE)


def _nearest(start: int, known: Sequence[PlaceSpan], context: tuple[str, ...]) -> str:
    """The country of the town that is named nearest, else of the nearest country; of the text where none is near."""
    beside = min(
        (one for one in known if one.place.country and abs(one.start - start) <= NEAR),
        key=lambda one: (one.place.kind in COUNTRY_KINDS, abs(one.start - start)),
        default=None,
    )
    if beside is None:
        return context[0] if context else ""
    return beside.place.country


NEAR = 200
"""Characters within which a town says in which country a venue is."""


def _unknown(text: str, known: Sequence[PlaceSpan], context: tuple[str, ...]) -> Iterator[PlaceSpan]:
    towns = [(one.start, one.end, one.place.kind) for one in known if one.place.kind not in COUNTRY_KINDS]
    for start, end, kind in find_unlisted(text, [(one.start, one.end) for one in known], towns):
        yield PlaceSpan(_unplaced(text[start:end], kind, _nearest(start, known, context)), start, end, "P-beside")


def _unplaced(name: str, kind: str, country: str) -> FoundPlace:
    """A place without coordinates: a person puts it on the map."""
    return FoundPlace(name=name, country=country, lat=None, lon=None, kind=kind, role="mentioned", zone="")


def _without_overlaps(spans: Sequence[PlaceSpan]) -> list[PlaceSpan]:
    kept: list[PlaceSpan] = []
    for one in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    return kept
