"""`tocsin incident`: record what happened, and what others claim about it."""

from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option, read_file

MAX_MARKED_BYTES = 1024 * 1024


@click.group("incident")
def command() -> None:
    """Record what happened, and what others claim about it."""


@command.command("record")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@node_option
@json_option
def record(file: Path, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Record the incident in FILE (JSON)."""
    from tocsin.desk.review import record_incident

    outcome = record_incident(open_desk(node_folder, as_name), read_file(file))
    emit(outcome, as_json=as_json, lines=[f"incident {outcome['incident']} recorded"])


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@node_option
@json_option
def load(file: Path, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Import incidents that others wrote down: all of FILE, or none and the lines that are wrong.

    FILE is a CSV or GeoJSON of your own, UCDP GED, VIINA, or a dump of NWS storm reports; plain or gzip.
    """
    from tocsin.desk.imports import import_incidents

    outcome = import_incidents(open_desk(node_folder, as_name), read_file(file))
    line = f"{outcome['new']} of {outcome['rows']} incidents are new, read as {outcome['format']}"
    emit(outcome, as_json=as_json, lines=[line])


@command.command("claims")
@click.argument("incident")
@click.argument("text", type=click.Path(path_type=Path))
@click.argument("marked", type=click.Path(path_type=Path))
@as_option
@node_option
@json_option
def claims(
    incident: str, text: Path, marked: Path, as_name: str, node_folder: Path, as_json: bool
) -> None:  # click's way
    """Record what TEXT claims about INCIDENT: never as facts, each with who tells it.

    MARKED (JSON) marks the claims in TEXT, word by word.
    """
    from tocsin.desk.claims import record_claims
    from tocsin.evidence.statement import load_json

    desk = open_desk(node_folder, as_name)
    found = load_json(read_file(marked, limit=MAX_MARKED_BYTES), what=str(marked))
    outcome = record_claims(desk, incident, read_file(text), found)
    what = "recorded as claims, not as facts" if outcome["new"] else "are recorded already; nothing added"
    emit(outcome, as_json=as_json, lines=[f"{outcome['claims']} claims of {outcome['report']} {what}"])


@command.command("show")
@click.argument("incident")
@node_option
@json_option
def show(incident: str, node_folder: Path, as_json: bool) -> None:  # click's way
    """Show an incident, and apart from it what others claim about it."""
    from tocsin.desk.show import show_incident

    found = show_incident(open_desk(node_folder), incident)
    lines = [
        f"{found['incident']}  {found['start']}  {found['place']}  {found['status']}",
        *_claim_lines(found["claims"]),
    ]
    emit(found, as_json=as_json, lines=lines)


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every incident."""
    from tocsin.desk.show import list_incidents

    rows = list_incidents(open_desk(node_folder))
    emit_table(
        rows, ("incident", "start", "place", "status", "claims"), as_json=as_json, empty="no incident recorded here"
    )


def _claim_lines(claims: list[dict[str, Any]]) -> list[str]:
    if not claims:
        return ["no claim is recorded; that says nothing of what was said elsewhere"]
    return [
        f"claim  {one['report']} {one['number']}: {one['who']} says “{' '.join(one['claim'].split())}”"
        f" ({one['when'] or 'day not stated'}), told by {', then by '.join(one['reported_by'])} on {one['dated']}"
        for one in claims
    ]
