"""`tocsin inbox`: what other nodes sent, and our answers."""

from pathlib import Path

import click

from tocsin.cli.output import emit, emit_table, json_option, node_option
from tocsin.errors import InputError


@click.group("inbox")
def command() -> None:
    """See what other nodes sent; open it, answer it."""


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """List every warning that came in, oldest first."""
    from tocsin.desk.show import list_inbox
    from tocsin.node import open_node

    rows = list_inbox(open_node(node_folder).desk)
    columns = ("item", "from", "status", "state", "respond_by", "headline")
    emit_table(rows, columns, as_json=as_json, empty="nothing came in here")


@command.command("show")
@click.argument("item")
@node_option
@json_option
def show(item: str, node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Open ITEM. The first opening sends a signed `read` to its sender."""
    from tocsin.desk.respond import open_item
    from tocsin.node import open_node

    found = open_item(open_node(node_folder).desk, item)
    lines = [
        f"item {found['item']} from {found['from']}: {found['headline']}",
        f"  {found['status']}; expires {found['expires']}; your state: {found['state']}; asked by {found['respond_by']}",
    ]
    emit(found, as_json=as_json, lines=lines)


@command.command("respond")
@click.argument("item")
@click.argument("answer")
@click.option("--reason", default="", help="a dismissal needs one")
@click.option("--text", default="", help="what you want the sender to read")
@node_option
@json_option
def respond_to(item: str, answer: str, reason: str, text: str, node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Sign ANSWER (acknowledged, acted, passed_on, asked, dismissed) and send it to the sender of ITEM."""
    from tocsin.desk.respond import respond
    from tocsin.evidence.receipt import Answer
    from tocsin.node import open_node

    try:
        kind = Answer(answer)
    except ValueError:
        raise InputError(f"answer {answer!r} is not known", hint="one of " + ", ".join(Answer)) from None
    found = respond(open_node(node_folder).desk, item, kind, reason=reason, text=text)
    emit(found, as_json=as_json, lines=[f"item {item}: {answer}, signed and on its way to {found['from']}"])
