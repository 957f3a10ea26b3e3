"""The account of an incident: one HTML file that opens offline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tocsin.core.data import read_text_data
from tocsin.core.threat import Threat
from tocsin.core.window import write_instant, zone_of
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.incident import Incident
from tocsin.review.map_svg import draw_map
from tocsin.review.matching import Match, MatchRule, Verdict
from tocsin.review.timeline import Moment


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One rule's counts: incidents warned of and not, warnings with and without a known event."""

    late_allowed: str
    event_hits: int
    misses: int
    warning_hits: int
    no_known_event: int


@dataclass(frozen=True, kw_only=True)
class WarnedText:
    """The public words of one warning, as issued."""

    id: str
    headline: str
    description: str
    instruction: str
    issued: datetime
    expires: datetime
    status: str


@dataclass(frozen=True, kw_only=True)
class CaseDelays:
    """The same two delays computed from a documented case, whose times are days."""

    slug: str
    warning: str
    from_issue: float
    from_window_end: float


@dataclass(frozen=True, kw_only=True)
class Account:
    """All that one account tells. `counts` are e-mails by state; the states are never summed into a share."""

    node: str
    exercise: str
    generated: datetime
    zone: str
    incident: Incident
    warning: WarnedText
    threat: Threat
    match: Match
    rule: MatchRule
    timeline: tuple[Moment, ...]
    proof: VerifiedBundle
    scores: tuple[ScoreRow, ...]
    counts: Mapping[str, int]
    case: CaseDelays | None


_FACETS = ("place", "time", "target", "actor", "method", "person")
_GRADES = tuple(Grade)


def write_account(account: Account) -> str:
    """The HTML. No script, no request to anywhere; works on a phone, on paper and without colour."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["utc"] = write_instant
    environment.filters["local"] = lambda at: f"{at.astimezone(zone_of(account.zone)):%a %d %b %Y %H:%M}"
    environment.filters["hours"] = lambda value: f"{value:.1f} h"
    template = environment.from_string(read_text_data("review", "account.html.j2"))
    return template.render(
        a=account,
        css=read_text_data("review", "account.css"),
        title=make_title(account),
        map=_map(account),
        facets=[(name, getattr(account.match, name).value, said, was) for name, said, was in _said_and_was(account)],
        rungs=lambda grade: [n <= _GRADES.index(Grade(grade)) for n in range(1, len(_GRADES))],
        sentence=lambda grade: Grade(grade).sentence,
    )


def make_title(account: Account) -> str:
    """The finding as one sentence."""
    match = account.match
    place = {Verdict.HIT: "the place", Verdict.NEAR: "a place near by"}.get(match.place, "another place")
    late = match.delay_hours_from_window_end
    when = {
        Verdict.HIT: "within its time",
        Verdict.LATE: f"{late} hours after its window had ended",
        Verdict.EARLY: "before its time",
    }.get(match.time, "outside its time")
    return f"A warning named {place} and the kind of target; the attack came {when}."


def _map(account: Account) -> str:
    point = account.incident.place.point
    circles = account.threat.area.circles
    if point is None or not circles:
        return ""
    return draw_map(
        circles,
        point,
        near_km=account.rule.near_km,
        warned_name=account.threat.area.description,
        incident_name=account.incident.place.name,
    )


def _said_and_was(account: Account) -> list[tuple[str, str, str]]:
    threat, incident = account.threat, account.incident
    window = f"until {write_instant(account.warning.expires)}"
    distance = account.match.distance_km
    place = incident.place.name + (f", {distance} km from the point warned of" if distance is not None else "")
    stated = [one for one in threat.methods if one != "unspecified_attack"]
    rows: list[tuple[str, Any, Any]] = [
        ("place", [one.name for one in threat.places], [place]),
        ("time", [window], [write_instant(incident.start)]),
        ("target", threat.targets, incident.targets),
        ("actor", threat.actors, incident.actors),
        ("method", stated, incident.methods),
        ("person", ["named, not shown here"] if threat.persons else [], ["named"] if incident.persons else []),
    ]
    return [(name, _words(said), _words(was)) for name, said, was in rows]


def _words(found: Sequence[str]) -> str:
    return ", ".join(one.replace("_", " ") for one in found) or "not stated"
