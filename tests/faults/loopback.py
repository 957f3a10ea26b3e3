"""Three real nodes on loopback for the restore drill: an embassy that loses its disk, a city it warns, a witness."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tocsin.core.data import read_data
from tocsin.core.window import parse_instant
from tocsin.demo.postbox import Postbox
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.desk.ports import Desk
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.warn import issue_warning
from tocsin.exchange.backup import write_public, write_secret
from tocsin.exchange.envelope import SealKey
from tocsin.exchange.peers import Terms
from tocsin.node import agree, make_node, move_rehearsal_clock, open_node, vkeys, watch_logs

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
EMBASSY, CITY, WITNESS = "embassy.example", "city.example", "witness.example"
CHIEF = "chief"
REPORT = "Extremists have imminent plans to attack large gatherings in Moscow, to include concerts, within 48 hours."
VENUES = (
    "id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"
    "V1,Hall One,concert,55.751,37.618,duty,hall1-1@venues.example,deputy,hall1-2@venues.example,chief,hall1-3@venues.example\n"
    "V2,Hall Two,concert,55.760,37.600,duty,hall2-1@venues.example,,,,\n"
)
PEOPLE = "id,language,zone,lat,lon,email\n" + "".join(
    f"P{n},en,Europe/Moscow,55.7{n % 10},37.6,planted{n}@people.example\n" for n in range(40)
)


@dataclass
class Place:
    """One node: its folder, its address, and while it runs its process."""

    folder: Path
    port: int
    token: str = ""
    process: "subprocess.Popen[bytes] | None" = None

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Its desk, with the chief at it, beside whatever process runs on the same folder."""
        node = open_node(self.folder, {})
        try:
            yield node.desk.acting(officer_named(node.desk, CHIEF).id, "named")
        finally:
            node.desk.store.close()

    def start(self) -> None:
        """Run `tocsin serve` until it answers."""
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tocsin", "serve", "--node", str(self.folder)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.post("/rehearsal/settle")
            except OSError:
                time.sleep(0.05)  # it is on its way up
            else:
                return
        raise AssertionError((self.folder / "serve.log").read_text()[-2000:])

    def post(self, path: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("POST", path, headers={"Authorization": f"Bearer {self.token}", "Content-Length": "0"})
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        assert answer.status == 200, raw
        return json.loads(raw)

    def wait_for_end(self) -> int:
        """The process ends by itself; gives its exit code."""
        assert self.process is not None
        code = self.process.wait(60)
        self.process = None
        return code

    def end(self, how: signal.Signals) -> None:
        """End the process we started, by its id."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None


@dataclass
class Loopback:
    """All three, on one rehearsal clock; `backups` is the disk that is not lost."""

    places: dict[str, Place]
    backups: Path
    secret: Path
    postbox: Postbox
    origin: str = ""
    """Of the embassy's first log."""
    witness: str = ""
    """Name of the key that cosigns it."""
    now: datetime = START
    reports: int = 0

    def settle(self) -> list[datetime]:
        """Every running node does what is due, until none has anything left. Gives when each has something to do next."""
        running = [one for one in self.places.values() if one.process is not None]
        states = [one.post("/rehearsal/settle") for one in running]
        while sum(state["done"] for state in states):
            states = [one.post("/rehearsal/settle") for one in running]
        return [parse_instant(state["next_due"]) for state in states if state["next_due"]]

    def pass_minutes(self, count: int) -> None:
        """Time goes on everywhere, stopping wherever a node has something to do."""
        end = self.now + timedelta(minutes=count)
        while self.now < end:
            self.now = min([end, *(at for at in self.settle() if at > self.now)])
            for one in self.places.values():
                if one.folder.exists():
                    move_rehearsal_clock(one.folder).move_to(self.now)
        self.settle()

    def submit(self, name: str) -> str:
        """One more report at that node: one leaf. Gives its id."""
        self.reports += 1
        with self.places[name].desk() as desk:
            found: str = submit_report(desk, f"{REPORT} Report number {self.reports}.".encode())["report"]
        return found

    def issue(self, name: str, to: str) -> str:
        """Report, determination and warning in one go, to the people and venues and that peer. Gives the warning's id."""
        report = self.submit(name)
        order = dict(read_data("demo", "order.json"))
        with self.places[name].desk() as desk:
            determination = determine_duty(desk, report, reliability="B", credibility=2)["determination"]
            known = {key: value for key, value in order.items() if key not in {"officer", "releaser"}}
            outcome = issue_warning(desk, order_from_json(known | {"determination": determination, "peers": [to]}))
        self.settle()
        warning: str = outcome["warning"]
        return warning

    def lose_disk(self, name: str) -> None:
        """Power cut, and the disk does not come back."""
        place = self.places[name]
        place.end(signal.SIGKILL)
        shutil.rmtree(place.folder)

    def newest_backup(self) -> Path:
        """By its name, as an operator would take it."""
        return max(self.backups.glob("*.tocsin-backup"))

    def restore(self, name: str, folder: Path, backup: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """`tocsin node restore` elsewhere; the place moves there."""
        done = command(
            "node", "restore", str(backup or self.newest_backup()), "--secret", str(self.secret), "--node", str(folder)
        )
        self.places[name].folder = folder
        if folder.exists():
            move_rehearsal_clock(folder).move_to(self.now)
        return done

    def renew_agreement(self) -> None:
        """What both sides sign by hand after a log was retired, and the witness learns the new key."""
        for name in (EMBASSY, CITY):
            self.places[name].end(signal.SIGTERM)
        agree(self.places[EMBASSY].folder, self.places[CITY].folder, terms=_terms(), since=self.now)
        for name in (EMBASSY, CITY):
            self.places[name].start()

    def tell_witness(self) -> None:
        """The witness takes the embassy's new log in place of the old one."""
        witness = self.places[WITNESS]
        witness.end(signal.SIGTERM)
        settings = witness.folder / "tocsin.toml"
        new = vkeys(self.places[EMBASSY].folder).log
        old = re.compile(rf'"{re.escape(self.origin)}\+[^"]*"')
        settings.write_text(old.sub(f'"{new}"', settings.read_text()))
        witness.start()


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The real command line."""
    return subprocess.run(
        [sys.executable, "-m", "tocsin", *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@contextmanager
def three_nodes(out: Path) -> Iterator[Loopback]:
    """The three, running; ended by their ids."""
    names = (EMBASSY, CITY, WITNESS)
    *ports, mail_port = free_ports(4)
    places = {name: Place(out / name, port) for name, port in zip(names, ports, strict=True)}
    backups, secret = out / "elsewhere", out / "backup.secret"
    backups.mkdir()
    key = SealKey.generate(os.urandom)
    secret.write_text(write_secret(key))
    postbox = Postbox()
    controller = postbox.start("127.0.0.1", mail_port)
    world = Loopback(places, backups, secret, postbox)
    try:
        for name in reversed(names):
            extra: dict[str, object] = {}
            if name != WITNESS:
                extra["witnesses"] = (f"http://127.0.0.1:{ports[2]} {vkeys(places[WITNESS].folder).witness}",)
            if name == EMBASSY:
                extra |= {"backup_to": str(backups), "backup_key": write_public(key.public)}
            _make(places[name], name, mail_port, extra)
        watch_logs(places[WITNESS].folder, tuple(vkeys(places[name].folder).log for name in (EMBASSY, CITY)))
        agree(places[EMBASSY].folder, places[CITY].folder, terms=_terms(), since=START)
        world.origin = key_name(vkeys(places[EMBASSY].folder).log)
        world.witness = key_name(vkeys(places[WITNESS].folder).witness)
        for place in places.values():
            place.start()
        yield world
    finally:
        for place in places.values():
            place.end(signal.SIGTERM)
        controller.stop()


def key_name(vkey: str) -> str:
    """Whose key that is."""
    return vkey.partition("+")[0]


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _make(place: Place, name: str, mail_port: int, extra: dict[str, object]) -> None:
    values: dict[str, object] = {
        "name": name,
        "practice": True,
        "exercise": "restore drill",
        "listen": f"127.0.0.1:{place.port}",
        "url": f"http://127.0.0.1:{place.port}",
        "smtp": f"127.0.0.1:{mail_port}",
        "liaison": f"liaison@{name}",
    }
    make_node(place.folder, values | extra)
    move_rehearsal_clock(place.folder).move_to(START)
    node = open_node(place.folder, {})
    add_officer(node.desk, CHIEF, [Role.ADMINISTRATOR, Role.OFFICER, Role.RELEASER], address=f"chief@{name}")
    chief = node.desk.acting(officer_named(node.desk, CHIEF).id, "named")
    place.token = add_token(chief, CHIEF, "drill")["token"]
    if name != WITNESS:
        import_register(chief, "people", PEOPLE.encode())
        import_register(chief, "venues", VENUES.encode())
    node.desk.store.close()


def _terms() -> Terms:
    names = (EMBASSY, CITY)
    return Terms(
        response_clock=timedelta(minutes=60),
        duty={name: f"duty@{name}" for name in names},
        liaison={name: f"liaison@{name}" for name in names},
    )
