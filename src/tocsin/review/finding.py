"""The finding in words and pictures: title, facet by facet, map; the account and the page of an incident show the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from tocsin.core.threat import Level, Threat
from tocsin.core.window import zone_of
from tocsin.review.facets import PlaceBasis, Verdict
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.map_svg import draw_map
from tocsin.review.matching import Match, MatchRule, Told


class FacetRow(Struct, frozen=True, kw_only=True):
    """One facet for print: its verdict in words, the shape that says the same, what was said and what was."""

    name: str
    verdict: str
    shape: str
    said: str
    was: str


_SHAPES = {
    Verdict.HIT: "hit",
    Verdict.NEAR: "near",
    Verdict.PARTIAL: "half",
    Verdict.LATE: "half",
    Verdict.EARLY: "half",
    Verdict.MISS: "miss",
    Verdict.UNSPECIFIED: "none",
}


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
    return f"The warning named {place} and {target}; {WHAT[incident.status].lower()} {_when(match)}."


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
    distance = (
        f", {match.distance_km} km from the point that the warning names" if match.distance_km is not None else ""
    )
    note = write_place_note(match.place_by, match.place_level)
    said_until, came = (write_local(at, zone) for at in (until, incident.start))
    stated = [one for one in threat.methods if one != "unspecified_attack"]
    rows: list[tuple[str, Verdict, Sequence[str], Sequence[str]]] = [
        (
            "Place",
            match.place,
            [one.name for one in threat.places],
            [incident.place.name + distance, *([note] if note else [])],
        ),
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


def write_place_note(by: str | None, level: str | None) -> str:
    """What the verdict on a place rests on, where that is less than the place has; empty where it is not.

    >>> write_place_note("point", "route")
    'the route is known as one point, and judged by that point alone'
    """
    if by == PlaceBasis.TOWNS:
        return "the region has no outline here, and is judged by the towns nearest to both"
    if by == PlaceBasis.POINT and level in {Level.ROUTE, Level.REGION, Level.COUNTRY}:
        return f"the {level} is known as one point, and judged by that point alone"
    return ""


def draw_review_map(threat: Threat, incident: Incident, rule: MatchRule) -> str:
    """The area of the warning, the ring that counts as near, and the incident as SVG; empty without a circle and a point of these."""
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


WHAT = {
    IncidentStatus.OCCURRED: "The incident came",
    IncidentStatus.FOILED: "The plot was foiled",
    IncidentStatus.ABORTED: "The attempt was given up",
}


VERSIONS = {
    Told.PUBLIC.value: "public version",
    Told.PRIVATE.value: "version for peers",
    Told.INTERNAL.value: "internal version",
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


def write_day(at: datetime, zone: str) -> str:
    """Its day in that zone with the weekday, such as `Thu 7 Mar 2024`."""
    local = at.astimezone(zone_of(zone))
    return f"{local:%a} {local.day} {local:%b %Y}"


def write_local(at: datetime, zone: str) -> str:
    """Day and minute in that zone, such as `Thu 7 Mar 2024, 18:00`."""
    return f"{write_day(at, zone)}, {at.astimezone(zone_of(zone)):%H:%M}"


def _tags(tags: Sequence[str]) -> list[str]:
    return [one.replace("_", " ") for one in tags]
