"""People, venues with their contacts, gatherings: what they are, and how a spreadsheet gives them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from msgspec import Struct

from tocsin.core.area import Point
from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.core.vocabulary import canonical
from tocsin.core.window import zone_of
from tocsin.errors import InputError, nearest
from tocsin.target.table import read_rows

MAX_LINE = 256
_ADDRESS = Expression(
    r"(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?",
    re.ASCII,
)
_LANGUAGE = Expression(r"[a-z]{2,3}(-[A-Z]{2})?")
_ID = Expression(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that make a text read otherwise than it is stored (Unicode TR 9), and the byte order mark: a name needs none."""


class Person(Struct, frozen=True, kw_only=True):
    """A subscriber: where, in which language, at which address."""

    id: str
    language: str
    zone: str
    point: Point
    email: str


class Contact(Struct, frozen=True, kw_only=True):
    """Whom to ask at a venue. `order` 1 is asked first, 2 is the deputy, 3 stands higher up."""

    name: str
    email: str
    order: int


class Venue(Struct, frozen=True, kw_only=True):
    """A place where people gather, and who can act there. `kind` is a canonical target tag; `capacity` counts people."""

    id: str
    name: str
    kind: str
    point: Point
    contacts: tuple[Contact, ...] = ()
    capacity: int | None = None


class Gathering(Struct, frozen=True, kw_only=True):
    """Something that takes place at a point from `start` up to `end`, both UTC; None is "not stated".

    `venue` is the id of the venue that hosts it, empty if it has none; `kind` is a canonical target tag.
    """

    id: str
    name: str
    venue: str
    point: Point
    start: datetime
    end: datetime | None = None
    kind: str | None = None
    expected: int | None = None


def read_address(text: str, where: str) -> str:
    """An e-mail address that cannot smuggle a header (RFC 5321, dot-atom and host name); InputError names the place."""
    if not _ADDRESS.fullmatch(text) or ".." in text:
        raise InputError(f"{where}: e-mail address {text!r} is not usable", hint="expected name@host, plain ASCII")
    return text


def read_line(text: str, where: str) -> str:
    """A text of one line that shows what it says: no control character, line separator or turn of direction in it."""
    hidden = next((c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _TURNS), None)
    if not text.strip() or len(text) > MAX_LINE or hidden:
        found = f"holds U+{ord(hidden):04X}" if hidden else f"has {len(text)} characters"
        raise InputError(f"{where} {found}, expected one line of 1 to {MAX_LINE} characters that can be seen")
    return text


def read_kind(text: str, where: str) -> str:
    """The canonical target tag of a kind; an alias is turned into it, a near miss of a known one is refused.

    The vocabulary knows what the kinds cover, not every kind there is: `hospital` is accepted, `konzert` is not.

    >>> read_kind("shopping_mall", "venues, row 2")
    'mall_market'
    """
    known = _known_kinds()
    if text in known:
        return canonical(text)
    near = nearest(text.lower(), known, alike=0.7)
    if near or not re.fullmatch(r"[a-z]+(_[a-z]+){0,3}", text):
        raise InputError(
            f"{where}: kind {text!r} is not a tag",
            hint=f"did you mean {near!r}?" if near else "write it like concert or mall_market",
        )
    return text


def read_people(raw: bytes) -> tuple[Person, ...]:
    """Columns id, language, zone, lat, lon, email; InputError names row and column."""

    def person(row: Mapping[str, str], where: str) -> Person:
        zone_of(row["zone"])
        if not _LANGUAGE.fullmatch(row["language"]):
            raise InputError(f"{where}: language {row['language']!r} is not a code", hint="write en, fr or pt-BR")
        return Person(
            id=_id(row["id"], where),
            language=row["language"],
            zone=row["zone"],
            point=_point(row, where),
            email=read_address(row["email"], where),
        )

    return read_rows(raw, "people", ("id", "language", "zone", "lat", "lon", "email"), person)


def read_venues(raw: bytes) -> tuple[Venue, ...]:
    """Columns id, name, kind, lat, lon, contact1, email1 up to contact3, email3, and capacity where it is known.

    Contacts are filled from the first one on, name and address together: 1 is asked first, 3 stands highest.
    InputError names row and column.
    """

    def venue(row: Mapping[str, str], where: str) -> Venue:
        return Venue(
            id=_id(row["id"], where),
            name=read_line(row["name"], f"{where}: name"),
            kind=read_kind(row["kind"], where),
            point=_point(row, where),
            contacts=_contacts(row, where),
            capacity=_capacity(row.get("capacity", ""), where),
        )

    columns = ("id", "name", "kind", "lat", "lon", "contact1", "email1", "contact2", "email2", "contact3", "email3")
    return read_rows(raw, "venues", columns, venue, may_have=("capacity",))


def _contacts(row: Mapping[str, str], where: str) -> tuple[Contact, ...]:
    found: list[Contact] = []
    for order in (1, 2, 3):
        name, email = row[f"contact{order}"], row[f"email{order}"]
        if not name and not email:
            continue
        if not name or not email:
            raise InputError(f"{where}: contact{order} and email{order} belong together, one of them is empty")
        if len(found) != order - 1:
            # The ladder's first notice would go to nobody.
            raise InputError(f"{where}: contact{order} is given, contact{order - 1} is not")
        name = read_line(name, f"{where}: contact{order}")
        found.append(Contact(name=name, email=read_address(email, where), order=order))
    return tuple(found)


def _capacity(text: str, where: str) -> int | None:
    if not re.fullmatch(r"([1-9][0-9]{0,6})?", text):
        raise InputError(f"{where}: capacity {text!r} is not a number of people")
    return int(text) if text else None


@cache
def _known_kinds() -> tuple[str, ...]:
    words = read_data("core", "vocabulary.json")
    tree, aliases = words["target"], words["same_as"]
    return tuple(sorted({*tree, *(tag for tags in tree.values() for tag in tags), *aliases, *aliases.values()}))


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
