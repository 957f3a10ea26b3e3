"""Where a node keeps everything, as the desk sees it: one protocol per noun, one transaction over all of them."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from tocsin.desk.stores.cases import CaseStore, RegisterStore
from tocsin.desk.stores.house import Cell, ContinuityStore, HouseStore, RowStore
from tocsin.desk.stores.incoming import InboxStore, QuarantineStore
from tocsin.desk.stores.lessons import LessonStore
from tocsin.desk.stores.log import LogStore, TimerStore
from tocsin.desk.stores.matters import MatterStore
from tocsin.desk.stores.review import ReviewStore
from tocsin.desk.stores.sending import ChaseStore, OutboxStore

__all__ = [
    "CaseStore",
    "Cell",
    "ChaseStore",
    "ContinuityStore",
    "HouseStore",
    "InboxStore",
    "LessonStore",
    "LogStore",
    "OutboxStore",
    "QuarantineStore",
    "RegisterStore",
    "ReviewStore",
    "RowStore",
    "Store",
    "TimerStore",
    "Transaction",
]


class Transaction(Protocol):
    """One atomic change: state, log entries and outbox commit together or not at all."""

    @property
    def log(self) -> LogStore:
        """Leaves and heads."""

    @property
    def cases(self) -> CaseStore:
        """Reports, determinations, warnings, incidents."""

    @property
    def matters(self) -> MatterStore:
        """What reports are about, and who has it in hand."""

    @property
    def register(self) -> RegisterStore:
        """People, venues, gatherings."""

    @property
    def outbox(self) -> OutboxStore:
        """What is to leave."""

    @property
    def chase(self) -> ChaseStore:
        """Who was asked and what they answered."""

    @property
    def inbox(self) -> InboxStore:
        """What came in."""

    @property
    def house(self) -> HouseStore:
        """Who works here and what waits for them."""

    @property
    def quarantine(self) -> QuarantineStore:
        """What could not be read."""

    @property
    def continuity(self) -> ContinuityStore:
        """Backups, returns, retired logs."""

    @property
    def review(self) -> ReviewStore:
        """Incidents and warnings of others, and rulings."""

    @property
    def lessons(self) -> LessonStore:
        """What reviews found that has to be done."""

    @property
    def rows(self) -> RowStore:
        """Every row as it is kept."""

    @property
    def timers(self) -> TimerStore:
        """What is due when."""

    def done(self, act: str) -> Any | None:
        """The outcome of the request of that name; None if it was never carried out."""

    def remember(self, act: str, result: Any) -> None:
        """Keep the outcome under the name of its request."""


class Store(Protocol):
    """Where a node keeps everything. `write` is the only way to change anything."""

    is_at_hand: bool
    """Whether reading a few rows waits for nothing but a file of this machine."""

    def write(self) -> AbstractContextManager[Transaction]:
        """The only way to change anything; commits at the end or not at all. One writer at a time."""

    def read(self) -> AbstractContextManager[Transaction]:
        """One consistent view, in which nothing can be changed."""

    def close(self) -> None:
        """Let go of it; nothing is lost."""
