"""`tocsin lesson`: what a review found that has to be done."""

from datetime import datetime
from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option


@click.group("lesson")
def command() -> None:
    """Keep what a review found: who has to do what until when; open ones stand in the next account and in `node check`."""


@command.command("add")
@click.argument("incident")
@click.argument("text")
@click.option("--owner", required=True, help="name of the officer who has to see to it")
@click.option("--due", required=True, type=click.DateTime(["%Y-%m-%d"]), help="last day for it, YYYY-MM-DD")
@as_option
@node_option
@json_option
def add(incident: str, text: str, owner: str, due: datetime, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Open a lesson of INCIDENT: TEXT says what is to be done."""
    from tocsin.desk.lessons import add_lesson

    found = add_lesson(open_desk(node_folder, as_name), incident, text, owner=owner, due=due.date())
    emit(found, as_json=as_json, lines=[f"lesson {found['lesson']} of {incident}, due {found['due']}"])


@command.command("close")
@click.argument("lesson")
@click.argument("outcome")
@as_option
@node_option
@json_option
def close(lesson: str, outcome: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Close LESSON: OUTCOME says what was done."""
    from tocsin.desk.lessons import close_lesson

    found = close_lesson(open_desk(node_folder, as_name), lesson, outcome)
    emit(found, as_json=as_json, lines=[f"lesson {lesson} is closed"])


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every lesson, the open ones first."""
    from tocsin.desk.lessons import list_lessons

    rows = list_lessons(open_desk(node_folder))
    emit_table(
        rows,
        ("lesson", "incident", "due", "owner", "closed", "text"),
        as_json=as_json,
        empty="no lesson is recorded here",
    )
