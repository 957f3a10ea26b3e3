"""Did a warning say what happened? A verdict per facet, then one overall, by a named rule (casebook/SCHEMA.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.area import distance_km
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.vocabulary import Facet, are_siblings, covers, is_generic
from tocsin.core.window import Window
from tocsin.review.incident import Incident, IncidentStatus


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
class MatchRule:
    """The numbers of a rule; printed beside every score. `max_late` is the grace that a contingency table allows."""

    id: str = "casebook/1"
    near_km: float = 30.0
    late: timedelta = timedelta(hours=720)
    max_late: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class ReviewedWarning:
    """A warning as a review sees it. `window` is half-open; `type` and `evidence` are the casebook's words."""

    id: str
    threat: Threat
    issued: datetime
    window: Window
    type: str = "threat_warning"
    evidence: str = "official_text"


@dataclass(frozen=True, kw_only=True)
class Match:
    """One pair of warning and incident. Delays are hours, positive if the incident came after; None if undefined."""

    warning: str
    incident: str
    place: Verdict
    place_level: str | None
    distance_km: float | None
    time: Verdict
    target: Verdict
    actor: Verdict
    method: Verdict
    person: Verdict
    overall: Verdict
    class_: str | None
    delay_hours_from_issue: float
    delay_hours_from_window_end: float | None


def find_matches(incident: Incident, warnings: Sequence[ReviewedWarning], rule: MatchRule) -> tuple[Match, ...]:
    """The verdict of every warning on this incident, in the order of the warnings."""
    return tuple(judge(warning, incident, rule) for warning in warnings)


def judge(warning: ReviewedWarning, incident: Incident, rule: MatchRule) -> Match:
    """One pair, facet by facet, then overall by the first rule that fits. A match is not proof of knowledge."""
    threat = warning.threat
    place, level, distance, worldwide = judge_place(threat.places, incident.place, rule)
    time = judge_time(warning.window, incident.start, rule)
    facets = {
        "target": judge_tags("target", threat.targets, incident.targets),
        "actor": judge_tags("actor", threat.actors, incident.actors),
        "method": judge_tags("method", threat.methods, incident.methods),
    }
    person = _judge_person(threat.persons, incident.persons)
    overall = _overall(warning, incident, place, level, time, facets, person)
    if overall is Verdict.HIT and (worldwide or warning.evidence == "claim_denied"):
        overall = Verdict.PARTIAL
    end = warning.window.end
    return Match(
        warning=warning.id,
        incident=incident.id,
        place=place,
        place_level=level.value if level else None,
        distance_km=None if distance is None else round(distance, 1),
        time=time,
        **facets,
        person=person,
        overall=overall,
        class_=_class(warning, incident, place, time, facets),
        delay_hours_from_issue=_hours(incident.start - warning.issued),
        delay_hours_from_window_end=None if end is None else _hours(incident.start - end),
    )


def judge_place(
    warned: Sequence[Place], happened: Place, rule: MatchRule
) -> tuple[Verdict, Level | None, float | None, bool]:
    """Best verdict over the places named, its level, the distance to the nearest point, and whether all the world was."""
    if not warned:
        return Verdict.UNSPECIFIED, None, None, False
    distances = [
        distance_km(place.point, happened.point) for place in warned if place.point is not None and happened.point
    ]
    worldwide = any(place.country == "XX" and place.point is None for place in warned)
    order = [Verdict.HIT, Verdict.NEAR, Verdict.MISS]
    judged = [(_judge_one_place(place, happened, rule), place.level) for place in warned]
    levels = list(Level)
    verdict, level = min(judged, key=lambda one: (order.index(one[0]), levels.index(one[1])))
    return verdict, level, min(distances, default=None), worldwide


