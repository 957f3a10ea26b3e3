"""The one way round four eyes is narrow on every side, and whoever takes it is seen (LESSONS L46)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.walks.conftest import PEOPLE, START, VENUES, TestDesk, staff

from tocsin.core.data import read_data, read_text_data
from tocsin.desk.drafts import draft_warning, hold_draft, list_drafts, release_alone
from tocsin.desk.people import add_officer, officer_named, retire_officer, set_roles
from tocsin.desk.ports import Desk, MovableClock
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.sending import claim_mail, settle_mail
from tocsin.desk.show import list_warnings
from tocsin.desk.tasks import finish_task, list_tasks
from tocsin.errors import PolicyError, StateError
from tocsin.evidence.entry import Kind
from tocsin.node import make_node, move_rehearsal_clock, open_node

TEMPLATE = {
    "public": {
        "headline": "Leave crowded places in {place} now",
        "description": "Desk of Example: an attack on crowded places in {place} may be about to happen. Valid until {until}.",
        "instruction": "Leave crowded places. Stay away from gatherings until {until}. We write again before then.",
    }
}


@dataclass
class Night:
    """A desk at three in the morning: an officer, a releaser who does not answer, an auditor, an approved template."""

    desk: TestDesk
    order: dict[str, Any]

    def draft(self, **changes: Any) -> str:
        made: str = draft_warning(self.desk.desk, self.order | changes)["draft"]
        return made

    def wait(self, seconds: int) -> None:
        clock = self.desk.node.clock
        assert isinstance(clock, MovableClock)
        clock.move_to(clock.now() + timedelta(seconds=seconds))

    def send(self) -> None:
        while batch := claim_mail(self.desk.node):
            settle_mail(self.desk.node, [mail for mail, _ in batch], self.desk.send_mail(batch))

    def administrator(self) -> Desk:
        return _named(self.desk.node, "administrator")


def _named(node: Desk, name: str) -> Desk:
    return node.acting(officer_named(node, name).id, "named")


def make_night(folder: Path, *, most_people: int = 10, most_area_km2: int = 1000, approve: bool = True) -> Night:
    make_node(folder, {"name": "desk.example", "practice": True, "exercise": "night", "zone": "Europe/Moscow"})
    (folder / "templates").mkdir()
    raw = json.dumps(TEMPLATE).encode()
    (folder / "templates" / "crowds.json").write_bytes(raw)
    digest = hashlib.sha256(raw if approve else b"another file").hexdigest()
    (folder / "policy.toml").write_text(
        f"[alone]\nmost_people = {most_people}\nmost_area_km2 = {most_area_km2}\n"
        f'[template.crowds]\nsha256 = "{digest}"\napproved_by = "the board, 1 March 2024"\n'
    )
    move_rehearsal_clock(folder).move_to(START)
    desk = staff(open_node(folder).desk)
    add_officer(_named(desk.node, "administrator"), "auditor", ["auditor"], address="auditor@desk.example")
    import_register(desk.desk, "people", PEOPLE.encode())
    import_register(desk.desk, "venues", VENUES.encode())
    report = submit_report(desk.desk, read_text_data("demo", "report.txt").encode())["report"]
    determination = determine_duty(desk.desk, report, reliability="B", credibility=2)["determination"]
    order = {
        key: value
        for key, value in read_data("demo", "order.json").items()
        if key not in {"texts", "held_back", "peers"}
    }
    return Night(desk, order | {"template": "crowds", "determination": determination})


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    made = make_night(tmp_path / "desk.example")
    yield made
    made.desk.node.store.close()


def test_119_seconds_are_too_few_and_121_are_enough(night: Night) -> None:
    draft = night.draft()
    night.wait(119)
    with pytest.raises(PolicyError, match="asked 119 s ago, expected 120"):
        release_alone(night.desk.desk, draft)
    assert list_warnings(night.desk.node) == []
    night.wait(2)
    assert release_alone(night.desk.desk, draft)["issued"] is True


def test_the_second_and_the_reviewer_are_told_and_a_review_is_due(night: Night) -> None:
    draft = night.draft()
    night.send()
    night.desk.expect("releaser@desk.example", "A draft waits for your release")
    night.wait(121)
    outcome = release_alone(night.desk.desk, draft)
    night.send()
    for who in ("releaser", "auditor"):
        night.desk.expect(f"{who}@desk.example", "Released by one person alone: W-1")
    (task,) = list_tasks(night.desk.node)
    assert (task["subject"], task["role"]) == (outcome["warning"], "auditor")
    with pytest.raises(PolicyError, match="waits for somebody with the role auditor"):
        finish_task(night.desk.desk, task["task"])
    finish_task(_named(night.desk.node, "auditor"), task["task"])
    assert list_tasks(night.desk.node) == []
    with night.desk.node.store.read() as tx:
        assert [one.kind for one in tx.log.entries(subject="W-1")].count(Kind.ACT) >= 1


FREE = {name: one for name, one in read_data("demo", "order.json").items() if name in {"texts", "held_back"}}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (FREE | {"template": ""}, "free text"),
        ({"urgency": "Expected"}, "urgency is Expected"),
        ({"severity": "Severe"}, "severity is Severe"),
    ],
    ids=["free text", "not immediate", "only severe"],
)
def test_what_is_not_the_approved_emergency_waits_for_two(night: Night, changes: dict[str, Any], why: str) -> None:
    draft = night.draft(**changes)
    night.wait(3600)
    with pytest.raises(PolicyError, match=why):
        release_alone(night.desk.desk, draft)
    assert list_warnings(night.desk.node) == []


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ({"most_people": 2}, "3 people, at most 2"),
        ({"most_area_km2": 100}, "201 km², at most 100"),
        ({"approve": False}, "a template that nobody approved"),
    ],
    ids=["more people", "larger area", "template changed after approval"],
)
def test_each_bound_of_the_policy_holds(tmp_path: Path, policy: dict[str, Any], why: str) -> None:
    night = make_night(tmp_path / "desk.example", **policy)
    draft = night.draft()
    night.wait(3600)
    with pytest.raises(PolicyError, match=why):
        release_alone(night.desk.desk, draft)
    assert list_warnings(night.desk.node) == []
    night.desk.node.store.close()


def test_nobody_asked_is_nobody_silent(night: Night) -> None:
    retire_officer(night.administrator(), "releaser")
    draft = night.draft()
    night.wait(3600)
    with pytest.raises(PolicyError, match="no second person was asked"):
        release_alone(night.desk.desk, draft)


def test_a_second_person_who_came_after_the_draft_was_not_asked(night: Night) -> None:
    retire_officer(night.administrator(), "releaser")
    draft = night.draft()
    night.wait(3600)
    add_officer(night.administrator(), "newcomer", ["releaser"], address="newcomer@desk.example")
    with pytest.raises(PolicyError, match="no second person was asked"):
        release_alone(night.desk.desk, draft)


def test_a_held_draft_is_released_by_nobody(night: Night) -> None:
    draft = night.draft()
    hold_draft(night.desk.releaser, draft, "the place is wrong")
    night.wait(3600)
    with pytest.raises(StateError, match="was held by"):
        release_alone(night.desk.desk, draft)
    assert [one["reason"] for one in list_drafts(night.desk.node)] == ["the place is wrong"]


def test_one_officer_does_not_take_the_draft_of_another(night: Night) -> None:
    draft = night.draft()
    add_officer(night.administrator(), "other", ["officer"])
    night.wait(3600)
    with pytest.raises(PolicyError, match="is not your draft"):
        release_alone(_named(night.desk.node, "other"), draft)


def test_a_releaser_who_may_also_draft_cannot_be_their_own_second(night: Night) -> None:
    set_roles(night.administrator(), "officer", ["officer", "releaser"])
    retire_officer(night.administrator(), "releaser")
    draft = night.draft()
    night.wait(3600)
    with pytest.raises(PolicyError, match="no second person was asked"):
        release_alone(night.desk.desk, draft)
