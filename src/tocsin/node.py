"""Puts one node together from its folder; the only file that names adapters."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from tocsin.adapters.clock import REHEARSAL_FILE, RehearsalClock, SystemClock
from tocsin.adapters.store.sqlite import SqliteStore, make_store
from tocsin.config import FILE, Settings, make_settings, read_settings, write_settings
from tocsin.desk.ports import Channel, Clock, Desk, NodeKeys, Transport, WitnessAddress
from tocsin.errors import ConfigError, InputError, TocsinError
from tocsin.evidence.checkpoint import read_vkey, write_vkey
from tocsin.evidence.signing import SigningKey
from tocsin.exchange.envelope import SealKey
from tocsin.exchange.peers import (
    Agreement,
    PeerKeys,
    Terms,
    make_agreement,
    read_agreement,
    sign_agreement,
    verify_agreement,
    write_agreement,
)
from tocsin.intake.ports import Gazetteer

STORE_FILE = "tocsin.db"
SEED_BYTES = 32
MAX_AGREEMENT_BYTES = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Node:
    """A desk with its ways out into the world. `channel` is None while no mail server is named."""

    desk: Desk
    channel: Channel | None
    transport: Transport
    api_token: str


def make_node(folder: Path, values: Mapping[str, object]) -> Settings:
    """Make the folder (0700), its keys (0600), settings and an empty store. ConfigError if something is there."""
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty", hint="choose a new folder; a node is never made over another")
    text = write_settings(values)
    settings = make_settings(tomllib.loads(text), {}, where=FILE)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / FILE).write_text(text, encoding="utf-8")
    (folder / "keys").mkdir(mode=0o700)
    (folder / "agreements").mkdir(mode=0o700)
    for name in ("node", "log", "witness", f"role-{settings.officer}", "links", "api"):
        _write_secret(folder / "keys" / name, os.urandom(SEED_BYTES))
    _write_secret(folder / "keys" / "seal", SealKey.generate(os.urandom).secret)
    make_store(folder / STORE_FILE)
    return settings


def open_node(folder: Path, environment: Mapping[str, str] = os.environ) -> Node:
    """The node in that folder, ready to act. ConfigError names what is missing, unreadable or too open."""
    settings = read_settings(folder, environment)
    _check_private(folder)
    keys = _read_keys(folder, settings)
    desk = Desk(
        settings=settings,
        store=SqliteStore(folder / STORE_FILE),
        clock=_open_clock(folder, settings),
        keys=keys,
        agreements=_read_agreements(folder, settings),
        witnesses=dict(_read_witness(line) for line in settings.witnesses),
        witnessed_logs={key.name: key for key in map(read_vkey, settings.witness_for)},
        entropy=os.urandom,
        gazetteer=open_gazetteer,
    )
    return Node(
        desk=desk,
        channel=_open_channel(settings),
        transport=_open_transport(),
        api_token=open_api_token(folder),
    )


@dataclass(frozen=True)
class NodeVkeys:
    """What others need to check this node's log and its cosignatures, in the C2SP form `name+id+key`."""

    log: str
    witness: str


def vkeys(folder: Path) -> NodeVkeys:
    """The verifier keys of the node in that folder."""
    keys = _read_keys(folder, read_settings(folder, {}))
    return NodeVkeys(log=write_vkey(keys.log.verify_key), witness=write_vkey(keys.witness.verify_key, cosigner=True))


def public_keys(folder: Path) -> PeerKeys:
    """What a peer needs of this node: its name, address and public keys. Goes into the exchange agreement."""
    settings = read_settings(folder, {})
    keys = _read_keys(folder, settings)
    return PeerKeys(
        name=settings.name,
        url=settings.url,
        node=keys.node.verify_key,
        roles=tuple(key.verify_key for key in keys.roles.values()),
        log=keys.log.verify_key,
        seal=keys.seal.public,
    )


def open_api_token(folder: Path) -> str:
    """The token with which the desk's own programs call the API of this node."""
    return _read_secret(folder / "keys" / "api").hex()


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
        agreement = sign_agreement(agreement, _read_keys(folder, read_settings(folder, {})).node)
    verify_agreement(agreement)
    for folder, peer in ((one, parties[1]), (other, parties[0])):
        (folder / "agreements" / f"{peer.name}.json").write_bytes(write_agreement(agreement))
    return agreement


def move_rehearsal_clock(folder: Path) -> RehearsalClock:
    """The rehearsal clock of a practice node, to be moved. ConfigError on a live node: its time is never ours to set."""
    if not read_settings(folder, {}).practice:
        raise ConfigError(f"{folder} is a live node", hint="a rehearsal needs a node made with --practice")
    return RehearsalClock(folder)


@cache
def open_gazetteer() -> Gazetteer:
    """The compiled gazetteer; compiled first (some seconds, once a machine) if it is not there."""
    from tocsin.adapters.gazetteer import open_gazetteer as open_compiled

    return open_compiled()


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


def _read_keys(folder: Path, settings: Settings) -> NodeKeys:
    name = settings.name
    role = SigningKey.from_seed(
        f"{name}/{settings.officer}", _read_secret(folder / "keys" / f"role-{settings.officer}")
    )
    return NodeKeys(
        node=SigningKey.from_seed(name, _read_secret(folder / "keys" / "node")),
        log=SigningKey.from_seed(settings.origin, _read_secret(folder / "keys" / "log")),
        witness=SigningKey.from_seed(f"{name}/witness", _read_secret(folder / "keys" / "witness")),
        roles={settings.officer: role},
        seal=SealKey.from_secret(_read_secret(folder / "keys" / "seal")),
        links=_read_secret(folder / "keys" / "links"),
    )


def _read_agreements(folder: Path, settings: Settings) -> dict[str, Agreement]:
    found: dict[str, Agreement] = {}
    for file in sorted((folder / "agreements").glob("*.json")):
        if file.is_symlink() or file.stat().st_size > MAX_AGREEMENT_BYTES:
            raise ConfigError(f"agreement {file.name} is a link or larger than {MAX_AGREEMENT_BYTES} bytes")
        try:
            agreement = read_agreement(file.read_bytes())
            verify_agreement(agreement)
            found[agreement.other(settings.name).name] = agreement
        except TocsinError as error:
            raise ConfigError(f"agreement {file.name}: {error}", hint=error.hint) from None
    return found


def _read_witness(line: str) -> tuple[str, WitnessAddress]:
    url, _, vkey = line.partition(" ")
    try:
        key = read_vkey(vkey.strip())
    except InputError as error:
        raise ConfigError(f"witness {line!r}: {error}", hint='write "URL VKEY"') from None
    return key.name, WitnessAddress(url, key)


def _write_secret(file: Path, secret: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secret.hex() + "\n")


def _read_secret(file: Path) -> bytes:
    try:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise ConfigError(
            f"key {file.name} cannot be read", hint="restore keys/ from the backup of this node"
        ) from None


def _check_private(folder: Path) -> None:
    for path in (folder, folder / "keys", *(folder / "keys").glob("*"), folder / STORE_FILE):
        if path != folder and path.is_symlink():
            raise ConfigError(f"{path} is a link out of the node's folder", hint="put the file itself there")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(
                f"{path} can be read by others (mode {stat.S_IMODE(path.stat().st_mode):04o})",
                hint=f"chmod go-rwx {path}",
            )
