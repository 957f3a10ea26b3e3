"""Where, when, whom, who, how: what a warning said of each against what happened, one verdict per facet (casebook/SCHEMA.md)."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from tocsin.core.area import Area, Point, distance_km, distance_to_area_km, distance_to_line_km
from tocsin.core.threat import Level, Place
from tocsin.core.vocabulary import Facet, are_siblings, covers, is_generic
from tocsin.core.window import Window
from tocsin.review.outlines import NO_OUTLINES, Outlines
from tocsin.review.towns import is_one_unit, km_to_unit, unit_at


class Verdict(StrEnum):
    """Of one facet, or overall; which words apply to which facet stands in REVIEW section 0."""

    HIT = "hit"
    NEAR = "near"
    PARTIAL = "partial"
    EARLY = "early"
    LATE = "late"
    MISS = "miss"
    UNSPECIFIED = "unspecified"
    FALSE_ALARM = "false_alarm"
    MISSED_EVENT = "missed_event"
    AVERTED = "averted"


class PlaceBasis(StrEnum):
    """What the verdict on a place rests on."""

    CODE = "code"
    OUTLINE = "outline"
    AREA = "area"
    STOPS = "stops"
    TOWNS = "towns"
    POINT = "point"


class PlaceVerdict(Struct, frozen=True, kw_only=True):
    """The best verdict over the places named, the level of the place that gave it, km to the nearest point named.

    `beyond_km` is how far outside of the nearest measured area it lay, 0 or less inside; None if the verdict
    rests on codes alone, or on nothing that can be measured. `basis` is what it rests on, None if no place was named.
    """

    verdict: Verdict
    level: Level | None = None
    distance_km: float | None = None
    worldwide: bool = False
    beyond_km: float | None = None
    basis: PlaceBasis | None = None


def judge_place(
    warned: Sequence[Place],
    happened: Place,
    *,
    near_km: float,
    area: Area | None = None,
    outlines: Outlines = NO_OUTLINES,
) -> PlaceVerdict:
    """The best verdict over the places named and the area drawn; of two alike, that on the finer place.

    An area that was drawn counts as a district: finer than a city's name, coarser than a street's.
    """
    judged = [(*_judge_one_place(place, happened, near_km, outlines), place.level) for place in warned]
    drawn = None if area is None or happened.point is None else distance_to_area_km(area, happened.point)
    if drawn is not None:
        judged.append((_by_distance(drawn, near_km), drawn, PlaceBasis.AREA, Level.DISTRICT))
    if not judged:
        return PlaceVerdict(verdict=Verdict.UNSPECIFIED)
    distances = [
        distance_km(one, happened.point) for place in warned for one in place.points if happened.point is not None
    ]
    order, levels = [Verdict.HIT, Verdict.NEAR, Verdict.MISS], list(Level)
    verdict, beyond, basis, level = min(judged, key=lambda one: (order.index(one[0]), levels.index(one[3])))
    return PlaceVerdict(
        verdict=verdict,
        level=level,
        distance_km=min(distances, default=None),
        worldwide=any(_is_everywhere(place) for place in warned),
        beyond_km=beyond,
        basis=basis,
    )


def is_place_sure(found: PlaceVerdict, within_km: float | None, *, near_km: float) -> bool:
    """Would the verdict be the same anywhere within that many km of the incident's point?

    What codes say does not hang on a point. Without `within_km` the point is taken at its word. Which town is the nearest
    hangs on it so much that such a verdict is never sure.
    """
    if not within_km or found.basis is PlaceBasis.TOWNS:
        return not within_km
    if found.beyond_km is None:
        return True
    ends = (found.beyond_km - within_km, found.beyond_km + within_km)
    return all(_by_distance(end, near_km) is found.verdict for end in ends)


def _is_everywhere(place: Place) -> bool:
    return place.country == "XX" and place.point is None


COAST_KM = 6.0
"""How much the lines of 1:50 million cut off at a coast (casebook/SCHEMA.md): so near to one the towns say whose a place is."""
_STEP_KM = 0.001
_Judged = tuple[Verdict, float | None, PlaceBasis]


def _judge_one_place(place: Place, happened: Place, near_km: float, outlines: Outlines) -> _Judged:
    """SCHEMA "Place, for a program": country code, then admin-1, then polygon, then the radius of the level, then near.

    A route with stops is what lies along it; one stored as one point is judged by that point, which says little. At a coast
    the code comes first: coast lines cut off what stands at the sea. At a border too: what has another country's code is at
    most near.
    """
    if _has_its_code(place, happened):
        return Verdict.HIT, None, PlaceBasis.CODE
    if happened.point is None:
        return Verdict.MISS, None, PlaceBasis.CODE
    beyond, basis = _measure(place, happened, happened.point, outlines)
    if beyond is None:
        return Verdict.MISS, None, basis
    verdict = _by_distance(beyond, near_km)
    # Border lines of 1:50 million are a kilometre off; a code that says another country is not.
    elsewhere = place.level is Level.COUNTRY and differ(place.country, happened.country)
    return (Verdict.NEAR if elsewhere and verdict is Verdict.HIT else verdict), beyond, basis


def _has_its_code(place: Place, happened: Place) -> bool:
    if place.level is Level.COUNTRY:
        return _is_everywhere(place) or place.country == happened.country != "XX"
    return _is_everywhere(place) or (
        place.level is Level.REGION and bool(place.admin1) and place.admin1 == happened.admin1
    )


def _measure(place: Place, happened: Place, point: Point, outlines: Outlines) -> tuple[float | None, PlaceBasis]:
    """How far beyond its edge the point lies, 0 or less inside, by the best that is known of the edge."""
    radius = place.level.radius_km or 0.0
    if place.stops:
        return distance_to_line_km(place.stops, point) - radius, PlaceBasis.STOPS
    beyond = outlines.beyond_km(place, point)
    if beyond is not None and not 0 < beyond <= COAST_KM:
        return beyond, PlaceBasis.OUTLINE
    unit = _unit_of(place, outlines)
    both = place.country == happened.country and not (place.admin1 and happened.admin1)
    if unit and both and unit_at(outlines.towns_of, place.country, point) == unit:
        return 0.0, PlaceBasis.TOWNS
    if beyond is not None:
        return beyond, PlaceBasis.OUTLINE
    if place.point is None:
        return None, PlaceBasis.CODE
    beyond = distance_km(place.point, point) - radius
    nearest = km_to_unit(outlines.towns_of, place.country, unit, point) if unit else None
    if nearest is None:
        return beyond, PlaceBasis.POINT
    # Another unit's, or another country's, is not inside, even where a town of this one stands at that very point.
    return max(_STEP_KM, min(beyond, nearest)), PlaceBasis.TOWNS


def _unit_of(place: Place, outlines: Outlines) -> str | None:
    """The unit that a region is, by the town nearest to its middle; None of any other place, or where towns cannot say."""
    if place.level is not Level.REGION or place.country == "XX" or place.point is None:
        return None
    unit = unit_at(outlines.towns_of, place.country, place.point)
    return unit if unit and is_one_unit(outlines.towns_of, place.country, place.name, unit) else None


def differ(one: str, other: str) -> bool:
    """Do two codes of countries both say something, and not the same? XX says nothing."""
    return one != other and "XX" not in {one, other}


def _by_distance(beyond_km: float, near_km: float) -> Verdict:
    if beyond_km <= 0:
        return Verdict.HIT
    return Verdict.NEAR if beyond_km <= near_km else Verdict.MISS


def is_time_sure(window: Window, span: tuple[datetime, datetime], *, late: timedelta) -> bool:
    """Would the verdict be the same at every instant from the first to the last of the span?

    The verdicts follow each other in time and none comes back, so that the two ends say it.
    """
    first, last = (judge_time(window, at, late=late) for at in span)
    return first is last


def judge_time(window: Window, start: datetime, *, late: timedelta) -> Verdict:
    """Unspecified without an end; then early, hit, late (up to `late` after the end), miss.

    The instant of the end counts as inside, though a Window is half-open: nobody is wrong by less than the clock shows.
    """
    if window.end is None:
        return Verdict.UNSPECIFIED
    if window.start is not None and start < window.start:
        return Verdict.EARLY
    if start <= window.end:
        return Verdict.HIT
    return Verdict.LATE if start - window.end <= late else Verdict.MISS


def judge_tags(facet: Facet, warned: Sequence[str], happened: Sequence[str]) -> Verdict:
    """Hit: same tag or a child of a warned one; partial: a parent of one, a sibling, or covered by a generic word."""
    named = [tag for tag in warned if tag != "unspecified_attack"]
    if not named:
        return Verdict.UNSPECIFIED
    pairs = [(one, other) for one in named for other in happened]
    if any(covers(facet, one, other) and (one == other or not is_generic(facet, one)) for one, other in pairs):
        return Verdict.HIT
    near = any(
        covers(facet, one, other) or covers(facet, other, one) or are_siblings(facet, one, other)
        for one, other in pairs
    )
    return Verdict.PARTIAL if near else Verdict.MISS


def judge_person(warned: Sequence[str], happened: Sequence[str]) -> Verdict:
    """Was one of the persons named among the attackers? Accents, case and a middle name more or less change nothing.

    >>> judge_person(["Jose Garcia"], ["José Ramón García"]).value
    'hit'
    """
    if not warned or not happened:
        return Verdict.UNSPECIFIED
    return Verdict.HIT if any(_is_same_name(one, other) for one in warned for other in happened) else Verdict.MISS


def _is_same_name(one: str, other: str) -> bool:
    fewer, more = sorted((_words_of(one), _words_of(other)), key=len)
    # One word alone ("Ali") is the same only as that very word; no word at all is nobody's name.
    return bool(fewer) and (fewer == more or (len(fewer) > 1 and fewer < more))


def _words_of(name: str) -> frozenset[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return frozenset(re.findall(r"\w+", plain.casefold()))
