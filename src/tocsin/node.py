"""Puts one node together from its folder; beside gazetteer.py the only file that names adapters."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tocsin.adapters.clock import REHEARSAL_FILE, RehearsalClock, SystemClock
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.sqlite import SqliteStore, Upgraded, is_moved, make_store, upgrade_store
from tocsin.compose.template import read_template, shipped_templates
from tocsin.config import FILE, Settings, make_settings, read_settings, write_settings
from tocsin.desk.policy import Policy, read_policy
from tocsin.desk.ports import Channel, Clock, Desk, Transport
from tocsin.desk.stores import Store
from tocsin.errors import ConfigError
from tocsin.evidence.checkpoint import write_vkey
from tocsin.exchange.peers import (
    Agreement,
    PeerKeys,
    Terms,
    make_agreement,
    sign_agreement,
    verify_agreement,
    write_agreement,
)
from tocsin.gazetteer import open_gazetteer, towns_of
from tocsin.intake.ports import Reader
from tocsin.keyfiles import check_private, make_keys, make_secret, read_keys, read_secret, write_private
from tocsin.review.outlines import Outlines, country_outlines, join_outlines, read_regions
from tocsin.review.rows import MAX_BYTES as MAX_REGIONS_BYTES
from tocsin.trusted import read_agreements, read_witness, read_witnessed_log

if TYPE_CHECKING:
    from tocsin.adapters.store.moving import Moved, Progress
    from tocsin.review.chunks import FinishedChunks
    from tocsin.review.columns import IncidentPoints
    from tocsin.review.join import IncidentIndex

STORE_FILE = "tocsin.db"
MOVING_FILE = "tocsin.toml.moving"
"""The settings that a move will put in force."""
_STORE_LINE = re.compile(r"\s*store\s*=")
POLICY_FILE = "policy.toml"
MAX_AGREEMENT_BYTES = 256 * 1024


class Node(Struct, frozen=True, kw_only=True):
    """A desk with its ways out into the world. `channel` is None while no mail server is named."""

    folder: Path
    desk: Desk
    channel: Channel | None
    transport: Transport


def make_node(folder: Path, values: Mapping[str, object]) -> Settings:
    """Make the folder (0700), its keys (0600), settings and an empty store. ConfigError if something is there."""
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty", hint="choose a new folder; a node is never made over another")
    text = write_settings(values)
    settings = make_settings(tomllib.loads(text), {}, where=FILE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / FILE).write_text(text, encoding="utf-8")
    (folder / "agreements").mkdir(mode=0o700)
    make_keys(folder, settings)
    _make_store(folder, settings)
    return settings


def open_node(folder: Path, environment: Mapping[str, str] = os.environ) -> Node:
    """The node in that folder, ready to act. ConfigError names what is missing, unreadable or too open."""
    _finish_move(folder)
    settings = read_settings(folder, environment)
    check_private(folder)
    keys = read_keys(folder, settings)
    desk = Desk(
        settings=settings,
        store=_open_store(folder, settings),
        clock=_open_clock(folder, settings),
        keys=keys,
        agreements=read_agreements(folder, settings),
        witnesses=dict(read_witness(line, settings) for line in settings.witnesses),
        witnessed_logs=dict(read_witnessed_log(line, settings) for line in settings.witness_for),
        entropy=os.urandom,
        gazetteer=open_gazetteer,
        outlines=partial(open_outlines, folder / settings.regions if settings.regions else None),
        reader=_open_reader(settings),
        policy=open_policy(folder),
    )
    return Node(
        folder=folder,
        desk=desk,
        channel=_open_channel(settings),
        transport=_open_transport(),
    )


class NodeVkeys(Struct, frozen=True):
    """What others need to check this node's log and its cosignatures, in the C2SP form `name+id+key`."""

    log: str
    witness: str


def vkeys(folder: Path) -> NodeVkeys:
    """The verifier keys of the node in that folder."""
    keys = read_keys(folder, read_settings(folder, {}))
    return NodeVkeys(log=write_vkey(keys.log.verify_key), witness=write_vkey(keys.witness.verify_key, cosigner=True))


def public_keys(folder: Path) -> PeerKeys:
    """What a peer needs of this node: its name, address and public keys. Goes into the exchange agreement."""
    settings = read_settings(folder, {})
    keys = read_keys(folder, settings)
    return PeerKeys(
        name=settings.name,
        url=settings.url,
        node=keys.node.verify_key,
        roles=tuple(key.verify_key for key in keys.roles.values()),
        log=keys.log.verify_key,
        seal=keys.seal.public,
    )


