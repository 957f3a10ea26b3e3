"""Where a node keeps everything, as the desk sees it: one protocol per noun, one transaction over all of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.desk.continuity import BackupAttempt, PeerSeen, Restored, RetiredLog
from tocsin.desk.house import Credential, Draft, DraftState, Officer, Task
from tocsin.desk.records import (
    Item,
    KeptAnswer,
    KeptCheckpoint,
    KeptClaim,
    KeptReport,
    KeptVersion,
    Logged,
    Mail,
    MailState,
    PairLink,
    PartyLadder,
    PeerDelivery,
    Posting,
    Reader,
    Received,
    Timer,
    TimerKind,
    Unread,
)
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.receipt import Answer
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


class CaseStore(Protocol):
    """Reports, determinations, warnings with their versions, incidents."""

    def next_number(self, noun: str) -> int:
        """1, 2, 3, … for each noun; a number is never given twice."""

    def skip_numbers(self, count: int) -> None:
        """Leave out the next `count` numbers of every noun: a node whose memory is gone may have given them."""

    def add_report(self, report: KeptReport) -> None:
        """Keep a report as it came."""

    def report(self, report: str) -> KeptReport:
        """NotFoundError if there is none."""

    def find_report(self, report: str) -> KeptReport | None:
        """None if there is none."""

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

    def newest_warnings(
        self, count: int, *, before: str = "", status: Status | None = None, until: datetime | None = None
    ) -> tuple[IssuedWarning, ...]:
        """At most `count`, newest first, without their versions: those issued before that warning, all or in that state.

        With `until` only those issued before that instant.
        """

    def count_warnings(self) -> Mapping[Status, int]:
        """How many are in each state."""

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

    def add_claim(self, claim: KeptClaim) -> None:
        """Keep a claim; one that is there already is an error, for it would be told twice."""

    def claims(self, incident: str) -> tuple[KeptClaim, ...]:
        """All about an incident, in the order in which they were recorded."""


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
    """What is to leave the node, and what became of it. A claim is its holder's until it is settled or the holder is gone."""

    def put_mail(self, mail: Sequence[Mail]) -> None:
        """Queue these; a key that is there already is an error, for it would be sent twice."""

    def claim_mail(self, at: datetime, limit: int) -> tuple[Mail, ...]:
        """At most `limit` that are due and that nobody holds, now held by this process, by key."""

    def settle_mail(self, mail: Sequence[Mail]) -> None:
        """Write down what became of them and let go of them."""

    def mark_answered(self, key: str, at: datetime) -> None:
        """The link in that e-mail was used to answer."""

    def mail(self, warning: str) -> tuple[Mail, ...]:
        """All e-mail of a warning, oldest first."""

    def mail_by_token(self, token: str) -> Mail | None:
        """The e-mail whose link has this digest; None if there is none."""

    def count_mail(self, warning: str) -> Mapping[MailState, int]:
        """How many of a warning are in which state."""

    def mail_to_parties(self, warning: str) -> tuple[Mail, ...]:
        """E-mail of a warning to those who can act on it, oldest first."""

    def count_people(self, warning: str) -> Mapping[MailState, tuple[int, int]]:
        """For each state: how many e-mails of a warning to people, and how many of them were answered."""

    def put_posting(self, posting: Posting) -> None:
        """Queue an envelope for a peer."""

    def claim_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        """At most `limit` that are due and that nobody holds, now held by this process, oldest first."""

    def settle_posting(self, posting: Posting) -> None:
        """Write down what became of it and let go of it."""

    def drop_expired(self, at: datetime) -> int:
        """Mark what is queued, past its end and held by nobody. Gives how many."""

    def release_claims(self) -> int:
        """Let go of what processes hold that are gone; each claim does it first. Gives how many. StateError if another
        process is the only one that may send.
        """

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

    def open_ladders(self, count: int) -> tuple[PartyLadder, ...]:
        """At most `count` parties that have not answered a warning which is not over, the longest asked first."""

    def count_open_ladders(self) -> int:
        """How many such parties there are, each counted once for each warning."""

    def count_ladders(self, warnings: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """For each of these warnings: how many parties are asked, and how many of them have answered."""

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

    def answers_of_parties(self, warning: str) -> tuple[KeptAnswer, ...]:
        """Those of venues and peers, oldest first: as many as there are parties, however many people were mailed."""

    def count_answers_of_people(self, warning: str) -> Mapping[Answer, int]:
        """How many of the exposed gave which answer."""

    def last_answer(self, warning: str, by: str) -> KeptAnswer | None:
        """The newest of a warning by that link or key; None if it has given none."""


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


class HouseStore(Protocol):
    """Who works here, with what they sign in, and what waits for them."""

    def put_officer(self, officer: Officer) -> None:
        """Add an officer, or their new state."""

    def officer(self, officer: str) -> Officer | None:
        """By id; None if there never was one."""

    def officers(self) -> tuple[Officer, ...]:
        """All who work or worked here, by name."""

    def put_credential(self, credential: Credential) -> None:
        """Add a credential, or its new state."""

    def credential(self, digest: str) -> Credential | None:
        """By hex SHA-256 of the secret; None if there is none."""

    def credentials(self, officer: str) -> tuple[Credential, ...]:
        """All of an officer, oldest first."""

    def put_draft(self, draft: Draft) -> None:
        """Add a draft, or its new state."""

    def draft(self, draft: str) -> Draft:
        """NotFoundError if there is none."""

    def drafts(self, state: DraftState | None = None) -> tuple[Draft, ...]:
        """All, or those in that state, oldest first."""

    def put_task(self, task: Task) -> None:
        """Add a task, or its new state."""

    def task(self, task: str) -> Task:
        """NotFoundError if there is none."""

    def open_tasks(self) -> tuple[Task, ...]:
        """All that are not done, oldest first."""


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


class ContinuityStore(Protocol):
    """Backups made, returns from one, logs retired, and what we saw of the logs of peers."""

    def put_attempt(self, attempt: BackupAttempt) -> None:
        """Keep the newest that was made, and the newest that failed."""

    def attempts(self) -> tuple[BackupAttempt, ...]:
        """At most one that was made and one that failed, the later one last."""

    def put_restored(self, restored: Restored) -> None:
        """Keep a return from a backup, or its new state."""

    def returns(self) -> tuple[Restored, ...]:
        """All returns from a backup, oldest first; most nodes have none."""

    def retired_logs(self) -> tuple[RetiredLog, ...]:
        """All, oldest first."""

    def every_log(self) -> tuple[LogStore, ...]:
        """The retired logs, oldest first and to be read only; the one in use last."""

    def seen_of(self, origin: str) -> PeerSeen | None:
        """The most that we saw of that log; None if we saw nothing."""

    def put_seen(self, seen: PeerSeen) -> None:
        """Remember it."""


Cell = int | str | bytes | None
"""What one column of one row holds, whatever the database."""


class RowStore(Protocol):
    """Every row as it is kept, table by table: for backups, which must not depend on what a table means."""

    def revision(self) -> str:
        """Which form the tables have."""

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of each table, by its name."""

    def rows(self, table: str) -> Iterator[tuple[Cell, ...]]:
        """All rows, by primary key, never all in memory."""

    def add_rows(self, table: str, rows: Sequence[tuple[Cell, ...]]) -> None:
        """Put back what `rows` gave."""


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
    def house(self) -> HouseStore:
        """Who works here and what waits for them."""

    @property
    def quarantine(self) -> QuarantineStore:
        """What could not be read."""

    @property
    def continuity(self) -> ContinuityStore:
        """Backups, returns, retired logs."""

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

    def write(self) -> AbstractContextManager[Transaction]:
        """The only way to change anything; commits at the end or not at all. One writer at a time."""

    def read(self) -> AbstractContextManager[Transaction]:
        """One consistent view, in which nothing can be changed."""

    def close(self) -> None:
        """Let go of it; nothing is lost."""
