"""`tocsin report`: read a text, submit it, list what came in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import each_file, emit, emit_table, json_option, node_option, read_file


@click.group("report")
def command() -> None:
    """Read a text, submit it, list what came in."""


@command.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def read(files: tuple[Path, ...], as_json: bool) -> None:
    """Show what is read out of each text, with the words it was read from. Nothing is stored."""
    from tocsin.intake.container import MAX_BYTES, extract_parts
    from tocsin.intake.report import reading_as_json
    from tocsin.node import open_gazetteer

    def show(path: Path) -> int:
        parts = extract_parts(read_file(path, limit=MAX_BYTES), gazetteer=open_gazetteer())
        for entry, (part, reading) in enumerate(parts):
            found = reading_as_json(reading, file=str(path))
            if part.kind == "feed":
                found["entry"] = entry
            emit(found, as_json=as_json, lines=_lines(found, part.text))
        return 0

    raise click.exceptions.Exit(each_file(files, as_json=as_json, show=show))


@command.command("submit")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@node_option
@json_option
def submit(file: Path, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Store the text with what was read out of it."""
    from tocsin.desk.report import submit_report
    from tocsin.intake.container import MAX_BYTES

    outcome = submit_report(open_desk(node_folder, as_name), read_file(file, limit=MAX_BYTES))
    state = "stored" if outcome["new"] else "was here already, nothing changed"
    emit(outcome, as_json=as_json, lines=[f"report {outcome['report']} {state}"])


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every report, oldest first."""
    from tocsin.desk.show import list_reports

    rows = list_reports(open_desk(node_folder))
    emit_table(rows, ("report", "received", "sha256"), as_json=as_json, empty="no report was submitted here")


def _lines(found: Mapping[str, Any], text: str) -> list[str]:
    lines = [f"{found['file']}: {found['kind']}"]
    for field, spans in found["spans"].items():
        for span in spans:
            words = " ".join(text[span["start"] : span["end"]].split())
            lines.append(f"  {field:<10} {span['value']!s:<24} from “{words[:60]}” ({span['rule']})")
    stated = {field for field, spans in found["spans"].items() if spans}
    missing = [f for f in ("issuer", "issued", "places", "window", "targets", "actors", "methods") if f not in stated]
    if missing:
        lines.append("  not stated: " + ", ".join(missing))
    return lines
