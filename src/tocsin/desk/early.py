"""Whether an envelope came before one that its peer sent earlier, and how long it waits for that one."""

from datetime import timedelta

from tocsin.desk.act import Act
from tocsin.desk.records import Timer, TimerKind
from tocsin.evidence.statement import Statement
from tocsin.exchange.peers import PeerKeys

WAIT_FOR_THE_EARLIER = timedelta(minutes=2)
"""How long an envelope waits for one before it of the same peer; then it is kept in quarantine and a person is asked."""


def is_early(act: Act, peer: PeerKeys, statement: Statement) -> bool:
    """Whether it is numbered beyond the next one: e-mail, a carried file or a second try arrive in any order.

    The first out of a new log of the peer is not: what it sent out of the log that it lost will never come.
    """
    link = act.tx.inbox.link(peer.name, "in")
    if link is not None and (not link.digest or act.tx.continuity.seen_of(peer.log.name) is None):
        return False
    seq = statement.claims.get("seq")
    return type(seq) is int and seq > (link.seq + 1 if link else 0)


def wake_the_later(act: Act, peer: str) -> None:
    """One that came too early may be the next now."""
    for one in act.tx.inbox.unopened(peer):
        act.tx.timers.set(Timer(act.at, TimerKind.OPEN, one.digest))
