"""The role of each place that a text names, and which place it means where it threatens none by name."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.expression import Expression
from tocsin.intake.actors import STATE, find_actors
from tocsin.intake.bodies import BODY_BEFORE
from tocsin.intake.clauses import Clause, clause_number, clauses
from tocsin.intake.ports import place_key
from tocsin.intake.report import FoundPlace
from tocsin.intake.roles import is_named_beside, is_party, is_permitted, is_threatened, speaks_of_the
from tocsin.intake.sections import Part
from tocsin.intake.wording import lowered

COUNTRY_KINDS = frozenset({"country", "region"})
_IN_TOWNS = frozenset({"airport", "landmark", "district"})
_DATE_LINE = Expression(r"(?:, [\w ]{2,30})?(?: ?[(–—-]|,? (?:\d|on |\w+\.? \d))")
"""`PARIS (Agency)`, `Nairobi, 3 May`: where a text was written."""


class PlaceSpan(Struct, frozen=True):
    """A place with the words it was read from."""

    place: FoundPlace
    start: int
    end: int
    rule: str


def with_roles(text: str, spans: Sequence[PlaceSpan]) -> tuple[PlaceSpan, ...]:
    """Each place once, at the mention that threatens it if one does."""
    found = clauses(text)
    located = any(clause.part is Part.LOCATION for clause in found)
    acting = {one.start for one in find_actors(text) if one.rule == STATE}
    first: dict[tuple[str, str], PlaceSpan] = {}
    for one in spans:
        key = (place_key(one.place.name), one.place.country)
        if key in first and first[key].place.role == "threatened":
            continue
        is_meant = one.start not in acting and _is_meant(text, one, spans, found, located=located)
        role = "threatened" if is_meant else "mentioned"
        if is_meant or key not in first:
            first[key] = one if role == one.place.role else replace(one, place=replace(one.place, role=role))
    places = tuple(first.values())
    for kind in () if located else ("country", "airport"):
        if speaks_of_the(kind, text):
            places = _first_is(kind, places)
    threatened = {one.place.kind for one in places if one.place.role == "threatened"}
    local = threatened - COUNTRY_KINDS
    if threatened and (not local or not local <= _IN_TOWNS):
        return places
    return _someone_is(places, _candidates(text, spans, found))


def _first_is(kind: str, places: tuple[PlaceSpan, ...]) -> tuple[PlaceSpan, ...]:
    named = next((one for one in places if one.place.kind == kind), None)
    return tuple(replace(one, place=replace(one.place, role="threatened")) if one is named else one for one in places)


def _is_meant(
    text: str, one: PlaceSpan, spans: Sequence[PlaceSpan], found: tuple[Clause, ...], *, located: bool
) -> bool:
    number = clause_number(found, one.start)
    if number is None:
        return False
    clause, country = found[number], one.place.kind in COUNTRY_KINDS
    if located and country and clause.part is not Part.LOCATION:
        return False
    after_colon = text[max(0, clause.start - 2) : clause.start] == ": "
    before_colon = text[clause.end : clause.end + 1] == ":"
    beside = found[number - 1] if after_colon and number else None
    if before_colon and number + 1 < len(found):
        beside = found[number + 1]
    with_city = _names_city_of(one, spans, clause)
    return is_threatened(clause, one.start, one.end, country=country, with_city=with_city, beside=beside)


def _names_city_of(one: PlaceSpan, spans: Sequence[PlaceSpan], clause: Clause) -> bool:
    return any(
        other.place.country == one.place.country and other.place.kind not in COUNTRY_KINDS
        for other in spans
        if clause.start <= other.start < clause.end
    )


def _someone_is(places: tuple[PlaceSpan, ...], candidates: Sequence[str]) -> tuple[PlaceSpan, ...]:
    """A text that threatens no town it names means the first of these, where it threatens a place in a town or nothing at all."""
    is_town = any(one.place.kind == "city" for one in places)
    if not is_town and any(one.place.role == "threatened" for one in places):
        return places
    able = [one for one in places if one.place.kind == "city" or not is_town]
    meant = next((one for key in candidates for one in able if place_key(one.place.name) == key), None)
    return tuple(replace(one, place=replace(one.place, role="threatened")) if one is meant else one for one in places)


def _candidates(text: str, spans: Sequence[PlaceSpan], found: tuple[Clause, ...]) -> list[str]:
    """Keys of the places that can be meant: those named for themselves, then the first only of a body, of a date line or as a model.

    A state that acts and a town where people may stay are never meant.
    """
    lower = lowered(text)
    for_themselves: list[str] = []
    besides: list[str] = []
    permitted: set[str] = set()
    for one in spans:
        key, number = place_key(one.place.name), clause_number(found, one.start)
        if number is None:
            continue
        clause = found[number]
        if is_permitted(clause, one.start):
            permitted.add(key)
        of_body = BODY_BEFORE.search(lower, max(0, one.start - 60), one.start)
        dates = one.start == 0 and _DATE_LINE.match(lower, one.end)
        if one.place.kind in COUNTRY_KINDS and is_party(clause, one.start, one.end):
            continue
        is_beside = of_body or dates or is_named_beside(clause, one.start)
        (besides if is_beside else for_themselves).append(key)
    return [key for key in (*for_themselves, *besides[:1]) if key not in permitted]
