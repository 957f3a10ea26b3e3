"""Words that nobody can act on do not wait as a draft; a pass by name lets them go, and the log says which."""

import pytest
from tests.walks.conftest import World
from tests.walks.leaves import read_claims

from tocsin.desk.drafts import draft_warning, list_drafts, release_draft
from tocsin.errors import InputError, PolicyError
from tocsin.evidence.entry import Kind

WHY = "the city has not agreed on more"
TERSE = {
    "headline": "Embassy: attacks on concerts in Moscow may be near",
    "description": "This holds until further notice.",
    "instruction": "Stay away.",
}


def test_every_error_is_named_at_once_and_nothing_is_kept(world: World) -> None:
    with pytest.raises(PolicyError, match=r"TXT-C4.*TXT-C6"):
        draft_warning(world.embassy.desk, world.order(texts={"public": TERSE}, peers=[], held_back=[]))
    assert list_drafts(world.embassy.desk) == []


def test_a_pass_for_each_error_lets_it_go_and_stands_in_the_log_of_draft_and_release(world: World) -> None:
    passes = {"TXT-C4": WHY, "TXT-C6": WHY}
    order = world.order(texts={"public": TERSE}, peers=[], held_back=[], **{"pass": passes})
    draft = draft_warning(world.embassy.desk, order)
    assert {one["rule"]: one["passed"] for one in draft["lint"] if one["level"] == "error"} == passes
    release_draft(world.embassy.releaser, draft["draft"])
    with world.embassy.node.store.read() as tx:
        logged = [read_claims(one.statement) for one in tx.log.entries()]
    assert [one["lint_passed"] for one in logged if "lint_passed" in one] == [["TXT-C4", "TXT-C6"]] * 2
    assert all(WHY not in str(one) for one in logged if one["kind"] in {Kind.ACT.value, Kind.STATE.value})
    world.embassy.letters.clear()


def test_a_pass_without_a_reason_is_no_pass(world: World) -> None:
    with pytest.raises(InputError, match="TXT-C4 has no reason"):
        draft_warning(world.embassy.desk, world.order(**{"pass": {"TXT-C4": ""}}))
    assert list_drafts(world.embassy.desk) == []


@pytest.mark.parametrize("language", ["english", "xx", "qqq", "en_US", "EN", "eng", "deu", "und", "mul"])
def test_a_slip_in_the_language_does_not_switch_the_lint_off(world: World, language: str) -> None:
    with pytest.raises(InputError, match="order: language is"):
        draft_warning(world.embassy.desk, world.order(language=language))
    assert list_drafts(world.embassy.desk) == []


def test_a_language_without_rules_is_taken_and_each_rule_says_that_it_checked_nothing(world: World) -> None:
    order = world.order(language="de-AT", texts={"public": TERSE}, peers=[], held_back=[])
    found = draft_warning(world.embassy.desk, order)["lint"]
    assert {one["rule"] for one in found if one["found"] == "not checked in de"} >= {"TXT-C4", "TXT-C5", "TXT-C7"}
