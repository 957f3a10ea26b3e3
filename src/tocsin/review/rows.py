"""The rows of a file that somebody else made, each called by its line: all of them, or none and what is wrong with which."""

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from tocsin.core.area import Point
from tocsin.core.expression import Expression
from tocsin.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
"""Of a file, and of what a compressed one unfolds to."""
MAX_ID = 500
MAX_CELL = 1024 * 1024
SHOWN = 10
"""Bad rows that a message names; it counts the others."""

Row = Mapping[str, str]
_DECIMAL = Expression(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_COPY = Expression(r"^copy (\w+) ?\(([^)]*)\) from stdin[^;\n]*;\r?\n", re.IGNORECASE | re.MULTILINE)


class Identified(Protocol):
    """Anything with an id that must be its own."""

    @property
    def id(self) -> str:
        """What no other row may be called."""


_I = TypeVar("_I", bound=Identified)


def decode(raw: bytes, what: str) -> str:
    """The text of a file, gzip taken off if it is compressed. InputError if it is too large, no UTF-8, or holds a NUL."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"{what}: file has {len(raw)} bytes, at most {MAX_BYTES} expected")
    if raw.startswith(b"\x1f\x8b"):
        raw = _unzip(raw, what)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{what}: not UTF-8 at byte {error.start}", hint="save the file in UTF-8") from None
    if "\0" in text or not text.strip():
        raise InputError(f"{what}: the file is empty or binary", hint="see docs/matching.md for what can be read")
    return text


def table_rows(text: str, what: str) -> Iterator[tuple[str, Row]]:
    """The rows of a CSV with a header, each with the line it begins at. InputError if they do not fit the header."""
    yield from _csv_rows(text, what, header=None, first=1)


def dump_rows(text: str, what: str, table: re.Pattern[str]) -> Iterator[tuple[str, Row]]:
    """The rows of the COPY blocks (FORMAT CSV) of an SQL dump whose table's name fits, each with its line.

    Nothing else of the dump is looked at, and nothing of it is run. InputError if no such block is there or one has no end.
    """
    blocks = [one for one in _COPY.finditer(text) if table.fullmatch(one[1])]
    if not blocks:
        raise InputError(f"{what}: no COPY of a table {table.pattern!r} is in this dump")
    for block in blocks:
        end = text.find("\n\\.", block.end() - 1)
        if end < 0:
            raise InputError(f"{what}: the COPY of {block[1]} has no end, expected a line with \\.")
        columns = [one.strip() for one in block[2].split(",")]
        first = text.count("\n", 0, block.end()) + 1
        yield from _csv_rows(text[block.end() : end + 1], what, header=columns, first=first)


def read_each(
    rows: Iterable[tuple[str, Row]], what: str, read: Callable[[Row], _I], check: Callable[[_I], None]
) -> tuple[_I, ...]:
    """What `read` makes of each row, in their order; `check` raises InputError for what may not be.

    InputError, naming the lines, if any row cannot be read, may not be, or has an id that another one has.
    """
    found: list[_I] = []
    bad: list[str] = []
    seen: dict[str, str] = {}
    count = 0
    for where, row in rows:
        count += 1
        try:
            one = read(row)
            check(one)
        except InputError as error:
            bad.append(f"{where}: {error}" + (f" ({error.hint})" if error.hint else ""))
            continue
        if not one.id.isprintable() or len(one.id) > MAX_ID:
            bad.append(f"{where}: id {one.id[:60]!r} is too long or cannot be printed")
        elif one.id in seen:
            bad.append(f"{where}: id {one.id!r} stands in {seen[one.id]} too")
        seen.setdefault(one.id, where)
        found.append(one)
    if bad:
        more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise InputError(f"{what}: {len(bad)} of {count} rows cannot be read: {'; '.join(bad[:SHOWN])}{more}")
    if not count:
        raise InputError(f"{what}: the file has a header and no rows", hint="an empty import would change nothing")
    return tuple(found)


def cell(row: Row, name: str) -> str:
    """What stands there, with white space around it taken off; InputError if that is nothing."""
    found = row.get(name, "").strip()
    if not found:
        raise InputError(f"{name} is empty, expected a value")
    return found


def decimal(row: Row, name: str) -> float:
    """A plain decimal: no exponent, no sign but a minus."""
    found = cell(row, name)
    if not _DECIMAL.fullmatch(found):
        raise InputError(f"{name} is {found[:60]!r}, expected a plain decimal")
    return float(found)


def whole(row: Row, name: str) -> int:
    """A whole number, which some tables write as 1.0."""
    found = decimal(row, name)
    if not found.is_integer():
        raise InputError(f"{name} is {found!r}, expected a whole number")
    return int(found)


def point(row: Row, lat: str, lon: str) -> Point:
    """Degrees on WGS 84. Where only the other way round fits the globe, that is offered, never done."""
    north, east = decimal(row, lat), decimal(row, lon)
    if abs(north) > 90 >= abs(east) and abs(north) <= 180:
        raise InputError(
            f"{lat} is {north}, expected -90 to 90", hint=f"are they swapped? then write {lat} {east}, {lon} {north}"
        )
    return Point(north, east)


def _unzip(raw: bytes, what: str) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        found = unzip.decompress(raw, MAX_BYTES + 1)
    except zlib.error:
        raise InputError(f"{what}: the gzip file is damaged") from None
    if len(found) > MAX_BYTES or not unzip.eof:
        raise InputError(f"{what}: the gzip file is cut off, or unfolds to more than {MAX_BYTES} bytes")
    return found


def _csv_rows(text: str, what: str, *, header: list[str] | None, first: int) -> Iterator[tuple[str, Row]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = first
    try:
        if header is None:
            header = [one.strip() for one in next(reader)]
        _check_header(header, what)
        line = first + reader.line_num
        for cells in reader:
            if cells and len(cells) != len(header):
                raise InputError(f"{what}, line {line}: {len(cells)} cells, expected {len(header)}")
            if cells:
                yield f"line {line}", dict(zip(header, cells, strict=True))
            line = first + reader.line_num
    except csv.Error as error:
        raise InputError(f"{what}, line {line}: {error}") from None


def _check_header(header: list[str], what: str) -> None:
    twice = next((one for one in header if header.count(one) > 1), None)
    if twice is not None:
        raise InputError(f"{what}: column {twice[:60]!r} stands twice")
