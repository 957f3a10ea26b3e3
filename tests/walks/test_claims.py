"""A news account joins the record of an incident as claims: whole or not at all, and nothing else moves."""

import hashlib
import json
import re
import shutil
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.review.test_own_voice import find_unproved_words

from tocsin.core.data import read_data, read_text_data
from tocsin.demo.stage import ANALYST, Stage, free_ports
from tocsin.desk.account import account_for
from tocsin.desk.claims import record_claims
from tocsin.desk.house import Role
from tocsin.desk.matters import list_matters
from tocsin.desk.order import order_from_json
from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.desk.ports import Desk, MovableClock
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.review import record_incident, review_incident
from tocsin.desk.show import list_incidents, show_incident
from tocsin.desk.warn import issue_warning
from tocsin.errors import AccessError, InputError, NotFoundError, StateError
from tocsin.evidence.entry import Kind
from tocsin.node import Node, make_node, move_rehearsal_clock, open_node
from tocsin.review.account_html import write_html

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
NEWS = read_text_data("demo", "news.txt").encode()
INCIDENT = read_text_data("demo", "incident.json").encode()
MARKED: dict[str, Any] = read_data("demo", "claims.json")


@dataclass(frozen=True)
class House:
    """One node after the attack of 22 March, on 24 March, with its people."""

    node: Node
    folder: Path
    people: dict[str, Desk]
    warning: str
    incident: str

    @property
    def analyst(self) -> Desk:
        return self.people["analyst"]

    def everything(self) -> list[list[tuple[Any, ...]]]:
        """All rows of all tables."""
        with sqlite3.connect(self.folder / "tocsin.db") as db:
            names = [
                name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            ]
            return [[(name, *row) for row in db.execute(f'SELECT * FROM "{name}"')] for name in names]

    def move_to(self, at: datetime) -> None:
        assert isinstance(self.node.desk.clock, MovableClock)
        self.node.desk.clock.move_to(at)

    def leaves(self) -> int:
        with self.node.desk.store.read() as tx:
            return tx.log.size()


