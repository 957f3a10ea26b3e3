"""Two nodes that warn and witness each other, a real server in front of one of them, and its people with their browsers."""

import json
import threading
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from msgspec.structs import replace
from tests.web.desk.browser import Browser

from tocsin.api.app import make_app
from tocsin.core.data import read_data, read_text_data
from tocsin.desk.chase import answer_link
from tocsin.desk.clockwork import next_due, run_due
from tocsin.desk.drafts import draft_warning, release_draft
from tocsin.desk.house import Role
from tocsin.desk.people import add_officer, make_link
from tocsin.desk.ports import Desk, MailResult
from tocsin.desk.receive import receive_envelope
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.respond import open_item
from tocsin.desk.review import record_incident
from tocsin.desk.sending import claim_mail, claim_postings, settle_mail, settle_posting
from tocsin.desk.sign_in import SESSION_LASTS, set_password
from tocsin.desk.witnessing import cosign_for, due_witnesses, make_request, settle_cosignature
from tocsin.evidence.receipt import Answer
from tocsin.exchange.peers import Terms
from tocsin.node import Node, agree, make_node, open_node, vkeys, watch_logs

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
PASSWORD = "four plain words here"
VENUES = (
    "id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"
    "V1,Hall One,concert,55.751,37.618,duty,hall1-1@venues.example,deputy,hall1-2@venues.example,,\n"
    "V2,Hall Two,concert,55.760,37.600,duty,hall2-1@venues.example,,,,\n"
)
PEOPLE = "id,language,zone,lat,lon,email\n" + "".join(
    f"P{n},en,Europe/Moscow,{lat},37.6,p{n}@people.example\n" for n, lat in enumerate((55.75, 55.76, 55.74, 59.9))
)


@dataclass
class StillClock:
    """The time of both nodes; moved by the story, never by itself."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


class NoSender:
    """The worker of these nodes is the story itself."""

    def wake(self) -> None:
        """Nothing to wake."""

    def settle(self) -> int:
        return 0


def name_of(role: Role) -> str:
    """Whoever holds a role here is called by it."""
    return role.value.replace("_", "-")


@dataclass
class House:
    """One node with one person for each role, named after it."""

    folder: Path
    node: Node
    desk: Desk
    ids: dict[str, str] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    browsers: dict[Role, tuple[datetime, Browser]] = field(default_factory=dict)
    port: int = 0

    def __post_init__(self) -> None:
        desk = self.desk
        for role in (Role.ADMINISTRATOR, *(one for one in Role if one is not Role.ADMINISTRATOR)):
            self.ids[role] = add_officer(desk, name_of(role), [role.value])["officer"]
            desk = self.as_(Role.ADMINISTRATOR)

    def as_(self, role: Role) -> Desk:
        return self.desk.acting(self.ids[role], "named")

    def browser(self, role: Role) -> Browser:
        """Signed in as the one with that role, for as long as a session lasts; then anew, by a new one-time link."""
        now = self.desk.clock.now()
        since, browser = self.browsers.get(role, (now - SESSION_LASTS, Browser(self.port)))
        if since + SESSION_LASTS <= now:
            link = make_link(self.as_(Role.ADMINISTRATOR), name_of(role))["link"].rsplit("/", 1)[1]
            browser = Browser(self.port, set_password(self.desk, link, PASSWORD))
            self.browsers[role] = (now, browser)
        return browser


@dataclass
class World:
    """embassy.example warns city.example, which witnesses its log."""

    embassy: House
    city: House
    clock: StillClock

    def settle(self) -> None:
        """Both nodes do all that is due now."""
        while sum(self._work(one) for one in (self.embassy, self.city)):
            pass

    def pass_time(self, **span: float) -> None:
        """On to that time, stopping wherever a node has something to do."""
        self.settle()
        end = self.clock.at + timedelta(**span)
        while self.clock.at < end:
            due = [at for one in (self.embassy, self.city) if (at := next_due(one.desk)) and at > self.clock.at]
            self.clock.at = min([end, *due])
            self.settle()

    def determine(self) -> str:
        officer = self.embassy.as_(Role.OFFICER)
        report = submit_report(officer, read_text_data("demo", "report.txt").encode())["report"]
        determination: str = determine_duty(officer, report, reliability="B", credibility=2)["determination"]
        return determination

    def draft(self, **changes: Any) -> str:
        """The demo's order, drafted by the officer."""
        keys = ("officer", "releaser")
        order = {key: value for key, value in read_data("demo", "order.json").items() if key not in keys}
        order |= {"determination": self.determine()} | changes
        draft: str = draft_warning(self.embassy.as_(Role.OFFICER), order)["draft"]
        return draft

    def issue(self, **changes: Any) -> str:
        """Drafted by the officer, released by the releaser, sent by both nodes."""
        released = release_draft(self.embassy.as_(Role.RELEASER), self.draft(**changes))
        self.settle()
        warning: str = released["warning"]
        return warning

    def _work(self, one: House) -> int:
        other = self.city if one is self.embassy else self.embassy
        done = run_due(one.desk)
        batch = claim_mail(one.desk)
        one.letters += [raw for _, raw in batch]
        if batch:
            taken = [MailResult(mail.key, accepted=True, final=True, detail="250") for mail, _ in batch]
            settle_mail(one.desk, [mail for mail, _ in batch], taken)
        postings = claim_postings(one.desk)
        for posting in postings:
            token = one.desk.agreements[posting.peer].mailboxes[posting.peer]
            settle_posting(one.desk, posting, receive_envelope(other.desk, token, posting.raw))
        names = due_witnesses(one.desk)
        for name in names:
            asked = make_request(one.desk, name)
            answer = cosign_for(other.desk, asked[1]).body if asked else None
            settle_cosignature(one.desk, name, asked[0] if asked else None, answer)
        return done + len(batch) + len(postings) + len(names)


