"""The account of an incident: one HTML file that opens offline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from tocsin.core.data import read_text_data
from tocsin.core.threat import Threat
from tocsin.core.window import write_instant, zone_of
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.map_svg import draw_map
from tocsin.review.matching import Match, MatchRule
from tocsin.review.strip_svg import draw_strip
from tocsin.review.timeline import Moment
from tocsin.review.told import ToldClaim, find_difference, write_date


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One rule's counts: incidents with and without a warning, warnings with and without a known event."""

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
    """All that one account tells. `counts` are e-mails by state; the states are never summed into a share.

    `claims` are told and change nothing: no verdict, count or proof is computed from them.
    """

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
    claims: tuple[ToldClaim, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FacetRow:
    """One facet for print: its verdict in words, the shape that says the same, what was said and what was."""

    name: str
    verdict: str
    shape: str
    said: str
    was: str


_GRADES = tuple(Grade)
_SHAPES = {
    Verdict.HIT: "hit",
    Verdict.NEAR: "near",
    Verdict.PARTIAL: "half",
    Verdict.LATE: "half",
    Verdict.EARLY: "half",
    Verdict.MISS: "miss",
    Verdict.UNSPECIFIED: "none",
}


def write_account(account: Account) -> str:
    """The HTML. No script, no request to anywhere; works on a phone, on paper and without colour."""
    from jinja2 import Environment, StrictUndefined

    zone = zone_of(account.zone)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["utc"] = write_instant
    environment.filters["local"] = lambda at: f"{_day(at.astimezone(zone))}, {at.astimezone(zone):%H:%M}"
    environment.filters["clock"] = lambda at: f"{at.astimezone(zone):%H:%M:%S}"
    environment.filters["utc_clock"] = lambda at: write_instant(at)[11:]
    environment.filters["hours"] = lambda value: f"{value:.1f} h"
    environment.filters["span"] = write_span
    environment.filters["date"] = write_date
    environment.filters["words"] = lambda text: text.replace("_", " ")
    template = environment.from_string(read_text_data("review", "account.html.j2"))
    return template.render(
        a=account,
        css=read_text_data("review", "account.css"),
        title=make_title(account.match, account.incident),
        happened=_WHAT[account.incident.status],
        signed=sorted(
            (one for one in account.proof.proved if one.grade in {Grade.E3, Grade.E4}), key=lambda one: one.at
        ),
        strip=draw_strip(
            issued=account.warning.issued,
            window_end=account.warning.expires,
            incident=account.incident.start,
            zone=account.zone,
        ),
        map=draw_review_map(account.threat, account.incident, account.rule),
        facets=make_facets(
            account.threat, account.incident, account.match, until=account.warning.expires, zone=account.zone
        ),
        days=[
            (day, list(moments))
            for day, moments in groupby(account.timeline, key=lambda one: _day(one.at.astimezone(zone)))
        ],
        claims=[
            (one, find_difference(one.claim, incident=account.incident, issued=account.warning.issued))
            for one in account.claims
        ],
        sources={one.report: one.digest for one in account.claims},
        grades=[grade.value for grade in _GRADES],
        rungs=lambda grade: [n <= _GRADES.index(Grade(grade)) for n in range(1, len(_GRADES))],
        sentence=lambda grade: Grade(grade).sentence,
    )


def make_title(match: Match, incident: Incident) -> str:
    """The finding as one sentence: where and whom the warning named, and when the incident came."""
    place = {
        Verdict.HIT: "the right place",
        Verdict.NEAR: "a place near by",
        Verdict.MISS: "another place",
    }.get(match.place, "no place")
    target = {
        Verdict.HIT: "the right kind of target",
        Verdict.PARTIAL: "nearly the right kind of target",
        Verdict.MISS: "another kind of target",
    }.get(match.target, "no kind of target")
    return f"The warning named {place} and {target}; {_WHAT[incident.status].lower()} {_when(match)}."


def write_span(span: timedelta) -> str:
    """Days, hours, minutes and seconds, exactly; a leading minus for what came before.

    >>> write_span(timedelta(days=13, hours=1, minutes=58, seconds=1))
    '13 d 1 h 58 min 1 s'
    """
    seconds = int(abs(span).total_seconds())
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    first = next((n for n, (count, _) in enumerate(parts) if count), len(parts) - 1)
    words = " ".join(f"{count} {unit}" for count, unit in parts[first:])
    return f"minus {words}" if span < timedelta(0) else words


def make_facets(
    threat: Threat, incident: Incident, match: Match, *, until: datetime, zone: str
) -> tuple[FacetRow, ...]:
    """The six facets in their order; `until` is the end of the window, times are those of `zone`.

    Names of persons are never shown: a match on them says "named" and no more.
    """
    local = zone_of(zone)
    distance = (
        f", {match.distance_km} km from the point that the warning names" if match.distance_km is not None else ""
    )
    said_until, came = (f"{_day(at.astimezone(local))}, {at.astimezone(local):%H:%M}" for at in (until, incident.start))
    stated = [one for one in threat.methods if one != "unspecified_attack"]
    rows: list[tuple[str, Verdict, Sequence[str], Sequence[str]]] = [
        ("Place", match.place, [one.name for one in threat.places], [incident.place.name + distance]),
        ("Time", match.time, [f"until {said_until}"], [came]),
        ("Target", match.target, _tags(threat.targets), _tags(incident.targets)),
        ("Actor", match.actor, _tags(threat.actors), _tags(incident.actors)),
        ("Method", match.method, _tags(stated), _tags(incident.methods)),
        ("Person", match.person, ["named"] if threat.persons else [], ["named"] if incident.persons else []),
    ]
    return tuple(
        FacetRow(
            name=name,
            verdict="not stated" if verdict is Verdict.UNSPECIFIED else verdict.value,
            shape=_SHAPES[verdict],
            said=", ".join(said) or "not stated",
            was=", ".join(was) or "not known",
        )
        for name, verdict, said, was in rows
    )


def draw_review_map(threat: Threat, incident: Incident, rule: MatchRule) -> str:
    """The warned area, the ring that counts as near, and the incident as SVG; empty if one of the two has no point."""
    point = incident.place.point
    circles = threat.area.circles
    if point is None or not circles:
        return ""
    return draw_map(
        circles,
        point,
        near_km=rule.near_km,
        warned_name=threat.area.description,
        incident_name=incident.place.name,
    )


_WHAT = {
    IncidentStatus.OCCURRED: "The incident came",
    IncidentStatus.FOILED: "The plot was foiled",
    IncidentStatus.ABORTED: "The attempt was given up",
}


def _when(match: Match) -> str:
    late = match.since_window_end
    if match.since_issue < timedelta(0):
        return f"{_about(-match.since_issue)} before it was issued"
    if match.time is Verdict.EARLY:
        return "before its window began"
    if match.time is Verdict.HIT:
        return "inside its window"
    return "and it had named no end" if late is None else f"{_about(late)} after its window had ended"


def _about(span: timedelta) -> str:
    """In the unit that a person would say it in."""
    for unit, length, least in (("day", timedelta(days=1), 2), ("hour", timedelta(hours=1), 2)):
        if span >= least * length:
            return f"{round(span / length)} {unit}s"
    minutes = round(span / timedelta(minutes=1))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _day(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b %Y}"


def _tags(tags: Sequence[str]) -> list[str]:
    return [one.replace("_", " ") for one in tags]
