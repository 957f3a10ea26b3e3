"""One act: one transaction, one reading of the clock, one place where it is logged."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from tocsin.core.window import Entropy, write_instant
from tocsin.desk.access import AFTER_RESTORE, NODE, May, find_denial
from tocsin.desk.continuity import Restored, find_unsettled
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptCheckpoint, Timer, TimerKind
from tocsin.desk.stores import Transaction
from tocsin.errors import ClockError, StateError
from tocsin.evidence.checkpoint import Checkpoint, sign_checkpoint
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.statement import sign_disclosable, sign_statement
from tocsin.evidence.tree import root_hash

Outcome = dict[str, Any]
"""What an act did, as plain JSON: the CLI and the API print it, and a repeated request gets it again."""

FIRST_LOG = "log"
"""Serials count within one log; a statement names its log once the node's first one was retired."""
BLIND_BYTES = 32
CLOCK_SLACK = timedelta(seconds=1)


class Signed(Struct, frozen=True):
    """A statement that was logged: its leaf number and its bytes (for an SD-JWT the issuer-signed part)."""

    index: int
    statement: bytes
    disclosures: Mapping[str, str]


class Act(Struct, frozen=True):
    """What one act works with. Everything it writes goes through `tx` and commits with the rest or not at all."""

    desk: Desk
    tx: Transaction
    at: datetime
    once: str
    """Key of the request, kept apart for each actor; empty if it may be repeated."""

    @property
    def earlier(self) -> Outcome | None:
        """What this very act did before, if the same request was already carried out."""
        return self.tx.done(self.once) if self.once else None

    def result(self, outcome: Outcome) -> Outcome:
        """Remember the outcome under the request's key, so that a repeated request does nothing and gets the same."""
        if self.once:
            self.tx.remember(self.once, outcome)
        return outcome

    def log(self, kind: Kind, body: Mapping[str, Any], *, subject: str) -> Signed:
        """Sign a statement of the node and append it. Its serial is its place: a gap could not be hidden."""
        statement = sign_statement(self._claims(kind, body), self.desk.keys.node)
        return self._append(kind, statement, {}, subject)

    def log_disclosable(
        self, kind: Kind, body: Mapping[str, Any], fields: Mapping[str, Any], *, subject: str
    ) -> Signed:
        """The same as an SD-JWT: `body` stays open, each of `fields` can be shown or kept back later."""
        made = sign_disclosable(self._claims(kind, body), fields, self.desk.keys.node, self.desk.entropy)
        return self._append(kind, made.jws, made.disclosures, subject)

    def log_as(self, role: str, kind: Kind, body: Mapping[str, Any], *, subject: str) -> Signed:
        """Sign with the key of a role instead of the node's: a named role took position."""
        statement = sign_statement(self._claims(kind, body), self.desk.keys.roles[role])
        return self._append(kind, statement, {}, subject)

    def publish_checkpoint(self) -> KeptCheckpoint:
        """Sign the tree head over all leaves so far, and have the witnesses asked."""
        size = self.tx.log.size()
        head = self.tx.log.checkpoint(least=size)
        if head is None:
            root = root_hash(size, self.tx.log.hash)
            note = sign_checkpoint(Checkpoint(self.desk.settings.origin, size, root), self.desk.keys.log)
            head = KeptCheckpoint(size=size, at=self.at, note=note)
            self.tx.log.add_checkpoint(head)
            for witness in self.desk.witnesses:
                self.tx.timers.set(Timer(self.at, TimerKind.WITNESS, witness))
        self.tx.timers.clear(TimerKind.CHECKPOINT, "")
        return head

    def _claims(self, kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "iss": self.desk.settings.name,
            "kind": kind.value,
            "iat": int(self.at.timestamp()),
            "jti": str(make_uuid7(self.at, self.desk.entropy)),
            "serial": self.tx.log.size(),
            **({"practice": True} if self.desk.settings.practice else {}),
            **({"by": self.desk.actor, "via": self.desk.via} if self.desk.actor != NODE else {}),
            **({"log": self.desk.settings.origin} if self.desk.settings.log != FIRST_LOG else {}),
            **body,
        }

    def _append(self, kind: Kind, statement: bytes, disclosures: Mapping[str, str], subject: str) -> Signed:
        entry = Entry(statement, self.desk.entropy(BLIND_BYTES))
        index = self.tx.log.append(entry, kind=kind, at=self.at, subject=subject, disclosures=disclosures)
        self.tx.timers.set(Timer(self.at + self.desk.settings.checkpoint_every, TimerKind.CHECKPOINT, ""))
        return Signed(index, statement, disclosures)


