"""`tocsin inbox`: what other nodes sent, and our answers."""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option
from tocsin.errors import InputError


@click.group("inbox")
def command() -> None:
    """See what other nodes sent; open it, answer it."""


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every warning that came in, oldest first."""
    from tocsin.desk.show import list_inbox

    rows = list_inbox(open_desk(node_folder))
    columns = ("item", "from", "status", "standing", "state", "respond_by", "headline")
    emit_table(rows, columns, as_json=as_json, empty="nothing came in here")


@command.command("show")
@click.argument("item")
@as_option
@node_option
@json_option
def show(item: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Open ITEM. The first opening sends a signed `read` to its sender."""
    from tocsin.desk.respond import open_item

    found = open_item(open_desk(node_folder, as_name), item)
    lines = [
        f"item {found['item']} from {found['from']}: {found['headline']}",
        f"  {found['status']}; expires {found['expires']}; your state: {found['state']}; asked by {found['respond_by']}",
        *([f"  {found['standing']} by {found['ended_by']}"] if found["ended_by"] else []),
    ]
    emit(found, as_json=as_json, lines=lines)


@command.command("respond")
@click.argument("item")
@click.argument("answer")
@click.option("--reason", default="", help="a dismissal needs one")
@click.option("--text", default="", help="what you want the sender to read")
@as_option
@node_option
@json_option
def respond_to(item: str, answer: str, reason: str, text: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Sign ANSWER (acknowledged, acted, passed_on, asked, dismissed) and send it to the sender of ITEM."""
    from tocsin.desk.respond import respond
    from tocsin.evidence.receipt import Answer

    try:
        kind = Answer(answer)
    except ValueError:
        raise InputError(f"answer {answer!r} is not known", hint="one of " + ", ".join(Answer)) from None
    found = respond(open_desk(node_folder, as_name), item, kind, reason=reason, text=text)
    emit(found, as_json=as_json, lines=[f"item {item}: {answer}, signed and on its way to {found['from']}"])
