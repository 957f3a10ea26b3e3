"""`tocsin bench web`: one node on SQLite, served by one core, asked over loopback from another process."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tocsin.bench.figures import Figure, percentile, resident_mb
from tocsin.bench.load import Load, make_request, run_load
from tocsin.compose.lifecycle import ClosedBy, IssuedWarning, Status
from tocsin.core.data import read_data, read_text_data
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.outgoing import link_token
from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.desk.ports import Desk
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.sign_in import set_password
from tocsin.desk.warn import issue_warning
from tocsin.errors import DeliveryError
from tocsin.node import make_node, move_rehearsal_clock, open_node

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
PEOPLE = 6_000
READS = 6_000
ACTS = 4_000
CONNECTIONS = 8
WARNINGS = 100_000
LIVE = 100
START_SECONDS = 60
IDLE_SECONDS = 3.0


class Asked(Struct, frozen=True):
    """A prepared node: what is asked of it, and with which credentials."""

    folder: Path
    port: int
    token: str
    session: str
    links: tuple[str, ...]


def bench_web(folder: Path, say: Callable[[str], None], _data: Path | None) -> tuple[Figure, ...]:
    """Make a node below the folder and measure it. Takes a minute or two; the load is bounded and stops by itself."""
    say(f"a node with {PEOPLE} people, one warning to each")
    asked = _prepare(folder / "bench.example")
    with _served(asked) as process:
        time.sleep(IDLE_SECONDS)
        idle = resident_mb(process.pid)
        say(f"{READS} reads, then {ACTS} acts over {CONNECTIONS} connections")
        floor = run_load(asked.port, [make_request("GET", "/healthz")] * READS, connections=CONNECTIONS)
        bearer = ("Authorization", f"Bearer {asked.token}")
        reads = run_load(
            asked.port, [make_request("GET", "/v1/warnings/W-1", [bearer])] * READS, connections=CONNECTIONS
        )
        acts = run_load(
            asked.port,
            [make_request("POST", f"/k/{link}?answer=acknowledged") for link in asked.links[:ACTS]],
            connections=CONNECTIONS,
            status=303,
        )
    say(f"{WARNINGS} warnings, {LIVE} of them live")
    _fill(asked.folder)
    with _served(asked):
        first = _first_page_seconds(asked)
    return (
        *_rates("reads", reads, 1_000, beside={"/healthz, nothing read": floor.rate}),
        *_rates("acts", acts, 400, beside={"/healthz, nothing read": floor.rate}),
        Figure(name=f"first page with {WARNINGS} warnings", value=first * 1000, unit="ms", better="lower", goal=300),
        Figure(name="memory of an idle node", value=idle, unit="MB", better="lower", goal=150),
    )


def _rates(name: str, load: Load, goal: float, *, beside: dict[str, float]) -> Iterator[Figure]:
    yield Figure(name=name, value=load.rate, unit="1/s", better="higher", goal=goal, beside=beside, note="one core")
    p99 = percentile(load.seconds, 0.99) * 1000
    yield Figure(name=f"{name}, p99", value=p99, unit="ms", better="lower", goal=50, note=f"{CONNECTIONS} connections")


def _prepare(folder: Path) -> Asked:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    values = {"name": folder.name, "practice": True, "exercise": "bench", "listen": f"127.0.0.1:{port}", "url": url}
    make_node(folder, values)
    move_rehearsal_clock(folder).move_to(START)
    desk = open_node(folder, {}).desk
    link = add_officer(desk, "ada", [role.value for role in Role])["link"]
    ada = desk.acting(officer_named(desk, "ada").id, "named")
    warning = _issue(ada)
    with desk.store.read() as tx:
        links = tuple(link_token(desk.keys.links, mail.key) for mail in tx.outbox.mail(warning) if not mail.party)
    asked = Asked(
        folder=folder,
        port=port,
        token=add_token(ada, "ada", "bench")["token"],
        session=set_password(desk, link.rsplit("/", 1)[1], "a password for a bench"),
        links=links,
    )
    desk.store.close()
    return asked


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _issue(desk: Desk) -> str:
    rows = (f"P{n},en,Europe/Moscow,55.75,37.62,p{n}@people.example\n" for n in range(PEOPLE))
    import_register(desk, "people", ("id,language,zone,lat,lon,email\n" + "".join(rows)).encode())
    import_register(desk, "venues", read_text_data("demo", "venues.csv").encode())
    report = submit_report(desk, read_text_data("demo", "report.txt").encode())["report"]
    determination = determine_duty(desk, report, reliability="B", credibility=2)["determination"]
    order = dict(read_data("demo", "order.json")) | {"determination": determination, "peers": []}
    warning: str = issue_warning(desk, order_from_json(order))["warning"]
    return warning


def _fill(folder: Path) -> None:
    """Older warnings in the store, as they would be there after years."""
    store = open_node(folder, {}).desk.store
    with store.write() as tx:
        newest = tx.cases.warning("W-1")
        for number in range(2, WARNINGS + 1):
            tx.cases.put_warning(_older(newest, number))
    store.close()


def _older(warning: IssuedWarning, number: int) -> IssuedWarning:
    issued = warning.issued - timedelta(hours=number)
    if number <= LIVE:
        return replace(warning, id=f"W-{number}", issued=issued)
    return replace(warning, id=f"W-{number}", issued=issued, status=Status.CLOSED, closed_by=ClosedBy.WATCH_ENDED)


def _first_page_seconds(asked: Asked) -> float:
    """From the first byte asked to the last one read, of a server that has shown no page yet."""
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=START_SECONDS)
    start = time.perf_counter()
    connection.request("GET", "/now", headers={"Cookie": f"tocsin={asked.session}"})
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - start
    connection.close()
    if answer.status != 200 or b"<h1" not in body:
        raise DeliveryError(f"/now answered {answer.status}, expected a page")
    return took


@contextmanager
def _served(asked: Asked) -> Iterator["subprocess.Popen[bytes]"]:
    """`tocsin serve` on one core, this process on the others where there are others."""
    cores = sorted(os.sched_getaffinity(0))
    with (asked.folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "serve", "--node", str(asked.folder)], stdout=log, stderr=log
        )
    os.sched_setaffinity(process.pid, cores[:1])
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        _wait_for(asked.port, process)
        yield process
    finally:
        os.sched_setaffinity(0, cores)
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise DeliveryError("the node did not start", hint="see serve.log in its folder")
