"""Whether an envelope came before one that its peer sent earlier, and how long it waits for that one."""

from datetime import timedelta

from tocsin.desk.act import Act
from tocsin.desk.records import Timer, TimerKind
from tocsin.evidence.statement import Statement

WAIT_FOR_THE_EARLIER = timedelta(minutes=2)
"""How long an envelope waits for one before it of the same peer; then it is kept in quarantine and a person is asked."""


def is_early(act: Act, peer: str, statement: Statement) -> bool:
    """Whether it is numbered beyond the next one: e-mail, a carried file or a second try arrive in any order."""
    link = act.tx.inbox.link(peer, "in")
    seq = statement.claims.get("seq")
    gap_allowed = link is not None and not link.digest
    return type(seq) is int and not gap_allowed and seq > (link.seq + 1 if link else 0)


def wake_the_later(act: Act, peer: str) -> None:
    """One that came too early may be the next now."""
    for one in act.tx.inbox.unopened(peer):
        act.tx.timers.set(Timer(act.at, TimerKind.OPEN, one.digest))
