"""Incidents that somebody else wrote down: a CSV or GeoJSON of ours, UCDP GED, VIINA's targets, NWS storm reports."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec import Struct

from tocsin.core.area import Point
from tocsin.core.fields import Fields
from tocsin.core.threat import Level, Place
from tocsin.core.window import Precision, casebook_instant, write_instant
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json
from tocsin.review.incident import Incident, IncidentStatus, read_incident
from tocsin.review.incident_sets import storm_reports, ucdp_incident, viina_incident
from tocsin.review.outlines import Outlines, country_outlines
from tocsin.review.rows import MAX_BYTES, Row, cell, decode, point, read_each, table_rows, whole

FAR_KM = 300.0
OLDEST = datetime(1900, 1, 1, tzinfo=UTC)
_NEEDED = ("id", "source", "start", "name", "country", "level", "lat", "lon")
_MAY_HAVE = ("zone", "precision", "earliest", "latest", "status", "admin1", "within_km", "summary")
_LISTS = ("targets", "actors", "claimed", "attributed", "methods")
_LENGTHS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY, 16: Precision.MINUTE}


class ReadIncidents(Struct, frozen=True):
    """What a file holds: `format` is what it was read as; each incident is called SOURCE:ID."""

    format: str
    incidents: tuple[Incident, ...]


def read_incidents(raw: bytes, at: datetime) -> ReadIncidents:
    """The incidents of this file, plain or gzip, whatever of the five formats it is.

    All rows or none: InputError names the lines that cannot be read, and why. What occurred lies between 1900 and `at`.
    """
    text, check = decode(raw, "incidents"), partial(_check_time, at)
    if text.lstrip().startswith("{"):
        return ReadIncidents("geojson", read_each(_features(text), "incidents", _own_row, check))
    if re.match(r"\s*copy lsrs ?\(", text, re.IGNORECASE):
        return ReadIncidents("nws-lsr", storm_reports(text, check))
    columns = set(text.splitlines()[0].lstrip().split(","))
    for name, needed, read in _TABLES:
        if needed <= columns:
            return ReadIncidents(name, read_each(table_rows(text, "incidents"), "incidents", read, check))
    missing = sorted(set(_NEEDED) - columns)
    raise InputError(
        f"incidents: column {missing[0]!r} is missing, and the file is none of {', '.join(name for name, *_ in _TABLES)}",
        hint="columns of an own table: " + ", ".join((*_NEEDED, *_MAY_HAVE, *_LISTS)),
    )


def _check_time(at: datetime, one: Incident) -> None:
    """Neither before 1900 nor yet to come; a plot that was foiled may have been for a later day."""
    if one.start < OLDEST:
        raise InputError(f"{one.id} started {write_instant(one.start)}, expected 1900 or later")
    if one.span[0] > at and one.status is IncidentStatus.OCCURRED:
        raise InputError(f"{one.id} occurred {write_instant(one.start)}, it is {write_instant(at)}")


def _features(text: str) -> Iterator[tuple[str, Row]]:
    """The features of a GeoJSON (RFC 7946) as rows of the own table; a point is longitude, then latitude."""
    if len(text) > MAX_BYTES:
        raise InputError(f"incidents: file has {len(text)} characters, at most {MAX_BYTES} expected")
    fields = Fields.of("incidents", load_json(text.encode(), "incidents"))
    if fields.text("type") != "FeatureCollection":
        raise InputError(f"incidents: type is {fields.text('type')[:60]!r}, expected 'FeatureCollection'")
    for number, one in enumerate(fields.records("features"), 1):
        geometry = one.record("geometry")
        spot = geometry.each("coordinates", int | float, "numbers")  # type: ignore[arg-type]  # isinstance takes a union
        if geometry.text("type") != "Point" or len(spot) not in {2, 3}:
            raise InputError(f"{geometry.name}: is no point, expected [longitude, latitude]")
        cells = {name: _as_cell(value) for name, value in one.record("properties").found.items()}
        yield f"feature {number}", {**cells, "lon": format(spot[0], "f"), "lat": format(spot[1], "f")}


def _as_cell(value: object) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


def _own_row(row: Row) -> Incident:
    """A row of the own table; lists are parted by semicolons, a start without an offset is local and taken as SCHEMA "Time" says."""
    unknown = sorted(set(row) - {*_NEEDED, *_MAY_HAVE, *_LISTS})
    if unknown:
        raise InputError(f"unknown column {unknown[0][:60]!r}")
    named = {name: cell(row, name) for name in _NEEDED}
    where = _in_its_country(point(row, "lat", "lon"), named["country"])
    found: dict[str, Any] = {name: row[name].strip() for name in _MAY_HAVE if row.get(name, "").strip()}
    found |= {name: [one.strip() for one in row.get(name, "").split(";") if one.strip()] for name in _LISTS}
    zone, start = found.get("zone", "UTC"), named["start"]
    if len(start) in _LENGTHS:
        found.setdefault("precision", _LENGTHS[len(start)].value)
        start = write_instant(casebook_instant(start, zone, "point"))
    if "within_km" in found:
        found["within_km"] = whole(row, "within_km")
    place: dict[str, Any] = {"name": named["name"], "country": named["country"], "level": named["level"]}
    place |= {"lat": where.lat, "lon": where.lon}
    if "admin1" in found:
        place["admin1"] = found.pop("admin1")
    sources = [{"what": "all", "source": named["source"]}]
    return read_incident(
        {**found, "start": start, "place": place, "sources": sources}, id=f"{named['source']}:{named['id']}"
    )


def _in_its_country(found: Point, country: str) -> Point:
    """The point; InputError if it lies far outside of its country and the same numbers the other way round lie inside.

    Nothing is turned round by itself: an attack at sea is far from its country too.
    """
    turned = Point(found.lon, found.lat) if abs(found.lon) <= 90 else None
    shape = Place(name=country, country=country, level=Level.COUNTRY)
    outlines = Outlines(countries=country_outlines)
    beyond = outlines.beyond_km(shape, found)
    if turned is None or beyond is None or beyond <= FAR_KM or outlines.beyond_km(shape, turned) != 0:
        return found
    raise InputError(
        f"lat {found.lat}, lon {found.lon} lies {beyond:.0f} km outside of {country}",
        hint=f"are they swapped? then write lat {turned.lat}, lon {turned.lon}",
    )


_TABLES: tuple[tuple[str, frozenset[str], Callable[[Row], Incident]], ...] = (
    ("ucdp-ged", frozenset({"where_prec", "date_prec", "side_a", "side_b", "country"}), ucdp_incident),
    ("viina", frozenset({"event_id_1pd", "target_classes", "asciiname"}), viina_incident),
    ("table", frozenset(_NEEDED), _own_row),
)
