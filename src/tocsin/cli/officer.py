"""`tocsin officer`: who works here."""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option, say


@click.group("officer")
def command() -> None:
    """See and change who works here, and in which roles."""


@command.command("add")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, help="reporter, officer, releaser, … (repeat for several)"
)
@click.option("--address", default="", help="e-mail at which they are asked and told")
@as_option
@node_option
@json_option
def add(name: str, roles: tuple[str, ...], address: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Add NAME and print a link that works once, with which they set their password."""
    from tocsin.desk.people import add_officer

    found = add_officer(open_desk(node_folder, as_name), name, roles, address=address)
    emit(found, as_json=as_json, lines=[f"{name} is {found['officer']}: {', '.join(found['roles'])}", found["link"]])
    say("give the link to nobody else: it works once, for two days")


@command.command("role")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="all roles they are to have from now on")
@as_option
@node_option
@json_option
def role(name: str, roles: tuple[str, ...], as_name: str, node_folder: Path, as_json: bool) -> None:
    """Give NAME these roles and no others."""
    from tocsin.desk.people import set_roles

    found = set_roles(open_desk(node_folder, as_name), name, roles)
    emit(found, as_json=as_json, lines=[f"{name} is {found['officer']}: {', '.join(found['roles'])}"])


@command.command("link")
@click.argument("name")
@as_option
@node_option
@json_option
def link(name: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Print a new one-time link for NAME; all their sessions end."""
    from tocsin.desk.people import make_link

    found = make_link(open_desk(node_folder, as_name), name)
    emit(found, as_json=as_json, lines=[found["link"]])


@command.command("retire")
@click.argument("name")
@as_option
@node_option
@json_option
def retire(name: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """NAME leaves: roles, sessions, tokens and address are gone at once; what they did stays under their number."""
    from tocsin.desk.people import retire_officer

    found = retire_officer(open_desk(node_folder, as_name), name)
    emit(found, as_json=as_json, lines=[f"{name} ({found['officer']}) no longer works here"])


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List everybody who works or worked here."""
    from tocsin.desk.people import list_officers

    rows = list_officers(open_desk(node_folder))
    shown = rows if as_json else [{**row, "roles": ", ".join(row["roles"]), "left": row["left"] or ""} for row in rows]
    columns = ("officer", "name", "roles", "since", "left")
    emit_table(shown, columns, as_json=as_json, empty="nobody works here yet: add the first administrator")
