"""`tocsin bench account`: the account of a warning that five thousand venues answered, made from a real log and printed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tocsin.bench.figures import Figure
from tocsin.core.data import read_data, read_text_data
from tocsin.desk.access import May
from tocsin.desk.account import account_for
from tocsin.desk.act import begin
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk, MovableClock
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.review import record_incident
from tocsin.desk.warn import issue_warning
from tocsin.evidence.entry import Kind
from tocsin.node import make_node, move_rehearsal_clock, open_node
from tocsin.review.account_html import write_html
from tocsin.review.account_pdf import write_pdf

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
ENTRIES = 5_000
TIMES = 3


def bench_account(folder: Path, say: Callable[[str], None], _data: Path | None) -> tuple[Figure, ...]:
    """Make one node below the folder and its account, as HTML and as PDF. About half a minute."""
    say(f"a warning with {ENTRIES} answers in the log")
    desk, incident = _prepare(folder / "bench.example")
    try:
        made, printed, paper = (min(one) for one in zip(*(_measure(desk, incident) for _ in range(TIMES)), strict=True))
    finally:
        desk.store.close()
    held_back = len(read_data("demo", "order.json")["held_back"])
    return (
        Figure(
            name="account of 5,000 entries",
            value=made + printed,
            unit="s",
            better="lower",
            goal=2.0,
            beside={"printing the HTML alone": printed, "printing the PDF alone, by typst": paper},
            note=f"best of {TIMES}; facts gathered, proved, and read by the leak check for {held_back} phrases; then HTML",
        ),
    )


def _measure(desk: Desk, incident: str) -> tuple[float, float, float]:
    start = time.perf_counter()
    sheet = account_for(desk, incident)
    made = time.perf_counter()
    write_html(sheet)
    printed = time.perf_counter()
    write_pdf(sheet)
    return made - start, printed - made, time.perf_counter() - printed


def _prepare(folder: Path) -> tuple[Desk, str]:
    """A practice node with one warning, one answer a second of as many venues, and an incident inside the window."""
    make_node(folder, {"name": folder.name, "practice": True, "exercise": "bench", "zone": "Europe/Moscow"})
    move_rehearsal_clock(folder).move_to(START)
    node = open_node(folder).desk
    add_officer(node, "ada", [Role.ADMINISTRATOR, Role.OFFICER])
    desk = node.acting(officer_named(node, "ada").id, "named")
    report = submit_report(desk, read_text_data("demo", "report.txt").encode())["report"]
    duty = determine_duty(desk, report, reliability="B", credibility=2)["determination"]
    order = dict(read_data("demo", "order.json")) | {"determination": duty, "peers": [], "because": "bench"}
    warning = issue_warning(desk, order_from_json(order))["warning"]
    with begin(node, May.RECEIVE) as act:
        for number in range(ENTRIES):
            body = {"warning": warning, "party": f"V{number}", "answer": "acknowledged", "rows": []}
            replace(act, at=act.at + timedelta(seconds=number)).log(Kind.ACKNOWLEDGEMENTS, body, subject=warning)
    assert isinstance(node.clock, MovableClock)
    node.clock.move_to(START + timedelta(days=16))
    return desk, record_incident(desk, read_text_data("demo", "incident.json").encode())["incident"]
