"""The leaves of our log and its signed heads, and what is due when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from tocsin.desk.continuity import RetiredLog
from tocsin.desk.records import (
    KeptCheckpoint,
    Logged,
    Timer,
    TimerKind,
)
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.witness import Head


class LogStore(Protocol):
    """The leaves of our log and its signed heads."""

    def size(self) -> int:
        """How many leaves the log has."""

    def last_at(self) -> datetime | None:
        """When the newest leaf was logged; None while the log is empty."""

    def hash(self, level: int, index: int) -> bytes:
        """A stored tree hash, 32 bytes; NotFoundError for a node that is not complete yet."""

    def append(self, entry: Entry, *, kind: Kind, at: datetime, subject: str, disclosures: Mapping[str, str]) -> int:
        """Add a leaf. Gives its number, from 0 without a gap."""

    def entry(self, index: int) -> Logged:
        """One leaf with what opens it; NotFoundError beyond the end."""

    def entries(self, *, kind: Kind | None = None, subject: str | None = None) -> tuple[Logged, ...]:
        """Leaves in order, all or those of a kind or subject."""

    def newest_entries(self, count: int, *, before: int | None = None, subject: str = "") -> tuple[Logged, ...]:
        """At most `count`, newest first: those before that number, all or those of a subject."""

    def count_entries(self, subject: str) -> int:
        """How many leaves that subject has."""

    def leaves(self, first: int, count: int) -> tuple[bytes, ...]:
        """The blinded leaves `first` to `first + count - 1`, as the tree hashes them."""

    def add_checkpoint(self, checkpoint: KeptCheckpoint) -> None:
        """Keep a signed tree head; one per size."""

    def set_cosigned(self, size: int, note: bytes, witnesses: tuple[str, ...]) -> None:
        """Replace the note of that size by the one that these witnesses signed too."""

    def checkpoint(self, *, least: int = 0, witnessed: bool = False) -> KeptCheckpoint | None:
        """The oldest head that covers `least` leaves; with `witnessed` the oldest that a witness signed. None if there is none."""

    def last_checkpoint(self, *, witnessed_by: str | None = None) -> KeptCheckpoint | None:
        """The newest head, or the newest that this witness signed. None if there is none."""

    def head_of(self, origin: str) -> Head | None:
        """The last head that we cosigned for the log of that origin; None if we never did."""

    def set_head(self, origin: str, head: Head) -> None:
        """Remember it, before our signature leaves."""

    def retire(self, log: RetiredLog) -> None:
        """Set all leaves and heads aside under that origin. The log is empty afterwards."""


class TimerStore(Protocol):
    """What is due when."""

    def set(self, timer: Timer) -> None:
        """One timer per kind and subject: a new one replaces the old."""

    def clear(self, kind: TimerKind, subject: str) -> None:
        """Forget it; nothing happens if there is none."""

    def due(self, at: datetime, kinds: Collection[TimerKind], limit: int) -> tuple[Timer, ...]:
        """At most `limit` timers of these kinds that are due, in their order."""

    def next_due(self) -> datetime | None:
        """When the next one is due; None if none is set."""
