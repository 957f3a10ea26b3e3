"""Reads a documented case (schema tocsin-casebook/1) and replays it: the verdict of every pair."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import asdict

from tocsin.core.area import Point
from tocsin.core.expression import Expression
from tocsin.core.fields import Fields
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Basis, Precision, Window, casebook_instant, zone_of
from tocsin.errors import InputError
from tocsin.review.case_yaml import load_yaml
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident, IncidentStatus, read_country
from tocsin.review.matching import Match, ReviewedWarning, Told, judge
from tocsin.review.outlines import NO_OUTLINES, Outlines
from tocsin.review.rule import EvidenceStatus, MatchRule, WarningType
from tocsin.review.tags import FACETS, UnknownTag, find_unknown_tags, tags_in

SCHEMA = "tocsin-casebook/1"
VERDICTS = ("place", "time", "target", "actor", "method", "person", "overall")


class Case(Struct, frozen=True, kw_only=True):
    """One case. `pairs` are the ids that its review names, in its order; without a review every warning with every event."""

    slug: str
    title: str
    warnings: tuple[ReviewedWarning, ...]
    incidents: tuple[Incident, ...]
    pairs: tuple[tuple[str | None, str | None], ...]


class PairVerdict(Struct, frozen=True, kw_only=True):
    """One pair of a case. `match` is None where the warning or the event is: then `overall` alone says something."""

    warning: str | None
    event: str | None
    overall: Verdict
    match: Match | None


def read_case(raw: bytes) -> Case:
    """The case in this YAML; InputError names what is missing or wrong.

    Of `review` only the two ids of each line are read: its verdicts are what a replay is held against, never its input.
    Keys that a replay does not need (sources, findings, notes) are not looked at.
    """
    found = load_yaml(raw, "case")
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InputError(f"case does not say schema: {SCHEMA}", hint="see casebook/SCHEMA.md")
    fields = Fields.of("case", found)
    fields = Fields.of(f"case {fields.text('slug')!r}", found)
    warnings = tuple(_warning(one) for one in fields.records("warnings"))
    incidents = tuple(_incident(one) for one in fields.records("events"))
    return Case(
        slug=fields.text("slug"),
        title=fields.text("title"),
        warnings=warnings,
        incidents=incidents,
        pairs=_pairs(fields, warnings, incidents),
    )


def replay(case: Case, rule: MatchRule | None = None, outlines: Outlines = NO_OUTLINES) -> tuple[PairVerdict, ...]:
    """The verdict of every pair, in the order of `case.pairs`, by `casebook/1` unless another rule is given."""
    rule = rule or MatchRule()
    warnings = {one.id: one for one in case.warnings}
    incidents = {one.id: one for one in case.incidents}
    verdicts = []
    for warning, event in case.pairs:
        if warning is None or event is None:
            # SCHEMA "overall", rules 1 and 2: nothing to compare with.
            alone = Verdict.FALSE_ALARM if event is None else Verdict.MISSED_EVENT
            verdicts.append(PairVerdict(warning=warning, event=event, overall=alone, match=None))
        else:
            match = judge(warnings[warning], incidents[event], rule, outlines)
            verdicts.append(PairVerdict(warning=warning, event=event, overall=match.overall, match=match))
    return tuple(verdicts)


def case_as_json(case: Case, rule: MatchRule | None = None, outlines: Outlines = NO_OUTLINES) -> dict[str, Any]:
    """`slug, rule, unknown_tags[], pairs[]` as `tocsin case review --json` prints them (DESIGN 6)."""
    rule = rule or MatchRule()
    return {
        "slug": case.slug,
        "rule": rule.id,
        "unknown_tags": [asdict(one) for one in _unknown_tags(case)],
        "pairs": [_pair_as_json(one) for one in replay(case, rule, outlines)],
    }


def _unknown_tags(case: Case) -> Iterator[UnknownTag]:
    said = (*(one.threat for one in case.warnings), *case.incidents)
    for facet in FACETS:
        yield from find_unknown_tags(facet, [tag for one in said for tag in getattr(one, f"{facet}s")])


def _pair_as_json(pair: PairVerdict) -> dict[str, Any]:
    match = pair.match
    facets = {name: getattr(match, name).value if match else Verdict.UNSPECIFIED.value for name in VERDICTS}
    return {
        "warning": pair.warning,
        "event": pair.event,
        **facets,
        "overall": pair.overall.value,
        "class": match.class_ if match else None,
        "place_level": match.place_level if match else None,
        "place_by": match.place_by if match else None,
        "distance_km": match.distance_km if match else None,
        "decided_by": match.decided_by if match else None,
        "delay_hours_from_issue": match.delay_hours_from_issue if match else None,
        "delay_hours_from_window_end": match.delay_hours_from_window_end if match else None,
    }


def _pairs(
    fields: Fields, warnings: tuple[ReviewedWarning, ...], incidents: tuple[Incident, ...]
) -> tuple[tuple[str | None, str | None], ...]:
    known = {"warning": [one.id for one in warnings], "event": [one.id for one in incidents]}
    for kind, ids in known.items():
        twice = {one for one in ids if ids.count(one) > 1}
        if twice:
            raise InputError(f"{fields.name}: {kind} {min(twice)!r} stands twice")
    if not fields.found.get("review"):
        return tuple((warning, event) for warning in known["warning"] for event in known["event"])
    pairs = []
    for line in fields.records("review"):
        for kind, ids in known.items():
            named = line.value(kind)
            if named is not None and named not in ids:
                raise InputError(f"{line.name}: {kind} is {named!r}, expected one of {', '.join(ids) or 'none'}")
        if line.found["warning"] is None and line.found["event"] is None:
            raise InputError(f"{line.name}: names neither warning nor event")
        pairs.append((line.found["warning"], line.found["event"]))
    return tuple(pairs)


def _warning(fields: Fields) -> ReviewedWarning:
    targets = tags_in(fields, "targets")
    return ReviewedWarning(
        id=fields.text("id"),
        threat=Threat(
            places=tuple(_place(one, targets) for one in fields.records("places")),
            targets=targets,
            actors=tags_in(fields, "actors"),
            methods=tags_in(fields, "methods"),
            persons=fields.texts("persons_named"),
        ),
        issued=_instant(fields.record("issued"), "point"),
        window=_window(fields.record("window")),
        type=fields.choice("type", WarningType),
        evidence=fields.choice("evidence_status", EvidenceStatus),
        told=fields.choice("channel", Told, Told.PUBLIC),
    )


def _window(fields: Fields) -> Window:
    start, end = (None if fields.value(key) is None else fields.record(key) for key in ("start", "end"))
    stated = end or start
    return fields.check(
        Window,
        start=_instant(start, "start") if start else None,
        end=_instant(end, "end") if end else None,
        zone=stated.text("zone") if stated else "UTC",
        precision=stated.choice("precision", Precision) if stated else Precision.DAY,
        basis=fields.choice("basis", Basis),
    )


def _incident(fields: Fields) -> Incident:
    start, actors = fields.record("start"), fields.record("actors")
    claimed, attributed = (tags_in(actors, key) for key in ("claimed", "attributed"))
    return Incident(
        id=fields.text("id"),
        status=fields.choice("status", IncidentStatus),
        start=_instant(start, "point"),
        zone=start.text("zone"),
        precision=start.choice("precision", Precision),
        place=_place(fields.record("place")),
        targets=tags_in(fields, "targets"),
        actors=tuple(dict.fromkeys((*claimed, *attributed))),
        methods=tags_in(fields, "methods"),
        persons=fields.texts("persons"),
        claimed=claimed,
        attributed=attributed,
    )


def _instant(fields: Fields, role: str) -> datetime:
    at = fields.value("at")
    # YAML turns an unquoted 2024-03-07 into a date and an unquoted 2024 into a number: both are what they look like.
    if isinstance(at, int) or (isinstance(at, date) and not isinstance(at, datetime)):
        at = str(at)
    if not isinstance(at, str) or not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2})?)?)?", at):
        raise InputError(f"{fields.name}: at is {str(at)!r}, expected YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM")
    zone = fields.text("zone")
    fields.check(zone_of, zone)
    return fields.check(casebook_instant, at, zone, role)


def _place(fields: Fields, targets: Sequence[str] = ()) -> Place:
    """A place of an event, or of a warning of these targets."""
    name = fields.text("name")
    level = fields.choice("admin_level", Level)
    # The schema has no level "airport" but gives one a radius of its own: it is a venue known by its name, or by what is warned of.
    if level is Level.VENUE and (_AIRPORT.search(normalize("NFC", name)) or set(targets) == {"transport_air"}):
        level = Level.AIRPORT
    stops = fields.records("stops") if "stops" in fields.found else ()
    return fields.check(
        Place,
        name=name,
        country=read_country(fields),
        level=level,
        point=fields.point(),
        stops=tuple(map(_stop, stops)),
    )


_AIRPORT = Expression(
    r"\bairports?\b|\ba[eé]roports?\b|\baeropuertos?\b|\baeroportos?\b|flugh[aä]fen|\bluchthaven|аэропорт|аеропорт|\bhavaliman|\bمطار",
    re.IGNORECASE,
)
"""The word in the languages of readers and of those from whom cases are known."""


def _stop(fields: Fields) -> Point:
    point = fields.point()
    if point is None:
        raise InputError(f"{fields.name}: lat and lon are missing, expected a point of the route")
    return point
