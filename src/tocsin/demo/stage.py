"""Three nodes on loopback, each its own folder, keys, store and process, on one rehearsal clock."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tocsin.core.window import parse_instant, write_instant
from tocsin.desk.house import Role
from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.errors import DeliveryError, StateError
from tocsin.exchange.peers import Terms
from tocsin.node import agree, make_node, move_rehearsal_clock, open_node, vkeys, watch_logs

HOST = "127.0.0.1"
START_SECONDS = 20
RESPONSE_CLOCK = timedelta(minutes=60)
LONGEST_STEPS = 100_000
OFFICER, RELEASER, ANALYST, ADMINISTRATOR = "officer", "releaser", "analyst", "administrator"
PROGRAM = "the story"


class Stage(Struct):
    """One running node as the story sees it: a folder, a process, an address to talk to, and who works there."""

    name: str
    folder: Path
    port: int
    tokens: dict[str, str] = field(default_factory=dict)
    """Of each person, by name: the program of the story acts for them."""
    process: "subprocess.Popen[bytes] | None" = None
    kills: int = 0
    _connection: http.client.HTTPConnection | None = None

    @property
    def url(self) -> str:
        """Where the node listens."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Run `tocsin serve` on the folder and wait until it answers; once more if it was killed while starting.

        Raises DeliveryError, with the end of its log, if it stops by itself or does not answer in time.
        """
        self.launch()
        while not self._answers():
            assert self.process is not None
            if self.process.poll() != -signal.SIGKILL:
                tail = (self.folder / "serve.log").read_text(errors="replace")[-400:]
                raise DeliveryError(f"{self.name} did not start: {tail}")
            self.launch()

    def launch(self) -> None:
        """Run `tocsin serve` on the folder, if it does not run already; it answers some time later."""
        if self.process is None or self.process.poll() is not None:
            with (self.folder / "serve.log").open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tocsin", "serve", "--node", str(self.folder)], stdout=log, stderr=log
                )

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            try:
                self.call("GET", "/healthz", retry=False)
            except DeliveryError:
                time.sleep(0.02)
            else:
                return True
        return False

    def kill(self) -> bool:
        """SIGKILL, as a power cut would; nothing is flushed, nothing is said. False if it was down already."""
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        return True

    def stop(self) -> None:
        """End the process we started, by its id."""
        self._drop_connection()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def call(
        self, method: str, path: str, body: Any = None, *, by: str = OFFICER, once: str = "", retry: bool = True
    ) -> Any:
        """One request of the person `by`. JSON in and out; bytes go as they are. If the node died it is started again and asked once more:

        `once` names the request, so that what was committed before the kill is not done twice.
        Raises StateError with the node's own words for an answer of 4xx or 5xx.
        """
        headers = {"Authorization": f"Bearer {self.tokens.get(by, '')}", "Idempotency-Key": once}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
            payload: bytes | None = body
        else:
            headers["Content-Type"] = "application/json"
            payload = None if body is None else json.dumps(body).encode()
        while True:
            try:
                status, kind, answer = self._request(method, path, payload, headers)
                break
            except (OSError, http.client.HTTPException) as error:
                self._drop_connection()
                if not retry:
                    raise DeliveryError(f"{self.name} did not answer: {type(error).__name__}") from None
                if self.process is None or self.process.poll() is None:
                    time.sleep(0.02)
                    continue
                self.start()
        if status >= 400:
            raise StateError(f"{self.name} answered {status} to {method} {path}: {answer.decode(errors='replace')}")
        return json.loads(answer) if kind.startswith("application/json") else answer

    def _request(
        self, method: str, path: str, payload: bytes | None, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=120)
        self._connection.request(method, path, payload, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read()

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Theatre(Struct):
    """The three nodes and the time they share."""

    embassy: Stage
    city: Stage
    witness: Stage
    now: datetime

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All nodes, in the order in which they are asked."""
        return (self.embassy, self.city, self.witness)

    def settle(self) -> list[dict[str, Any]]:
        """Let every node do all that is due now, until none has anything left to do."""
        return self._ask_until_at_rest("/rehearsal/settle")

    def move_to(self, at: datetime) -> None:
        """Move the time of all nodes to `at`, stopping wherever one of them has something to do."""
        states = self.settle()
        while self.now < at:
            due = [parse_instant(state["next_due"]) for state in states if state["next_due"]]
            self.now = min([at, *(one for one in due if self.now < one)], default=at)
            states = self._ask_until_at_rest("/rehearsal/clock", {"now": write_instant(self.now)})

    def _ask_until_at_rest(self, path: str, body: Any = None) -> list[dict[str, Any]]:
        """Ask each node once by `path`, then in turn to settle, until none has had anything to do since another one had."""
        states: list[dict[str, Any]] = []
        at_rest = 0
        for step in range(LONGEST_STEPS):
            stage = self.stages[step % len(self.stages)]
            first = step < len(self.stages)
            state = stage.call("POST", path if first else "/rehearsal/settle", body if first else None)
            states.append(state)
            # A node that did something is at rest itself; the others may have got something from it.
            at_rest = 1 if state["done"] else at_rest + 1
            if at_rest >= len(self.stages):
                return states[-len(self.stages) :]
        raise StateError("the nodes never come to rest")

    def stop(self) -> None:
        """End every process we started."""
        for stage in self.stages:
            stage.stop()


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def set_up(out: Path, *, start: datetime, mail_port: int) -> Theatre:
    """Make the three nodes below `out`, with witness, agreement and clock, and start them."""
    ports = free_ports(3)
    names = ("embassy.example", "city.example", "witness.example")
    embassy, city, witness = (Stage(name, out / name, port) for name, port in zip(names, ports, strict=True))
    common = {
        "practice": True,
        "exercise": "Moscow, March 2024, replayed",
        "zone": "Europe/Moscow",
        "smtp": f"{HOST}:{mail_port}",
    }
    titles = {embassy.name: "Embassy of Example", city.name: "City Emergency Desk", witness.name: "Neutral Witness"}
    for stage in (witness, embassy, city):
        values = {
            "name": stage.name,
            "listen": f"{HOST}:{stage.port}",
            "url": stage.url,
            "sender_name": titles[stage.name],
            **common,
        }
        if stage is not witness:
            values["witnesses"] = (f"{witness.url} {vkeys(witness.folder).witness}",)
            values["liaison"] = f"liaison@{stage.name}"
        make_node(stage.folder, values)
    watch_logs(witness.folder, tuple(vkeys(stage.folder).log for stage in (embassy, city)))
    agree(
        embassy.folder,
        city.folder,
        terms=Terms(
            response_clock=RESPONSE_CLOCK,
            duty={stage.name: f"duty@{stage.name}" for stage in (embassy, city)},
            liaison={stage.name: f"liaison@{stage.name}" for stage in (embassy, city)},
        ),
        since=start,
    )
    for stage in (embassy, city, witness):
        move_rehearsal_clock(stage.folder).move_to(start)
        _staff(stage)
        stage.launch()
    for stage in (embassy, city, witness):
        stage.start()
    return Theatre(embassy=embassy, city=city, witness=witness, now=start)


def _staff(stage: Stage) -> None:
    """People with one role each, named after it, and a token with which the story acts for each of them."""
    node = open_node(stage.folder, {}).desk
    add_officer(node, ADMINISTRATOR, [Role.ADMINISTRATOR])
    administrator = node.acting(officer_named(node, ADMINISTRATOR).id, "named")
    for name in (OFFICER, RELEASER, ANALYST):
        add_officer(administrator, name, [Role(name)], address=f"{name}@{stage.name}")
    stage.tokens = {
        name: add_token(administrator, name, PROGRAM)["token"] for name in (OFFICER, RELEASER, ANALYST, ADMINISTRATOR)
    }
    node.store.close()
