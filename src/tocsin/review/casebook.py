"""Reads a documented case (schema tocsin-casebook/1) and replays it: the verdict of every pair."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Basis, Precision, Window, casebook_instant
from tocsin.errors import InputError
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import MatchRule, ReviewedWarning, Verdict, judge

SCHEMA = "tocsin-casebook/1"
MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `pairs` are the ids that its review names, in its order; without a review every warning with every event."""

    slug: str
    title: str
    warnings: tuple[ReviewedWarning, ...]
    incidents: tuple[Incident, ...]
    pairs: tuple[tuple[str | None, str | None], ...]


def read_case(raw: bytes) -> Case:
    """The case in this YAML; InputError names what is missing or wrong. Aliases are refused: a case needs none."""
    import yaml

    if len(raw) > MAX_BYTES:
        raise InputError(f"case has {len(raw)} bytes, at most {MAX_BYTES} expected")
    try:
        text = raw.decode("utf-8")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise InputError("case holds a YAML alias", hint="write the value out")
        found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe loaders
    except UnicodeDecodeError as error:
        raise InputError(f"case is not UTF-8 at byte {error.start}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"case is no YAML: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InputError(f"case does not say schema: {SCHEMA}", hint="see casebook/SCHEMA.md")
    try:
        return _case(found)
    except KeyError as error:
        raise InputError(f"case {found.get('slug')!r}: key {error.args[0]!r} is missing") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"case {found.get('slug')!r}: {error}") from None


def case_as_json(case: Case, rule: MatchRule | None = None) -> dict[str, Any]:
    """`slug, rule, pairs[]` as `tocsin case review --json` prints them."""
    rule = rule or MatchRule()
    warnings = {one.id: one for one in case.warnings}
    incidents = {one.id: one for one in case.incidents}
    pairs = []
    for warning, event in case.pairs:
        if warning is None or event is None:
            pairs.append(_half(warning, event))
            continue
        match = judge(warnings[warning], incidents[event], rule)
        pairs.append(
            {
                "warning": warning,
                "event": event,
                **{name: getattr(match, name).value for name in _FACETS},
                "class": match.class_,
                "delay_hours_from_issue": match.delay_hours_from_issue,
                "delay_hours_from_window_end": match.delay_hours_from_window_end,
            }
        )
    return {"slug": case.slug, "rule": rule.id, "pairs": pairs}


_FACETS = ("place", "time", "target", "actor", "method", "person", "overall")


def _half(warning: str | None, event: str | None) -> dict[str, Any]:
    """A warning with no known event, or an event with no warning."""
    overall = Verdict.FALSE_ALARM if event is None else Verdict.MISSED_EVENT
    facets = dict.fromkeys(_FACETS, Verdict.UNSPECIFIED.value) | {"overall": overall.value}
    nothing = {"class": None, "delay_hours_from_issue": None, "delay_hours_from_window_end": None}
    return {"warning": warning, "event": event, **facets, **nothing}


def _case(found: Mapping[str, Any]) -> Case:
    warnings = tuple(_warning(one) for one in found["warnings"])
    incidents = tuple(_incident(one) for one in found["events"])
    ids = [*(one.id for one in warnings), *(one.id for one in incidents)]
    if len(set(ids)) != len(ids):
        raise InputError(f"case {found['slug']!r}: an id stands twice")
    review = found.get("review") or []
    pairs = tuple((one["warning"], one["event"]) for one in review)
    for pair in pairs:
        unknown = [one for one in pair if one is not None and one not in ids]
        if unknown:
            raise InputError(f"case {found['slug']!r}: review names {unknown[0]!r}, which is not there")
        if pair == (None, None):
            raise InputError(f"case {found['slug']!r}: a review line names neither warning nor event")
    return Case(
        slug=str(found["slug"]),
        title=str(found["title"]),
        warnings=warnings,
        incidents=incidents,
        pairs=pairs or tuple((w.id, e.id) for w in warnings for e in incidents),
    )


def _warning(found: Mapping[str, Any]) -> ReviewedWarning:
    issued, window = found["issued"], found["window"]
    start, end = window["start"], window["end"]
    zone = (end or start or issued)["zone"]
    return ReviewedWarning(
        id=str(found["id"]),
        threat=Threat(
            places=tuple(_place(one) for one in found["places"]),
            targets=tuple(found["targets"]),
            actors=tuple(found["actors"]),
            methods=tuple(found["methods"]),
            persons=tuple(found["persons_named"]),
        ),
        issued=casebook_instant(str(issued["at"]), issued["zone"], "point"),
        window=Window(
            start=casebook_instant(str(start["at"]), start["zone"], "start") if start else None,
            end=casebook_instant(str(end["at"]), end["zone"], "end") if end else None,
            zone=zone,
            basis=Basis(window["basis"]),
        ),
        type=str(found["type"]),
        evidence=str(found["evidence_status"]),
    )


def _incident(found: Mapping[str, Any]) -> Incident:
    start = found["start"]
    return Incident(
        id=str(found["id"]),
        status=IncidentStatus(found["status"]),
        start=casebook_instant(str(start["at"]), start["zone"], "point"),
        zone=start["zone"],
        precision=Precision(start["precision"]),
        place=_place(found["place"]),
        targets=tuple(found["targets"]),
        actors=tuple(dict.fromkeys((*found["actors"]["claimed"], *found["actors"]["attributed"]))),
        methods=tuple(found["methods"]),
        persons=tuple(found["persons"]),
    )


def _place(found: Mapping[str, Any]) -> Place:
    name, lat, lon = str(found["name"]), found["lat"], found["lon"]
    level = Level(found["admin_level"])
    if level is Level.VENUE and re.search(r"\bairport\b", name, re.IGNORECASE):
        level = Level.AIRPORT
    return Place(
        name=name,
        country=str(found["country"]),
        level=level,
        point=None if lat is None or lon is None else Point(float(lat), float(lon)),
    )
