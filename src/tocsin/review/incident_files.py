"""Incidents that somebody else wrote down: a CSV or GeoJSON of ours, UCDP GED, VIINA's targets, NWS storm reports."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tocsin.core.area import Point
from tocsin.core.fields import Fields
from tocsin.core.threat import Level, Place
from tocsin.core.window import Precision, casebook_instant, midnight, write_instant
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json
from tocsin.review.incident import Incident, IncidentStatus, Sourced, read_incident
from tocsin.review.nws import point_of, postgres_time
from tocsin.review.outlines import Outlines, country_outlines
from tocsin.review.rows import MAX_BYTES, Row, cell, decode, dump_rows, point, read_each, table_rows, whole

FAR_KM = 300.0
OLDEST = datetime(1900, 1, 1, tzinfo=UTC)
_NEEDED = ("id", "source", "start", "name", "country", "level", "lat", "lon")
_MAY_HAVE = ("zone", "precision", "earliest", "latest", "status", "admin1", "within_km", "summary")
_LISTS = ("targets", "actors", "claimed", "attributed", "methods")
_LENGTHS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY, 16: Precision.MINUTE}


@dataclass(frozen=True)
class ReadIncidents:
    """What a file holds: `format` is what it was read as; each incident is called SOURCE:ID."""

    format: str
    incidents: tuple[Incident, ...]


def read_incidents(raw: bytes, at: datetime) -> ReadIncidents:
    """The incidents of this file, plain or gzip, whatever of the five formats it is.

    All rows or none: InputError names the lines that cannot be read, and why. What occurred lies between 1900 and `at`.
    """
    text = decode(raw, "incidents")
    if text.lstrip().startswith("{"):
        return _checked("geojson", read_each(_features(text), "incidents", _own_row), at)
    if re.match(r"\s*copy lsrs ?\(", text, re.IGNORECASE):
        return _checked("nws-lsr", _storm_reports(text), at)
    columns = set(text.splitlines()[0].lstrip().split(","))
    for name, needed, read in _TABLES:
        if needed <= columns:
            return _checked(name, read_each(table_rows(text, "incidents"), "incidents", read), at)
    missing = sorted(set(_NEEDED) - columns)
    raise InputError(
        f"incidents: column {missing[0]!r} is missing, and the file is none of {', '.join(name for name, *_ in _TABLES)}",
        hint="columns of an own table: " + ", ".join((*_NEEDED, *_MAY_HAVE, *_LISTS)),
    )


def _checked(name: str, found: tuple[Incident, ...], at: datetime) -> ReadIncidents:
    """Neither before 1900 nor yet to come; a plot that was foiled may have been for a later day."""
    for one in found:
        if one.start < OLDEST:
            raise InputError(f"incidents: {one.id} started {write_instant(one.start)}, expected 1900 or later")
        if one.span[0] > at and one.status is IncidentStatus.OCCURRED:
            raise InputError(f"incidents: {one.id} occurred {write_instant(one.start)}, it is {write_instant(at)}")
    return ReadIncidents(name, found)


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


_UCDP_LEVELS: Mapping[int, tuple[Level, float | None]] = {
    1: (Level.CITY, None),
    2: (Level.CITY, 25.0),
    3: (Level.DISTRICT, 50.0),
    4: (Level.REGION, 150.0),
    5: (Level.REGION, 150.0),
    6: (Level.COUNTRY, 500.0),
    7: (Level.COUNTRY, 500.0),
}
"""By `where_prec`: 1 the place itself, 2 within about 25 km of it, 3 district, 4 province, 5 a line or area, 6 country, 7 sea or
air (UCDP GED codebook, "where_prec"). From 3 on the codebook gives no distance: ours are wide on purpose."""
_UCDP_DATES = {
    1: Precision.DAY,
    2: Precision.DAY,
    3: Precision.DAY,
    4: Precision.MONTH,
    5: Precision.YEAR,
}
_ACTORS = {"is": "isis"}
"""Names that another vocabulary has a tag for; "civilians" are whom, never who."""


def _ucdp_row(row: Row) -> Incident:
    """UCDP GED: a span of days, a code for how well the place is known. Its middle is what is computed with."""
    first, last = (_day(row, name) for name in ("date_start", "date_end"))
    if last < first:
        raise InputError(f"date_end is {last}, before date_start {first}")
    earliest, latest = midnight(first, "UTC"), midnight(last + timedelta(days=1), "UTC")
    level, within = _one_of(row, "where_prec", _UCDP_LEVELS)
    actors = tuple(dict.fromkeys(tag for side in ("side_a", "side_b") for tag in _sides(cell(row, side))))
    country = _country(cell(row, "country"))
    return Incident(
        id=f"ucdp-ged:{whole(row, 'id')}",
        status=IncidentStatus.OCCURRED,
        start=earliest + (latest - earliest) / 2,
        zone="UTC",
        precision=_one_of(row, "date_prec", _UCDP_DATES),
        place=Place(
            name=cell(row, "where_coordinates"), country=country, level=level, point=point(row, "latitude", "longitude")
        ),
        targets=("civilians",) if cell(row, "side_b") == "Civilians" else (),
        actors=actors,
        methods=(),
        summary=row.get("source_headline", "").strip()[:4000],
        earliest=earliest,
        latest=latest,
        within_km=within,
        attributed=actors,
        sources=(
            Sourced("all", (row.get("source_article", "") or row.get("source_office", "")).strip()[:400] or "UCDP GED"),
        ),
    )


def _viina_row(row: Row) -> Incident:
    """VIINA's targets: a day and a named place; the text is what one of its sources wrote, in its own language.

    The country is Ukraine unless the file says that the coordinates lie strictly in Russia.
    """
    stated = cell(row, "date")
    if not re.fullmatch(r"[0-9]{8}", stated):
        raise InputError(f"date is {stated[:60]!r}, expected YYYYMMDD")
    day = f"{stated[:4]}-{stated[4:6]}-{stated[6:]}"
    _as_date("date", day)
    names = (row.get(name, "").strip() for name in ("asciiname", "ADM1_NAME"))
    country = "RU" if row.get("location_method") == "COORDINATE_RU_STRICT" else "UA"
    return Incident(
        id=f"viina:{whole(row, 'event_id_1pd')}",
        status=IncidentStatus.OCCURRED,
        start=casebook_instant(day, "Europe/Kyiv", "point"),
        zone="Europe/Kyiv",
        precision=Precision.DAY,
        place=Place(
            name=", ".join(filter(None, names)) or "a place without a name",
            country=country,
            level=Level.CITY,
            point=point(row, "latitude", "longitude"),
        ),
        targets=tuple(_tag(one) for one in cell(row, "target_classes").split("|")),
        actors=(),
        methods=(),
        summary=row.get("representative_text", "").strip()[:4000],
        sources=tuple(Sourced("all", one.strip()) for one in cell(row, "sources_matching").split("|") if one.strip()),
    )


def _storm_reports(text: str) -> tuple[Incident, ...]:
    """NWS local storm reports in a dump of PostgreSQL. They have no id: the product's, the kind, and which of them it is."""
    seen: Counter[str] = Counter()

    def read(row: Row) -> Incident:
        name = f"nws-lsr:{cell(row, 'product_id')}/{cell(row, 'type')}"
        seen[name] += 1
        return Incident(
            id=f"{name}/{seen[name]}",
            status=IncidentStatus.OCCURRED,
            start=postgres_time(row, "valid"),
            zone="UTC",
            precision=Precision.MINUTE,
            place=Place(
                name=cell(row, "city"),
                country="US",
                level=Level.CITY,
                point=point_of(row, "geom"),
                admin1=f"US-{cell(row, 'state')}",
            ),
            targets=(),
            actors=(),
            methods=(_tag(cell(row, "typetext")),),
            summary=row.get("remark", "").strip()[:4000],
            sources=(Sourced("all", cell(row, "source")),),
        )

    return read_each(dump_rows(text, "incidents", re.compile("lsrs")), "incidents", read)


