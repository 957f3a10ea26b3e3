"""Where, when, whom, who, how: what a warning said of each against what happened, one verdict per facet (casebook/SCHEMA.md)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.area import Area, distance_km, distance_to_area_km, distance_to_line_km
from tocsin.core.threat import Level, Place
from tocsin.core.vocabulary import Facet, are_siblings, covers, is_generic
from tocsin.core.window import Window
from tocsin.review.outlines import NO_OUTLINES, Outlines


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


@dataclass(frozen=True, kw_only=True)
class PlaceVerdict:
    """The best verdict over the places named, the level of the place that gave it, km to the nearest point named.

    `beyond_km` is how far outside of the nearest measured area it lay, 0 or less inside; None if the verdict
    rests on codes alone, or on nothing that can be measured.
    """

    verdict: Verdict
    level: Level | None = None
    distance_km: float | None = None
    worldwide: bool = False
    beyond_km: float | None = None


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
        judged.append((_by_distance(drawn, near_km), drawn, Level.DISTRICT))
    if not judged:
        return PlaceVerdict(verdict=Verdict.UNSPECIFIED)
    distances = [
        distance_km(one, happened.point) for place in warned for one in place.points if happened.point is not None
    ]
    order, levels = [Verdict.HIT, Verdict.NEAR, Verdict.MISS], list(Level)
    verdict, beyond, level = min(judged, key=lambda one: (order.index(one[0]), levels.index(one[2])))
    return PlaceVerdict(
        verdict=verdict,
        level=level,
        distance_km=min(distances, default=None),
        worldwide=any(_is_everywhere(place) for place in warned),
        beyond_km=beyond,
    )


def is_place_sure(found: PlaceVerdict, within_km: float | None, *, near_km: float) -> bool:
    """Would the verdict be the same anywhere within that many km of the incident's point?

    What codes say does not hang on a point. Without `within_km` the point is taken at its word.
    """
    if found.beyond_km is None or not within_km:
        return True
    ends = (found.beyond_km - within_km, found.beyond_km + within_km)
    return all(_by_distance(end, near_km) is found.verdict for end in ends)


def _is_everywhere(place: Place) -> bool:
    return place.country == "XX" and place.point is None


def _judge_one_place(place: Place, happened: Place, near_km: float, outlines: Outlines) -> tuple[Verdict, float | None]:
    """SCHEMA "Place, for a program": country code, then admin-1, then polygon, then the radius of the level, then near.

    A route with stops is what lies along it; one stored as one point is judged by that point, which says little. A region without code or polygon, by how near
    it is. At a coast the code comes first: coast lines cut off what stands at the sea. At a border too: what has another
    country's code is at most near.
    """
    if _is_everywhere(place):
        return Verdict.HIT, None
    if place.level is Level.COUNTRY and place.country == happened.country != "XX":
        return Verdict.HIT, None
    if place.level is Level.REGION and place.admin1 and place.admin1 == happened.admin1:
        return Verdict.HIT, None
    if happened.point is None:
        return Verdict.MISS, None
    beyond = outlines.beyond_km(place, happened.point)
    if place.stops:
        beyond = distance_to_line_km(place.stops, happened.point) - (place.level.radius_km or 0.0)
    elif beyond is None and place.point is not None:
        beyond = distance_km(place.point, happened.point) - (place.level.radius_km or 0.0)
    if beyond is None:
        return Verdict.MISS, None
    verdict = _by_distance(beyond, near_km)
    # Border lines of 1:50 million are a kilometre off; a code that says another country is not.
    elsewhere = place.level is Level.COUNTRY and differ(place.country, happened.country)
    return (Verdict.NEAR if elsewhere and verdict is Verdict.HIT else verdict), beyond


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
