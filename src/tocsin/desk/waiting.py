"""What waits for one person: answers that are due, drafts to release, tasks of their roles; soonest first."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tocsin.desk.access import GRANTS, May
from tocsin.desk.house import Draft, DraftState, Officer, Task
from tocsin.desk.ports import Desk
from tocsin.desk.stores import Transaction

MOST_ITEMS = 50


class WaitingKind(StrEnum):
    """What is asked of the person."""

    ANSWER = "answer"
    RELEASE = "release"
    TASK = "task"


class Waiting(Struct, frozen=True, kw_only=True):
    """One thing that waits. `due` is None where no clock runs; `words` are a headline, or what a task says."""

    kind: WaitingKind
    subject: str
    about: str
    words: str
    by: str
    since: datetime
    due: datetime | None


def find_waiting(desk: Desk, tx: Transaction, officer: Officer) -> tuple[Waiting, ...]:
    """For this person now: what has a clock by its end, then the rest, the oldest first. At most 50 answers are among them."""
    found = [*_answers(tx, officer), *_drafts(desk, tx, officer), *_tasks(tx, officer)]
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due or one.since)))


def count_waiting(desk: Desk, tx: Transaction, officer: Officer) -> int:
    """How many things `find_waiting` is about, answers beyond its bound included."""
    answers = tx.inbox.count_open_items() if _may(officer, May.ANSWER) else 0
    return answers + len(_open_drafts(desk, tx, officer)) + len(_open_tasks(tx, officer))


def _may(officer: Officer, may: May) -> bool:
    return bool(officer.roles & GRANTS[may])


def _answers(tx: Transaction, officer: Officer) -> list[Waiting]:
    if not _may(officer, May.ANSWER):
        return []
    return [
        Waiting(
            kind=WaitingKind.ANSWER,
            subject=item.id,
            about=item.id,
            words=item.headline,
            by=item.peer,
            since=item.received,
            due=item.respond_by,
        )
        for item in tx.inbox.open_items(MOST_ITEMS)
    ]


def _open_drafts(desk: Desk, tx: Transaction, officer: Officer) -> list[Draft]:
    """Their own draft waits for somebody else, but in an exercise."""
    if not _may(officer, May.RELEASE):
        return []
    waiting = tx.house.drafts(DraftState.WAITING)
    return [one for one in waiting if one.by != officer.id or desk.settings.practice]


def _drafts(desk: Desk, tx: Transaction, officer: Officer) -> list[Waiting]:
    return [
        Waiting(
            kind=WaitingKind.RELEASE,
            subject=draft.id,
            about=str(draft.order["determination"]),
            words="",
            by=_name(tx, draft.by),
            since=draft.at,
            due=None,
        )
        for draft in _open_drafts(desk, tx, officer)
    ]


def _open_tasks(tx: Transaction, officer: Officer) -> list[Task]:
    return [one for one in tx.house.open_tasks() if one.role in officer.roles]


def _tasks(tx: Transaction, officer: Officer) -> list[Waiting]:
    return [
        Waiting(
            kind=WaitingKind.TASK,
            subject=task.id,
            about=task.subject,
            words=task.what,
            by="",
            since=task.opened,
            due=None,
        )
        for task in _open_tasks(tx, officer)
    ]


def _name(tx: Transaction, officer: str) -> str:
    found = tx.house.officer(officer)
    return found.name if found else officer
