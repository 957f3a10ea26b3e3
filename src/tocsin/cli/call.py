"""`tocsin call`: calls about a warning that were made outside of the product."""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option


@click.group("call")
def command() -> None:
    """Enter a call about a warning that was made by telephone or face to face; it is the word of who enters it."""


@command.command("enter")
@click.argument("warning")
@click.option("--caller", required=True, help="who called")
@click.option("--called", required=True, help="who was called")
@click.option("--at", "called_at", required=True, help="when, RFC 3339 with a zone, such as 2024-03-07T18:20:00+03:00")
@click.option("--said", required=True, help="what was said, in your own words")
@click.option("--heard-by", default="", help="a second person who heard it")
@as_option
@node_option
@json_option
def enter(
    warning: str,
    caller: str,
    called: str,
    called_at: str,
    said: str,
    heard_by: str,
    as_name: str,
    node_folder: Path,
    as_json: bool,
) -> None:  # click's way
    """Enter a call about WARNING: the time of the call and the time of entry are both kept."""
    from tocsin.core.window import parse_instant
    from tocsin.desk.calls import Call, enter_call

    call = Call(caller=caller, called=called, at=parse_instant(called_at), said=said, heard_by=heard_by)
    found = enter_call(open_desk(node_folder, as_name), warning, call)
    line = f"call of {found['called_at']} about {warning} entered at {found['entered']}, grade E0: nobody signed it"
    emit(found, as_json=as_json, lines=[line])


@command.command("list")
@click.argument("warning")
@node_option
@json_option
def list_all(warning: str, node_folder: Path, as_json: bool) -> None:
    """List the calls entered about WARNING."""
    from tocsin.desk.calls import list_calls

    rows = list_calls(open_desk(node_folder), warning)
    columns = ("called_at", "entered", "by", "caller", "called", "heard_by", "said")
    empty = f"no call about {warning} was entered here; that says nothing of calls elsewhere"
    emit_table(rows, columns, as_json=as_json, empty=empty)
