"""One of everything that a node keeps, put through the store and read back from it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from tocsin.adapters.store.sealing import AddressSeal
from tocsin.assess.duty import Determination, Duty, DutyOutcome
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.core.area import Area, Circle, Point
from tocsin.core.data import read_data, read_text_data
from tocsin.core.marking import Audience
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Precision, Window
from tocsin.desk.continuity import BackupAttempt, PeerSeen, Restored, RetiredLog
from tocsin.desk.house import Credential, CredentialKind, Draft, DraftState, Officer, Role, Task
from tocsin.desk.records import (
    Failure,
    Item,
    KeptAnswer,
    KeptCheckpoint,
    KeptClaim,
    KeptReport,
    KeptRuling,
    KeptVersion,
    Mail,
    Matter,
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
from tocsin.desk.stores import Transaction
from tocsin.evidence.checkpoint import Checkpoint, sign_checkpoint
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.receipt import Answer
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.tree import root_hash
from tocsin.evidence.witness import Head
from tocsin.exchange.protocol import DeliveryState
from tocsin.intake.claims import read_claims
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident, IncidentStatus, Sourced
from tocsin.review.lesson import Lesson
from tocsin.review.matching import ReviewedWarning, Told
from tocsin.target.register import Contact, Gathering, Person, Venue

AT = datetime(2024, 3, 7, 15, tzinfo=UTC)
LATER = AT + timedelta(days=2)
SEAL = AddressSeal(bytes(32))
LOG_SEED = bytes(range(32))
LOG_KEY = SigningKey.from_seed("embassy.example/log", LOG_SEED)
LEAVES = 11
PLANTED = ("planted-person@people.example", "planted-duty@venues.example", "planted-mail@people.example")
"""Addresses that no file of a store may show."""
PLANTED_OFFICER = "planted-officer@embassy.example"

_POINT = Point(55.826, 37.391)
_THREAT = Threat(
    places=(Place(name="Красногорск", country="RU", level=Level.CITY, point=_POINT),), targets=("concert",)
)
PERSON = Person(id="P-1", language="en", zone="Europe/Moscow", point=_POINT, email=PLANTED[0])
VENUE = Venue(
    id="V-1",
    name="Hall One",
    kind="concert",
    point=_POINT,
    contacts=(Contact(name="duty", email=PLANTED[1], order=1),),
    capacity=6200,
)
GATHERING = Gathering(id="G-1", name="Concert", venue="V-1", point=_POINT, start=AT, end=LATER)
REPORT = KeptReport(
    id="R-1", received=AT, digest="d1", raw=b"\0raw\xff", threat=_THREAT, reading={"kind": "mail", "n": [1]}
)
MATTER = Matter(id=REPORT.id, first=REPORT.received, last=REPORT.received, reports=1, imminent=False)
DETERMINATION = Determination(
    id="DET-1",
    threat=_THREAT,
    outcome=DutyOutcome(
        outcome=Duty.ARISES,
        proposed="warn",
        failed=(),
        uncertain=(),
        ruleset="r",
        version="1",
        clauses=("R2",),
        clocks={},
    ),
    reasons={"harm": "killing"},
    officer="officer",
    acquired=AT,
    at=AT,
    due={"dispatch": LATER},
)
WARNING = IssuedWarning(
    id="W-1",
    determination="DET-1",
    headline="Avoid large gatherings",
    threat=_THREAT,
    issued=AT,
    expires=LATER,
    watch_until=LATER + timedelta(days=14),
    versions=(),
    status=Status.LIVE,
    closed_by=None,
    number=1,
)
VERSION = KeptVersion(
    warning="W-1",
    number=1,
    audience=Audience.PUBLIC,
    peer="",
    cap=b"<alert/>",
    statement=b"jws",
    disclosures={"a": "b"},
    entry=3,
)
INCIDENT = Incident(
    id="INC-1",
    status=IncidentStatus.OCCURRED,
    start=AT + timedelta(days=15),
    zone="Europe/Moscow",
    precision=Precision.MINUTE,
    place=_THREAT.places[0],
    targets=("concert",),
    actors=(),
    methods=("shooting",),
)
MAIL = Mail(
    key="W-1/1/V-1/0",
    warning="W-1",
    number=1,
    audience=Audience.PUBLIC,
    party="V-1",
    recipient="V-1-1",
    address=PLANTED[2],
    step=0,
    token="token",
    created=AT,
    not_after=LATER,
    due=AT,
)
POSTING = Posting(digest="e1", peer="city.example", purpose="warning", warning="W-1", raw=b"\0\1", created=AT, due=AT)
LADDER = PartyLadder(
    warning="W-1", party="V-1", kind="venue", started=AT, done=1, until=LATER, response_clock=timedelta(minutes=60)
)
DELIVERY = PeerDelivery(
    warning="W-1", peer="city.example", statement="s1", envelope="e1", state=DeliveryState.SENT, at=AT
)
ANSWER = KeptAnswer(
    digest="a1",
    warning="W-1",
    party="city.example",
    answer=Answer.DISMISSED,
    at=LATER,
    by="city.example/officer",
    reason="откровенный шантаж",
    text="",
    entry=4,
)
RECEIVED = Received(digest="i1", peer="city.example", raw=b"\xfe", received=AT, receipt=b"receipt", opened=AT)
ITEM = Item(
    id="IN-1",
    peer="city.example",
    digest="i2",
    envelope="i1",
    received=AT,
    cap=b"<alert/>",
    statement=b"jws",
    headline="Their warning",
    expires=LATER,
    watch_until=LATER,
    status=Status.LIVE,
    state=DeliveryState.DELIVERED,
    respond_by=LATER,
    entry=5,
)
NAMED = "warnings@city.example,city.example.20240307T140000.W-1.par,2024-03-07T14:00:00-00:00"
LINK = PairLink(peer="city.example", direction="out", seq=7, digest="l1")
TIMER = Timer(LATER, TimerKind.LAPSE, "W-1")
HEAD = Head(1000, bytes(range(32)))
OFFICER = Officer(
    id="O-1",
    name="Anna Example",
    address=PLANTED_OFFICER,
    roles=frozenset({Role.OFFICER, Role.AUDITOR}),
    password="",
    since=AT,
)
CREDENTIAL = Credential(
    digest="c1", officer="O-1", kind=CredentialKind.PROGRAM, label="pager", created=AT, expires=LATER
)
DRAFT = Draft(
    id="D-1", order={"determination": "DET-1"}, digest="o1", by="O-1", at=AT, asked=("O-2",), state=DraftState.WAITING
)
TASK = Task(id="T-1", what="review", subject="D-1", role=Role.AUDITOR, opened=AT)


UNREAD = Unread(
    id="Q-1",
    reader=Reader.PEOPLE,
    digest="q1",
    source="O-1",
    size=4,
    first=AT,
    last=LATER,
    failures=(Failure(AT, "InputError", "people, row 2: no address"),),
)
CLAIM = KeptClaim(
    incident="I-1",
    report="R-1",
    number=1,
    recorded=AT,
    claim=read_claims(read_text_data("demo", "news.txt"), read_data("demo", "claims.json"))[0],
)


FOREIGN_INCIDENT = replace(INCIDENT, id="table:1", within_km=2.5, sources=(Sourced("all", "a paper"),))
FOREIGN_WARNING = ReviewedWarning(
    id="cap:w.example/1",
    threat=_THREAT,
    issued=AT,
    window=Window(start=AT, end=LATER),
    area=Area(description="Moscow", circles=(Circle(_POINT, 8.0),)),
    told=Told.PRIVATE,
    chain="cap:w.example/0",
    issuer="w.example",
)
RULING = KeptRuling(
    incident="I-1",
    warning="W-1",
    number=1,
    at=LATER,
    by="O-1",
    rule="casebook/1",
    judged=Verdict.MISSED_EVENT,
    ruled=Verdict.PARTIAL,
    reason="it named the district",
)
LESSON = Lesson(
    id="L-1",
    incident="I-1",
    text="ask venues twice",
    owner="O-1",
    due=date(2024, 5, 1),
    opened=LATER,
    by="O-1",
)


ATTEMPT = BackupAttempt(at=AT, file="tocsin-1.backup", problem="")
RETURNED = Restored(id="RE-1", made=AT, restored=LATER, size=3, settled=LATER, outcome="went_on")
RETIRED = "embassy.example/log-0"
SEEN = PeerSeen(origin="city.example/log", peer="city.example", size=7, note=b"head", serial=6)


def put_all(tx: Transaction) -> None:
    """At least one row into every table of a store."""
    put_retired(tx)
    put_story(tx)
    put_house(tx)
    put_heard(tx)
    put_continuity(tx)
    put_review(tx)
    put_matters(tx)


def put_retired(tx: Transaction) -> None:
    """A log that is never signed again, set aside before the one in use begins."""
    tx.log.append(Entry(b"statement", bytes(32)), kind=Kind.ACT, at=AT, subject="W-0", disclosures={})
    note = sign_checkpoint(Checkpoint(LOG_KEY.name, 1, root_hash(1, tx.log.hash)), LOG_KEY)
    tx.log.add_checkpoint(KeptCheckpoint(size=1, at=AT, note=note))
    tx.log.retire(RetiredLog(origin=RETIRED, vkey="vkey", size=1, root=bytes(32), at=AT, reason="the disk was lost"))


def put_story(tx: Transaction) -> None:
    """What a store of revision 0001 holds."""
    for n in range(LEAVES):
        entry = Entry(b"statement %d" % n, bytes([n]) * 32)
        tx.log.append(entry, kind=Kind.ACT, at=AT, subject="W-1", disclosures={"field": "disclosure"})
    root = root_hash(LEAVES - 1, tx.log.hash)
    note = sign_checkpoint(Checkpoint(LOG_KEY.name, LEAVES - 1, root), LOG_KEY)
    tx.log.add_checkpoint(KeptCheckpoint(size=LEAVES - 1, at=AT, note=note, witnesses=("w.example/witness",)))
    tx.log.set_head("city.example/log", HEAD)
    tx.cases.next_number("warning")
    tx.cases.add_report(REPORT)
    tx.cases.add_determination(DETERMINATION)
    tx.cases.put_warning(WARNING)
    tx.cases.add_version(VERSION)
    tx.cases.add_incident(INCIDENT)
    tx.register.put_people([PERSON])
    tx.register.put_venues([VENUE])
    tx.register.put_gatherings([GATHERING])
    tx.outbox.put_mail([MAIL])
    tx.outbox.put_posting(POSTING)
    tx.chase.put_ladder(LADDER)
    tx.chase.put_peer_delivery(DELIVERY)
    tx.chase.add_answer(ANSWER)
    tx.inbox.add_received(RECEIVED)
    tx.inbox.put_item(ITEM)
    tx.inbox.put_link(LINK)
    tx.inbox.add_references("IN-1", [NAMED])
    tx.inbox.saw_statement("jti", LATER)
    tx.timers.set(TIMER)
    tx.remember("request", {"warning": "W-1"})


def put_house(tx: Transaction) -> None:
    """What revision 0002 adds."""
    tx.house.put_officer(OFFICER)
    tx.house.put_credential(CREDENTIAL)
    tx.house.put_draft(DRAFT)
    tx.house.put_task(TASK)


def put_heard(tx: Transaction) -> None:
    """What revisions 0003 and 0004 add."""
    tx.quarantine.add_unread(UNREAD, b"junk")
    tx.cases.add_claim(CLAIM)


def put_continuity(tx: Transaction) -> None:
    """What revision 0005 adds, but for logs that were retired."""
    tx.continuity.put_attempt(ATTEMPT)
    tx.continuity.put_restored(RETURNED)
    tx.continuity.put_seen(SEEN)


def put_review(tx: Transaction) -> None:
    """What revisions 0007 and 0008 add."""
    tx.review.add_incidents([FOREIGN_INCIDENT])
    tx.review.add_foreign_warnings([FOREIGN_WARNING])
    tx.review.add_ruling(RULING)
    tx.lessons.put_lesson(LESSON)


def put_matters(tx: Transaction) -> None:
    """What revision 0008 adds."""
    tx.matters.put_matter(MATTER)
    tx.matters.join(REPORT.id, MATTER.id, ["q:00"])


def expect_all(tx: Transaction) -> None:
    """Every record that was put is there, field by field, and nothing beside it."""
    assert {name: read(tx) for name, read in _READ.items()} == _EXPECTED
    tree = [tx.log.entry(n) for n in range(LEAVES)]
    assert [(one.statement, one.blind) for one in tree] == [
        (b"statement %d" % n, bytes([n]) * 32) for n in range(LEAVES)
    ]
    assert all(one.kind is Kind.ACT and one.at == AT and one.disclosures == {"field": "disclosure"} for one in tree)
    head = tx.log.last_checkpoint()
    assert head is not None
    assert (head.size, head.at, head.witnesses) == (LEAVES - 1, AT, ("w.example/witness",))
    assert head.note == sign_checkpoint(Checkpoint(LOG_KEY.name, head.size, root_hash(head.size, tx.log.hash)), LOG_KEY)


_READ: dict[str, Any] = {
    "size": lambda tx: tx.log.size(),
    "attempts": lambda tx: tx.continuity.attempts(),
    "returns": lambda tx: tx.continuity.returns(),
    "seen": lambda tx: tx.continuity.seen_of("city.example/log"),
    "unread": lambda tx: (tx.quarantine.unread("Q-1"), tx.quarantine.raw("Q-1")),
    "claims": lambda tx: tx.cases.claims("I-1"),
    "imported incidents": lambda tx: tx.review.imported_incidents(AT, LATER + timedelta(days=30)),
    "foreign warnings": lambda tx: tx.review.foreign_warnings(AT, LATER),
    "lessons": lambda tx: tx.lessons.lessons(),
    "rulings": lambda tx: tx.review.rulings("I-1"),
    "head": lambda tx: tx.log.head_of("city.example/log"),
    "reports": lambda tx: tx.cases.reports(),
    "matters": lambda tx: (tx.matters.matter_of(REPORT.id), tx.matters.sharing(["q:00"], 1)),
    "determinations": lambda tx: tx.cases.determinations(),
    "warnings": lambda tx: tx.cases.warnings(),
    "versions": lambda tx: tx.cases.versions("W-1"),
    "incidents": lambda tx: tx.cases.incidents(),
    "people": lambda tx: tx.register.people(),
    "venues": lambda tx: tx.register.venues(),
    "gatherings": lambda tx: tx.register.gatherings(),
    "mail": lambda tx: tx.outbox.mail("W-1"),
    "ladders": lambda tx: tx.chase.ladders("W-1"),
    "deliveries": lambda tx: tx.chase.peer_deliveries("W-1"),
    "answers": lambda tx: tx.chase.answers_of_parties("W-1"),
    "received": lambda tx: tx.inbox.received("i1"),
    "items": lambda tx: tx.inbox.items(),
    "naming": lambda tx: tx.inbox.related_items("city.example", NAMED),
    "link": lambda tx: tx.inbox.link("city.example", "out"),
    "timers": lambda tx: tx.timers.due(LATER, tuple(TimerKind), 10),
    "act": lambda tx: tx.done("request"),
    "officers": lambda tx: tx.house.officers(),
    "credentials": lambda tx: tx.house.credentials("O-1"),
    "drafts": lambda tx: tx.house.drafts(),
    "tasks": lambda tx: tx.house.open_tasks(),
    "due": lambda tx: tx.outbox.next_due(),
}
_EXPECTED: dict[str, Any] = {
    "size": LEAVES,
    "attempts": (ATTEMPT,),
    "returns": (RETURNED,),
    "seen": SEEN,
    "unread": (UNREAD, b"junk"),
    "claims": (CLAIM,),
    "imported incidents": (FOREIGN_INCIDENT,),
    "foreign warnings": (FOREIGN_WARNING,),
    "lessons": (LESSON,),
    "rulings": (RULING,),
    "head": HEAD,
    "reports": (REPORT,),
    "matters": (MATTER, (REPORT.id,)),
    "determinations": (DETERMINATION,),
    "warnings": (WARNING,),
    "versions": (VERSION,),
    "incidents": (INCIDENT,),
    "people": (PERSON,),
    "venues": (VENUE,),
    "gatherings": (GATHERING,),
    "mail": (MAIL,),
    "ladders": (LADDER,),
    "deliveries": (DELIVERY,),
    "answers": (ANSWER,),
    "received": RECEIVED,
    "items": (ITEM,),
    "naming": (ITEM,),
    "link": LINK,
    "timers": (TIMER,),
    "act": {"warning": "W-1"},
    "officers": (OFFICER,),
    "credentials": (CREDENTIAL,),
    "drafts": (DRAFT,),
    "tasks": (TASK,),
    "due": AT,
}
