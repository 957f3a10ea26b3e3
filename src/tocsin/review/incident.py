"""What happened, with the precision of its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place
from tocsin.core.window import Precision, parse_instant, zone_of
from tocsin.errors import InputError


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


def read_incident(found: Mapping[str, Any], *, id: str) -> Incident:  # noqa: A002  # the field's name
    """The incident in this JSON object; InputError names the key, what was found and what was expected."""
    if not isinstance(found, Mapping):
        raise InputError(f"incident is {type(found).__name__}, expected one object")
    for key in found:
        if key not in _KEYS:
            raise InputError(f"incident: unknown key {key!r}", hint="known: " + ", ".join(_KEYS))
    place = found.get("place")
    if not isinstance(place, Mapping):
        raise InputError("incident: place is missing", hint="give name, country, level, lat and lon")
    try:
        zone_of(str(found.get("zone", "UTC")))
        return Incident(
            id=id,
            status=IncidentStatus(found.get("status", "occurred")),
            start=parse_instant(str(found["start"])),
            zone=str(found.get("zone", "UTC")),
            precision=Precision(found.get("precision", "minute")),
            place=Place(
                name=str(place["name"]),
                country=str(place["country"]),
                level=Level(place["level"]),
                point=Point(float(place["lat"]), float(place["lon"])),
                admin1=place.get("admin1"),
            ),
            targets=_tags(found, "targets"),
            actors=_tags(found, "actors"),
            methods=_tags(found, "methods"),
            persons=_tags(found, "persons"),
            summary=str(found.get("summary", "")),
        )
    except KeyError as error:
        raise InputError(f"incident: {error.args[0]!r} is missing") from None
    except (ValueError, TypeError) as error:
        raise InputError(f"incident: {error}") from None


def _tags(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = found.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(f"incident: {key} is {value!r}, expected a list of texts")
    return tuple(value)
