"""What the public was told and what peers were told are scored apart, each as it was in force when it happened."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.walks.conftest import START, World
from tests.walks.test_revision import change as change_and_expect

from tocsin.compose.revision import Change
from tocsin.core.data import read_data
from tocsin.core.marking import Audience
from tocsin.desk.account import account_for
from tocsin.desk.drafts import draft_warning, release_draft
from tocsin.desk.matching import confirm_match, override_match, show_matches
from tocsin.desk.review import record_incident, review_incident
from tocsin.errors import NotFoundError
from tocsin.review.account_html import write_html
from tocsin.review.facets import Verdict

INCIDENT = read_data("demo", "incident.json")
QUIET = {
    "description": "The Embassy follows reports of plans to attack large gatherings in Moscow, concerts included. Where exactly "
    "and how is not stated. Issued Thursday 7 March, 18:00 Moscow time."
}
"""The public words without those who are feared."""


def issue(world: World, **public: str) -> None:
    order = world.order()
    texts = {**order["texts"], "public": {**order["texts"]["public"], **public}}
    release_draft(world.embassy.releaser, draft_warning(world.embassy.desk, {**order, "texts": texts})["draft"])
    world.settle()


def happen(world: World, *, after: timedelta = timedelta(days=15)) -> str:
    """It happens so long after the start of the story, and is entered an hour later."""
    world.embassy.letters.clear()
    start = START + after
    world.move_to(start + timedelta(hours=1))
    raw = json.dumps(
        {
            **INCIDENT,
            "start": start.isoformat(),
            "actors": ["isis-k"],
            "claimed": [],
            "attributed": [],
        }
    )
    found: str = record_incident(world.embassy.desk, raw.encode())["incident"]
    world.embassy.letters.clear()
    return found


def change(world: World, what: Change) -> None:
    world.embassy.letters.clear()
    change_and_expect(world, what, "W-1")
    world.embassy.letters.clear()


def rows(world: World, incident: str) -> dict[str, dict[str, Any]]:
    return {one["warning"]: one for one in review_incident(world.embassy.desk, incident)["matches"]}


def test_the_public_gets_no_credit_for_an_actor_that_only_peers_were_told_of(world: World) -> None:
    issue(world, **QUIET)
    found = rows(world, happen(world))
    assert (found["W-1"]["actor"], found["W-1/partner"]["actor"]) == ("unspecified", "partial")
    assert (found["W-1"]["told"], found["W-1/partner"]["told"]) == ("public", "private")


def test_each_is_counted_in_tables_of_its_own(later: World) -> None:
    tables = review_incident(later.embassy.desk, happen(later))["tables"]
    assert [(one["told"], one["late_allowed"], one["event_hits"]) for one in tables] == [
        ("public", "not at all", 0),
        ("public", "30 days", 1),
        ("private", "not at all", 0),
        ("private", "30 days", 1),
    ]
    people, peers = (one["leads"][1]["recipients_before_onset"]["of"] for one in tables if one["event_hits"])
    assert peers == 1, "the lead of the version for peers is that of peers alone"
    assert people > peers


def test_without_a_peer_there_is_no_row_of_peers(world: World) -> None:
    order = {**world.order(), "peers": []}
    order["texts"] = {audience: text for audience, text in order["texts"].items() if audience != "partner"}
    release_draft(world.embassy.releaser, draft_warning(world.embassy.desk, order)["draft"])
    world.settle()
    incident = happen(world)
    assert list(rows(world, incident)) == ["W-1"]
    assert {one["told"] for one in review_incident(world.embassy.desk, incident)["tables"]} == {"public"}
    with pytest.raises(NotFoundError, match="W-1/partner"):
        confirm_match(world.embassy.desk, incident, "W-1/partner", "it fits")


def test_what_was_extended_afterwards_had_not_been_told(world: World) -> None:
    issue(world)
    incident = happen(world, after=timedelta(hours=60))
    before = rows(world, incident)
    change(world, Change.EXTEND)
    after = rows(world, incident)
    assert [one["time"] for one in before.values()] == ["late", "late"]
    assert after == before


def test_a_warning_that_was_ended_covers_nothing_that_came_later(world: World) -> None:
    issue(world)
    world.pass_time(hours=10)
    change(world, Change.CANCEL)
    incident = happen(world, after=timedelta(hours=15))
    assert [one["time"] for one in rows(world, incident).values()] == ["late", "late"]


def test_what_was_extended_before_covers_it(world: World) -> None:
    issue(world)
    world.pass_time(hours=40)
    change(world, Change.EXTEND)
    incident = happen(world, after=timedelta(hours=60))
    assert [one["time"] for one in rows(world, incident).values()] == ["hit", "hit"]


def test_a_person_rules_on_each_apart(later: World) -> None:
    desk, incident = later.embassy.desk, happen(later)
    override_match(desk, incident, "W-1/partner", Verdict.HIT, "the cable named the hall")
    ruled = {
        one["warning"]: [rule["ruled"] for rule in one["ruled"]] for one in show_matches(desk, incident)["matches"]
    }
    assert ruled == {"W-1": [], "W-1/partner": ["hit"]}
    assert "the cable named the hall" in write_html(account_for(desk, incident, reader=Audience.INTERNAL))


def test_an_account_shows_what_peers_had_to_those_alone_who_may_see_it(world: World) -> None:
    issue(world, **QUIET)
    desk, incident = world.embassy.desk, happen(world)
    inside, public = (
        write_html(account_for(desk, incident, reader=one)) for one in (Audience.PARTNER, Audience.PUBLIC)
    )
    assert "W-1/partner" in inside
    assert "version for peers, late allowed: 30 days" in inside
    assert "W-1/partner" not in public
    assert "version for peers, late" not in public
    assert "It is scored apart, and not for this reader." in public
