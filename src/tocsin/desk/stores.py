"""Where a node keeps everything, as the desk sees it: one protocol per noun, one transaction over all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.desk.records import (
    Item,
    KeptAnswer,
    KeptCheckpoint,
    KeptReport,
    KeptVersion,
    Logged,
    Mail,
    MailState,
    PairLink,
    PartyLadder,
    PeerDelivery,
    Posting,
    Received,
    Timer,
    TimerKind,
)
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.witness import Head
from tocsin.review.incident import Incident
from tocsin.target.register import Gathering, Person, Venue


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


class CaseStore(Protocol):
    """Reports, determinations, warnings with their versions, incidents."""

    def next_number(self, noun: str) -> int:
        """1, 2, 3, … for each noun; a number is never given twice."""

    def add_report(self, report: KeptReport) -> None:
        """Keep a report as it came."""

    def report(self, report: str) -> KeptReport:
        """NotFoundError if there is none."""

    def reports(self) -> tuple[KeptReport, ...]:
        """All, oldest first."""

    def add_determination(self, determination: Determination) -> None:
        """Keep a determination."""

    def determination(self, determination: str) -> Determination:
        """NotFoundError if there is none."""

    def determinations(self) -> tuple[Determination, ...]:
        """All, by number."""

    def put_warning(self, warning: IssuedWarning) -> None:
        """Keep a warning, or its new state. Its versions are kept apart."""

    def warning(self, warning: str) -> IssuedWarning:
        """Without its versions. NotFoundError if there is none."""

    def warnings(self) -> tuple[IssuedWarning, ...]:
        """All, by number, without their versions."""

    def add_version(self, version: KeptVersion) -> None:
        """Keep a version as it was signed; never changed afterwards."""

    def versions(self, warning: str) -> tuple[KeptVersion, ...]:
        """All versions of a warning, in the order in which they were logged."""

    def add_incident(self, incident: Incident) -> None:
        """Keep an incident."""

    def incident(self, incident: str) -> Incident:
        """NotFoundError if there is none."""

    def incidents(self) -> tuple[Incident, ...]:
        """All, by number."""


class RegisterStore(Protocol):
    """Who is exposed and who can act."""

    def put_people(self, people: Iterable[Person]) -> int:
        """Add or replace by id. Gives how many."""

    def put_venues(self, venues: Iterable[Venue]) -> int:
        """Add or replace by id. Gives how many."""

    def put_gatherings(self, gatherings: Iterable[Gathering]) -> int:
        """Add or replace by id. Gives how many."""

    def people(self) -> tuple[Person, ...]:
        """All, by id."""

    def venues(self) -> tuple[Venue, ...]:
        """All, by id."""

    def gatherings(self) -> tuple[Gathering, ...]:
        """All, by id."""


class OutboxStore(Protocol):
    """What is to leave the node, and what became of it. A claim is a lease: it falls back when its holder dies."""

    def put_mail(self, mail: Sequence[Mail]) -> None:
        """Queue these; a key that is there already is an error, for it would be sent twice."""

    def claim_mail(self, at: datetime, limit: int) -> tuple[Mail, ...]:
        """At most `limit` that are due, leased to the caller, by key."""

    def settle_mail(self, mail: Sequence[Mail]) -> None:
        """Write down what became of them and end the lease."""

    def mail(self, warning: str) -> tuple[Mail, ...]:
        """All e-mail of a warning, oldest first."""

    def mail_by_token(self, token: str) -> Mail | None:
        """The e-mail whose link has this digest; None if there is none."""

    def count_mail(self, warning: str) -> Mapping[MailState, int]:
        """How many of a warning are in which state."""

    def put_posting(self, posting: Posting) -> None:
        """Queue an envelope for a peer."""

    def claim_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        """At most `limit` that are due, leased to the caller, oldest first."""

    def settle_posting(self, posting: Posting) -> None:
        """Write down what became of it and end the lease."""

    def drop_expired(self, at: datetime) -> int:
        """Mark what is queued and past its end. Gives how many."""

    def release_claims(self) -> int:
        """End every lease: for a process that starts, before it claims anything."""

    def next_due(self) -> datetime | None:
        """When something queued is due next; None if nothing is."""


class ChaseStore(Protocol):
    """Who was asked, how far the asking has come, and what they answered."""

    def put_ladder(self, ladder: PartyLadder) -> None:
        """Keep how far the asking of one party has come."""

    def ladder(self, warning: str, party: str) -> PartyLadder | None:
        """None if that party is not asked."""

    def ladders(self, warning: str) -> tuple[PartyLadder, ...]:
        """All of a warning, by party."""

    def put_peer_delivery(self, delivery: PeerDelivery) -> None:
        """Keep the state of a warning with a peer."""

    def peer_delivery(self, warning: str, peer: str) -> PeerDelivery | None:
        """None if it was not sent to that peer."""

    def peer_delivery_by(self, *, statement: str = "", envelope: str = "") -> PeerDelivery | None:
        """By hex digest of the statement or of the envelope; None if neither is ours."""

    def peer_deliveries(self, warning: str) -> tuple[PeerDelivery, ...]:
        """All of a warning, by peer."""

    def add_answer(self, answer: KeptAnswer) -> bool:
        """Keep an answer; False if it was here already."""

    def answers(self, warning: str) -> tuple[KeptAnswer, ...]:
        """All of a warning, oldest first."""


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

    def link(self, peer: str, direction: str) -> PairLink | None:
        """The newest statement of the chain with a peer, `in` or `out`; None before the first."""

    def put_link(self, link: PairLink) -> None:
        """Move the chain on."""

    def saw_statement(self, jti: str, keep_until: datetime) -> bool:
        """Remember a statement's id until then. True if it was known: a replay."""


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


class Transaction(Protocol):
    """One atomic change: state, log entries and outbox commit together or not at all."""

    @property
    def log(self) -> LogStore:
        """Leaves and heads."""

    @property
    def cases(self) -> CaseStore:
        """Reports, determinations, warnings, incidents."""

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
    def timers(self) -> TimerStore:
        """What is due when."""

    def done(self, act: str) -> Any | None:
        """The outcome of the request of that name; None if it was never carried out."""

    def remember(self, act: str, result: Any) -> None:
        """Keep the outcome under the name of its request."""


class Store(Protocol):
    """Where a node keeps everything. `write` is the only way to change anything."""

    def write(self) -> AbstractContextManager[Transaction]:
        """The only way to change anything; commits at the end or not at all. One writer at a time."""

    def read(self) -> AbstractContextManager[Transaction]:
        """One consistent view, in which nothing can be changed."""

    def close(self) -> None:
        """Let go of it; nothing is lost."""