def watch_logs(folder: Path, logs: tuple[str, ...]) -> None:
    """Make the node a witness of these logs (verifier keys). Written at set-up, before the node runs."""
    file = folder / FILE
    file.write_text(file.read_text(encoding="utf-8") + write_settings({"witness_for": logs}), encoding="utf-8")
    read_settings(folder, {})


def agree(one: Path, other: Path, *, terms: Terms, since: datetime) -> Agreement:
    """Write the exchange agreement of two nodes into both folders, signed by both. For set-up, where one hand holds both."""
    parties = (public_keys(one), public_keys(other))
    agreement = make_agreement(parties, terms=terms, since=since, entropy=os.urandom)
    for folder in (one, other):
        agreement = sign_agreement(agreement, read_keys(folder, read_settings(folder, {})).node)
    verify_agreement(agreement)
    for folder, peer in ((one, parties[1]), (other, parties[0])):
        (folder / "agreements" / f"{peer.name}.json").write_bytes(write_agreement(agreement))
    return agreement


def upgrade_node(folder: Path, environment: Mapping[str, str] = os.environ) -> Upgraded:
    """Bring the node's store to the revision of this version. ConfigError or StateError if it cannot be, nothing changed."""
    _finish_move(folder)
    settings = read_settings(folder, environment)
    check_private(folder)
    if not (folder / "keys" / "addresses").exists():  # nodes at revision 0001 sealed nothing
        make_secret(folder, settings, "addresses")
    if settings.store:
        from tocsin.adapters.store.postgresql import upgrade_database

        return Upgraded(*upgrade_database(settings.store, _open_seal(folder, settings)), copy=None)
    return upgrade_store(folder / STORE_FILE, _open_seal(folder, settings))


def move_node(
    folder: Path, url: str, *, progress: "Progress" = lambda _: None, environment: Mapping[str, str] = os.environ
) -> "Moved":
    """Take the node's store from its SQLite file to an empty PostgreSQL database, verified before it is used.

    A kill at any moment leaves the old store in use or the new one, never both: the new settings are laid ready first, the
    file going out of use is what decides, and whoever opens the node next does what is then left to do (_finish_move).
    Raises ConfigError or StateError if something is in the way, VerificationError if the copy differs; then nothing moved.
    """
    from tocsin.adapters.store.moving import copy_store

    settings = read_settings(folder, environment)
    if settings.store or "TOCSIN_STORE" in environment:
        raise ConfigError("this node's store is not its SQLite file", hint="only a node on tocsin.db can be moved")
    settings = replace(settings, store=url)  # refuses what is no URL of a store, before anything is done
    check_private(folder)
    log_key = read_keys(folder, settings).log.verify_key
    _lay_ready(folder, settings)
    moved = copy_store(folder / STORE_FILE, url, log_key=log_key, progress=progress)
    _finish_move(folder)
    progress(f"{FILE} names the new store")
    return moved


def move_rehearsal_clock(folder: Path) -> RehearsalClock:
    """The rehearsal clock of a practice node, to be moved. ConfigError on a live node: its time is never ours to set."""
    if not read_settings(folder, {}).practice:
        raise ConfigError(f"{folder} is a live node", hint="a rehearsal needs a node made with --practice")
    return RehearsalClock(folder)


def open_empty_store(folder: Path) -> Store:
    """A new store in that folder, to be filled from a backup; its keys/addresses lies there already."""
    settings = read_settings(folder, {})
    _make_store(folder, settings)
    return _open_store(folder, settings)


def name_new_log(folder: Path, retired: str) -> str:
    """Give the node another log name and key than the one to be retired; the old key stays until `forget_log_key`.

    Doing it again after a crash changes nothing. Gives the new name.
    """
    settings = read_settings(folder, {})
    if settings.log != retired:
        return settings.log
    number = int(retired.removeprefix("log").removeprefix("-") or 1)
    name = f"log-{number + 1}"
    if not (folder / "keys" / name).exists():
        make_secret(folder, settings, name)
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not re.match(r"log\s*=", line)]
    new = folder / f"{FILE}.new"
    new.write_text("".join(kept) + write_settings({"log": name}), encoding="utf-8")
    os.replace(new, folder / FILE)  # noqa: PTH105  # one atomic step: the settings are the old or the new
    return name


def set_backup_key(folder: Path, public: str) -> None:
    """Write the public key that backups are sealed to into the settings. ConfigError if there is one."""
    if read_settings(folder, {}).backup_key:
        raise ConfigError(
            f"{folder / FILE} has a backup_key", hint="take the line out first; older backups keep needing their secret"
        )
    file = folder / FILE
    file.write_text(file.read_text(encoding="utf-8") + write_settings({"backup_key": public}), encoding="utf-8")


def _open_reader(settings: Settings) -> Reader | None:
    if not settings.reader_url:
        return None
    from tocsin.adapters.openai_reader import OpenAiReader

    return OpenAiReader(settings.reader_url, settings.reader_model, settings.reader_key)


