"""Incidents in the words of three data sets: UCDP GED, VIINA's targets, storm reports of the US weather service."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from tocsin.core.threat import Level, Place
from tocsin.core.window import Precision, casebook_instant, midnight
from tocsin.errors import InputError
from tocsin.review.incident import Incident, IncidentStatus, Sourced
from tocsin.review.nws import point_of, postgres_time
from tocsin.review.rows import Row, cell, dump_rows, point, read_each, whole

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


def ucdp_incident(row: Row) -> Incident:
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


_OBLASTS: Mapping[str, str] = {
    "Vinnytsya": "UA-05",
    "Volyn": "UA-07",
    "Luhans'k": "UA-09",
    "Dnipropetrovs'k": "UA-12",
    "Donets'k": "UA-14",
    "Zhytomyr": "UA-18",
    "Transcarpathia": "UA-21",
    "Zaporizhzhya": "UA-23",
    "Ivano-Frankivs'k": "UA-26",
    "Kiev City": "UA-30",
    "Kiev": "UA-32",
    "Kirovohrad": "UA-35",
    "Sevastopol'": "UA-40",
    "Crimea": "UA-43",
    "L'viv": "UA-46",
    "Mykolayiv": "UA-48",
    "Odessa": "UA-51",
    "Poltava": "UA-53",
    "Rivne": "UA-56",
    "Chernivtsi": "UA-77",
    "Sumy": "UA-59",
    "Ternopil'": "UA-61",
    "Kharkiv": "UA-63",
    "Kherson": "UA-65",
    "Khmel'nyts'kyy": "UA-68",
    "Cherkasy": "UA-71",
    "Chernihiv": "UA-74",
}
"""VIINA's names of Ukraine's regions to ISO 3166-2."""


def viina_incident(row: Row) -> Incident:
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
            admin1=None if country == "RU" else _OBLASTS.get(row.get("ADM1_NAME", "").strip()),
        ),
        targets=tuple(_tag(one) for one in cell(row, "target_classes").split("|")),
        actors=(),
        methods=(),
        summary=row.get("representative_text", "").strip()[:4000],
        sources=tuple(Sourced("all", one.strip()) for one in cell(row, "sources_matching").split("|") if one.strip()),
    )


def storm_reports(text: str, check: Callable[[Incident], None]) -> tuple[Incident, ...]:
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

    return read_each(dump_rows(text, "incidents", re.compile("lsrs")), "incidents", read, check)


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
