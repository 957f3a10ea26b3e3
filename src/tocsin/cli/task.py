"""`tocsin task`: what waits for somebody."""

from pathlib import Path

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option


@click.group("task")
def command() -> None:
    """See what waits for somebody, and finish it."""


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List everything that is not done, oldest first."""
    from tocsin.desk.tasks import list_tasks

    rows = list_tasks(open_desk(node_folder))
    emit_table(rows, ("task", "role", "opened", "subject", "what"), as_json=as_json, empty="no task is open here")


@command.command("done")
@click.argument("task")
@as_option
@node_option
@json_option
def done(task: str, as_name: str, node_folder: Path, as_json: bool) -> None:
    """Say that TASK is done."""
    from tocsin.desk.tasks import finish_task

    found = finish_task(open_desk(node_folder, as_name), task)
    emit(found, as_json=as_json, lines=[f"task {task} is done"])
