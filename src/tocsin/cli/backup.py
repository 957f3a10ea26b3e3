"""`tocsin node backup-key|backup|restore|reconcile`: sealed backups, and the way back from one."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option
from tocsin.cli.output import complain, emit, json_option, node_option, read_file, say
from tocsin.errors import ConfigError, InputError, VerificationError

MAX_SECRET_BYTES = 4096


@click.command("backup-key")
@click.argument("file", type=click.Path(path_type=Path))
@node_option
@json_option
def backup_key(file: Path, node_folder: Path, as_json: bool) -> None:  # click's way
    """Make the key that backups are sealed to: the public half into tocsin.toml, the secret into FILE, to be kept elsewhere."""
    from tocsin.exchange.backup import write_public, write_secret
    from tocsin.exchange.envelope import SealKey
    from tocsin.node import set_backup_key

    if file.absolute().resolve().is_relative_to(node_folder.resolve()):
        raise ConfigError(
            f"{file} lies in the node's folder", hint="the secret is worth nothing beside what it protects"
        )
    key = SealKey.generate(os.urandom)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigError(f"{file} cannot be made: {error.strerror}", hint="name a new file") from None
    try:
        set_backup_key(node_folder, write_public(key.public))
    except ConfigError:
        os.close(descriptor)
        file.unlink()
        raise
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(write_secret(key))
    result = {"file": str(file), "key": key.public.key_id}
    emit(result, as_json=as_json, lines=[f"backup key {key.public.key_id}: its secret is in {file}"])
    say("take that file off this machine, twice, on paper or a stick: without it no backup ever opens")


@click.command("backup")
@node_option
@json_option
def backup(node_folder: Path, as_json: bool) -> None:  # click's way
    """Make a sealed backup now, into `backup_to`; also while `tocsin serve` runs."""
    from tocsin.backup import make_backup
    from tocsin.node import open_node

    made = make_backup(open_node(node_folder))
    result = {"file": str(made), "bytes": made.stat().st_size}
    emit(result, as_json=as_json, lines=[f"{made} ({result['bytes']} bytes)"])


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--secret", type=click.Path(path_type=Path), required=True, help="file that `backup-key` wrote")
@node_option
@json_option
def restore(file: Path, secret: Path, node_folder: Path, as_json: bool) -> int:  # click's way
    """Bring a node back from FILE into an empty folder, and ask witnesses and peers what they saw of its log."""
    from tocsin.core.window import write_instant
    from tocsin.restore import restore_node

    found = restore_node(file, read_file(secret, limit=MAX_SECRET_BYTES), node_folder)
    about, witness = found.manifest.about, found.witness
    say(f"{about.node} of {write_instant(about.made)}, a log of {found.manifest.size} leaves, is in {node_folder}")
    if witness:
        say(
            f"it cosigns under a new key, for it may have forgotten heads; whoever it is a witness for needs: {witness}"
        )
    return _reconcile(node_folder, "", (), "", as_json=as_json, restored={"made": write_instant(about.made)})


@click.command("standby")
@click.argument("name")
@click.option("--from", "backups", type=click.Path(path_type=Path), required=True, help="folder of the backups")
@click.option("--secret", type=click.Path(path_type=Path), required=True, help="file that `backup-key` wrote")
@click.option("--every", type=click.IntRange(1), default=15, show_default=True, help="seconds between two looks")
@click.option("--once", is_flag=True, help="look once and end")
@node_option
@json_option
def standby(name: str, backups: Path, secret: Path, every: int, once: bool, node_folder: Path, as_json: bool) -> None:
    """Keep the folder of --node as the newest backup of NAME, ready to take over. It signs and sends nothing by itself."""
    import time

    from tocsin.core.window import write_instant
    from tocsin.standby import follow_once

    key, last = read_file(secret, limit=MAX_SECRET_BYTES), ""
    while True:
        try:
            held = follow_once(node_folder, backups, name, key)
        except (ConfigError, InputError, VerificationError) as error:
            if once:
                raise
            if str(error) != last:  # the copy that is there stays; the next look may find a whole backup
                complain(str(error), hint=error.hint)
            last = str(error)
        else:
            last = ""
            if held.new or once:
                made = write_instant(held.made)
                line = (
                    f"{node_folder} holds {name} of {made}; to take over: `tocsin node reconcile`, then `tocsin serve`"
                )
                emit({"node": held.node, "made": made, "new": held.new}, as_json=as_json, lines=[line])
        if once:
            return
        time.sleep(every)


@click.command("reconcile")
@click.option("--without", multiple=True, metavar="NAME", help="go on although this witness or peer does not answer")
@click.option("--retire", metavar="REASON", default="", help="begin a new log; the old one is never signed again")
@as_option
@node_option
@json_option
def reconcile(
    without: tuple[str, ...], retire: str, as_name: str, node_folder: Path, as_json: bool
) -> int:  # click's way
    """Ask witnesses and peers what they saw of a restored node's log; go on with it if that is nothing new."""
    return _reconcile(node_folder, as_name, without, retire, as_json=as_json)


def _reconcile(
    folder: Path,
    as_name: str,
    without: Sequence[str],
    retire: str,
    *,
    as_json: bool,
    restored: Mapping[str, Any] | None = None,
) -> int:
    import asyncio

    from tocsin.cli.acting import open_acting
    from tocsin.desk.restored import go_on, keep_findings, state_of
    from tocsin.errors import TocsinError
    from tocsin.restore import ask_others, retire_log

    node = open_acting(folder, as_name)
    state_of(node.desk)
    findings = keep_findings(node.desk, asyncio.run(ask_others(node))).findings
    result: dict[str, Any] = {**(restored or {}), "findings": [one.as_json() for one in findings]}
    lines = [f"{one.verdict.value:<7} {one.who}: {one.why}" for one in findings] or ["nobody is there to be asked"]
    refused: TocsinError | None = None
    try:
        outcome = retire_log(node.desk, folder, retire) if retire else go_on(node.desk, without=without)
    except TocsinError as error:
        refused = error
        outcome = {"outcome": "refused", "why": str(error)}
    emit(
        result | outcome,
        as_json=as_json,
        lines=[*lines, *_say_outcome(outcome, node.desk.witnesses, node.desk.agreements)],
    )
    if refused is not None:
        raise refused
    return 0


def _say_outcome(outcome: Mapping[str, Any], witnesses: Mapping[str, Any], peers: Mapping[str, Any]) -> Iterator[str]:
    if outcome["outcome"] == "went_on":
        yield f"the node goes on with its log of {outcome['size']} leaves"
    if outcome["outcome"] != "retired":
        return
    yield f"log {outcome['retired']} ended with {outcome['size']} leaves and is never signed again"
    yield f"known to be lost: {outcome['lost']['leaves']} leaves since {outcome['lost']['since']}"
    yield f"log {outcome['log']} begins; its key: {outcome['vkey']}"
    for name, witness in witnesses.items():
        yield f"send to witness {name} ({witness.url}): in witness_for, put this key in place of that of {outcome['retired']}"
    for name in peers:
        yield f"send to peer {name}: a new agreement with this key; until then it refuses what we send"
    yield f"send with it, signed by our node key: {outcome['statement']}"
