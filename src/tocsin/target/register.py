"""People, venues with their contacts, gatherings; read from CSV, all rows or none."""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from tocsin.core.area import Point
from tocsin.core.window import zone_of
from tocsin.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Person:
    """A subscriber: where, in which language, at which address."""

    id: str
    language: str
    zone: str
    point: Point
    email: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to ask at a venue. `order` 1 is asked first, 2 is the deputy, 3 stands higher up."""

    name: str
    email: str
    order: int


@dataclass(frozen=True, kw_only=True)
class Venue:
    """A place where people gather, and who can act there. `kind` is a canonical target tag."""

    id: str
    name: str
    kind: str
    point: Point
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """Something that takes place at a point for a time. `venue` is its venue's id, empty if it has none."""

    id: str
    name: str
    venue: str
    point: Point
    start: datetime
    end: datetime


def read_address(text: str, where: str) -> str:
    """An e-mail address that cannot smuggle a header; InputError names the place."""
    if not _ADDRESS.fullmatch(text) or ".." in text:
        raise InputError(f"{where}: e-mail address {text!r} is not usable", hint="expected name@host, plain ASCII")
    return text


def read_people(raw: bytes) -> tuple[Person, ...]:
    """Columns id, language, zone, lat, lon, email; InputError names row and column."""

    def person(row: Mapping[str, str], where: str) -> Person:
        zone_of(row["zone"])
        return Person(
            id=_id(row["id"], where),
            language=row["language"],
            zone=row["zone"],
            point=_point(row, where),
            email=read_address(row["email"], where),
        )

    return _read_rows(raw, "people", ("id", "language", "zone", "lat", "lon", "email"), person)


def read_venues(raw: bytes) -> tuple[Venue, ...]:
    """Columns id, name, kind, lat, lon, and for up to three contacts contactN, emailN; InputError names row and column."""

    def venue(row: Mapping[str, str], where: str) -> Venue:
        contacts = tuple(
            Contact(name=row[f"contact{n}"], email=read_address(row[f"email{n}"], where), order=n)
            for n in (1, 2, 3)
            if row[f"email{n}"]
        )
        if not row["name"] or not row["kind"]:
            raise InputError(f"{where}: name or kind is empty")
        return Venue(
            id=_id(row["id"], where), name=row["name"], kind=row["kind"], point=_point(row, where), contacts=contacts
        )

    columns = ("id", "name", "kind", "lat", "lon", "contact1", "email1", "contact2", "email2", "contact3", "email3")
    return _read_rows(raw, "venues", columns, venue)


def _read_rows(
    raw: bytes, what: str, columns: tuple[str, ...], read: Callable[[Mapping[str, str], str], _T]
) -> tuple[_T, ...]:
    found: list[_T] = []
    seen: dict[str, int] = {}
    for number, row in _rows(raw, what, columns):
        where = f"{what}, row {number}"
        try:
            found.append(read(row, where))
        except InputError as error:
            message = str(error) if str(error).startswith(where) else f"{where}: {error}"
            raise InputError(message, hint=error.hint) from None
        if row["id"] in seen:
            raise InputError(f"{where}: id {row['id']!r} stands in row {seen[row['id']]} too")
        seen[row["id"]] = number
    if not found:
        raise InputError(f"{what}: the file has a header and no rows", hint="an empty import would change nothing")
    return tuple(found)


def _rows(raw: bytes, what: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their line's number, the header being row 1."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"{what}: file has {len(raw)} bytes, at most {MAX_BYTES} expected")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{what}: not UTF-8 at byte {error.start}", hint="save the table as CSV in UTF-8") from None
    if "\0" in text or not text.strip():
        raise InputError(f"{what}: the file is empty or binary", hint="expected CSV with a header row")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
        for name in header:
            if name not in columns:
                near = difflib.get_close_matches(name, columns, n=1)
                raise InputError(
                    f"{what}: unknown column {name!r}", hint=f"did you mean {near[0]!r}?" if near else None
                )
        missing = [name for name in columns if name not in header]
        if missing or len(set(header)) != len(header):
            raise InputError(f"{what}: column {(missing or header)[0]!r} is missing or stands twice")
        for number, cells in enumerate(reader, 2):
            if len(cells) != len(header):
                raise InputError(f"{what}, row {number}: {len(cells)} cells, expected {len(header)}")
            if any(ord(c) < 32 for cell in cells for c in cell):
                raise InputError(f"{what}, row {number}: a cell holds a control character")
            yield number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise InputError(f"{what}, row {reader.line_num}: {error}") from None


def _id(text: str, where: str) -> str:
    if not _ID.fullmatch(text):
        raise InputError(f"{where}: id {text!r} is not letters, digits, '.', '_' and '-'")
    return text


def _point(row: Mapping[str, str], where: str) -> Point:
    values = []
    for name in ("lat", "lon"):
        if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,10})?", row[name]):
            raise InputError(f"{where}: {name} {row[name]!r} is not a decimal number of degrees")
        values.append(float(row[name]))
    return Point(*values)
