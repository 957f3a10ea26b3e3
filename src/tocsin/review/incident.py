"""What happened, how exactly its time and place are known, and whose word each part rests on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.core.fields import Fields
from tocsin.core.threat import Level, Place
from tocsin.core.window import Precision, parse_instant, zone_of
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json
from tocsin.review.tags import tags_in


class IncidentStatus(StrEnum):
    """Did it happen?"""

    OCCURRED = "occurred"
    FOILED = "foiled"
    ABORTED = "aborted"


SLACK = {
    Precision.MINUTE: timedelta(0),
    Precision.HOUR: timedelta(minutes=30),
    Precision.DAY: timedelta(hours=12),
    Precision.MONTH: timedelta(days=16),
    Precision.YEAR: timedelta(days=184),
}
"""How far the true time may lie from the one computed with, either way (casebook/SCHEMA.md, "Time")."""


class Sourced(Struct, frozen=True):
    """Whose word one part of an incident rests on: `what` is a field's name, or "all"."""

    what: str
    source: str


class Incident(Struct, frozen=True, kw_only=True):
    """One incident. `start` is UTC, the instant to compute with; tags are canonical.

    `actors` are claimed and attributed ones together; `claimed` and `attributed` say which is which where that is known.
    `earliest` and `latest` bound the true time if the source gives a span of its own, else `precision` does. `within_km`
    is how far the true place may lie from the point, None if nobody says.
    """

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
    earliest: datetime | None = None
    latest: datetime | None = None
    within_km: float | None = None
    claimed: tuple[str, ...] = ()
    attributed: tuple[str, ...] = ()
    sources: tuple[Sourced, ...] = ()

    def __post_init__(self) -> None:
        if (self.earliest is not None and self.earliest > self.start) or (
            self.latest is not None and self.latest < self.start
        ):
            raise InputError(f"incident starts {self.start.isoformat()}, outside of its earliest and latest time")
        unknown = sorted({*self.claimed, *self.attributed} - set(self.actors))
        if unknown:
            raise InputError(f"incident: actor {unknown[0]!r} is claimed or attributed and is none of its actors")

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first and the last instant at which it may have begun, both included."""
        slack = SLACK[self.precision]
        return self.earliest or self.start - slack, self.latest or self.start + slack


_KEYS = (
    "status",
    "start",
    "zone",
    "precision",
    "earliest",
    "latest",
    "place",
    "within_km",
    "targets",
    "actors",
    "claimed",
    "attributed",
    "methods",
    "persons",
    "summary",
    "sources",
)
_PLACE_KEYS = ("name", "country", "level", "lat", "lon", "admin1")
_TAG = Expression(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
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
    claimed, attributed = _tags(fields, "claimed"), _tags(fields, "attributed")
    return fields.check(
        Incident,
        id=id,
        status=fields.choice("status", IncidentStatus, IncidentStatus.OCCURRED),
        start=fields.check(parse_instant, fields.text("start")),
        zone=zone,
        precision=fields.choice("precision", Precision, Precision.MINUTE),
        place=_place(fields.record("place")),
        targets=_tags(fields, "targets"),
        actors=tuple(dict.fromkeys((*_tags(fields, "actors"), *claimed, *attributed))),
        methods=_tags(fields, "methods"),
        persons=fields.texts("persons") if "persons" in found else (),
        summary=summary,
        earliest=_instant(fields, "earliest"),
        latest=_instant(fields, "latest"),
        within_km=_within_km(fields),
        claimed=claimed,
        attributed=attributed,
        sources=tuple(
            Sourced(one.text("what"), one.text("source"))
            for one in (fields.records("sources") if "sources" in found else ())
        ),
    )


def _instant(fields: Fields, key: str) -> datetime | None:
    return fields.check(parse_instant, fields.text(key)) if key in fields.found else None


def _within_km(fields: Fields) -> float | None:
    value = fields.found.get("within_km")
    if value is None:
        return None
    # Not a number and infinity fail the comparison too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 20038:
        raise InputError(f"incident: within_km is {str(value)[:60]!r}, expected kilometres from 0 to 20038")
    return float(value)


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
    """ISO 3166-1 alpha-2 in capitals, XX for several or none, XK for Kosovo, which has no other code.

    What is no country's code would be a country that nothing matches, and nobody would know why.
    """
    country = fields.text("country")
    if country not in _countries():
        raise InputError(
            f"{fields.name}: country is {country[:60]!r}, expected two capitals of ISO 3166-1, or XX",
            hint=_country_hint(country),
        )
    return country


_MEANT = {"UK": "GB", "EL": "GR"}
"""What others write: the United Kingdom by its domain, Greece by the European Union's style guide."""


@cache
def _countries() -> frozenset[str]:
    return frozenset({"XX", "XK", *read_data("core", "countries.json")})


def _country_hint(country: str) -> str | None:
    import pycountry

    if country.upper() in _MEANT.keys() | _countries():
        meant = _MEANT.get(country.upper(), country.upper())
        return f"did you mean {meant!r}?"
    # A code that was withdrawn says no more than which countries it may be today.
    gone = any(getattr(one, "alpha_2", None) == country for one in pycountry.historic_countries)
    return f"{country!r} was withdrawn: name the country of today, or XX" if gone else None


def _tags(fields: Fields, key: str) -> tuple[str, ...]:
    """Lower-case tags as in core/vocabulary; "Concert" would match nothing and nobody would know why."""
    tags = tags_in(fields, key) if key in fields.found else ()
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise InputError(f"incident: {key} has {tag!r}, expected a lower-case tag such as 'public_gathering'")
    return tags
