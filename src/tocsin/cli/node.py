"""`tocsin node`: make a node, check it, show its settings, upgrade its store or move it; backups stand in backup.py."""

import time
from pathlib import Path

import click
from msgspec.structs import fields

from tocsin.cli.backup import backup, backup_key, reconcile, restore, standby
from tocsin.cli.output import emit, json_option, node_option, say
from tocsin.config import Settings, hide_password, read_settings


@click.group("node")
def command() -> None:
    """Make a node, check its settings, upgrade its store or move it, back it up and bring it back."""


@command.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="name of the node, e.g. embassy.example; it can never be changed")
@click.option("--practice", is_flag=True, help="a node for exercises; it can never become a live one")
@click.option("--exercise", default="", help="what the exercise is called (with --practice)")
@json_option
def init(folder: Path, name: str, practice: bool, exercise: str, as_json: bool) -> None:
    """Make FOLDER a node: settings, keys and an empty store."""
    from tocsin.node import make_node, public_keys

    values: dict[str, object] = {"name": name}
    if practice:
        values |= {"practice": True, "exercise": exercise or "exercise"}
    make_node(folder, values)
    keys = public_keys(folder)
    result = {"folder": str(folder), "name": name, "practice": practice, "fingerprint": keys.node.fingerprint}
    emit(result, as_json=as_json, lines=[f"node {name} is in {folder}", f"node key {keys.node.fingerprint}"])
    say(f"next: edit {folder}/tocsin.toml, then `tocsin serve --node {folder}`")


@command.command("check")
@node_option
@json_option
def check(node_folder: Path, as_json: bool) -> None:
    """Open the node and say what is missing before a warning could go out."""
    from tocsin.backup import find_gaps
    from tocsin.desk.readiness import find_shortcomings
    from tocsin.node import open_node

    node = open_node(node_folder)
    findings = [*find_shortcomings(node.desk), *find_gaps(node)]
    result = {"name": node.desk.settings.name, "findings": findings}
    lines = findings or ["nothing is missing"]
    emit(result, as_json=as_json, lines=lines)
    if findings:
        raise click.exceptions.Exit(1)


@command.command("config")
@node_option
@json_option
def config(node_folder: Path, as_json: bool) -> None:
    """Show the settings in force."""
    settings = read_settings(node_folder)
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    shown = {key: list(value) if isinstance(value, tuple) else str(value) for key, value in values.items()}
    shown["store"] = hide_password(settings.store)
    emit(shown, as_json=as_json, lines=[f"{key} = {value}" for key, value in shown.items()])


@command.command("upgrade")
@node_option
@json_option
def upgrade(node_folder: Path, as_json: bool) -> None:  # click's way
    """Bring the node's store to the revision of this version. Of a SQLite file a copy is kept first."""
    from tocsin.node import upgrade_node

    done = upgrade_node(node_folder)
    copy = str(done.copy) if done.copy else None
    lines = [f"store came from revision {done.before} to {done.after}"]
    if done.before == done.after:
        lines = [f"store is at revision {done.after}, nothing to do"]
    if copy:
        lines.append(f"kept     {copy}, the store as it was")
    emit({"before": done.before, "after": done.after, "copy": copy}, as_json=as_json, lines=lines)
    if copy:
        say("the copy holds what the new revision seals; delete it once the node has shown that it works")


@command.command("move")
@click.option("--to", "url", required=True, metavar="URL", help="postgresql://USER@HOST/DATABASE, an empty database")
@click.option("--yes", is_flag=True, help="do not ask")
@node_option
@json_option
def move(url: str, yes: bool, node_folder: Path, as_json: bool) -> None:  # click's way
    """Take the node's store from its SQLite file to PostgreSQL, log included, and verify it. There is no way back.

    A password is better kept in the file that PGPASSFILE names than in URL.
    """
    from tocsin.node import move_node

    name = read_settings(node_folder).name
    say(f"all that {name} keeps goes to {hide_password(url)}; its SQLite file goes out of use for ever")
    if not yes:
        click.confirm("tocsin: move it?", abort=True, err=True)
    started = time.monotonic()
    done = move_node(node_folder, url, progress=lambda text: say(text) if time.monotonic() - started > 1 else None)
    rows = sum(table.rows for table in done.tables)
    result = {
        "name": name,
        "store": hide_password(url),
        "rows": rows,
        "tables": [{"name": table.name, "rows": table.rows, "sha256": table.sha256} for table in done.tables],
        "leaves": done.leaves,
        "root": done.root,
        "checkpoint": done.checkpoint,
    }
    lines = [
        f"moved    {rows} rows in {len(done.tables)} tables to {hide_password(url)}",
        "proved   each table has the same rows there: count and SHA-256 compared",
        f"proved   root over {done.leaves} leaves computed anew from the leaves: {done.root}",
        f"proved   the signed checkpoint of {done.checkpoint} leaves is of this log"
        if done.checkpoint is not None
        else "NOT proved  that a signed head is of this log: no checkpoint was published yet",
    ]
    emit(result, as_json=as_json, lines=lines)


for verb in (backup_key, backup, restore, standby, reconcile):
    command.add_command(verb)
