"""All that the command line prints. Results go to stdout, everything else to stderr behind `tocsin:`.

A line starts with a small letter and ends without a full stop; each is understood alone, without colour.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tocsin.errors import InputError, TocsinError

MAX_FILE_BYTES = 64 * 1024 * 1024

json_option = click.option("--json", "as_json", is_flag=True, help="one JSON object per line, nothing else on stdout")
node_option = click.option(
    "--node",
    "node_folder",
    type=click.Path(path_type=Path),
    envvar="TOCSIN_NODE",
    default=Path(),
    help="folder of the node (default: this folder)",
)


def emit(value: Mapping[str, Any], *, as_json: bool, lines: Iterable[str]) -> None:
    """One result: its JSON on one line, or its lines for people."""
    if as_json:
        print(json.dumps(value, ensure_ascii=False))
    else:
        for line in lines:
            print(line)


def emit_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """Rows under their column names; `empty` is the sentence for none, for an empty list must not read as an all-clear."""
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    if not rows:
        print(empty)
        return
    cells = [["" if row.get(column) is None else str(row[column]) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[n]) for line in cells)) for n, column in enumerate(columns)]
    for line in ([column.replace("_", " ") for column in columns], *cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def say(text: str) -> None:
    """Something a person should know that is no result."""
    print(f"tocsin: {text}", file=sys.stderr)


def complain(text: str, *, hint: str | None = None) -> None:
    """An error, and apart from it what to do next."""
    for line in text.splitlines() or [""]:
        print(f"tocsin: error: {line}", file=sys.stderr)
    if hint:
        print(f"tocsin: hint: {hint}", file=sys.stderr)


def read_file(path: Path, *, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a file a person named; InputError if it cannot be read or is over the limit."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, expected a file")
        size = path.stat().st_size
        if size > limit:
            raise InputError(f"{path} has {size} bytes, at most {limit} expected")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}") from None


def write_file(path: Path, raw: bytes) -> None:
    """Write the whole file; InputError if it cannot be written."""
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def expand(paths: Iterable[Path], *, pattern: str = "*") -> list[Path]:
    """The files named, in order; a folder stands for its files, recursively, sorted by path."""
    found: list[Path] = []
    for path in paths:
        found += sorted(p for p in path.rglob(pattern) if p.is_file()) if path.is_dir() else [path]
    return found


def each_file(paths: Iterable[Path], *, as_json: bool, show: Callable[[Path], int], pattern: str = "*") -> int:
    """Call `show` for each file; one that cannot be opened is told and does not stop the others. Gives the exit code."""
    worst = 0
    for path in expand(paths, pattern=pattern):
        try:
            worst = max(worst, show(path))
        except TocsinError as error:
            worst = max(worst, error.exit_code)
            if as_json:
                print(json.dumps({"file": str(path), "error": str(error), "hint": error.hint}, ensure_ascii=False))
            else:
                complain(f"{path}: {error}", hint=error.hint)
    return worst
