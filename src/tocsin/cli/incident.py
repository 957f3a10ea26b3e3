"""`tocsin incident`: record what happened."""

import json
from pathlib import Path

import click

from tocsin.cli.output import emit, emit_table, json_option, node_option, read_file
from tocsin.errors import InputError


@click.group("incident")
def command() -> None:
    """Record what happened."""


@command.command("record")
@click.argument("file", type=click.Path(path_type=Path))
@node_option
@json_option
def record(file: Path, node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Record the incident in FILE (JSON)."""
    from tocsin.desk.review import record_incident
    from tocsin.node import open_node

    try:
        found = json.loads(read_file(file, limit=1024 * 1024).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON in UTF-8: {error}") from None
    outcome = record_incident(open_node(node_folder).desk, found)
    emit(outcome, as_json=as_json, lines=[f"incident {outcome['incident']} recorded"])


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """List every incident."""
    from tocsin.core.window import write_instant
    from tocsin.node import open_node

    with open_node(node_folder).desk.store.read() as tx:
        rows = [
            {"incident": one.id, "start": write_instant(one.start), "place": one.place.name, "status": one.status.value}
            for one in tx.cases.incidents()
        ]
    emit_table(rows, ("incident", "start", "place", "status"), as_json=as_json, empty="no incident recorded here")