@contextmanager
def serving(house: House) -> Iterator[None]:
    """The node's own application on a free port of loopback."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> Any:
        yield

    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready.set()

    node = replace(house.node, desk=house.desk)
    config = uvicorn.Config(make_app(node, NoSender(), lifespan), host="127.0.0.1", port=0, log_level="error")
    server = Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(30)
    house.port = server.servers[0].sockets[0].getsockname()[1]
    yield
    server.should_exit = True
    thread.join(30)


def make_world(folder: Path, *, practice: bool = False, witnessed: bool = True) -> World:
    """Both nodes, agreed with each other, people and venues on the embassy's register."""
    clock = StillClock()
    common: dict[str, object] = {"zone": "Europe/Moscow", "smtp": "127.0.0.1:1"}
    if practice:
        common |= {"practice": True, "exercise": "Northern Light"}
    city, embassy = folder / "city.example", folder / "embassy.example"
    make_node(city, common | {"name": "city.example"})
    witnesses = (f"http://127.0.0.1:1 {vkeys(city).witness}",) if witnessed else ()
    make_node(
        embassy, common | {"name": "embassy.example", "liaison": "liaison@embassy.example", "witnesses": witnesses}
    )
    watch_logs(city, (vkeys(embassy).log,))
    terms = Terms(
        response_clock=timedelta(minutes=60),
        duty={name: f"duty@{name}" for name in ("embassy.example", "city.example")},
        liaison={"embassy.example": "liaison@embassy.example"},
    )
    agree(embassy, city, terms=terms, since=START)
    houses = []
    for one in (embassy, city):
        node = open_node(one)
        houses.append(House(one, node, replace(node.desk, clock=clock)))
    officer = houses[0].as_(Role.OFFICER)
    import_register(officer, "people", PEOPLE.encode())
    import_register(officer, "venues", VENUES.encode())
    return World(houses[0], houses[1], clock)


def tell_story(world: World) -> None:
    """A warning, an hour of silence, one answer by link, one message opened, a second draft."""
    world.issue()
    world.pass_time(minutes=62)
    letter = next(one.decode() for one in world.embassy.letters if b"hall1-1@" in one)
    answer_link(world.embassy.desk, letter.rsplit("/k/", 1)[1].split()[0], Answer.ACKNOWLEDGED)
    open_item(world.city.as_(Role.OFFICER), "IN-1")
    world.settle()
    world.draft()
    incident = dict(read_data("demo", "incident.json")) | {"start": "2024-03-07T17:30:00+03:00"}
    record_incident(world.embassy.as_(Role.ANALYST), json.dumps(incident).encode())
    world.settle()


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Live nodes after a story; tests only look at them."""
    found = make_world(tmp_path_factory.mktemp("story"))
    tell_story(found)
    yield from _opened(found)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Practice nodes after the same story; tests only look at them."""
    found = make_world(tmp_path_factory.mktemp("played"), practice=True)
    tell_story(found)
    yield from _opened(found)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Live nodes on which nothing has happened yet."""
    yield from _opened(make_world(tmp_path))


def _opened(found: World) -> Iterator[World]:
    with serving(found.embassy), serving(found.city):
        yield found
    for one in (found.embassy, found.city):
        one.desk.store.close()
