"""Every table of a node, in the order of the story. Column names are the field names of desk.records."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table

from tocsin.adapters.store.columns import Instant, Nested, Plain, Span, Word, Words
from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.core.marking import Audience
from tocsin.core.threat import Threat
from tocsin.desk.house import CredentialKind, DraftState, Role
from tocsin.desk.records import MailState, Reader, TimerKind
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer
from tocsin.exchange.protocol import DeliveryState
from tocsin.intake.claims import Claim
from tocsin.review.incident import Incident
from tocsin.target.register import Gathering

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Words, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# What every act needs
act = Table("act", metadata, _text("key", key=True), Column("result", Plain, nullable=False))
number = Table("number", metadata, _text("noun", key=True), _number("last"))
timer = Table(
    "timer",
    metadata,
    Column("kind", Word(TimerKind), primary_key=True),
    _text("subject", key=True),
    Column("due", Instant, nullable=False),
    Index("timer_due", "due", "kind", "subject"),
)

# The log
log_entry = Table(
    "log_entry",
    metadata,
    _number("index", key=True),
    Column("kind", Word(Kind), nullable=False),
    Column("at", Instant, nullable=False),
    _text("subject"),
    _bytes("statement"),
    _bytes("blind"),
    Column("disclosures", Plain, nullable=False),
    Index("log_entry_subject", "subject", "kind"),
)
log_hash = Table("log_hash", metadata, _number("level", key=True), _number("index", key=True), _bytes("hash"))
checkpoint = Table(
    "checkpoint",
    metadata,
    _number("size", key=True),
    Column("at", Instant, nullable=False),
    _bytes("note"),
    Column("witnesses", Plain, nullable=False),
)
witnessed_head = Table(
    "witnessed_head",
    metadata,
    _text("origin", key=True),
    Column("size", BigInteger, nullable=False),  # the size of another's log: as large as they say
    _bytes("root"),
)

# Reports, determinations, warnings, incidents
report = Table(
    "report",
    metadata,
    _text("id", key=True),
    Column("received", Instant, nullable=False),
    _text("digest"),
    _bytes("raw"),
    Column("threat", Nested(Threat), nullable=False),
    Column("reading", Plain, nullable=False),
)
determination = Table(
    "determination", metadata, _text("id", key=True), Column("body", Nested(Determination), nullable=False)
)
warning = Table(
    "warning",
    metadata,
    _text("id", key=True),
    Column("status", Word(Status), nullable=False),
    Column("issued", Instant, nullable=False),
    Column("body", Nested(IssuedWarning), nullable=False),
    Index("warning_issued", "issued", "id"),
    Index("warning_status", "status", "issued", "id"),
)
version = Table(
    "version",
    metadata,
    _text("warning", key=True),
    _number("number", key=True),
    Column("audience", Word(Audience), primary_key=True),
    _text("peer", key=True),
    _bytes("cap"),
    _bytes("statement"),
    Column("disclosures", Plain, nullable=False),
    _number("entry"),
)
incident = Table("incident", metadata, _text("id", key=True), Column("body", Nested(Incident), nullable=False))
claim = Table(
    "claim",
    metadata,
    _text("incident", key=True),
    _text("report", key=True),
    _number("number", key=True),
    Column("recorded", Instant, nullable=False),
    Column("claim", Nested(Claim), nullable=False),
)

# The register; people and venues hold addresses and are sealed whole
person = Table("person", metadata, _text("id", key=True), _bytes("sealed"))
venue = Table("venue", metadata, _text("id", key=True), _bytes("sealed"))
gathering = Table("gathering", metadata, _text("id", key=True), Column("body", Nested(Gathering), nullable=False))

# The outbox
mail = Table(
    "mail",
    metadata,
    _text("key", key=True),
    _text("warning"),
    _number("number"),
    Column("audience", Word(Audience), nullable=False),
    _text("party"),
    _text("recipient"),
    _bytes("address"),
    _text("text"),
    _number("step"),
    _text("token"),
    Column("created", Instant, nullable=False),
    Column("not_after", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("state", Word(MailState), nullable=False),
    _number("attempts"),
    _text("detail"),
    Column("at", Instant),
    Column("answered", Instant),
    Column("holder", BigInteger),
    Index("mail_due", "state", "due", "key"),
    Index("mail_holder", "holder"),
    Index("mail_token", "token", unique=True),
    Index("mail_warning", "warning", "party"),
    Index("mail_count", "warning", "state"),
)
posting = Table(
    "posting",
    metadata,
    _text("digest", key=True),
    _text("peer"),
    _text("purpose"),
    _text("warning"),
    _bytes("raw"),
    Column("created", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    _number("attempts"),
    Column("delivered", Instant),
    Column("holder", BigInteger),
    Index("posting_due", "delivered", "due"),
    Index("posting_holder", "holder"),
)

# Chasing and answers
ladder = Table(
    "ladder",
    metadata,
    _text("warning", key=True),
    _text("party", key=True),
    _text("kind"),
    Column("started", Instant, nullable=False),
    _number("done"),
    Column("until", Instant, nullable=False),
    Column("response_clock", Span, nullable=False),
    Column("ended", Instant),
    _text("ended_by"),
)
peer_delivery = Table(
    "peer_delivery",
    metadata,
    _text("warning", key=True),
    _text("peer", key=True),
    _text("statement"),
    _text("envelope"),
    Column("state", Word(DeliveryState), nullable=False),
    Column("at", Instant, nullable=False),
    Index("peer_delivery_statement", "statement"),
    Index("peer_delivery_envelope", "envelope"),
)
answer = Table(
    "answer",
    metadata,
    _text("digest", key=True),
    _text("warning"),
    _text("party"),
    Column("answer", Word(Answer), nullable=False),
    Column("at", Instant, nullable=False),
    _text("by"),
    _text("reason"),
    _text("text"),
    _number("entry"),
    Index("answer_warning", "warning", "at"),
    Index("answer_by", "warning", "by"),
)

# The inbox
received = Table(
    "received",
    metadata,
    _text("digest", key=True),
    _text("peer"),
    _bytes("raw"),
    Column("received", Instant, nullable=False),
    _bytes("receipt"),
    Column("opened", Instant),
    _text("problem"),
)
item = Table(
    "item",
    metadata,
    _text("id", key=True),
    _text("peer"),
    _text("digest"),
    _text("envelope"),
    Column("received", Instant, nullable=False),
    _bytes("cap"),
    _bytes("statement"),
    _text("headline"),
    Column("expires", Instant, nullable=False),
    Column("watch_until", Instant, nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("respond_by", Instant, nullable=False),
    _number("entry"),
    Index("item_digest", "digest", unique=True),
    Index("item_received", "received", "id"),
    Index("item_open", "status", "state", "respond_by"),
)
link = Table("link", metadata, _text("peer", key=True), _text("direction", key=True), _number("seq"), _text("digest"))
seen = Table("seen", metadata, _text("jti", key=True), Column("keep_until", Instant, nullable=False))

# The house
officer = Table(
    "officer",
    metadata,
    _text("id", key=True),
    _text("name"),
    _bytes("address"),
    Column("roles", Plain, nullable=False),
    _text("password"),
    Column("since", Instant, nullable=False),
    Column("left", Instant),
    Index("officer_name", "name", unique=True),
)
credential = Table(
    "credential",
    metadata,
    _text("digest", key=True),
    _text("officer"),
    Column("kind", Word(CredentialKind), nullable=False),
    _text("label"),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("ended", Instant),
    Index("credential_officer", "officer", "created"),
)
draft = Table(
    "draft",
    metadata,
    _text("id", key=True),
    Column("order", Plain, nullable=False),
    _text("digest"),
    _text("by"),
    Column("at", Instant, nullable=False),
    Column("asked", Plain, nullable=False),
    Column("state", Word(DraftState), nullable=False),
    _text("decided_by"),
    Column("decided", Instant),
    _text("reason"),
    _text("warning"),
    Index("draft_state", "state", "at"),
)
task = Table(
    "task",
    metadata,
    _text("id", key=True),
    _text("what"),
    _text("subject"),
    Column("role", Word(Role), nullable=False),
    Column("opened", Instant, nullable=False),
    Column("done", Instant),
    _text("done_by"),
    Index("task_open", "done", "opened"),
)

# Quarantine; the bytes and what a reader said of them may hold addresses and are sealed
unread = Table(
    "unread",
    metadata,
    _text("id", key=True),
    _number("number"),
    Column("reader", Word(Reader), nullable=False),
    _text("digest"),
    _text("source"),
    _number("size"),
    Column("first", Instant, nullable=False),
    Column("last", Instant, nullable=False),
    _number("arrivals"),
    _bytes("failures"),
    Column("chained", Boolean, nullable=False),
    Column("closed", Instant),
    _text("became"),
    Column("raw", LargeBinary),
    Index("unread_waiting", "digest", "reader", "closed"),
)
# Continuity: backups, returns from one, logs that are never signed again, and what was seen of the logs of peers
backup_attempt = Table(
    "backup_attempt",
    metadata,
    _text("outcome", key=True),
    Column("at", Instant, nullable=False),
    _text("file"),
    _text("problem"),
)
restored = Table(
    "restored",
    metadata,
    _text("id", key=True),
    Column("made", Instant, nullable=False),
    Column("restored", Instant, nullable=False),
    _number("size"),
    Column("findings", Plain, nullable=False),
    Column("settled", Instant),
    _text("outcome"),
    _text("retired"),
)
retired_log = Table(
    "retired_log",
    metadata,
    _text("origin", key=True),
    _text("vkey"),
    _number("size"),
    _bytes("root"),
    Column("at", Instant, nullable=False),
    _text("reason"),
)
retired_entry = Table(
    "retired_entry",
    metadata,
    _text("origin", key=True),
    _number("index", key=True),
    Column("kind", Word(Kind), nullable=False),
    Column("at", Instant, nullable=False),
    _text("subject"),
    _bytes("statement"),
    _bytes("blind"),
    Column("disclosures", Plain, nullable=False),
    Index("retired_entry_subject", "subject", "kind"),
)
retired_hash = Table(
    "retired_hash",
    metadata,
    _text("origin", key=True),
    _number("level", key=True),
    _number("index", key=True),
    _bytes("hash"),
)
retired_checkpoint = Table(
    "retired_checkpoint",
    metadata,
    _text("origin", key=True),
    _number("size", key=True),
    Column("at", Instant, nullable=False),
    _bytes("note"),
    Column("witnesses", Plain, nullable=False),
)
peer_seen = Table(
    "peer_seen",
    metadata,
    _text("origin", key=True),
    _text("peer"),
    _number("size"),
    _bytes("note"),
    _number("serial"),
)
