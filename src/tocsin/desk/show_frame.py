"""What stands on every page of the desk: who looks, what waits, whether the log is witnessed and time is kept up with."""

from datetime import datetime, timedelta

from msgspec import Struct

from tocsin.desk.access import NODE, May, find_denial
from tocsin.desk.house import Role
from tocsin.desk.ports import Desk
from tocsin.desk.stores import Transaction
from tocsin.desk.waiting import count_waiting

WITNESS_SLACK = timedelta(minutes=10)
BEHIND_SLACK = timedelta(minutes=2)


class LogState(Struct, frozen=True, kw_only=True):
    """How many leaves, how many witnesses there are, how many of them keep up, and when the newest cosigned head was made."""

    size: int
    witnesses: int
    keeping_up: int
    witnessed: datetime | None


class Frame(Struct, frozen=True, kw_only=True):
    """The frame of a page. What the person may not see is not in it: `log` is None, counts are 0.

    `behind_since` says since when something is due that was not done: what the page shows is not current then (L54).
    """

    at: datetime
    zone: str
    node: str
    exercise: str
    person: str
    roles: tuple[Role, ...]
    looks: frozenset[May]
    waiting: int
    unanswered: int
    log: LogState | None
    mail_can_leave: bool
    unsent_since: datetime | None
    behind_since: datetime | None


def show_frame(desk: Desk) -> Frame:
    """For whoever is at the desk. Nobody signed in: the node's name and clock alone. Asking is never a refused attempt."""
    settings, at = desk.settings, desk.clock.now()
    with desk.store.read() as tx:
        officer = tx.house.officer(desk.actor) if desk.actor != NODE else None
        asked = (May.LOOK, May.LOOK_AT_LOG, May.LOOK_AT_PEOPLE, May.PROVE)
        looks = frozenset(may for may in asked if officer and find_denial(tx.house, desk.actor, may) is None)
        due, unsent = tx.timers.next_due(), tx.outbox.next_due()
        return Frame(
            at=at,
            zone=settings.zone,
            node=settings.name,
            exercise=settings.exercise if settings.practice else "",
            person=officer.name if officer else "",
            roles=tuple(sorted(officer.roles)) if officer else (),
            looks=looks,
            waiting=count_waiting(desk, tx, officer) if officer and May.LOOK in looks else 0,
            unanswered=tx.inbox.count_open_items() if May.LOOK in looks else 0,
            log=_log_state(desk, tx, at) if May.LOOK_AT_LOG in looks else None,
            mail_can_leave=bool(settings.smtp),
            unsent_since=unsent if unsent and unsent < at - BEHIND_SLACK else None,
            behind_since=due if due and due < at - BEHIND_SLACK else None,
        )


def _log_state(desk: Desk, tx: Transaction, at: datetime) -> LogState:
    size = tx.log.size()
    heads = [head for name in desk.witnesses if (head := tx.log.last_checkpoint(witnessed_by=name))]
    return LogState(
        size=size,
        witnesses=len(desk.witnesses),
        keeping_up=sum(head.size >= size or tx.log.entry(head.size).at >= at - WITNESS_SLACK for head in heads),
        witnessed=max((head.at for head in heads), default=None),
    )
