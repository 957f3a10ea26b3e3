"""What other nodes sent us, and what could not be read."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from tocsin.desk.records import (
    Item,
    PairLink,
    Reader,
    Received,
    Unread,
)


class InboxStore(Protocol):
    """What other nodes sent us."""

    def add_received(self, received: Received) -> None:
        """Keep an envelope as it came, with the receipt that we give for it."""

    def received(self, digest: str) -> Received | None:
        """By hex digest of its bytes; None if it never came."""

    def set_opened(self, digest: str, at: datetime, problem: str) -> None:
        """Write down that it was opened, and the problem if there was one."""

    def put_item(self, item: Item) -> None:
        """Keep a warning of another node, or its new state."""

    def item(self, item: str) -> Item:
        """NotFoundError if there is none."""

    def items(self) -> tuple[Item, ...]:
        """All, oldest first."""

    def add_references(self, item: str, messages: Collection[str]) -> None:
        """Keep which messages that item's message supersedes or cancels, known here or not."""

    def related_items(self, peer: str, message: str) -> tuple[Item, ...]:
        """Items of that peer which are that message, are named by it, or name it: by time of arrival."""

    def unopened(self, peer: str) -> tuple[Received, ...]:
        """Envelopes of that peer that wait to be opened, oldest first."""

    def newest_items(self, count: int, *, before: str = "") -> tuple[Item, ...]:
        """At most `count`, newest first: those received before that item."""

    def open_items(self, count: int) -> tuple[Item, ...]:
        """At most `count` that still ask for an answer, the one due first before the others."""

    def count_open_items(self) -> int:
        """How many still ask for an answer."""

    def count_items(self) -> int:
        """How many there are."""

    def link(self, peer: str, direction: str) -> PairLink | None:
        """The newest statement of the chain with a peer, `in` or `out`; None before the first."""

    def put_link(self, link: PairLink) -> None:
        """Move the chain on."""

    def saw_statement(self, jti: str, keep_until: datetime) -> bool:
        """Remember a statement's id until then. True if it was known: a replay."""


class QuarantineStore(Protocol):
    """What came in and could not be read."""

    def add_unread(self, unread: Unread, raw: bytes | None) -> None:
        """Keep it with its bytes; None for an envelope, whose bytes the inbox has."""

    def put_unread(self, unread: Unread) -> None:
        """Write its new state. The bytes of what was closed are dropped: they were read."""

    def unread(self, unread: str) -> Unread:
        """NotFoundError if there is none."""

    def all_unread(self) -> tuple[Unread, ...]:
        """All, those that were closed too, by number."""

    def waiting(self, reader: Reader, digest: str) -> Unread | None:
        """The one of that reader and hex SHA-256 that is not closed; None if there is none."""

    def raw(self, unread: str) -> bytes:
        """The bytes as they came. NotFoundError if they are not kept here any more."""

    def waiting_bytes(self, *, envelopes_of: str | None = None) -> int:
        """How many bytes wait to be read, with ENTRY_BYTES for each: the envelopes of that peer, else all that is none."""
