"""Did a warning say what happened? A verdict per facet, then one overall, by a named rule (casebook/SCHEMA.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from tocsin.core.area import Area
from tocsin.core.threat import Threat
from tocsin.core.window import Window
from tocsin.review.facets import (
    PlaceBasis,
    PlaceVerdict,
    Verdict,
    is_place_sure,
    is_time_sure,
    judge_person,
    judge_place,
    judge_tags,
    judge_time,
)
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.outlines import NO_OUTLINES, Outlines
from tocsin.review.rule import EvidenceStatus, MatchRule, WarningType

__all__ = ["EvidenceStatus", "Match", "MatchRule", "ReviewedWarning", "WarningType", "find_matches", "judge"]


class Told(StrEnum):
    """To whom a version was told (casebook/SCHEMA.md, "channel"): each is scored apart."""

    PUBLIC = "public"
    PRIVATE = "private"
    INTERNAL = "internal"


class ReviewedWarning(Struct, frozen=True, kw_only=True):
    """A version of a warning as a review sees it. `chain` is what all versions of one warning share; empty: its own id.

    `area` is what its issuer drew, beside the places of the threat; None if nothing was drawn.
    """

    id: str
    threat: Threat
    issued: datetime
    window: Window
    type: WarningType = WarningType.THREAT_WARNING
    evidence: EvidenceStatus = EvidenceStatus.OFFICIAL_TEXT
    area: Area | None = None
    told: Told = Told.PUBLIC
    chain: str = ""
    issuer: str = ""


class Match(Struct, frozen=True, kw_only=True):
    """One pair of warning and incident. Delays are positive if the incident came after; None without an end.

    `distance_km` is from the incident to the nearest point that the warning named, whatever the verdict on the place.
    `place_by` is what that verdict rests on. `decided_by` cites the clause of the rule that gave `overall`, and the cap if one did. `time_is_sure` and
    `place_is_sure`: the verdict would be the same wherever within its uncertainty the incident truly was.
    """

    warning: str
    incident: str
    place: Verdict
    place_level: str | None
    place_by: PlaceBasis | None
    distance_km: float | None
    time: Verdict
    target: Verdict
    actor: Verdict
    method: Verdict
    person: Verdict
    overall: Verdict
    decided_by: str
    class_: str | None
    time_is_sure: bool
    place_is_sure: bool
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


def find_matches(
    incident: Incident, warnings: Sequence[ReviewedWarning], rule: MatchRule, outlines: Outlines = NO_OUTLINES
) -> tuple[Match, ...]:
    """The verdict of every warning on this incident, in the order of the warnings."""
    return tuple(judge(warning, incident, rule, outlines) for warning in warnings)


def judge(warning: ReviewedWarning, incident: Incident, rule: MatchRule, outlines: Outlines = NO_OUTLINES) -> Match:
    """One pair, facet by facet, then overall by the first clause that fits. A match is not proof of knowledge."""
    threat = warning.threat
    place = judge_place(threat.places, incident.place, near_km=rule.near_km, area=warning.area, outlines=outlines)
    time = judge_time(warning.window, incident.start, late=rule.late)
    facets = {
        "target": judge_tags("target", threat.targets, incident.targets),
        "actor": judge_tags("actor", threat.actors, incident.actors),
        "method": judge_tags("method", threat.methods, incident.methods),
    }
    person = judge_person(threat.persons, incident.persons)
    overall, decided_by = _overall(warning, incident, rule, place, {"time": time, **facets, "person": person})
    end = warning.window.end
    return Match(
        warning=warning.id,
        incident=incident.id,
        place=place.verdict,
        place_level=place.level.value if place.level else None,
        place_by=place.basis,
        distance_km=None if place.distance_km is None else round(place.distance_km, 1),
        time=time,
        **facets,
        person=person,
        overall=overall,
        decided_by=decided_by,
        class_=_class(warning, incident, rule, place.verdict, time, facets),
        time_is_sure=is_time_sure(warning.window, incident.span, late=rule.late),
        place_is_sure=is_place_sure(place, incident.within_km, near_km=rule.near_km),
        since_issue=incident.start - warning.issued,
        since_window_end=None if end is None else incident.start - end,
    )


def _overall(
    warning: ReviewedWarning, incident: Incident, rule: MatchRule, place: PlaceVerdict, facets: Mapping[str, Verdict]
) -> tuple[Verdict, str]:
    """The first clause that fits, then the caps (pairs that lack a side have nothing to decide on)."""
    level = {"place_level": place.level.value} if place.level else {}
    clause = rule.decide({"status": incident.status, "type": warning.type, "place": place.verdict, **level, **facets})
    worldwide = rule.cap_worldwide and place.worldwide
    if clause.overall is Verdict.HIT and (worldwide or warning.evidence in rule.cap_evidence):
        return Verdict.PARTIAL, f"{clause.cites}, capped: {'the whole world' if worldwide else warning.evidence.value}"
    return clause.overall, clause.cites


def _class(
    warning: ReviewedWarning,
    incident: Incident,
    rule: MatchRule,
    place: Verdict,
    time: Verdict,
    facets: Mapping[str, Verdict],
) -> str | None:
    """DESIGN 6, `class`, the first that fits; "late" is within the grace of the rule, which casebook/1 does not give."""
    if incident.start < warning.issued:
        return "after_the_fact"
    if incident.status is not IncidentStatus.OCCURRED:
        return "forestalled"
    if Verdict.UNSPECIFIED in {place, time}:
        return "unverifiable"
    # The other classes say when it came where it was warned of; of another place they would say nothing.
    if place is Verdict.MISS:
        return None
    if time is Verdict.HIT:
        return "coincident" if Verdict.MISS in facets.values() else "in_window"
    end = warning.window.end
    if end is not None and timedelta(0) < incident.start - end <= rule.max_late:
        return "late"
    return "lapsed" if time is Verdict.LATE else None


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 1)