_TABLES: tuple[tuple[str, frozenset[str], Callable[[Row], Incident]], ...] = (
    ("ucdp-ged", frozenset({"where_prec", "date_prec", "side_a", "side_b", "country"}), _ucdp_row),
    ("viina", frozenset({"event_id_1pd", "target_classes", "asciiname"}), _viina_row),
    ("table", frozenset(_NEEDED), _own_row),
)


def _day(row: Row, name: str) -> date:
    return _as_date(name, cell(row, name))


def _as_date(name: str, text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise InputError(f"{name} is {text[:60]!r}, expected YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} is {text!r}, a day that does not exist") from None


def _one_of(row: Row, name: str, known: Mapping[int, Any]) -> Any:
    found = whole(row, name)
    if found not in known:
        raise InputError(f"{name} is {found}, expected one of {', '.join(map(str, known))}")
    return known[found]


def _sides(text: str) -> tuple[str, ...]:
    tags = (_tag(one) for one in text.split(","))
    return tuple(_ACTORS.get(tag, tag) for tag in tags if tag != "civilians")


def _tag(words: str) -> str:
    found = re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")
    if not found:
        raise InputError(f"{words[:60]!r} has no letter that a tag could have")
    return found


def _country(name: str) -> str:
    import pycountry

    try:
        code: str = pycountry.countries.lookup(name).alpha_2
    except LookupError:
        raise InputError(f"country is {name[:60]!r}, expected a name of ISO 3166-1") from None
    return code
