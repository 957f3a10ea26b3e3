"""`tocsin match`: which warnings said so, ours and those of others; confirm or override a verdict."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option

FACETS = ("place", "time", "target", "actor", "method", "person")
reason_option = click.option("--reason", required=True, help="why, in your own words")


@click.group("match")
def command() -> None:
    """Which warnings said so, ours and those of others; confirm or override a verdict."""


@command.command("show")
@click.argument("incident")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="first day (UTC) of the warnings of others that are looked at (default: 62 days before the incident)",
)
@node_option
@json_option
def show(incident: str, since: datetime | None, node_folder: Path, as_json: bool) -> None:
    """Show the verdict on every warning in force at INCIDENT, and what people ruled on it."""
    from tocsin.desk.matching import show_matches

    first = None if since is None else since.replace(tzinfo=UTC)
    found = show_matches(open_desk(node_folder), incident, since=first)
    lines = [f"incident {incident}, rule {found['rule']}", *(line for one in found["matches"] for line in _lines(one))]
    if not found["matches"]:
        lines.append(
            f"  no warning of ours before it, and none of others near by since {found['foreign_since'][:10]}: no all-clear"
        )
    emit(found, as_json=as_json, lines=lines)


@command.command("confirm")
@click.argument("incident")
@click.argument("warning")
@reason_option
@as_option
@node_option
@json_option
def confirm(incident: str, warning: str, reason: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Say that the rule's verdict on INCIDENT and WARNING is right."""
    from tocsin.desk.matching import confirm_match

    outcome = confirm_match(open_desk(node_folder, as_name), incident, warning, reason)
    emit(outcome, as_json=as_json, lines=[f"{warning} and {incident}: {outcome['ruled']} confirmed"])


@command.command("override")
@click.argument("incident")
@click.argument("warning")
@click.argument("verdict", type=click.Choice(["hit", "partial", "missed_event", "averted"]))
@reason_option
@as_option
@node_option
@json_option
def override(
    incident: str, warning: str, verdict: str, reason: str, as_name: str, node_folder: Path, as_json: bool
) -> None:
    """Put VERDICT beside the rule's on INCIDENT and WARNING; both are kept."""
    from tocsin.desk.matching import override_match
    from tocsin.review.facets import Verdict

    outcome = override_match(open_desk(node_folder, as_name), incident, warning, Verdict(verdict), reason)
    line = (
        f"{warning} and {incident}: {outcome['ruled']} ruled, {outcome['judged']} by {outcome['rule']}; both are kept"
    )
    emit(outcome, as_json=as_json, lines=[line])


@command.command("sources")
@node_option
@json_option
def sources(node_folder: Path, as_json: bool) -> None:
    """List how many incidents and warnings of others are here, by source."""
    from tocsin.desk.imports import list_imported

    rows = list_imported(open_desk(node_folder))
    emit_table(rows, ("kind", "source", "count"), as_json=as_json, empty="nothing of others was imported here")


def _lines(match: Mapping[str, Any]) -> list[str]:
    from tocsin.review.finding import write_place_note

    facets = ", ".join(f"{name} {match[name]}" for name in FACETS)
    unsure = [name for name in ("time", "place") if not match[f"{name}_is_sure"]]
    rest = f"; {' and '.join(unsure)} not sure: the incident is not known so exactly" if unsure else ""
    lines = [
        f"  warning {match['warning']} ({match['told']}): {match['overall']} by clause {match['decided_by']}; {facets}{rest}"
    ]
    note = write_place_note(match["place_by"], match["place_level"])
    lines += [f"    {note}"] if note else []
    lines += [
        f"    {one['ruled']} ruled by {one['by']}, the rule said {one['judged']}: {one['reason']}"
        for one in match["ruled"]
    ]
    return lines