@contextmanager
def begin(desk: Desk, may: May, once: str = "") -> Iterator[Act]:
    """Start an act. `may` says what it is, and access is asked; `once` names the request: the same name never acts twice.

    Raises AccessError, with the refusal logged and nothing else stored, if the actor may not; ClockError, with nothing
    stored, if the clock reads earlier than the last entry of the log; StateError, with nothing stored or signed, on a
    node that came back from a backup and is not reconciled, or whose log was retired.
    """
    with desk.store.write() as tx:
        at = desk.clock.now()
        last = tx.log.last_at()
        if last is not None and at < last - CLOCK_SLACK:
            raise ClockError(
                f"clock reads {write_instant(at)}, the last act was logged at {write_instant(last)}",
                hint="set the clock right; nothing was stored or sent",
            )
        act = Act(desk, tx, max(at, last) if last else at, f"{desk.actor} {once}" if once else "")
        denied = find_denial(tx.house, desk.actor, may)
        returns = tx.continuity.returns()
        hindered = _find_hindrance(returns, desk.settings.origin, may)
        if hindered is not None:
            raise denied or hindered
        if denied is not None and find_unsettled(returns) is not None:
            raise denied  # not even a refusal is signed
        if denied is None:
            yield act
            return
        act.log(Kind.REFUSED, {"act": may.name.lower(), "reason": "access"}, subject=desk.actor or "node")
    raise denied


def _find_hindrance(returns: Sequence[Restored], origin: str, may: May) -> StateError | None:
    """Why nobody may do that now: the log is not reconciled, or it was retired while this process ran."""
    restored = find_unsettled(returns)
    if restored is not None and may not in AFTER_RESTORE:
        return not_reconciled(restored)
    if any(one.retired == origin for one in returns):
        return StateError(
            f"log {origin} was retired and is never signed again",
            hint="stop this process and start it again: it goes on with the new log",
        )
    return None


def not_reconciled(restored: Restored) -> StateError:
    """Why this node signs and sends nothing: others may have seen more of its log than the backup holds."""
    return StateError(
        f"this node came back from its backup of {write_instant(restored.made)} and is not yet reconciled",
        hint="run `tocsin node reconcile`; until then one can look, and nothing is signed or sent",
    )


@contextmanager
def look(desk: Desk, may: May) -> Iterator[Transaction]:
    """One consistent view for the actor. Raises AccessError, with the refusal logged, if it is not theirs to see."""
    with desk.store.read() as tx:
        denied = find_denial(tx.house, desk.actor, may)
        if denied is None:
            yield tx
            return
    with begin(desk, may):
        raise denied  # begin has refused, and logged it, before this line


def make_uuid7(at: datetime, entropy: Entropy) -> UUID:
    """A UUID version 7: milliseconds of `at`, then 74 unguessable bits (RFC 9562 section 5.7)."""
    milliseconds = int(at.timestamp() * 1000)
    value = bytearray(milliseconds.to_bytes(6, "big") + entropy(10))
    value[6] = 0x70 | value[6] & 0x0F
    value[8] = 0x80 | value[8] & 0x3F
    return UUID(bytes=bytes(value))
