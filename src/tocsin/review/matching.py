"""Did a warning say what happened? A verdict per facet, then one overall, by a named rule (casebook/SCHEMA.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.threat import Level, Threat
from tocsin.core.window import Window
from tocsin.review.facets import PlaceVerdict, Verdict, judge_person, judge_place, judge_tags, judge_time
from tocsin.review.incident import Incident, IncidentStatus


class WarningType(StrEnum):
    """What was passed on. A person lead names somebody and no plan."""

    THREAT_WARNING = "threat_warning"
    PERSON_LEAD = "person_lead"
    VULNERABILITY_ASSESSMENT = "vulnerability_assessment"
    GENERAL_BULLETIN = "general_bulletin"


class EvidenceStatus(StrEnum):
    """Where it is known from that the warning said so."""

    OFFICIAL_TEXT = "official_text"
    OFFICIAL_STATEMENT = "official_statement"
    INQUIRY = "inquiry"
    PRESS_SOURCES = "press_sources"
    CLAIM_DENIED = "claim_denied"


@dataclass(frozen=True, kw_only=True)
class MatchRule:
    """The numbers of a rule; printed beside every score.

    `late` bounds the verdict "late" of a facet; `max_late` is the grace that a contingency table allows, fixed beforehand.
    """

    id: str = "casebook/1"
    near_km: float = 30.0
    late: timedelta = timedelta(hours=720)
    max_late: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class ReviewedWarning:
    """A warning as a review sees it."""

    id: str
    threat: Threat
    issued: datetime
    window: Window
    type: WarningType = WarningType.THREAT_WARNING
    evidence: EvidenceStatus = EvidenceStatus.OFFICIAL_TEXT


@dataclass(frozen=True, kw_only=True)
class Match:
    """One pair of warning and incident. Delays are positive if the incident came after; None without an end.

    `distance_km` is from the incident to the nearest point that the warning named, whatever the verdict on the place.
    """

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
    since_issue: timedelta
    since_window_end: timedelta | None

    @property
    def delay_hours_from_issue(self) -> float:
        """For print, to a tenth of an hour; whoever compares takes `since_issue`."""
        return _hours(self.since_issue)

    @property
    def delay_hours_from_window_end(self) -> float | None:
        """For print, to a tenth of an hour; whoever compares takes `since_window_end`."""
        return None if self.since_window_end is None else _hours(self.since_window_end)


def find_matches(incident: Incident, warnings: Sequence[ReviewedWarning], rule: MatchRule) -> tuple[Match, ...]:
    """The verdict of every warning on this incident, in the order of the warnings."""
    return tuple(judge(warning, incident, rule) for warning in warnings)


def judge(warning: ReviewedWarning, incident: Incident, rule: MatchRule) -> Match:
    """One pair, facet by facet, then overall by the first rule that fits. A match is not proof of knowledge."""
    threat = warning.threat
    place = judge_place(threat.places, incident.place, near_km=rule.near_km)
    time = judge_time(warning.window, incident.start, late=rule.late)
    facets = {
        "target": judge_tags("target", threat.targets, incident.targets),
        "actor": judge_tags("actor", threat.actors, incident.actors),
        "method": judge_tags("method", threat.methods, incident.methods),
    }
    person = judge_person(threat.persons, incident.persons)
    end = warning.window.end
    return Match(
        warning=warning.id,
        incident=incident.id,
        place=place.verdict,
        place_level=place.level.value if place.level else None,
        distance_km=None if place.distance_km is None else round(place.distance_km, 1),
        time=time,
        **facets,
        person=person,
        overall=_overall(warning, incident, place, time, facets, person),
        class_=_class(warning, incident, place.verdict, time, facets),
        since_issue=incident.start - warning.issued,
        since_window_end=None if end is None else incident.start - end,
    )


def _overall(
    warning: ReviewedWarning,
    incident: Incident,
    place: PlaceVerdict,
    time: Verdict,
    facets: Mapping[str, Verdict],
    person: Verdict,
) -> Verdict:
    """SCHEMA "overall", rules 3 to 9 (1 and 2 are for pairs that lack a side), then the caps."""
    found = _first_that_fits(warning, incident, place, time, facets, person)
    capped = place.worldwide or warning.evidence is EvidenceStatus.CLAIM_DENIED
    return Verdict.PARTIAL if found is Verdict.HIT and capped else found


def _first_that_fits(
    warning: ReviewedWarning,
    incident: Incident,
    place: PlaceVerdict,
    time: Verdict,
    facets: Mapping[str, Verdict],
    person: Verdict,
) -> Verdict:
    hit, partial, missed = Verdict.HIT, Verdict.PARTIAL, Verdict.MISSED_EVENT
    where, target, actor, method = place.verdict, facets["target"], facets["actor"], facets["method"]
    # 3
    if incident.status is not IncidentStatus.OCCURRED:
        return Verdict.AVERTED
    # 4
    if time in {Verdict.EARLY, Verdict.MISS}:
        return missed
    # 5
    fits = where is hit and time is hit and target in {hit, Verdict.UNSPECIFIED}
    if fits and Verdict.MISS not in {actor, method} and warning.type is WarningType.THREAT_WARNING:
        return hit
    # 6
    if where is Verdict.MISS:
        return partial if target is hit and time in {hit, Verdict.LATE} else missed
    # 7
    if target is Verdict.MISS:
        told = where in {hit, Verdict.NEAR} and time is hit and actor in {hit, partial}
        return partial if told else missed
    # 8
    if where is Verdict.UNSPECIFIED and target is Verdict.UNSPECIFIED:
        return partial if hit in {person, actor} else missed
    # 9
    informative = {time, target, actor, method, person} & {hit, partial, Verdict.LATE}
    fine = where in {hit, Verdict.NEAR} and place.level not in {Level.REGION, Level.COUNTRY}
    return partial if informative or fine else missed


def _class(
    warning: ReviewedWarning, incident: Incident, place: Verdict, time: Verdict, facets: Mapping[str, Verdict]
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
