"""After a restore: nothing is signed until it is known what others saw; then on with the log, or a new one in its place."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin, look, not_reconciled
from tocsin.desk.continuity import Finding, Restored, RetiredLog, Verdict, find_unsettled
from tocsin.desk.ports import Desk
from tocsin.desk.records import PairLink, Timer, TimerKind
from tocsin.errors import NotFoundError, StateError, VerificationError
from tocsin.evidence.checkpoint import read_checkpoint, read_note, verify_checkpoint, write_vkey
from tocsin.evidence.entry import Kind
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.tree import root_hash

NUMBERS_LEFT_OUT = 1000
"""The lost node may have given numbers after its backup, and mail is known by them: no number is given twice."""


def mark_restored(desk: Desk, id_: str, made: datetime) -> None:
    """The store has just come out of that backup: from here on the node signs and sends nothing until it is reconciled."""
    with begin(desk, May.RECONCILE) as act:
        at = max(act.at, made)
        act.tx.continuity.put_restored(Restored(id=id_, made=made, restored=at, size=act.tx.log.size()))
        act.tx.cases.skip_numbers(NUMBERS_LEFT_OUT)
        if desk.settings.backup_to:
            act.tx.timers.set(Timer(at, TimerKind.BACKUP, ""))


def find_held_back(desk: Desk) -> StateError | None:
    """Why this node may not sign or send now; None if it may."""
    with desk.store.read() as tx:
        found = find_unsettled(tx.continuity.returns())
    return None if found is None else not_reconciled(found)


def state_of(desk: Desk) -> Restored:
    """The return that is to be settled. StateError if this node may act already."""
    with look(desk, May.RECONCILE) as tx:
        found = find_unsettled(tx.continuity.returns())
    if found is None:
        raise StateError("this node has nothing to reconcile", hint="it acts; see `tocsin node check`")
    return found


def keep_findings(desk: Desk, findings: Sequence[Finding]) -> Restored:
    """Write down what others said, whatever follows from it. A fork that was seen once stays: no later answer undoes it."""
    with begin(desk, May.RECONCILE) as act:
        restored = _unsettled(act)
        forks = [one for one in restored.findings if one.verdict is Verdict.FORK]
        restored = replace(restored, findings=tuple(dict.fromkeys([*forks, *findings])))
        act.tx.continuity.put_restored(restored)
        return restored


def go_on(desk: Desk, *, without: Collection[str] = ()) -> Outcome:
    """Go on with the log: everybody asked has seen at most what the backup holds.

    `without` names those whose silence a person takes upon them. Raises StateError, with nothing signed, if somebody saw
    more, saw another log, or is silent and not named; and if nobody is there to be asked and nobody decides it by name.
    """
    restored = state_of(desk)
    silent = [one.who for one in restored.findings if one.verdict is Verdict.SILENT]
    unknown = sorted(set(without) - {one.who for one in restored.findings})
    if unknown:
        raise NotFoundError(f"{unknown[0]} was not asked", hint="asked: " + _names(restored.findings))
    _refuse_others(restored)
    missing = [who for who in silent if who not in without]
    if missing:
        raise StateError(
            f"no answer from {', '.join(missing)}: what they saw of our log is not known",
            hint="try again later, or take it upon you: --without NAME --as YOU",
        )
    with begin(desk, May.GO_ON if silent or not restored.findings else May.RECONCILE) as act:
        _check_log_key(act)
        body = {
            "act": "restore",
            "backup": restored.id,
            "made": write_instant(restored.made),
            "size": restored.size,
            "asked": [{"who": one.who, "verdict": one.verdict.value, "saw": one.size} for one in restored.findings],
            "without": silent,
        }
        act.log(Kind.ACT, body, subject="node")
        act.publish_checkpoint()
        _settle(act, "went_on")
        return {"outcome": "went_on", "without": silent, "size": restored.size}


def begin_new_log(desk: Desk, reason: str, retired: VerifyKey) -> Outcome:
    """Retire the log that the backup holds, signed with `retired`, and begin the one that `desk.settings` names.

    The first leaf says which log was retired, where it ended here and for others, why, and what is known to be lost.
    What a peer saw last of ours becomes the end of the chain with it. Raises StateError if there is nothing to settle.
    """
    with begin(desk, May.GO_ON) as act:
        restored = _unsettled(act)
        old = _describe_old_log(act, reason, retired)
        if old.origin == desk.settings.origin:
            raise StateError(
                f"log {old.origin} cannot replace itself", hint="use `tocsin node reconcile --retire REASON`"
            )
        act.tx.log.retire(old)
        lost = _find_lost(restored)
        _take_up_chains(act, restored)
        signed = act.log(
            Kind.KEY,
            {
                "act": "retire_log",
                "retired": {"origin": old.origin, "size": old.size, "root": old.root.hex(), "vkey": old.vkey},
                "reason": reason,
                "lost": lost,
                "vkey": write_vkey(desk.keys.log.verify_key),
            },
            subject="node",
        )
        act.publish_checkpoint()
        _settle(act, "retired", retired=old.origin)
        return {
            "outcome": "retired",
            "retired": old.origin,
            "size": old.size,
            "root": old.root.hex(),
            "log": desk.settings.origin,
            "vkey": write_vkey(desk.keys.log.verify_key),
            "statement": signed.statement.decode("ascii"),
            "lost": lost,
        }


def find_log_to_retire(desk: Desk, reason: str) -> str:
    """Its name in this node, e.g. `log`. AccessError or StateError if `begin_new_log` would be refused."""
    if not reason.strip():
        raise StateError(
            "a log is retired for a reason", hint='say it: --retire "disk lost, two acts after the backup"'
        )
    with look(desk, May.GO_ON) as tx:
        newest = tx.log.last_checkpoint()
    state_of(desk)
    if newest is None:
        raise StateError("the log in the backup is empty: there is nothing to retire", hint="go on with it: --as YOU")
    return read_checkpoint(read_note(newest.note).text).origin.rpartition("/")[2]


def _refuse_others(restored: Restored) -> None:
    for one in restored.findings:
        if one.verdict is Verdict.FORK:
            raise StateError(
                f"fork: {one.who} has another log under our key: {one.why}",
                hint="both heads stand in `tocsin node reconcile --json`; find out who signed, then --retire REASON --as YOU",
            )
    for one in restored.findings:
        if one.verdict is Verdict.AHEAD:
            raise StateError(
                f"{one.who} saw more of our log than the backup holds: {one.why}",
                hint="restore a newer backup, or begin a new log: --retire REASON --as YOU",
            )


def _unsettled(act: Act) -> Restored:
    found = find_unsettled(act.tx.continuity.returns())
    if found is None:
        raise StateError("this node has nothing to reconcile")
    return found


def _check_log_key(act: Act) -> None:
    newest = act.tx.log.last_checkpoint()
    if newest is None:
        return
    try:
        verify_checkpoint(newest.note, act.desk.keys.log.verify_key)
    except VerificationError:
        raise StateError(
            "the log key is not that of the log: its retirement was begun and not finished",
            hint="finish it with `tocsin node reconcile --retire REASON --as YOU`",
        ) from None


def _settle(act: Act, outcome: str, *, retired: str = "") -> None:
    settled = replace(_unsettled(act), settled=act.at, outcome=outcome, retired=retired)
    act.tx.continuity.put_restored(settled)


def _describe_old_log(act: Act, reason: str, key: VerifyKey) -> RetiredLog:
    newest = act.tx.log.last_checkpoint()
    assert newest is not None, "find_log_to_retire has found it"
    head = verify_checkpoint(newest.note, key)
    size = act.tx.log.size()
    return RetiredLog(
        origin=head.origin,
        vkey=write_vkey(key),
        size=size,
        root=root_hash(size, act.tx.log.hash),
        at=act.at,
        reason=reason,
    )


def _find_lost(restored: Restored) -> Mapping[str, Any]:
    """What is known to have been in the lost log and is in no backup: never all that was lost."""
    saw = max((one.size for one in restored.findings), default=0)
    return {
        "leaves": max(0, saw - restored.size),
        "since": write_instant(restored.made),
        "seen_by": [
            {"who": one.who, "verdict": one.verdict.value, "saw": one.size, "seq": one.seq, "digest": one.digest}
            for one in restored.findings
        ],
    }


def _take_up_chains(act: Act, restored: Restored) -> None:
    """Both chains with each peer go on: ours behind the last statement that the peer has, theirs from wherever it is by now.

    A peer that did not tell may have had more of ours than we know: then some numbers are left out.
    """
    told = {one.who: one for one in restored.findings if one.verdict is not Verdict.SILENT}
    for peer in act.desk.agreements:
        sent = act.tx.inbox.link(peer, "out") or PairLink(peer=peer, direction="out", seq=-1, digest="")
        seen = told.get(peer)
        if seen is None:
            act.tx.inbox.put_link(replace(sent, seq=sent.seq + NUMBERS_LEFT_OUT))
        elif seen.seq > sent.seq:
            act.tx.inbox.put_link(replace(sent, seq=seen.seq, digest=seen.digest))
        came = act.tx.inbox.link(peer, "in")
        act.tx.inbox.put_link(PairLink(peer=peer, direction="in", seq=came.seq if came else -1, digest=""))


def _names(findings: Sequence[Finding]) -> str:
    return ", ".join(one.who for one in findings) or "nobody"
