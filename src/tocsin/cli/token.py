"""`tocsin token`: let a program act for an officer."""

from datetime import timedelta
from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, json_option, node_option, say


@click.group("token")
def command() -> None:
    """Let a program act for an officer, or stop it."""


@command.command("add")
@click.argument("name")
@click.argument("label")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="how long it works")
@as_option
@node_option
@json_option
def add(name: str, label: str, days: int, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Print a token with which the program LABEL acts as NAME. It is shown once."""
    from tocsin.desk.people import add_token

    found = add_token(open_desk(node_folder, as_name), name, label, lasts=timedelta(days=days))
    emit(found, as_json=as_json, lines=[found["token"]])
    say(f"works until {found['expires']}; send it as `Authorization: Bearer …`")


@command.command("revoke")
@click.argument("name")
@click.argument("label")
@as_option
@node_option
@json_option
def revoke(name: str, label: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """End the token LABEL of NAME at once."""
    from tocsin.desk.people import revoke_token

    found = revoke_token(open_desk(node_folder, as_name), name, label)
    emit(found, as_json=as_json, lines=[f"{found['revoked']} token {label!r} of {name} revoked"])
