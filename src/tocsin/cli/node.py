"""`tocsin node`: make a node, check it, show its settings."""

from dataclasses import fields
from pathlib import Path

import click

from tocsin.cli.output import emit, json_option, node_option, say
from tocsin.config import Settings, read_settings


@click.group("node")
def command() -> None:
    """Make a node, check its settings."""


@command.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="name of the node, e.g. embassy.example; it can never be changed")
@click.option("--practice", is_flag=True, help="a node for exercises; it can never become a live one")
@click.option("--exercise", default="", help="what the exercise is called (with --practice)")
@json_option
def init(folder: Path, name: str, practice: bool, exercise: str, as_json: bool) -> None:  # noqa: FBT001  # click's way
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
def check(node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Open the node and say what is missing before a warning could go out."""
    from tocsin.node import open_node

    node = open_node(node_folder)
    with node.desk.store.read() as tx:
        venues, people = tx.register.venues(), tx.register.people()
    findings = [
        *([] if node.channel else ["no mail server is named: e-mail cannot be sent (key smtp)"]),
        *([] if node.desk.witnesses else ["no witness cosigns the log: proofs reach grade E0 only (key witnesses)"]),
        *([] if node.desk.agreements else ["no agreement with a peer: no other node can be warned"]),
        *([] if people else ["the register has no people"]),
        *([] if venues else ["the register has no venues: nobody who can act is known"]),
        *(f"venue {venue.id} has no contact: it cannot be asked" for venue in venues if not venue.contacts),
    ]
    result = {"name": node.desk.settings.name, "findings": findings}
    lines = findings or ["nothing is missing"]
    emit(result, as_json=as_json, lines=lines)
    if findings:
        raise click.exceptions.Exit(1)


@command.command("config")
@node_option
@json_option
def config(node_folder: Path, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Show the settings in force."""
    settings = read_settings(node_folder)
    values = {field.name: getattr(settings, field.name) for field in fields(Settings)}
    shown = {key: list(value) if isinstance(value, tuple) else str(value) for key, value in values.items()}
    emit(shown, as_json=as_json, lines=[f"{key} = {value}" for key, value in shown.items()])
