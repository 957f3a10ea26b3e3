"""Where, when, whom, who, how: what a warning said of each against what happened, one verdict per facet (casebook/SCHEMA.md)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.area import distance_km
from tocsin.core.threat import Level, Place
from tocsin.core.vocabulary import Facet, are_siblings, covers, is_generic
from tocsin.core.window import Window


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
    """The best verdict over the places named, the level of the place that gave it, km to the nearest point named."""

    verdict: Verdict
    level: Level | None = None
    distance_km: float | None = None
    worldwide: bool = False


def judge_place(warned: Sequence[Place], happened: Place, *, near_km: float) -> PlaceVerdict:
    """The best verdict over the places named; of two alike, that on the finer place."""
    if not warned:
        return PlaceVerdict(verdict=Verdict.UNSPECIFIED)
    distances = [
        distance_km(place.point, happened.point) for place in warned if place.point is not None and happened.point
    ]
    order, levels = [Verdict.HIT, Verdict.NEAR, Verdict.MISS], list(Level)
    judged = [(_judge_one_place(place, happened, near_km), place.level) for place in warned]
    verdict, level = min(judged, key=lambda one: (order.index(one[0]), levels.index(one[1])))
    return PlaceVerdict(
        verdict=verdict,
        level=level,
        distance_km=min(distances, default=None),
        worldwide=any(_is_everywhere(place) for place in warned),
    )


def _is_everywhere(place: Place) -> bool:
    return place.country == "XX" and place.point is None


def _judge_one_place(place: Place, happened: Place, near_km: float) -> Verdict:
    """SCHEMA "Place, for a program": country code, then admin-1, then the radius of the level, then near.

    A route stored as one point is judged by that point, which says little; a region without a code, by how near it is.
    """
    if _is_everywhere(place):
        return Verdict.HIT
    if place.level is Level.COUNTRY and place.country == happened.country != "XX":
        return Verdict.HIT
    if place.level is Level.REGION and place.admin1 and place.admin1 == happened.admin1:
        return Verdict.HIT
    return _by_distance(place, happened, place.level.radius_km or 0.0, near_km)


def _by_distance(place: Place, happened: Place, radius: float, near_km: float) -> Verdict:
    if place.point is None or happened.point is None:
        return Verdict.MISS
    beyond = distance_km(place.point, happened.point) - radius
    if beyond <= 0:
        return Verdict.HIT
    return Verdict.NEAR if beyond <= near_km else Verdict.MISS


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
