"""The states of one warning with one peer, and the chain of statements between two nodes (EXCHANGE 2.2)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.receipt import Answer, Grade


class DeliveryState(StrEnum):
    """How far a warning has come with a peer, in order; the last four are positions that a person took."""

    COMMITTED = "committed"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    ACTED = "acted"
    DISMISSED = "dismissed"


_RANK = {
    DeliveryState.COMMITTED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.FAILED: 2,
    DeliveryState.DELIVERED: 2,
    DeliveryState.READ: 3,
    DeliveryState.ASKED: 4,
    DeliveryState.ACKNOWLEDGED: 5,
    DeliveryState.ACTED: 5,
    DeliveryState.DISMISSED: 5,
}
UNANSWERED = (DeliveryState.DELIVERED, DeliveryState.READ, DeliveryState.ASKED)
"""It arrived, and nobody has taken a position yet: reading or asking is none."""
_LEADS_TO = {
    Answer.DELIVERED: DeliveryState.DELIVERED,
    Answer.READ: DeliveryState.READ,
    Answer.ACKNOWLEDGED: DeliveryState.ACKNOWLEDGED,
    Answer.ACTED: DeliveryState.ACTED,
    Answer.ASKED: DeliveryState.ASKED,
    Answer.DISMISSED: DeliveryState.DISMISSED,
    Answer.UNREADABLE: DeliveryState.FAILED,
}


def next_state(state: DeliveryState, answer: Answer) -> DeliveryState:
    """The state after an answer. Answers come in any order: a lower one never takes back a higher one.

    `passed_on` leaves the state as it is: it stays open until the next party's receipt.

    >>> next_state(DeliveryState.ACKNOWLEDGED, Answer.READ).value
    'acknowledged'
    """
    wanted = _LEADS_TO.get(answer, state)
    return wanted if _RANK[wanted] >= _RANK[state] else state


def grade_of(state: DeliveryState) -> Grade:
    """How well a state is proved to somebody who distrusts us."""
    if _RANK[state] >= _RANK[DeliveryState.READ]:
        return Grade.E4
    if state in {DeliveryState.DELIVERED, DeliveryState.FAILED}:
        return Grade.E3
    return Grade.E0


class PairHead(Struct, frozen=True):
    """The last statement of one direction: its number and its hex SHA-256.

    An empty digest says that later ones may have come and are lost with a disk: the next may leave a gap, once.
    """

    seq: int
    digest: str


def accept_statement(
    claims: Mapping[str, Any], *, us: str, at: datetime, last: PairHead | None, seen: Callable[[str], bool]
) -> None:
    """Take the next statement of a pair's chain: for us, not void, next in number, tied to the one before, not seen.

    Raises VerificationError (step pair) otherwise, InputError for a claim that is missing or of another type; a gap means
    that a statement is missing or was kept back. The very same envelope again is no fault: the caller knows it by its hash.
    """
    for name, kind in (("aud", str), ("seq", int), ("prev", str), ("exp", int), ("jti", str)):
        if type(claims.get(name)) is not kind:  # isinstance would take True for the number 1
            raise InputError(f"statement's claim {name!r} is {claims.get(name)!r}, expected {kind.__name__}")
    wanted = PairHead(last.seq + 1, last.digest) if last else PairHead(0, "")
    if last and not last.digest and claims["seq"] > last.seq:
        wanted = PairHead(claims["seq"], claims["prev"])
    if claims["aud"] != us:
        raise _broken(f"a statement for {claims['aud']}", us)
    if not at.timestamp() <= claims["exp"] < 2**35:
        raise _broken(f"a statement that is void since {claims['exp']}", "one that still counts")
    if claims["seq"] != wanted.seq:
        raise _broken(f"number {claims['seq']}", f"number {wanted.seq}, the next with this peer")
    if claims["prev"] != wanted.digest:
        raise _broken(f"a tie to {claims['prev'][:16]}…", f"the last statement, {wanted.digest[:16]}…")
    if seen(claims["jti"]):
        raise _broken("a statement that came before", "a new one")


def _broken(found: str, expected: str) -> VerificationError:
    return VerificationError("pair", found=found, expected=expected)
