"""What our log holds and who says that it is whole: its leaves, its newest head, each witness; checked while you look."""

import hashlib
from datetime import datetime

from msgspec import Struct

from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptCheckpoint, Logged
from tocsin.desk.stores import Transaction
from tocsin.errors import VerificationError
from tocsin.evidence.checkpoint import verify_checkpoint, verify_cosignature
from tocsin.evidence.entry import Entry
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.statement import peek, verify_statement
from tocsin.evidence.tree import inclusion_proof, root_hash, verify_inclusion

PAGE = 50


class Seen(Struct, frozen=True):
    """A witness that cosigned a head, and when it says so."""

    witness: str
    at: datetime


class LogPage(Struct, frozen=True, kw_only=True):
    """Leaves, newest first; `next` is where the older ones begin, `newest` when the last of all was logged, or None."""

    size: int
    newest: datetime | None
    entries: tuple[Logged, ...]
    next: int | None


class ShownEntry(Struct, frozen=True, kw_only=True):
    """One leaf: number, kind, time and subject, never its text. `fault` names the step that does not hold, or is empty.

    `head` is the oldest head that covers it (with a witness, if there is such a head), `seen` who cosigned that.
    """

    logged: Logged
    size: int
    leaf_hash: str
    digest: str
    signer: str
    fault: str
    head: KeptCheckpoint | None
    seen: tuple[Seen, ...]


class WitnessState(Struct, frozen=True, kw_only=True):
    """How far one witness has followed our log: `size` is 0 and `at` None if it never signed; `fault` if it does not hold."""

    name: str
    url: str
    size: int
    at: datetime | None
    fault: str


class ShownWitnesses(Struct, frozen=True, kw_only=True):
    """Our newest head, recomputed from the leaves, and every witness. `followed` are logs of others that we cosign."""

    origin: str
    size: int
    head: KeptCheckpoint | None
    fault: str
    witnesses: tuple[WitnessState, ...]
    followed: tuple[tuple[str, int], ...]


def show_log(desk: Desk, *, before: int | None = None) -> LogPage:
    """Fifty leaves, those before that number or the newest."""
    with look(desk, May.LOOK_AT_LOG) as tx:
        entries = tx.log.newest_entries(PAGE, before=before)
        last = entries[-1].index if entries else 0
        return LogPage(size=tx.log.size(), newest=tx.log.last_at(), entries=entries, next=last or None)


def show_entry(desk: Desk, index: int) -> ShownEntry:
    """One leaf, its signature and its place in the tree checked now. NotFoundError beyond the end."""
    with look(desk, May.LOOK_AT_LOG) as tx:
        logged = tx.log.entry(index)
        seen, fault = check_entry(desk, tx, logged)
        return ShownEntry(
            logged=logged,
            size=tx.log.size(),
            leaf_hash=Entry(logged.statement, logged.blind).leaf_hash.hex(),
            digest=hashlib.sha256(logged.statement).hexdigest(),
            signer=peek(logged.statement).kid,
            fault=fault,
            head=_find_head(tx, index),
            seen=seen,
        )


def check_entry(desk: Desk, tx: Transaction, logged: Logged) -> tuple[tuple[Seen, ...], str]:
    """Who of our witnesses saw that leaf, and nothing; or nobody, and what does not hold: signature, place, head, cosignature."""
    try:
        verify_statement(logged.statement, _key_of(desk, logged))
        return _prove(desk, tx, logged, _find_head(tx, logged.index)), ""
    except VerificationError as error:
        return (), str(error)


def _key_of(desk: Desk, logged: Logged) -> VerifyKey:
    """The node's own key, or that of one of its roles where an officer took a position."""
    kid = peek(logged.statement).kid
    roles = (role.verify_key for role in desk.keys.roles.values())
    return next((key for key in roles if key.kid == kid), desk.keys.node.verify_key)


def _find_head(tx: Transaction, index: int) -> KeptCheckpoint | None:
    """The oldest witnessed head that covers that leaf, else the oldest head that does; None while it has none."""
    return tx.log.checkpoint(least=index + 1, witnessed=True) or tx.log.checkpoint(least=index + 1)


def _prove(desk: Desk, tx: Transaction, logged: Logged, head: KeptCheckpoint | None) -> tuple[Seen, ...]:
    """VerificationError if head, place or cosignature does not hold."""
    if head is None:
        return ()
    checkpoint = verify_checkpoint(head.note, desk.keys.log.verify_key)
    proof = inclusion_proof(logged.index, checkpoint.size, tx.log.hash)
    leaf = Entry(logged.statement, logged.blind).leaf_hash
    verify_inclusion(leaf, logged.index, checkpoint.size, proof, checkpoint.root)
    return tuple(
        Seen(name, verify_cosignature(head.note, desk.witnesses[name].key))
        for name in head.witnesses
        if name in desk.witnesses
    )


def show_witnesses(desk: Desk) -> ShownWitnesses:
    """The newest head and each witness's last one, their roots worked out from the leaves again: nothing was rewritten."""
    with look(desk, May.LOOK_AT_LOG) as tx:
        newest = tx.log.last_checkpoint()
        fault = ""
        try:
            if newest is not None:
                _check_head(desk, tx, newest)
        except VerificationError as error:
            fault = str(error)
        followed = ((origin, head.size) for origin in desk.witnessed_logs if (head := tx.log.head_of(origin)))
        return ShownWitnesses(
            origin=desk.settings.origin,
            size=tx.log.size(),
            head=newest,
            fault=fault,
            witnesses=tuple(_witness(desk, tx, name) for name in desk.witnesses),
            followed=tuple(followed),
        )


def _check_head(desk: Desk, tx: Transaction, head: KeptCheckpoint) -> None:
    """VerificationError if our key did not sign it, or if the leaves as they are now give another root: rewritten."""
    checkpoint = verify_checkpoint(head.note, desk.keys.log.verify_key)
    root = root_hash(checkpoint.size, tx.log.hash)
    if root != checkpoint.root:
        raise VerificationError("root", found=root.hex()[:16], expected=checkpoint.root.hex()[:16])


def _witness(desk: Desk, tx: Transaction, name: str) -> WitnessState:
    address, head = desk.witnesses[name], tx.log.last_checkpoint(witnessed_by=name)
    if head is None:
        return WitnessState(name=name, url=address.url, size=0, at=None, fault="")
    try:
        at = verify_cosignature(head.note, address.key)
        _check_head(desk, tx, head)
    except VerificationError as error:
        return WitnessState(name=name, url=address.url, size=head.size, at=None, fault=str(error))
    return WitnessState(name=name, url=address.url, size=head.size, at=at, fault="")
