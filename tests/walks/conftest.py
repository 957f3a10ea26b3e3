"""Two nodes side by side in one process: real stores, real keys, real envelopes; every message must be expected."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.walks.lost_disk import Drill, make_drill

from tocsin.core.data import read_data, read_text_data
from tocsin.desk.clockwork import next_due, run_due
from tocsin.desk.drafts import draft_warning, release_draft
from tocsin.desk.house import Role
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk, MailResult, MovableClock
from tocsin.desk.receive import receive_envelope
from tocsin.desk.records import Mail
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.sending import claim_mail, claim_postings, settle_mail, settle_posting
from tocsin.errors import TocsinError
from tocsin.exchange.peers import Terms
from tocsin.node import agree, make_node, move_rehearsal_clock, open_node

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)


@dataclass
class TestDesk:
    """A desk with a mailbox of everything it sent. What no test line expected fails the test at its end."""

    __test__ = False
    node: Desk
    """The desk with nobody at it: what the clock, the sender and the network do."""
    desk: Desk
    """The same with its duty officer at it."""
    releaser: Desk
    letters: list[tuple[str, str]] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    network_up: bool = True

    def expect(self, address: str, subject: str) -> None:
        """Exactly one unread letter to that address holds these words in its subject; it is now read."""
        found = [one for one in self.letters if one[0] == address and subject in one[1]]
        assert len(found) == 1, f"{len(found)} letters to {address} with {subject!r}; there are {self.letters}"
        self.letters.remove(found[0])

    def expect_people(self, count: int) -> None:
        """So many unread letters to people; they are now read."""
        found = [one for one in self.letters if one[0].endswith("@people.example")]
        assert len(found) == count, f"{len(found)} letters to people"
        self.letters = [one for one in self.letters if one not in found]

    def expect_nothing_more(self) -> None:
        """No letter is unread."""
        assert self.letters == []

    def link(self, address: str) -> str:
        """Token of the newest link sent to that address."""
        return self.tokens[address]

    tokens: dict[str, str] = field(default_factory=dict)

    def send_mail(self, batch: Sequence[tuple[Mail, bytes]]) -> list[MailResult]:
        results = []
        for mail, raw in batch:
            accepted = mail.address not in self.refused
            if accepted:
                text = raw.decode("utf-8")
                subject = next(line for line in text.splitlines() if line.startswith("Subject:"))
                self.letters.append((mail.address, subject.removeprefix("Subject: ")))
                if mail.warning:
                    self.tokens[mail.address] = text.rsplit("/k/", 1)[1].split()[0]
            results.append(MailResult(mail.key, accepted=accepted, final=True, detail="250" if accepted else "550"))
        return results


@dataclass
class World:
    """embassy.example and city.example, one clock."""

    embassy: TestDesk
    city: TestDesk

    @property
    def both(self) -> tuple[TestDesk, TestDesk]:
        return (self.embassy, self.city)

    def settle(self) -> None:
        """Let both nodes do all that is due now."""
        while sum(self._work(one) for one in self.both):
            pass

    def pass_time(self, **span: float) -> None:
        """Move the clock on, stopping wherever a node has something to do."""
        self.move_to(self.embassy.desk.clock.now() + timedelta(**span))

    def move_to(self, end: datetime) -> None:
        """The same, up to an instant that is not over."""
        self.settle()
        while True:
            now = self.embassy.desk.clock.now()
            due = [at for one in self.both if (at := next_due(one.desk)) and at > now]
            step = min([end, *due])
            for one in self.both:
                assert isinstance(one.desk.clock, MovableClock)
                one.desk.clock.move_to(step)
            self.settle()
            if step >= end:
                return

    def _work(self, one: TestDesk) -> int:
        done = run_due(one.node)
        batch = claim_mail(one.node)
        if batch:
            settle_mail(one.node, [mail for mail, _ in batch], one.send_mail(batch))
        postings = claim_postings(one.node)
        for posting in postings:
            other = self.city if one is self.embassy else self.embassy
            token = one.desk.agreements[posting.peer].mailboxes[posting.peer]
            answer = None
            if one.network_up:
                try:
                    answer = receive_envelope(other.node, token, posting.raw)
                except TocsinError:
                    answer = None
            settle_posting(one.node, posting, answer)
        return done + len(batch) + len(postings)

    def determined(self, reliability: str = "B", credibility: int = 2) -> str:
        """The demo's report, submitted and determined."""
        report = submit_report(self.embassy.desk, read_text_data("demo", "report.txt").encode())["report"]
        found = determine_duty(self.embassy.desk, report, reliability=reliability, credibility=credibility)
        determination: str = found["determination"]
        return determination

    def order(self, **changes: Any) -> dict[str, Any]:
        """The demo's order on a new determination, with changes."""
        return dict(read_data("demo", "order.json")) | {"determination": self.determined()} | changes

    def issue(self, **changes: Any) -> str:
        """The officer drafts the demo's warning, the releaser lets it go; gives its id."""
        draft = draft_warning(self.embassy.desk, self.order(**changes))["draft"]
        outcome = release_draft(self.embassy.releaser, draft)
        self.settle()
        self.embassy.expect("releaser@embassy.example", "A draft waits for your release")
        warning: str = outcome["warning"]
        return warning


