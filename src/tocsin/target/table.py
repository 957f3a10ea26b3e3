"""The rows of a spreadsheet saved as CSV, all of them or none."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from tocsin.errors import InputError, did_you_mean

MAX_BYTES = 64 * 1024 * 1024
_T = TypeVar("_T")


def read_rows(
    raw: bytes,
    what: str,
    columns: tuple[str, ...],
    read: Callable[[Mapping[str, str], str], _T],
    may_have: tuple[str, ...] = (),
) -> tuple[_T, ...]:
    """What `read(row, where)` makes of each row of the CSV file (UTF-8, header row, a column `id`), in its order.

    `columns` must be there, `may_have` may; no others. Every InputError names the row, the header being row 1. An id that
    stands twice is refused.
    """
    found: list[_T] = []
    seen: dict[str, int] = {}
    for number, row in _rows(raw, what, columns, may_have):
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


def _rows(
    raw: bytes, what: str, columns: tuple[str, ...], may_have: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their number as a spreadsheet counts them: the header is row 1."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"{what}: file has {len(raw)} bytes, at most {MAX_BYTES} expected")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{what}: not UTF-8 at byte {error.start}", hint="save the table as CSV in UTF-8") from None
    if "\0" in text or not text.strip():
        raise InputError(f"{what}: the file is empty or binary", hint="expected CSV with a header row")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        header = next(reader)
        _check_header(header, what, columns, may_have)
        for number, cells in enumerate(reader, 2):
            if len(cells) != len(header):
                raise InputError(f"{what}, row {number}: {len(cells)} cells, expected {len(header)}")
            if any(ord(c) < 32 for cell in cells for c in cell):
                raise InputError(f"{what}, row {number}: a cell holds a control character")
            yield number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise InputError(f"{what}, after row {number}: {error}") from None


def _check_header(header: list[str], what: str, columns: tuple[str, ...], may_have: tuple[str, ...]) -> None:
    known = (*columns, *may_have)
    unknown = next((name for name in header if name not in known), None)
    if unknown is not None:
        hint = did_you_mean(unknown, known, "columns, parted by commas: " + ", ".join(known))
        raise InputError(f"{what}: unknown column {unknown[:80]!r}", hint=hint)
    missing = next((name for name in columns if name not in header), None)
    if missing:
        raise InputError(f"{what}: column {missing!r} is missing")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice:
        raise InputError(f"{what}: column {twice!r} stands twice")
