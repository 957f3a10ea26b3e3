"""`tocsin quarantine`: what could not be read."""

import os
from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option, say
from tocsin.errors import InputError


@click.group("quarantine")
def command() -> None:
    """See what could not be read, and read it again."""


@command.command("list")
@as_option
@node_option
@json_option
def list_all(as_name: str, node_folder: Path, as_json: bool) -> None:  # click's way
    """List all that could not be read, what was read after all included."""
    from tocsin.desk.quarantine import list_quarantine

    rows = list_quarantine(open_desk(node_folder, as_name))
    columns = ("kept", "reader", "from", "first", "arrivals", "size", "reason", "became")
    shown = rows if as_json else [{key: "" if value is None else value for key, value in row.items()} for row in rows]
    emit_table(shown, columns, as_json=as_json, empty="nothing is in quarantine here")


@command.command("show")
@click.argument("kept")
@click.option("--raw", type=click.Path(path_type=Path), help="write the bytes, which may be hostile, to this new file")
@as_option
@node_option
@json_option
def show(kept: str, raw: Path | None, as_name: str, node_folder: Path, as_json: bool) -> None:  # click's way
    """Show why KEPT could not be read, and its first bytes with all that is not plain text escaped."""
    from tocsin.desk.quarantine import raw_quarantined, show_quarantined

    desk = open_desk(node_folder, as_name)
    found = show_quarantined(desk, kept)
    if raw is not None:
        _write_new(raw, raw_quarantined(desk, kept))
        say(f"the bytes are in {raw}; they may be hostile")
    emit(found, as_json=as_json, lines=_lines(found))


@command.command("retry")
@click.argument("kept")
@as_option
@node_option
@json_option
def retry(kept: str, as_name: str, node_folder: Path, as_json: bool) -> None:  # click's way
    """Read KEPT again, after the software or the settings were mended. Its first time of arrival counts."""
    from tocsin.desk.quarantine import retry_quarantined

    found = retry_quarantined(open_desk(node_folder, as_name), kept)
    emit(found, as_json=as_json, lines=[f"{kept} was read: it became {found['became']}"])


def _write_new(file: Path, raw: bytes) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}", hint="name a file that is not there") from None
    with os.fdopen(descriptor, "wb") as out:
        out.write(raw)


def _lines(found: dict[str, Any]) -> list[str]:
    times = f"first {found['first']}, last {found['last']}, {found['arrivals']} in all"
    state = f"read at {found['closed']}, became {found['became']}" if found["closed"] else "waits to be read"
    excerpt = found["excerpt"]
    return [
        f"{found['kept']}: {found['reader']} from {found['from'] or 'the node itself'}, {found['size']} bytes; {state}",
        f"  SHA-256 {found['sha256']}",
        f"  arrived {times}",
        *(f"  {one['at']} {one['code']}: {one['text'] or '(not for your eyes)'}" for one in found["reasons"]),
        *([f"  begins  {excerpt}"] if excerpt is not None else []),
    ]
