"""A node with staff, a register and a warning, served over real HTTP on loopback, for tests of its pages."""

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import uvicorn
from msgspec.structs import replace

from tocsin.core.data import read_data, read_text_data
from tocsin.desk.clockwork import run_due
from tocsin.desk.drafts import draft_warning, release_draft
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.outgoing import link_token
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.warn import issue_warning
from tocsin.node import Node, make_node, open_node
from tocsin.service import make_service

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
PASSWORD = "amber lantern forty one"
VENUES = (
    "id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"
    "V1,Hall One,concert,55.751,37.618,duty,hall1-1@venues.example,deputy,hall1-2@venues.example,,\n"
    "V2,Hall Two,concert,55.760,37.600,duty,hall2-1@venues.example,,,,\n"
)
PEOPLE = "id,language,zone,lat,lon,email\nP1,en,Europe/Moscow,55.75,37.6,p1@people.example\n"


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class StillClock:
    """The node's time: it stands until a test moves it."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class House:
    """One node, and one visitor with a cookie jar of one cookie who talks to it over a socket."""

    node: Node
    url: str
    clock: StillClock
    cookie: str = ""
    people: dict[Role, Desk] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return self.node.desk

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """As a browser of today posts a form of our own page; `headers` win, with `_` for `-`, empty for none."""
        ours = {"Origin": "null", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        said = ours | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, urlencode(form or {}).encode(), {n: v for n, v in said.items() if v})

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        cookies = {"Cookie": self.cookie} if self.cookie else {}
        connection.request(method, path, body, {**headers, **cookies})
        got = connection.getresponse()
        answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        connection.close()
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";", 1)[0]
        return answer

    def add(self, role: Role) -> str:
        """Somebody of that role, named after it; gives the path of their one-time link."""
        by = self.people.get(Role.ADMINISTRATOR, self.desk)
        link: str = add_officer(by, role.value, [role], address=f"{role.value}@house.example")["link"]
        self.people[role] = self.desk.acting(officer_named(self.desk, role.value).id, "named")
        return urlsplit(link).path

    def sign_in(self, role: Role) -> None:
        """As somebody new of that role, by their one-time link."""
        assert self.post(self.add(role), {"password": PASSWORD}).status == 303

    def issue(self, **changes: Any) -> str:
        """Issue the demo's warning: alone in an exercise, else by an officer and a releaser; gives its number."""
        import_register(self.people[Role.OFFICER], "venues", VENUES.encode())
        import_register(self.people[Role.OFFICER], "people", PEOPLE.encode())
        officer = self.people[Role.OFFICER]
        report = submit_report(officer, read_text_data("demo", "report.txt").encode())["report"]
        found = determine_duty(officer, report, reliability="B", credibility=2)
        order = {k: v for k, v in read_data("demo", "order.json").items() if k not in {"officer", "releaser"}}
        order |= {"determination": found["determination"], "peers": []} | changes
        if self.desk.settings.practice:
            issued = issue_warning(officer, order_from_json(order))
        else:
            issued = release_draft(self.people[Role.RELEASER], draft_warning(officer, order)["draft"])
        warning: str = issued["warning"]
        return warning

    def link(self, warning: str, recipient: str) -> str:
        """Path of the signed link that was sent to that contact or person."""
        with self.desk.store.read() as tx:
            mail = next(one for one in tx.outbox.mail(warning) if one.recipient == recipient)
        return f"/k/{link_token(self.desk.keys.links, mail.key)}"

    def pass_time(self, **span: float) -> None:
        """On by that much; the node does all that came due."""
        self.clock.at += timedelta(**span)
        run_due(self.desk)

    def log_size(self) -> int:
        with self.desk.store.read() as tx:
            return tx.log.size()


@contextmanager
def open_house(folder: Path, *, practice: bool = True, **settings: object) -> Iterator[House]:
    """A served node whose clock stands at START until it is moved."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        exercise = {"exercise": "Spring exercise"} if practice else {}
        values = {"name": "embassy.example", "practice": practice, "url": url, "zone": "Europe/Moscow"} | exercise
        make_node(folder, values | {"sender_name": "Embassy of Example"} | settings)
        found, clock = open_node(folder, {}), StillClock()
        house = House(replace(found, desk=replace(found.desk, clock=clock)), url, clock)
        with served(house.node, listener):
            yield house


@contextmanager
def served(node: Node, listener: socket.socket) -> Iterator[None]:
    """The application with its worker, as `tocsin serve` runs it, until the block ends."""
    server = uvicorn.Server(uvicorn.Config(make_service(node), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()