def index_in_duckdb(points: "IncidentPoints") -> "IncidentIndex":
    """The incidents as a table of DuckDB, for the join of warnings and incidents; review.join has one without it."""
    from tocsin.adapters.duckdb_join import DuckIncidents

    return DuckIncidents(points)


@contextmanager
def keep_chunks(file: Path, work: str) -> Iterator["FinishedChunks"]:
    """The finished chunks of a join in that file, made if it is not there; `work` is what `digest_work` gives."""
    from tocsin.adapters.chunk_file import ChunkFile

    chunks = ChunkFile(file, work)
    try:
        yield chunks
    finally:
        chunks.close()


@cache
def open_outlines(regions: Path | None) -> Outlines:
    """Countries as they came with the package, the regions in that file, towns. ConfigError if it cannot be read."""
    if regions is None:
        return join_outlines(country_outlines, None, towns_of)
    if not regions.is_file() or regions.stat().st_size > MAX_REGIONS_BYTES:
        raise ConfigError(f"key regions: {regions} is no file of at most {MAX_REGIONS_BYTES} bytes")
    return join_outlines(country_outlines, read_regions(regions.read_bytes()), towns_of)


def open_policy(folder: Path) -> Policy:
    """The policy of the node in that folder, with its templates and ours. Without a policy.toml nothing is allowed beforehand."""
    templates = shipped_templates()
    for file in sorted((folder / "templates").glob("*.json")):
        if file.is_symlink() or file.stat().st_size > MAX_AGREEMENT_BYTES:
            raise ConfigError(f"template {file.name} is a link or larger than {MAX_AGREEMENT_BYTES} bytes")
        templates[file.stem] = read_template(file.stem, file.read_bytes())
    file = folder / POLICY_FILE
    if not file.exists():
        return Policy(templates=templates)
    if file.is_symlink() or file.stat().st_size > MAX_AGREEMENT_BYTES:
        raise ConfigError(f"{POLICY_FILE} is a link or larger than {MAX_AGREEMENT_BYTES} bytes")
    return read_policy(file.read_text(encoding="utf-8"), templates)


def _make_store(folder: Path, settings: Settings) -> None:
    if settings.store:
        from tocsin.adapters.store.postgresql import make_database

        make_database(settings.store)
    else:
        make_store(folder / STORE_FILE)


def _open_seal(folder: Path, settings: Settings) -> AddressSeal:
    return AddressSeal(read_secret(folder, settings, "addresses"))


def _open_store(folder: Path, settings: Settings) -> Store:
    if settings.store:
        from tocsin.adapters.store.postgresql import PostgresqlStore

        return PostgresqlStore(settings.store, _open_seal(folder, settings))
    return SqliteStore(folder / STORE_FILE, _open_seal(folder, settings))


def _lay_ready(folder: Path, settings: Settings) -> None:
    """Write the settings file that names the new store, beside the one in force."""
    kept = [line for line in (folder / FILE).read_text(encoding="utf-8").splitlines() if not _STORE_LINE.match(line)]
    text = write_settings({"store": settings.store}) + "\n".join(kept) + "\n"
    make_settings(tomllib.loads(text), {}, where=MOVING_FILE)
    (folder / MOVING_FILE).unlink(missing_ok=True)
    write_private(folder / MOVING_FILE, text)


def _finish_move(folder: Path) -> None:
    """What is left of a move once the SQLite file is out of use. Each step may have been done before, by a process that ended."""
    moving = folder / MOVING_FILE
    if not moving.exists() or not is_moved(folder / STORE_FILE):
        return
    from tocsin.adapters.store.moving import finish_copy

    try:
        found = tomllib.loads(moving.read_text(encoding="utf-8"))
        finish_copy(make_settings(found, {}, where=MOVING_FILE).store)
        moving.replace(folder / FILE)
    except FileNotFoundError:
        return  # another process was faster


def _open_clock(folder: Path, settings: Settings) -> Clock:
    if (folder / REHEARSAL_FILE).exists():
        if not settings.practice:
            raise ConfigError(
                f"{REHEARSAL_FILE} lies in a live node", hint="remove it; a live node has the system's clock"
            )
        return RehearsalClock(folder)
    return SystemClock()


def _open_channel(settings: Settings) -> Channel | None:
    if not settings.smtp:
        return None
    from tocsin.adapters.smtp import SmtpChannel

    host, _, port = settings.smtp.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError(f"smtp {settings.smtp!r} is not HOST:PORT")
    return SmtpChannel(host, int(port), settings.mail_from or f"warnings@{settings.name}")


def _open_transport() -> Transport:
    from tocsin.adapters.https import HttpsTransport

    return HttpsTransport()
