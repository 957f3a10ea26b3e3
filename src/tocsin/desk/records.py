"""What the desk keeps, in its own words: one frozen record per thing that a Store holds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from tocsin.cap.chain import Standing
from tocsin.compose.lifecycle import Status
from tocsin.core.marking import Audience
from tocsin.core.threat import Threat
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer
from tocsin.exchange.protocol import DeliveryState
from tocsin.intake.claims import Claim
from tocsin.review.facets import Verdict


class Logged(Struct, frozen=True, kw_only=True):
    """One leaf of our log with what opens it. `disclosures` are the hidden fields of an SD-JWT, name to disclosure."""

    index: int
    kind: Kind
    at: datetime
    subject: str
    statement: bytes
    blind: bytes
    disclosures: Mapping[str, str]


class KeptReport(Struct, frozen=True, kw_only=True):
    """A report as it came, and what was read out of it (the JSON of `tocsin report read`)."""

    id: str
    received: datetime
    digest: str
    raw: bytes
    threat: Threat
    reading: Mapping[str, Any]


class Matter(Struct, frozen=True, kw_only=True):
    """What alike reports are about: ten copies of one message are one matter. `id` is that of the report that came first.

    `reports` are all that joined, `first` and `last` when they came. `owner` is the officer who has it in hand since
    `owned`, empty if nobody has; `asked` are the steps taken to find one.
    """

    id: str
    first: datetime
    last: datetime
    reports: int
    imminent: bool
    asked: int = 0
    owner: str = ""
    owned: datetime | None = None


class KeptClaim(Struct, frozen=True, kw_only=True):
    """A claim that bears on an incident; `report` is the text that tells it, `number` its place among those marked there."""

    incident: str
    report: str
    number: int
    recorded: datetime
    claim: Claim


class KeptVersion(Struct, frozen=True, kw_only=True):
    """One version as it was issued: the CAP bytes and the signed statement over them. `peer` is whom it was signed for."""

    warning: str
    number: int
    audience: Audience
    peer: str
    cap: bytes
    statement: bytes
    disclosures: Mapping[str, str]
    entry: int


class MailState(StrEnum):
    """What became of one e-mail to one person. Handed over is not read: only an answer by POST says that."""

    QUEUED = "queued"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    EXPIRED = "expired"


class Mail(Struct, frozen=True, kw_only=True):
    """One e-mail to one person, the outbox row and the ledger row in one. `key` is the idempotence key (DELIVERY 5).

    A notice within the house has words of its own in `text` and no warning; all other mail carries the public version, in
    `language`, one of those that this version has; empty for its main one.
    """

    key: str
    warning: str
    number: int
    audience: Audience
    party: str
    recipient: str
    address: str
    text: str = ""
    language: str = ""
    step: int
    token: str
    created: datetime
    not_after: datetime
    due: datetime
    state: MailState = MailState.QUEUED
    attempts: int = 0
    detail: str = ""
    at: datetime | None = None
    answered: datetime | None = None


class Posting(Struct, frozen=True, kw_only=True):
    """One sealed envelope on its way to a peer. `purpose` is warning or answer; `digest` is hex SHA-256 of the bytes."""

    digest: str
    peer: str
    purpose: str
    warning: str
    raw: bytes
    created: datetime
    due: datetime
    attempts: int = 0
    delivered: datetime | None = None


class PartyLadder(Struct, frozen=True, kw_only=True):
    """How far the chasing of one party has come. `ended` is None while nobody of that party has answered.

    `number` is the version that it asks about: an answer to an older one does not end it.
    """

    warning: str
    party: str
    kind: str
    started: datetime
    done: int
    until: datetime
    response_clock: timedelta
    ended: datetime | None = None
    ended_by: str = ""
    number: int = 1


class PeerDelivery(Struct, frozen=True, kw_only=True):
    """State of one version of a warning with one peer (EXCHANGE 2.2). `statement` is the hex digest of the W that was sent."""

    warning: str
    peer: str
    statement: str
    envelope: str
    state: DeliveryState
    at: datetime
    number: int = 1


PEOPLE = "people"
"""The party of an answer by one of the exposed, who belong to no party that is chased."""


class KeptAnswer(Struct, frozen=True, kw_only=True):
    """One answer to one of our warnings: by a peer's key (signed) or by a person's link (not signed, grade E1 at most)."""

    digest: str
    warning: str
    party: str
    answer: Answer
    at: datetime
    by: str
    reason: str
    text: str
    entry: int


class Item(Struct, frozen=True, kw_only=True):
    """One message in the inbox, sent by another node. `id` is short and local; `digest` is that of the signed statement.

    `message` is its CAP triple (`write_message`), `standing` where it stands in its chain, whatever the time; `ended_by` is the
    item that superseded or cancelled it.
    """

    id: str
    peer: str
    digest: str
    envelope: str
    received: datetime
    cap: bytes
    statement: bytes
    headline: str
    expires: datetime
    watch_until: datetime
    status: Status
    state: DeliveryState
    respond_by: datetime
    entry: int
    message: str = ""
    standing: Standing = Standing.IN_FORCE
    ended_by: str = ""


class Received(Struct, frozen=True, kw_only=True):
    """An envelope that came in, kept as it came. `opened` is None until that was tried; `problem` is the code of what failed."""

    digest: str
    peer: str
    raw: bytes
    received: datetime
    receipt: bytes
    opened: datetime | None = None
    problem: str = ""


class PairLink(Struct, frozen=True, kw_only=True):
    """The last statement in one direction with one peer: the chain that both sides countersign."""

    peer: str
    direction: str
    seq: int
    digest: str


class Reader(StrEnum):
    """Which reader could not read it, and is asked again at a retry."""

    REPORT = "report"
    PEOPLE = "people"
    VENUES = "venues"
    GATHERINGS = "gatherings"
    INCIDENT = "incident"
    INCIDENTS = "incidents"
    FOREIGN_WARNINGS = "warnings"
    ENVELOPE = "envelope"


ENTRY_BYTES = 4096
"""What each thing in quarantine is counted for beside its bytes: its row, its leaf, its task."""


class Failure(Struct, frozen=True):
    """One reading that failed: when, the code that the log names, and the reader's own words, which may quote the bytes."""

    at: datetime
    code: str
    text: str


