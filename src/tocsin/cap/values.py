"""How CAP 1.2 writes a time, a number, a shape or a list as text: one reader and one writer each, side by side.

Readers raise InputError for everything else than the exact form; each writer reads its own text again before it hands
it out, so that what is written can be read.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from msgspec.structs import replace

from tocsin.cap.alert import Reference
from tocsin.core.area import Circle, Point, Polygon
from tocsin.core.window import COMPUTABLE_YEARS
from tocsin.errors import InputError

MAX_CORNERS = 20_000
"""Of one polygon; about 100 are advised (CAP-36)."""

_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)"
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})")
_WORD = r'"[^"]*[^\s"][^"]*"|[^\s"]+'
_SHOWN = 60
_E = TypeVar("_E", bound=StrEnum)


def one_of(kind: type[_E]) -> Callable[[str], _E]:
    """A reader of that closed list of words, spelled exactly so.

    >>> from tocsin.cap.alert import Scope
    >>> one_of(Scope)("Public").name
    'PUBLIC'
    """

    def read(text: str) -> _E:
        try:
            return kind(text)
        except ValueError:
            raise InputError(f"found {text[:_SHOWN]!r}", hint="one of " + ", ".join(kind)) from None

    return read


def read_time(text: str) -> datetime:
    """The instant, with the offset it was written with: YYYY-MM-DDThh:mm:ss±hh:mm and nothing else (CAP-6, CAP-8).

    -00:00 and +00:00 are both UTC (CAP-7).

    >>> read_time("2024-03-07T18:00:00+03:00").utcoffset().seconds
    10800
    """
    if not _TIME.fullmatch(text):
        raise InputError(f"time {text[:_SHOWN]!r} is not YYYY-MM-DDThh:mm:ss±hh:mm")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"time {text!r} does not exist") from None
    if at.year not in COMPUTABLE_YEARS:
        raise InputError(f"time {text!r} lies outside the years that can be computed with")
    return at


def write_time(at: datetime) -> str:
    """CAP's form of an aware time: whole seconds, numeric offset, -00:00 for UTC (section 3.3.2).

    >>> write_time(datetime(2024, 3, 7, 15, 0, tzinfo=UTC))
    '2024-03-07T15:00:00-00:00'
    """
    text = at.replace(microsecond=0).isoformat()
    read_time(text)
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text


def read_number(text: str) -> float:
    """Plain decimal, no exponent, no other digits than ASCII's.

    >>> read_number("-37.50")
    -37.5
    """
    if not _NUMBER.fullmatch(text):
        raise InputError(f"{text[:_SHOWN]!r} is not a plain decimal number")
    return float(text)


def write_number(value: float) -> str:
    """Plain decimal, never an exponent, that reads back as the very same number.

    >>> write_number(1e-07), write_number(8.0)
    ('0.0000001', '8')
    """
    text = format(Decimal(repr(float(value))), "f").removesuffix(".0")
    read_number(text)
    return text


def read_size(text: str) -> int:
    """A whole number of bytes, no sign, no leading zero."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text):
        raise InputError(f"size {text[:_SHOWN]!r} is not a whole number of bytes")
    return int(text)


def read_point(text: str) -> Point:
    """`lat,lon` in degrees: latitude first (CAP-35)."""
    parts = text.split(",")
    if len(parts) != 2:
        raise InputError(f"{text[:_SHOWN]!r} is not 'lat,lon'")
    return Point(read_number(parts[0]), read_number(parts[1]))


def write_point(point: Point) -> str:
    """The same as text.

    >>> write_point(Point(55.826, 37.39))
    '55.826,37.39'
    """
    return f"{write_number(point.lat)},{write_number(point.lon)}"


def read_polygon(text: str) -> Polygon:
    """Corners with white space between, the last one equal to the first, at most MAX_CORNERS (CAP-35)."""
    corners = text.split()
    if len(corners) > MAX_CORNERS:
        raise InputError(f"polygon has {len(corners)} corners, at most {MAX_CORNERS} expected")
    return Polygon(tuple(read_point(corner) for corner in corners))


def write_polygon(polygon: Polygon) -> str:
    """The same as text."""
    return " ".join(write_point(point) for point in polygon.ring)


def read_circle(text: str) -> Circle:
    """`lat,lon radius`, the radius in km and above zero (CAP-37)."""
    parts = text.split()
    if len(parts) != 2:
        raise InputError(f"circle {text[:_SHOWN]!r} is not 'lat,lon radius'")
    return Circle(read_point(parts[0]), read_number(parts[1]))


def write_circle(circle: Circle) -> str:
    """The same as text.

    >>> write_circle(Circle(Point(55.756, 37.617), 8.0))
    '55.756,37.617 8'
    """
    return f"{write_point(circle.centre)} {write_number(circle.radius_km)}"


def read_words(text: str) -> tuple[str, ...]:
    """Words by white space; one that holds some stands in double quotes (CAP-18, CAP-21).

    >>> read_words('city.example "venue desk"')
    ('city.example', 'venue desk')
    """
    if not re.fullmatch(rf"(?:{_WORD})(?:\s+(?:{_WORD}))*", text):
        raise InputError(f"{text[:_SHOWN]!r} is no list of words", hint="a word with spaces stands in double quotes")
    return tuple(word.strip('"') for word in re.findall(_WORD, text))


def write_words(words: tuple[str, ...]) -> str:
    """The same as text; InputError for a word that holds a double quote, which CAP cannot carry here."""
    text = " ".join(f'"{word}"' if re.search(r"\s", word) else word for word in words)
    if read_words(text) != words:
        raise InputError(f"a word of {text[:_SHOWN]!r} is empty or holds a double quote")
    return text


def read_references(text: str) -> tuple[Reference, ...]:
    """`sender,identifier,sent` triples with white space between, one at least (CAP-14)."""
    if not text.strip():
        raise InputError("references are empty", hint="leave them out instead")
    return tuple(_read_reference(one) for one in text.split())


def write_references(references: tuple[Reference, ...]) -> str:
    """The same as text."""
    return " ".join(f"{one.sender},{one.identifier},{write_time(one.sent)}" for one in references)


def write_message(message: Reference) -> str:
    """The triple that identifies a message, in one form: its instant in UTC, whatever offset it was written with."""
    return write_references((replace(message, sent=message.sent.astimezone(UTC)),))


def _read_reference(text: str) -> Reference:
    parts = text.split(",")
    if len(parts) != 3:
        raise InputError(f"reference {text[:_SHOWN]!r} is not 'sender,identifier,sent'")
    return Reference(parts[0], parts[1], read_time(parts[2]))
