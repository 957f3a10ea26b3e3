"""Warnings of others, to be held against what happened: CAP archives, sirens, alert lists, storm-based warnings. Never sent on."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.area import Point
from tocsin.core.expression import Expression
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Basis, Precision, Window, write_instant, zone_of
from tocsin.errors import InputError
from tocsin.review.matching import ReviewedWarning
from tocsin.review.nws import storm_warning
from tocsin.review.rows import Row, cell, decode, dump_rows, point, read_each, table_rows

_SIREN_TIME = Expression(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")
_LIST_TIME = Expression(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_Check = Callable[[ReviewedWarning], None]
_SIREN_LEVELS = {"oblast": Level.REGION, "raion": Level.DISTRICT, "hromada": Level.CITY}


class ReadWarnings(Struct, frozen=True):
    """What a file holds: `format` is what it was read as, `left_out` counts what is no warning (tests, exercises, errors)."""

    format: str
    warnings: tuple[ReviewedWarning, ...]
    left_out: int = 0


def read_warnings(raw: bytes, at: datetime) -> ReadWarnings:
    """The warnings of this file, whatever of the four formats it is; each is called SOURCE:ID.

    All rows or none: InputError names the lines that cannot be read, and why. None was issued later than `at`.
    """
    check = partial(_check_time, at)
    if _is_archive(raw):
        from tocsin.review.cap_archive import archived_warnings  # all of CAP, and the reader of texts

        found, left_out = archived_warnings(raw)
        for one in found:
            check(one)
        return ReadWarnings("cap", found, left_out)
    text = decode(raw, "warnings")
    if re.match(r"\s*copy sbw\w* ?\(", text, re.IGNORECASE):
        rows = dump_rows(text, "warnings", re.compile(r"sbw\w*"))
        return ReadWarnings("nws-sbw", _numbered(rows, check))
    columns = set(text.splitlines()[0].lstrip().split(","))
    for name, needed, read in _TABLES:
        if needed <= columns:
            return ReadWarnings(name, read(table_rows(text, "warnings"), check))
    raise InputError(
        "warnings: the file is no CAP message, no zip of them, no dump of storm-based warnings and no known table",
        hint="tables: " + "; ".join(f"{name} ({', '.join(sorted(needed))})" for name, needed, _ in _TABLES),
    )


def _is_archive(raw: bytes) -> bool:
    """Whether it looks like a zip or like XML."""
    return raw.startswith(b"PK\x03\x04") or raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _check_time(at: datetime, one: ReviewedWarning) -> None:
    if one.issued > at:
        raise InputError(f"{one.id} was issued {write_instant(one.issued)}, it is {write_instant(at)}")


def _numbered(rows: Iterable[tuple[str, Row]], check: _Check) -> tuple[ReviewedWarning, ...]:
    """Storm-based warnings: two products of one minute and one kind are told apart by their order in the archive."""
    seen: dict[str, int] = {}

    def read(row: Row) -> ReviewedWarning:
        one = storm_warning(row)
        seen[one.id] = seen.get(one.id, 0) + 1
        return one if seen[one.id] == 1 else replace(one, id=f"{one.id}/{seen[one.id]}")

    return read_each(rows, "warnings", read, check)


def _sirens(rows: Iterable[tuple[str, Row]], check: _Check) -> tuple[ReviewedWarning, ...]:
    return read_each(rows, "warnings", _siren, check)


def _siren(row: Row) -> ReviewedWarning:
    """An air-raid siren of Ukraine: an area by its names, from its start to its all-clear. Oblasts have their ISO code."""
    level = cell(row, "level")
    if level not in _SIREN_LEVELS:
        raise InputError(f"level is {level[:60]!r}, expected one of {', '.join(_SIREN_LEVELS)}")
    started, finished = _siren_time(row, "started_at"), _siren_time(row, "finished_at")
    oblast = cell(row, "oblast")
    names = tuple(filter(None, (row.get("hromada", "").strip(), row.get("raion", "").strip(), oblast)))
    place = Place(name=", ".join(names), country="UA", level=_SIREN_LEVELS[level], admin1=_oblast_code(oblast))
    return ReviewedWarning(
        id=f"ua-sirens:{'/'.join(reversed(names))}@{write_instant(started)}",
        threat=Threat(places=(place,)),
        issued=started,
        window=Window(start=started, end=finished, zone="Europe/Kyiv", precision=Precision.MINUTE),
        issuer=f"sirens, {cell(row, 'source')}",
    )


def _oblast_code(name: str) -> str | None:
    """ISO 3166-2, or None for what has none (a district that the list has for an oblast)."""
    return _oblast_codes().get(name.casefold())


@cache
def _oblast_codes() -> dict[str, str]:
    import pycountry

    found = {one.name.casefold(): one.code for one in pycountry.subdivisions if one.country_code == "UA"}
    return found | {"kyiv city": "UA-30"}  # ISO 3166-2 calls it Kyiv


def _siren_time(row: Row, name: str) -> datetime:
    return _time(row, name, _SIREN_TIME, "YYYY-MM-DD HH:MM:SS+00:00").astimezone(UTC)


def _time(row: Row, name: str, form: Expression, expected: str) -> datetime:
    found = cell(row, name)
    if not form.fullmatch(found):
        raise InputError(f"{name} is {found[:60]!r}, expected {expected}")
    try:
        return datetime.fromisoformat(found)
    except ValueError:
        raise InputError(f"{name} is {found!r}, a time that does not exist") from None


def _alert_list(rows: Iterable[tuple[str, Row]], check: _Check) -> tuple[ReviewedWarning, ...]:
    """Alerts of Israel: the rows of one message (rid) are one warning with a place for each; the list gives no end.

    A message that names a place twice names it once.
    """
    lines = count()
    parts = read_each(rows, "warnings", lambda row: _alert_line(row, next(lines)), check)
    messages: dict[str, list[ReviewedWarning]] = {}
    for one in parts:
        messages.setdefault(one.chain, []).append(one)
    return tuple(
        replace(
            told[0],
            id=chain,
            threat=Threat(places=tuple(dict.fromkeys(place for one in told for place in one.threat.places))),
        )
        for chain, told in messages.items()
    )


def _alert_line(row: Row, number: int) -> ReviewedWarning:
    issued = _time(row, "alertDate", _LIST_TIME, "YYYY-MM-DDTHH:MM:SS").replace(tzinfo=zone_of("Asia/Jerusalem"))
    where: Point | None = point(row, "lat", "lng") if row.get("lat", "").strip() else None
    city, rid = cell(row, "city"), cell(row, "rid")
    return ReviewedWarning(
        id=f"il-alerts:{rid}/{number}",
        threat=Threat(places=(Place(name=city, country="IL", level=Level.DISTRICT, point=where),)),
        issued=issued.astimezone(UTC),
        window=Window(
            start=issued.astimezone(UTC),
            end=None,
            zone="Asia/Jerusalem",
            precision=Precision.MINUTE,
            basis=Basis.NONE,
        ),
        chain=f"il-alerts:{rid}",
        issuer=f"alerts, category {cell(row, 'category')}",
    )


_ReadRows = Callable[[Iterable[tuple[str, Row]], _Check], tuple[ReviewedWarning, ...]]
_TABLES: tuple[tuple[str, frozenset[str], _ReadRows], ...] = (
    ("ua-sirens", frozenset({"oblast", "level", "started_at", "finished_at", "source"}), _sirens),
    ("il-alerts", frozenset({"rid", "alertDate", "city", "category", "lat", "lng"}), _alert_list),
)
