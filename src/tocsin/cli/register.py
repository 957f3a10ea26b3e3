"""`tocsin register`: import people, venues and gatherings."""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, json_option, node_option, read_file


@click.group("register")
def command() -> None:
    """Import people, venues and gatherings."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(["people", "venues", "gatherings"]), help="default: the file's name, or .ics")
@as_option
@node_option
@json_option
def load(file: Path, kind: str | None, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Import FILE: all its rows, or none and the row that is wrong."""
    from tocsin.desk.register import import_register

    kind = kind or ("gatherings" if file.suffix == ".ics" else file.stem)
    outcome = import_register(open_desk(node_folder, as_name), kind, read_file(file))
    emit(outcome, as_json=as_json, lines=[f"{outcome['imported']} {kind} imported from {file}"])
