"""What happened, with the precision of its time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tocsin.core.fields import Fields
from tocsin.core.threat import Level, Place
from tocsin.core.window import Precision, parse_instant, zone_of
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json


class IncidentStatus(StrEnum):
    """Did it happen?"""

    OCCURRED = "occurred"
    FOILED = "foiled"
    ABORTED = "aborted"


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One incident. `start` is UTC; `actors` are claimed and attributed ones together; tags are canonical."""

    id: str
    status: IncidentStatus
    start: datetime
    zone: str
    precision: Precision
    place: Place
    targets: tuple[str, ...]
    actors: tuple[str, ...]
    methods: tuple[str, ...]
    persons: tuple[str, ...] = ()
    summary: str = ""


_KEYS = ("status", "start", "zone", "precision", "place", "targets", "actors", "methods", "persons", "summary")
_PLACE_KEYS = ("name", "country", "level", "lat", "lon", "admin1")
_TAG = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
MAX_BYTES = 1024 * 1024
_MAX_SUMMARY = 4000


def read_incident_file(raw: bytes) -> Incident:
    """The incident in this JSON file, without an id yet; InputError names what was found and what was expected."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"incident has {len(raw)} bytes, at most {MAX_BYTES} expected")
    return read_incident(load_json(raw, "incident"), id="")


def read_incident(found: Mapping[str, Any], *, id: str) -> Incident:  # noqa: A002  # the field's name
    """The incident in this JSON object; InputError names the key, what was found and what was expected.

    `start` is RFC 3339 with a zone; an incident needs a point, for without one nothing could be matched to it by place.
    """
    fields = Fields.of("incident", found)
    fields.allow(_KEYS)
    zone = fields.text("zone", "UTC")
    fields.check(zone_of, zone)
    summary = fields.text("summary", "")
    if len(summary) > _MAX_SUMMARY:
        raise InputError(f"incident: summary has {len(summary)} characters, at most {_MAX_SUMMARY} expected")
    return Incident(
        id=id,
        status=fields.choice("status", IncidentStatus, IncidentStatus.OCCURRED),
        start=fields.check(parse_instant, fields.text("start")),
        zone=zone,
        precision=fields.choice("precision", Precision, Precision.MINUTE),
        place=_place(fields.record("place")),
        targets=_tags(fields, "targets"),
        actors=_tags(fields, "actors"),
        methods=_tags(fields, "methods"),
        persons=fields.texts("persons") if "persons" in found else (),
        summary=summary,
    )


def _place(fields: Fields) -> Place:
    fields.allow(_PLACE_KEYS)
    point = fields.point()
    if point is None:
        raise InputError(f"{fields.name}: lat and lon are missing", hint="give degrees, about a kilometre is enough")
    return Place(
        name=fields.text("name"),
        country=read_country(fields),
        level=fields.choice("level", Level),
        point=point,
        admin1=fields.text("admin1", "") or None,
    )


def read_country(fields: Fields) -> str:
    """ISO 3166-1 alpha-2 in capitals, or XX for several or none."""
    country = fields.text("country")
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise InputError(f"{fields.name}: country is {country!r}, expected two capitals of ISO 3166-1, or XX")
    return country


def _tags(fields: Fields, key: str) -> tuple[str, ...]:
    """Lower-case tags as in core/vocabulary; "Concert" would match nothing and nobody would know why."""
    tags = fields.texts(key) if key in fields.found else ()
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise InputError(f"incident: {key} has {tag!r}, expected a lower-case tag such as 'public_gathering'")
    return tags