def _judge_one_place(place: Place, happened: Place, rule: MatchRule) -> Verdict:
    """SCHEMA "Place, for a program": country code, then admin-1, then the radius of the level, then near."""
    if place.country == "XX" and place.point is None:
        return Verdict.HIT
    if place.level is Level.COUNTRY and place.country != "XX":
        return Verdict.HIT if place.country == happened.country else _by_distance(place, happened, 0.0, rule)
    if place.level is Level.REGION and place.admin1 and happened.admin1:
        return Verdict.HIT if place.admin1 == happened.admin1 else _by_distance(place, happened, 0.0, rule)
    radius = place.level.radius_km
    if radius is None:
        # A region without code or polygon: its point says no more than that it is near.
        radius = 0.0
    return _by_distance(place, happened, radius, rule)


def _by_distance(place: Place, happened: Place, radius: float, rule: MatchRule) -> Verdict:
    if place.point is None or happened.point is None:
        return Verdict.MISS
    beyond = distance_km(place.point, happened.point) - radius
    if beyond <= 0:
        return Verdict.HIT
    return Verdict.NEAR if beyond <= rule.near_km else Verdict.MISS


def judge_time(window: Window, start: datetime, rule: MatchRule) -> Verdict:
    """Unspecified without an end; then early, hit, late (up to 30 days after the end), miss. The end's instant is a hit."""
    if window.end is None:
        return Verdict.UNSPECIFIED
    if window.start is not None and start < window.start:
        return Verdict.EARLY
    if start <= window.end:
        return Verdict.HIT
    return Verdict.LATE if start - window.end <= rule.late else Verdict.MISS


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


def _judge_person(warned: Sequence[str], happened: Sequence[str]) -> Verdict:
    if not warned or not happened:
        return Verdict.UNSPECIFIED
    names = {name.casefold() for name in happened}
    return Verdict.HIT if any(name.casefold() in names for name in warned) else Verdict.MISS


def _overall(
    warning: ReviewedWarning,
    incident: Incident,
    place: Verdict,
    level: Level | None,
    time: Verdict,
    facets: dict[str, Verdict],
    person: Verdict,
) -> Verdict:
    """SCHEMA "overall", rules 3 to 9 (1 and 2 are for pairs that lack a side)."""
    hit, partial = Verdict.HIT, Verdict.PARTIAL
    target, actor, method = facets["target"], facets["actor"], facets["method"]
    # 3
    if incident.status is not IncidentStatus.OCCURRED:
        return Verdict.AVERTED
    # 4
    if time in {Verdict.EARLY, Verdict.MISS}:
        return Verdict.MISSED_EVENT
    # 5
    fits = place is hit and time is hit and target in {hit, Verdict.UNSPECIFIED}
    if fits and Verdict.MISS not in {actor, method} and warning.type == "threat_warning":
        return hit
    # 6
    if place is Verdict.MISS:
        return partial if target is hit and time in {hit, Verdict.LATE} else Verdict.MISSED_EVENT
    # 7
    if target is Verdict.MISS:
        told = place in {hit, Verdict.NEAR} and time is hit and actor in {hit, partial}
        return partial if told else Verdict.MISSED_EVENT
    # 8
    if place is Verdict.UNSPECIFIED and target is Verdict.UNSPECIFIED:
        return partial if hit in {person, actor} else Verdict.MISSED_EVENT
    # 9
    informative = {time, target, actor, method, person} & {hit, partial, Verdict.LATE}
    fine = level is not None and level not in {Level.REGION, Level.COUNTRY} and place in {hit, Verdict.NEAR}
    return partial if informative or fine else Verdict.MISSED_EVENT


def _class(
    warning: ReviewedWarning, incident: Incident, place: Verdict, time: Verdict, facets: dict[str, Verdict]
) -> str | None:
    """DESIGN 6, `class` under casebook/1, the first that fits."""
    if incident.start < warning.issued:
        return "after_the_fact"
    if incident.status is not IncidentStatus.OCCURRED:
        return "forestalled"
    if Verdict.UNSPECIFIED in {place, time}:
        return "unverifiable"
    if place in {Verdict.HIT, Verdict.NEAR} and time is Verdict.HIT and Verdict.MISS in facets.values():
        return "coincident"
    if time is Verdict.HIT:
        return "in_window"
    return "lapsed" if time is Verdict.LATE else None


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 1)
