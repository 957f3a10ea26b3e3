"""Brings a node back from a sealed backup into an empty folder, asks what others saw of its log, and retires the log."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from tocsin.config import read_settings
from tocsin.desk.act import Outcome
from tocsin.desk.asking import SEEN_PATH, ask_witness, judge_peer, judge_witness, silent
from tocsin.desk.backup import RowLoader, check_log
from tocsin.desk.continuity import Finding
from tocsin.desk.ports import Desk
from tocsin.desk.restored import begin_new_log, find_log_to_retire, mark_restored
from tocsin.errors import ConfigError, DeliveryError, InputError, VerificationError
from tocsin.evidence.checkpoint import verify_checkpoint
from tocsin.exchange.backup import FILES, TABLES, About, Manifest, Piece, open_backup, read_secret
from tocsin.exchange.envelope import SealKey
from tocsin.keyfiles import forget_log_key, log_key, renew_witness_key
from tocsin.node import (
    Node,
    name_new_log,
    open_empty_store,
    open_node,
    vkeys,
)


class Restoration(Struct, frozen=True):
    """What came back. `witness` is the new key that this node cosigns with; None if it cosigns for nobody."""

    manifest: Manifest
    witness: str | None


def restore_node(file: Path, secret: bytes, folder: Path) -> Restoration:
    """The node of that backup, in an empty folder; it signs and sends nothing until it is reconciled.

    Raises ConfigError for a folder that is not empty, InputError or VerificationError for a file that is not whole, not
    sealed to that secret or not of this version. Then the folder is as it was.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not empty", hint="restore into a new folder, never over a node")
    key = read_secret(secret)
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    coming = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        manifest = _fill(coming, file, key)
        restoration = _prepare(coming, manifest)
        os.sync()  # what stands there at the end must be there after a power cut, too
        coming.rename(folder)
    except OSError as error:
        raise ConfigError(f"{file} cannot be restored: {error.strerror}") from None
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return restoration


async def ask_others(node: Node) -> tuple[Finding, ...]:
    """What every witness and every peer saw of our log, by name; who does not answer is in it as silent."""
    try:
        found = [await _ask_witness(node, witness) for witness in node.desk.witnesses]
        for peer, agreement in node.desk.agreements.items():
            status, answer = await _post(node, agreement.mailbox_url(peer) + SEEN_PATH, b"")
            found.append(judge_peer(node.desk, peer, status, answer))
    finally:
        await node.transport.close()
    return tuple(found)


def retire_log(desk: Desk, folder: Path, reason: str) -> Outcome:
    """Begin a new log under a new key, and destroy the old key: its origin is never signed again.

    `desk` has somebody at it who may decide that. A crash at any point leaves a node that refuses to act, and doing it
    again ends it.
    """
    retired = find_log_to_retire(desk, reason)
    key = log_key(folder, retired)
    name_new_log(folder, retired)
    again = open_node(folder)
    try:
        outcome = begin_new_log(again.desk.acting(desk.actor, desk.via), reason, key)
    finally:
        again.desk.store.close()
    forget_log_key(folder, retired)
    return outcome


def _fill(folder: Path, file: Path, key: SealKey) -> Manifest:
    """Files and rows into that folder. All of them stand there before the manifest is known to fit: it is not yet a node."""
    with ExitStack() as stack, file.open("rb") as raw:
        loader: RowLoader | None = None

        def take(about: About, piece: Piece) -> None:
            nonlocal loader
            if piece.path.startswith(TABLES):
                loader = loader or stack.enter_context(_loading(folder, about))
                loader.take(piece)
            elif piece.path.startswith(FILES):
                _add_to_file(folder / piece.path.removeprefix(FILES), piece.content)

        manifest = open_backup(raw.read, key, take)
        if loader is None:
            raise InputError("backup holds no store")
        loader.finish()
    return manifest


@contextmanager
def _loading(folder: Path, about: About) -> Iterator[RowLoader]:
    store = open_empty_store(folder)
    try:
        with store.write() as tx:
            if about.revision != tx.rows.revision():
                raise ConfigError(
                    f"backup holds a store of revision {about.revision!r}, this version has {tx.rows.revision()!r}",
                    hint=f"restore it with Tocsin {about.version}, then upgrade",
                )
            yield RowLoader(tx.rows)
    finally:
        store.close()


def _add_to_file(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as out:
        out.write(content)


def _prepare(folder: Path, manifest: Manifest) -> Restoration:
    """Make it a node that waits to be reconciled, once its keys, files and log are known to belong together."""
    witness = None
    if read_settings(folder).witness_for:
        renew_witness_key(folder)
        witness = vkeys(folder).witness
    node = open_node(folder)
    try:
        with node.desk.store.read() as tx:
            size, root = check_log(tx.log)
        if (size, root) != (manifest.size, manifest.root):
            raise VerificationError("backup", found=f"a log of {size} leaves", expected=f"one of {manifest.size}")
        if manifest.checkpoint:
            verify_checkpoint(manifest.checkpoint, node.desk.keys.log.verify_key)
        mark_restored(node.desk, manifest.about.id, manifest.about.made)
    finally:
        node.desk.store.close()
    return Restoration(manifest, witness)


async def _ask_witness(node: Node, witness: str) -> Finding:
    asked = ask_witness(node.desk, witness)
    if asked is None:
        return silent(witness, "the backup holds no signed head to show it")
    url = node.desk.witnesses[witness].url + "/add-checkpoint"
    status, answer = await _post(node, url, asked[1])
    judged = judge_witness(node.desk, witness, asked[0], status, answer)
    if isinstance(judged, int):
        again = ask_witness(node.desk, witness, judged)
        assert again is not None, "it was asked with it"
        status, answer = await _post(node, url, again[1])
        judged = judge_witness(node.desk, witness, again[0], status, answer)
    if isinstance(judged, int):
        return silent(witness, "it names another size each time it is asked")
    return judged


async def _post(node: Node, url: str, body: bytes) -> tuple[int, bytes]:
    try:
        return await node.transport.post(url, body)
    except DeliveryError:
        return 0, b""