def named(node: Desk, name: str) -> Desk:
    """The desk of the node with the officer of that name at it."""
    return node.acting(officer_named(node, name).id, "named")


def staff(node: Desk) -> TestDesk:
    """A desk with an administrator, an officer and a releaser; each named after the role."""
    name = node.settings.name
    add_officer(node, "administrator", [Role.ADMINISTRATOR])
    administrator = named(node, "administrator")
    for role in (Role.OFFICER, Role.RELEASER, Role.ANALYST):
        add_officer(administrator, role.value, [role], address=f"{role.value}@{name}")
    officer, releaser = (named(node, role.value) for role in (Role.OFFICER, Role.RELEASER))
    return TestDesk(node, officer, releaser)


VENUES = (
    "id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"
    "V1,Hall One,concert,55.751,37.618,duty,hall1-1@venues.example,deputy,hall1-2@venues.example,chief,hall1-3@venues.example\n"
    "V2,Hall Two,concert,55.760,37.600,duty,hall2-1@venues.example,,,,\n"
)
PEOPLE = "id,language,zone,lat,lon,email\n" + "".join(
    f"P{n},en,Europe/Moscow,{lat},37.6,p{n}@people.example\n" for n, lat in enumerate((55.75, 55.76, 55.74, 59.9))
)


NAMES = ("embassy.example", "city.example")


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the folders of both nodes with staff and registers. Each test goes on with a copy."""
    folder = tmp_path_factory.mktemp("begun")
    for name in NAMES:
        make_node(
            folder / name,
            {
                "name": name,
                "practice": True,
                "exercise": "walk",
                "zone": "Europe/Moscow",
                "smtp": "127.0.0.1:1",
                "liaison": f"liaison@{name}",
            },
        )
        move_rehearsal_clock(folder / name).move_to(START)
    terms = Terms(
        response_clock=timedelta(minutes=60),
        duty={name: f"duty@{name}" for name in NAMES},
        liaison={name: f"liaison@{name}" for name in NAMES},
    )
    agree(folder / NAMES[0], folder / NAMES[1], terms=terms, since=START)
    embassy, city = (staff(open_node(folder / name).desk) for name in NAMES)
    import_register(embassy.desk, "people", PEOPLE.encode())
    import_register(embassy.desk, "venues", VENUES.encode())
    for one in (embassy, city):
        one.desk.store.close()
    return folder


@pytest.fixture(scope="session")
def lapsed(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, fifteen days after the embassy issued the demo's warning; all letters were read."""
    folder = tmp_path_factory.mktemp("lapsed")
    with _going_on(begun, folder) as found:
        found.issue()
        found.pass_time(days=15)
        found.embassy.letters.clear()
    return folder


@contextmanager
def _going_on(begun: Path, folder: Path) -> Iterator[World]:
    """The world of these node folders, copied into `folder`; at its end no letter may be unread."""
    for name in NAMES:
        shutil.copytree(begun / name, folder / name)
    nodes = [open_node(folder / name).desk for name in NAMES]
    found = World(*(TestDesk(one, named(one, "officer"), named(one, "releaser")) for one in nodes))
    yield found
    for one in found.both:
        one.desk.store.close()
    for one in found.both:
        one.expect_nothing_more()


@pytest.fixture
def world(begun: Path, tmp_path: Path) -> Iterator[World]:
    """Both nodes at the start of the story."""
    with _going_on(begun, tmp_path) as found:
        yield found


@pytest.fixture
def later(lapsed: Path, tmp_path: Path) -> Iterator[World]:
    """Both nodes when the warning W-1 has lapsed."""
    with _going_on(lapsed, tmp_path) as found:
        yield found


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    """Three nodes, one of which will lose its disk."""
    with make_drill(tmp_path) as found:
        yield found
