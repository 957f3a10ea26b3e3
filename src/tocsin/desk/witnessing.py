"""Having our log cosigned, and cosigning the logs of others (C2SP tlog-witness)."""

from datetime import timedelta

from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptCheckpoint, Timer, TimerKind
from tocsin.desk.restored import find_held_back
from tocsin.errors import TocsinError
from tocsin.evidence.checkpoint import add_signatures, read_cosignatures, verify_cosignature
from tocsin.evidence.tree import consistency_proof
from tocsin.evidence.witness import WitnessAnswer, add_checkpoint, write_request

ASK_AGAIN = timedelta(minutes=1)


def due_witnesses(desk: Desk) -> tuple[str, ...]:
    """Names of the witnesses that are to be asked now."""
    with desk.store.read() as tx:
        return tuple(timer.subject for timer in tx.timers.due(desk.clock.now(), (TimerKind.WITNESS,), 100))


def make_request(desk: Desk, witness: str, *, old_size: int | None = None) -> tuple[KeptCheckpoint, bytes] | None:
    """The newest checkpoint with its proof from the last one that this witness signed; None if it has that one.

    `old_size` overrides what we believe it signed last: the witness itself may know better (status 409).
    """
    with desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
        if newest is None or witness in newest.witnesses:
            return None
        signed = tx.log.last_checkpoint(witnessed_by=witness)
        old = old_size if old_size is not None else signed.size if signed else 0
        proof = consistency_proof(old, newest.size, tx.log.hash) if 0 < old < newest.size else ()
        return newest, write_request(old, proof, newest.note)


def settle_cosignature(desk: Desk, witness: str, asked: KeptCheckpoint | None, answer: bytes | None) -> bool:
    """Add the witness's signature to the checkpoint, if it holds; else ask again later. True if it was added."""
    with begin(desk, May.SEND) as act:
        act.tx.timers.clear(TimerKind.WITNESS, witness)
        if asked is None:
            return False
        kept = act.tx.log.checkpoint(least=asked.size)
        assert kept is not None
        try:
            if answer is None:
                raise TocsinError("no answer")
            note = add_signatures(kept.note, read_cosignatures(answer))
            verify_cosignature(note, act.desk.witnesses[witness].key)
        except TocsinError:
            act.tx.timers.set(Timer(act.at + ASK_AGAIN, TimerKind.WITNESS, witness))
            return False
        act.tx.log.set_cosigned(kept.size, note, (*kept.witnesses, witness))
        return True


def cosign_for(desk: Desk, request: bytes) -> WitnessAnswer:
    """Answer somebody's add-checkpoint request; the head is remembered before the signature leaves.

    A node that is not reconciled after a restore answers 503: it may have forgotten heads that it signed.
    """
    if find_held_back(desk) is not None:
        return WitnessAnswer(status=503, body=b"restored, not yet reconciled\n")
    with begin(desk, May.RECEIVE) as act:
        heads = act.tx.log
        answer = add_checkpoint(request, logs=desk.witnessed_logs, head=heads.head_of, key=desk.keys.witness, at=act.at)
        if answer.head is not None:
            heads.set_head(answer.origin, answer.head)
        return answer
