"""A review tells its counts with the rule and what they rest on, and how long before the incident somebody knew."""

import json
from datetime import timedelta
from typing import Any

from tests.walks.conftest import START, World

from tocsin.core.data import read_data
from tocsin.desk.chase import answer_link
from tocsin.desk.drafts import draft_warning, release_draft
from tocsin.desk.ports import MovableClock
from tocsin.desk.review import record_incident, review_incident
from tocsin.evidence.receipt import Answer

INCIDENT = read_data("demo", "incident.json")


def reviewed(world: World, **changes: Any) -> list[dict[str, Any]]:
    world.move_to(START + timedelta(days=15))
    world.embassy.letters.clear()
    found = record_incident(world.embassy.desk, json.dumps({**INCIDENT, **changes}).encode())
    tables: list[dict[str, Any]] = review_incident(world.embassy.desk, found["incident"])["tables"]
    return [one for one in tables if one["told"] == "public"]


def issue_over_a_slow_channel(world: World, **late: float) -> None:
    draft = draft_warning(world.embassy.desk, world.order())["draft"]
    release_draft(world.embassy.releaser, draft)
    for one in world.both:
        assert isinstance(one.desk.clock, MovableClock)
        one.desk.clock.move_to(one.desk.clock.now() + timedelta(**late))
    world.settle()


def test_a_slow_channel_shows_in_the_lead_time_and_not_in_that_from_issue(world: World) -> None:
    issue_over_a_slow_channel(world, minutes=40)
    world.pass_time(minutes=25)
    answer_link(world.embassy.node, world.embassy.link("hall1-1@venues.example"), Answer.ACKNOWLEDGED)
    _, late = reviewed(world)
    issue, hand_over, acknowledgement = (one["quartiles"][1] for one in late["leads"])
    assert issue - hand_over == 40 * 60
    assert hand_over - acknowledgement == 25 * 60
    told = [one["recipients_before_onset"] for one in late["leads"]]
    assert told[0] is None
    assert told[2]["count"] == 1
    assert told[1]["count"] > 1
    assert told[1]["of"] == told[2]["of"] >= told[1]["count"]


def test_nobody_answered_and_no_acknowledgement_is_told(later: World) -> None:
    _, late = reviewed(later)
    assert (late["leads"][2]["with_lead"], late["leads"][2]["quartiles"]) == (0, None)
    assert late["leads"][2]["recipients_before_onset"]["count"] == 0


def test_a_refused_letter_reached_nobody(world: World) -> None:
    world.embassy.refused = frozenset({"hall1-1@venues.example", "hall1-2@venues.example"})
    world.issue()
    _, late = reviewed(world)
    hand_over = late["leads"][1]["recipients_before_onset"]
    assert hand_over["count"] <= hand_over["of"] - 2


def test_the_same_facts_give_two_records_each_under_its_rule(later: World) -> None:
    strict, late = reviewed(later)
    assert (strict["rule"]["max_late"], late["rule"]["max_late"]) == (0.0, 30 * 86400.0)
    assert (strict["pod"]["count"], strict["pod"]["of"]) == (0, 1)
    assert (late["pod"]["count"], late["pod"]["of"]) == (1, 1)
    assert strict["leads"][0]["with_lead"] == 0, "a miss has no lead, however early the warning"
    assert strict["pod"]["interval"]["method"] == "Wilson", "one day is one block: nothing to draw from"


def test_a_foiled_attack_has_no_lead_time_and_leaves_the_ratio_between_bounds(later: World) -> None:
    _, late = reviewed(later, status="foiled")
    assert (late["averted"], late["pod"]["of"], late["far"]["of"]) == (1, 0, 0)
    assert late["far_bounds"] == [0.0, 1.0]
    assert [one["incidents"] for one in late["leads"]] == [0, 0, 0]