class Unread(Struct, frozen=True, kw_only=True):
    """What came in and could not be read. Its bytes are kept apart; those of an envelope lie in the inbox.

    `source` is the officer who handed it in, or the peer whose mailbox it came to. `failures` are in order, the first one
    from its arrival. `chained` says that an envelope's statement has its place in the pair's chain already. `closed` is
    when it was read after all, and `became` what it became.
    """

    id: str
    reader: Reader
    digest: str
    source: str
    size: int
    first: datetime
    last: datetime
    arrivals: int = 1
    failures: tuple[Failure, ...]
    chained: bool = False
    closed: datetime | None = None
    became: str = ""


class KeptRuling(Struct, frozen=True, kw_only=True):
    """What a person ruled on the verdict of a rule. Both stay: `judged` by `rule`, `ruled` by whoever is named in `by`.

    A pair may be ruled on again; the highest number counts.
    """

    incident: str
    warning: str
    number: int
    at: datetime
    by: str
    rule: str
    judged: Verdict
    ruled: Verdict
    reason: str


class TimerKind(StrEnum):
    """What time alone brings."""

    CHECKPOINT = "checkpoint"
    OPEN = "open"
    LAPSE = "lapse"
    STEP = "step"
    OWNER = "owner"
    WITNESS = "witness"
    BACKUP = "backup"


class Timer(Struct, frozen=True, order=True):
    """Something due. Ordered by time, then kind and subject, so that every run takes them in the same order."""

    due: datetime
    kind: TimerKind
    subject: str


class KeptCheckpoint(Struct, frozen=True, kw_only=True):
    """A signed tree head of our log; `note` carries the witnesses' cosignatures once they came."""

    size: int
    at: datetime
    note: bytes
    witnesses: tuple[str, ...] = ()