ROLES = ("officer", "releaser", "analyst", "auditor", "reporter", "waiver_authority", "administrator")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The folder of that node, its warning and its incident. Each test goes on with a copy."""
    folder = tmp_path_factory.mktemp("claims") / "embassy.example"
    (port,) = free_ports(1)
    values = {"name": "embassy.example", "practice": True, "exercise": "walk", "zone": "Europe/Moscow"}
    make_node(folder, values | {"listen": f"127.0.0.1:{port}", "url": f"http://127.0.0.1:{port}"})
    clock = move_rehearsal_clock(folder)
    clock.move_to(START)
    desk = open_node(folder, {}).desk
    people = _staff(desk)
    warning = _warn(people["officer"])
    clock.move_to(datetime(2024, 3, 24, 9, 0, tzinfo=UTC))
    incident: str = record_incident(people["analyst"], INCIDENT)["incident"]
    desk.store.close()
    return folder, warning, incident


@pytest.fixture
def house(begun: tuple[Path, str, str], tmp_path: Path) -> Iterator[House]:
    folder, warning, incident = begun
    node = open_node(shutil.copytree(folder, tmp_path / folder.name), {})
    yield House(node, node.folder, _people(node.desk), warning, incident)
    node.desk.store.close()


def _people(desk: Desk) -> dict[str, Desk]:
    return {name: desk.acting(officer_named(desk, name.replace("_", "-")).id, "named") for name in ROLES}


def _staff(desk: Desk) -> dict[str, Desk]:
    add_officer(desk, "administrator", [Role.ADMINISTRATOR])
    administrator = desk.acting(officer_named(desk, "administrator").id, "named")
    for name in ROLES[:-1]:
        add_officer(administrator, name.replace("_", "-"), [name])
    return _people(desk)


def _warn(officer: Desk) -> str:
    report = submit_report(officer, read_text_data("demo", "report.txt").encode())["report"]
    duty = determine_duty(officer, report, reliability="B", credibility=2)
    order = dict(read_data("demo", "order.json"))
    order |= {"determination": duty["determination"], "peers": [], "because": "nobody is registered in this walk"}
    warning: str = issue_warning(officer, order_from_json(order))["warning"]
    return warning


def hear(house: House, text: bytes = NEWS, **changes: Any) -> dict[str, Any]:
    return record_claims(house.analyst, house.incident, text, MARKED | changes)


def test_claims_are_kept_with_their_text_and_one_leaf_without_a_word_of_it(house: House) -> None:
    before = house.leaves()
    outcome = hear(house)
    digest = hashlib.sha256(NEWS).hexdigest()
    assert outcome == {"incident": "I-1", "report": f"R-{digest[:12]}", "new": True, "claims": 5}
    assert house.leaves() == before + 1
    with house.node.desk.store.read() as tx:
        leaf = tx.log.entry(before)
        kept = tx.cases.report(outcome["report"])
    assert (leaf.kind, leaf.disclosures, kept.raw, kept.digest) == (Kind.REPORT, {}, NEWS, digest)
    body = _claims_of(leaf.statement)
    own = {name: body[name] for name in ("report", "sha256", "incident", "claims", "by")}
    assert own == {
        "report": outcome["report"],
        "sha256": digest,
        "incident": "I-1",
        "claims": 5,
        "by": house.analyst.actor,
    }
    assert not any(one["claim"] in json.dumps(body) for one in MARKED["claims"])


def _claims_of(jws: bytes) -> dict[str, Any]:
    payload = jws.split(b".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return found


def test_the_text_is_an_article_whose_claims_point_at_their_words(house: House) -> None:
    outcome = hear(house)
    with house.node.desk.store.read() as tx:
        reading = tx.cases.report(outcome["report"]).reading
    assert reading["kind"] == "article"
    assert [one["who"] for one in reading["claims"]] == [one["who"] for one in MARKED["claims"]]
    text = NEWS.decode()
    assert [text[one["start"] : one["end"]] for one in reading["spans"]["claims"]] == [
        one["claim"] for one in MARKED["claims"]
    ]


def test_what_was_marked_is_what_is_shown(house: House) -> None:
    hear(house)
    shown = show_incident(house.node.desk, house.incident)["claims"]
    assert [{key: one[key] for key in ("who", "to", "when", "claim", "reported_by")} for one in shown] == [
        {key: one[key] for key in ("who", "to", "when", "claim", "reported_by")} for one in MARKED["claims"]
    ]
    assert [one["about"] for one in shown] == [one.get("about") for one in MARKED["claims"]]
    (line,) = list_incidents(house.node.desk)
    assert line["claims"] == 5


def test_the_same_text_twice_adds_nothing(house: House) -> None:
    first = hear(house)
    before = house.everything()
    assert hear(house) == first | {"new": False}
    assert house.everything() == before


def test_the_same_text_with_other_marks_is_refused_and_not_lost_in_silence(house: House) -> None:
    hear(house)
    before = house.everything()
    with pytest.raises(StateError, match=r"5 claims of R-[0-9a-f]{12} are recorded for I-1 with other marks"):
        hear(house, claims=MARKED["claims"][:4])
    assert house.everything() == before


def test_a_repeated_request_is_one_act(house: House) -> None:
    first = record_claims(house.analyst, house.incident, NEWS, MARKED, once="step 1")
    before = house.everything()
    assert record_claims(house.analyst, house.incident, NEWS, MARKED, once="step 1") == first
    assert house.everything() == before


def test_one_text_may_bear_on_two_incidents_and_is_kept_once(house: House) -> None:
    hear(house)
    other = record_incident(house.analyst, INCIDENT)["incident"]
    assert record_claims(house.analyst, other, NEWS, MARKED)["new"] is True
    assert [one["claims"] for one in list_incidents(house.node.desk)] == [5, 5]
    assert len(list_matters(house.node.desk)) == 2


def test_a_text_that_came_in_as_a_report_before_stays_that_report(house: House) -> None:
    came = submit_report(house.people["officer"], NEWS)
    assert hear(house)["report"] == came["report"]
    assert len(list_matters(house.node.desk)) == 2


CLAIMS = MARKED["claims"]
BAD: dict[str, Callable[[House], object]] = {
    "words that are not there": lambda house: hear(house, claims=[*CLAIMS, CLAIMS[0] | {"claim": "no such words"}]),
    "nobody who tells it": lambda house: hear(house, claims=[*CLAIMS[:4], CLAIMS[4] | {"reported_by": []}]),
    "another text": lambda house: hear(house, text=NEWS.replace(b"blackmail", b"a threat")),
    "no text": lambda house: hear(house, text=b""),
    "a text that is binary": lambda house: hear(house, text=b"\0" + NEWS),
    "a text that is not UTF-8": lambda house: hear(house, text=b"\xff" + NEWS),
    "a text from tomorrow": lambda house: hear(house, dated="2024-03-25"),
    "a claim of this evening": lambda house: hear(house, claims=[CLAIMS[1] | {"when": "2024-03-24T12:01"}]),
    "a claim from tomorrow": lambda house: hear(house, claims=[CLAIMS[1] | {"when": "2024-03-25"}]),
}


@pytest.mark.parametrize("attempt", list(BAD.values()), ids=list(BAD))
def test_what_cannot_be_taken_in_stores_nothing_by_halves(house: House, attempt: Callable[[House], object]) -> None:
    before = house.everything()
    with pytest.raises(InputError):
        attempt(house)
    assert house.everything() == before


def test_an_incident_that_is_not_here_takes_no_claims(house: House) -> None:
    before = house.everything()
    with pytest.raises(NotFoundError):
        record_claims(house.analyst, "I-9", NEWS, MARKED)
    assert house.everything() == before


def test_a_claim_of_this_very_minute_is_accepted(house: House) -> None:
    assert hear(house, claims=[CLAIMS[1] | {"when": "2024-03-24T12:00"}])["new"] is True


def test_a_text_of_today_is_accepted_where_it_is_already_today(house: House) -> None:
    """At 21:30 UTC on the 24th it is the 25th in Moscow, and still the 24th in London."""
    house.move_to(datetime(2024, 3, 24, 21, 30, tzinfo=UTC))
    with pytest.raises(InputError, match="dated 2024-03-25, today is 2024-03-24 in Europe/London"):
        hear(house, dated="2024-03-25", zone="Europe/London")
    assert hear(house, dated="2024-03-25")["new"] is True


@pytest.mark.parametrize("who", ["releaser", "auditor", "reporter", "waiver_authority", "administrator"])
def test_who_may_not_records_nothing_and_the_attempt_is_logged(house: House, who: str) -> None:
    with pytest.raises(AccessError, match="may not record a claim"):
        record_claims(house.people[who], house.incident, NEWS, MARKED)
    with house.node.desk.store.read() as tx:
        last = tx.log.entry(tx.log.size() - 1)
        assert (last.kind, tx.cases.claims(house.incident)) == (Kind.REFUSED, ())
    assert _claims_of(last.statement)["act"] == "record_claim"


def test_nobody_named_records_nothing(house: House) -> None:
    with pytest.raises(AccessError, match="nobody is named"):
        record_claims(house.node.desk, house.incident, NEWS, MARKED)


def test_a_claim_changes_no_verdict_no_count_and_no_proof(house: House) -> None:
    write_html(account_for(house.analyst, house.incident))  # a head now covers all that was there before
    verdict = review_incident(house.analyst, house.incident)
    bundle = make_warning_bundle(house.analyst, house.warning)
    contrary = [
        CLAIMS[2] | {"about": {"subject": "incident", "when": "2023-01-01"}},
        CLAIMS[0] | {"about": {"subject": "warning", "when": "2024-03-23T12:00"}},
    ]
    hear(house, claims=contrary)
    assert review_incident(house.analyst, house.incident) == verdict
    assert make_warning_bundle(house.analyst, house.warning) == bundle
    account = write_html(account_for(house.analyst, house.incident))
    assert account.count("Differs from this node’s log.") == 2


def test_the_account_tells_claims_as_claims_and_of_nobody_that_they_were_told(house: House) -> None:
    hear(house)
    account = write_html(account_for(house.analyst, house.incident))
    assert account.count('<li class="t-claim">') == 10
    assert "that any of the 5 claims of others is true" in account
    assert find_unproved_words(account) == []


def test_hostile_words_reach_the_account_as_words(house: House) -> None:
    evil = "<script>alert(1)</script>{{ 7 * 7 }}"
    claim = {"who": evil, "to": evil, "when": None, "claim": evil, "reported_by": [evil]}
    hear(house, text=f"They say: {evil}".encode(), claims=[claim])
    account = write_html(account_for(house.analyst, house.incident))
    assert "<script" not in account
    assert "{{ 7 * 7 }}" in account


def test_the_example_of_the_docs_is_taken_in(house: House) -> None:
    page = (Path(__file__).parents[2] / "docs/claims.md").read_text(encoding="utf-8")
    text, marked = re.findall(r"```(?:text|json)\n(.*?)```", page, re.DOTALL)
    house.move_to(datetime(2024, 3, 26, 12, 0, tzinfo=UTC))
    assert record_claims(house.analyst, house.incident, text.encode(), json.loads(marked))["claims"] == 2
    assert write_html(account_for(house.analyst, house.incident)).count("Differs from this node’s log.") == 1


@pytest.fixture
def served(house: House) -> Iterator[Stage]:
    """The same node behind its real server."""
    token = add_token(house.people["administrator"], "analyst", "walk", lasts=timedelta(days=365))["token"]
    port = int(house.node.desk.settings.listen.rpartition(":")[2])
    stage = Stage("embassy.example", house.folder, port, tokens={ANALYST: token})
    stage.start()
    done = 1
    while done:  # its own clockwork and sender have something to do at this instant
        done = stage.call("POST", "/rehearsal/settle", by=ANALYST)["done"]
    yield stage
    stage.stop()


def test_over_http_the_digest_is_that_of_the_text(served: Stage) -> None:
    answer = served.call("POST", "/v1/incidents/I-1/claims", {"text": NEWS.decode(), "marked": MARKED}, by=ANALYST)
    assert answer["report"] == f"R-{hashlib.sha256(NEWS).hexdigest()[:12]}"
    shown = served.call("GET", "/v1/incidents/I-1", by=ANALYST)
    assert [one["claim"] for one in shown["claims"]] == [one["claim"] for one in CLAIMS]


def test_over_http_what_cannot_be_read_is_refused_and_nothing_stored(house: House, served: Stage) -> None:
    half = CLAIMS[0] | {"who": "\ud800"}
    refused = {
        "no marks": {"text": "x"},
        "half a character in the text": {"text": "\ud800", "marked": MARKED},
        "half a character in a mark": {"text": NEWS.decode(), "marked": MARKED | {"claims": [half]}},
        "words that are not there": {"text": "x", "marked": MARKED},
    }
    before = house.everything()
    for name, body in refused.items():
        with pytest.raises(StateError, match="answered 422"):
            served.call("POST", "/v1/incidents/I-1/claims", body, by=ANALYST)
        assert house.everything() == before, name
