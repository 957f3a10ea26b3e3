"""What a restored node asks witnesses and peers, and what each answer means. Nothing is signed for it."""

from typing import Any

from msgspec.structs import replace

from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.continuity import Finding, Verdict
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptCheckpoint
from tocsin.desk.stores import LogStore
from tocsin.errors import TocsinError
from tocsin.evidence.checkpoint import (
    add_signatures,
    read_cosignatures,
    read_note,
    verify_checkpoint,
    verify_cosignature,
)
from tocsin.evidence.statement import load_json
from tocsin.evidence.tree import consistency_proof, root_hash
from tocsin.evidence.witness import write_request

SEEN_PATH = "/seen"


def ask_witness(desk: Desk, witness: str, old_size: int | None = None) -> tuple[int, bytes] | None:
    """Old size and body of add-checkpoint with the newest head of the backup, which was signed before the loss.

    `old_size` is what the witness itself said (status 409). None if the backup holds no head: then there is nothing to show.
    """
    with look(desk, May.RECONCILE) as tx:
        newest = tx.log.last_checkpoint()
        if newest is None:
            return None
        signed = tx.log.last_checkpoint(witnessed_by=witness)
        old = old_size if old_size is not None else signed.size if signed else 0
        proof = consistency_proof(old, newest.size, tx.log.hash) if 0 < old < newest.size else ()
        return old, write_request(old, proof, newest.note)


def judge_witness(desk: Desk, witness: str, old: int, status: int, answer: bytes) -> Finding | int:
    """What the witness's answer means; or the size that it says it signed last, from which it is to be asked again."""
    with look(desk, May.RECONCILE) as tx:
        newest = tx.log.last_checkpoint()
    assert newest is not None, "it was asked with it"
    if status == 200:
        return _judge_cosignature(desk, witness, newest, answer)
    if status == 409 and answer.strip().isdigit():
        size = int(answer)
        if size > newest.size:
            return _found(witness, Verdict.AHEAD, size, f"it signed {size} leaves, we can show {newest.size}")
        if size != old:
            return size
        return _found(witness, Verdict.FORK, size, f"it signed another root for {size} leaves", newest)
    if status == 422:
        why = f"our log does not extend the {old} leaves that it signed"
        return _found(witness, Verdict.FORK, old, why, newest)
    return silent(witness, f"it answered with status {status}" if status else "it did not answer")


def judge_peer(desk: Desk, peer: str, status: int, answer: bytes) -> Finding:
    """What it means that the peer saw this much of our log: heads, serials of statements, the chain between us."""
    if status != 200:
        return silent(peer, f"it answered with status {status}" if status else "it did not answer")
    try:
        seen = _read_seen(answer)
        head = verify_checkpoint(seen["checkpoint"].encode(), desk.keys.log.verify_key) if seen["checkpoint"] else None
    except TocsinError as error:
        return silent(peer, f"its answer does not count: {error}")
    except (KeyError, TypeError, ValueError):
        return silent(peer, "its answer is not the JSON that was agreed")
    chain = {"note": seen["checkpoint"] or "", "seq": seen["seq"], "digest": seen["digest"]}
    with look(desk, May.RECONCILE) as tx:
        size = tx.log.size()
        sent = tx.inbox.link(peer, "out")
        newest = tx.log.last_checkpoint()
        if head and head.size <= size and not _same_root(tx.log, head.size, head.root):
            why = f"it saw another root for {head.size} leaves"
            return replace(_found(peer, Verdict.FORK, head.size, why, newest), **chain)
    saw = max(head.size if head else 0, seen["serial"] + 1)
    if saw > size or seen["seq"] > (sent.seq if sent else -1):
        why = f"it saw {saw} leaves and our statement number {seen['seq']}, we have {size} leaves"
        return Finding(who=peer, verdict=Verdict.AHEAD, size=saw, why=why, **chain)
    return Finding(who=peer, verdict=Verdict.AGREES, size=saw, why=f"it saw {saw} of our {size} leaves", **chain)


def silent(who: str, why: str) -> Finding:
    """The finding on somebody who gave no answer that counts."""
    return _found(who, Verdict.SILENT, 0, why)


def _judge_cosignature(desk: Desk, witness: str, newest: KeptCheckpoint, answer: bytes) -> Finding:
    try:
        bare = read_note(newest.note).text + b"\n"  # it may have signed this head before: one line of it is enough
        verify_cosignature(add_signatures(bare, read_cosignatures(answer)), desk.witnesses[witness].key)
    except TocsinError as error:
        return silent(witness, f"its answer does not count: {error}")
    return _found(witness, Verdict.AGREES, newest.size, f"it signed our head over {newest.size} leaves")


def _found(who: str, verdict: Verdict, size: int, why: str, ours: KeptCheckpoint | None = None) -> Finding:
    return Finding(who=who, verdict=verdict, size=size, why=why, ours=ours.note.decode("utf-8") if ours else "")


def _same_root(log: LogStore, size: int, root: bytes) -> bool:
    return root_hash(size, log.hash) == root


def _read_seen(answer: bytes) -> dict[str, Any]:
    seen = load_json(answer)
    if not isinstance(seen["checkpoint"], str | None):
        raise TypeError("checkpoint")
    if type(seen["serial"]) is not int or type(seen["seq"]) is not int or not isinstance(seen["digest"], str):
        raise TypeError("serial, seq or digest")
    return dict(seen)
