"""`tocsin warning`: issue a warning, see who has it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tocsin.cli.output import emit, emit_table, json_option, node_option, read_file
from tocsin.errors import InputError

MAX_ORDER_BYTES = 1024 * 1024


@click.group("warning")
def command() -> None:
    """Issue a warning, see who has it."""


@command.command("issue")
@click.argument("order", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="show what would go to whom; store and send nothing")
@click.option("--yes", is_flag=True, help="do not ask (for scripts)")
@node_option
@json_option
def issue(order: Path, dry_run: bool, yes: bool, node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Issue what ORDER (a JSON file) says: words per audience, what is held back, for how long, to which peers."""
    from tocsin.desk.order import order_from_json
    from tocsin.desk.warn import issue_warning, preview_warning
    from tocsin.node import open_node

    desk = open_node(node_folder).desk
    wanted = order_from_json(_read_order(order))
    if dry_run or not yes:
        preview = preview_warning(desk, wanted)
        if dry_run:
            emit(preview, as_json=as_json, lines=[*_lines(preview), "nothing sent: --dry-run"])
            return
        for line in _lines(preview):
            click.echo(line, err=True)
        people = preview["exposed"]["people"]
        click.confirm(f"Send to {people} people and {len(preview['can_act'])} who can act?", abort=True, err=True)
    outcome = issue_warning(desk, wanted)
    emit(outcome, as_json=as_json, lines=[f"warning {outcome['warning']} issued", *_lines(outcome)])


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """List every warning of this node, oldest first."""
    from tocsin.desk.show import list_warnings
    from tocsin.node import open_node

    rows = list_warnings(open_node(node_folder).desk)
    columns = ("warning", "status", "issued", "expires", "headline")
    emit_table(rows, columns, as_json=as_json, empty="nothing issued here")


@command.command("show")
@click.argument("warning")
@node_option
@json_option
def show(warning: str, node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Show one warning: its state, who has it and how that is proved, who is still being asked."""
    from tocsin.desk.show import show_warning
    from tocsin.node import open_node

    found = show_warning(open_node(node_folder).desk, warning)
    lines = [
        f"warning {found['warning']}: {found['headline']}",
        f"  {found['status']}; issued {found['issued']}, expires {found['expires']}, on watch until {found['watch_until']}",
        "  e-mail: " + (", ".join(f"{n} {state.replace('_', ' ')}" for state, n in found["mail"].items()) or "none"),
        *(f"  peer {p['peer']}: {p['state']} ({p['grade']}) at {p['at']}" for p in found["peers"]),
        *(
            f"  asked {a['party']}: {a['steps']} steps, "
            + (f"ended by {a['ended_by']} at {a['ended']}" if a["ended"] else "no answer that ends it yet")
            for a in found["asked"]
        ),
    ]
    emit(found, as_json=as_json, lines=lines)


def _read_order(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_file(file, limit=MAX_ORDER_BYTES).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not JSON in UTF-8: {error}") from None
    if not isinstance(found, dict):
        raise InputError(f"{file} holds a {type(found).__name__}, expected one object")
    return found


def _lines(found: Mapping[str, Any]) -> list[str]:
    exposed = found["exposed"]
    not_addressed = ", ".join(found["not_addressed"]) or "nobody"
    return [
        f"  “{found['headline']}”, valid until {found['expires']}, then on watch until {found['watch_until']}",
        *(f"  {v['audience']:<9} {v['tlp']}" for v in found["versions"]),
        (
            f"  exposed: {exposed['people']} registered people (share unknown), {exposed['venues']} venues, "
            f"{exposed['gatherings']} gatherings"
        ),
        f"  can act: {len(found['can_act'])}; not addressed: {not_addressed}",
        "  leaks: none",
    ]
