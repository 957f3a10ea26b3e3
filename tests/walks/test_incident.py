"""The walk of one incident through the review, and the whole story on three nodes."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest
from tests.walks.conftest import World

from tocsin.compose.fields import derive_fields
from tocsin.core.data import read_data, read_text_data
from tocsin.demo.run import BUNDLES, final_state, keep_results
from tocsin.demo.story import Story, play, staged
from tocsin.desk.account import account_for
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.respond import respond
from tocsin.desk.review import record_incident, review_incident
from tocsin.desk.show import list_inbox
from tocsin.errors import InputError, NotFoundError, VerificationError
from tocsin.evidence.bundle import BundleKey, KeyUse, Policy, read_bundle
from tocsin.evidence.receipt import Answer
from tocsin.evidence.verify import verify_bundle
from tocsin.review.account_html import write_html

INCIDENT = json.dumps(read_data("demo", "incident.json")).encode()
README = Path(__file__).resolve().parents[2] / "README.md"


def happened(world: World) -> str:
    incident: str = record_incident(world.embassy.desk, INCIDENT)["incident"]
    return incident


def test_a_late_match_is_told_with_its_rule_and_both_counts(later: World) -> None:
    incident = happened(later)
    found = review_incident(later.embassy.desk, incident)
    match, for_peers = found["matches"]
    assert (match["told"], for_peers["told"]) == ("public", "private")
    assert found["rule"] == "casebook/1"
    facets = {name: match[name] for name in ("place", "time", "target", "actor", "method", "overall")}
    assert facets == {
        "place": "near",
        "time": "late",
        "target": "hit",
        "actor": "partial",
        "method": "unspecified",
        "overall": "partial",
    }
    assert round(match["distance_km"]) == 16
    strict, late = (one for one in found["tables"] if one["told"] == "public")
    assert (strict["event_hits"], strict["misses"], strict["no_known_event"]) == (0, 1, 1)
    assert (late["event_hits"], late["misses"], late["no_known_event"]) == (1, 0, 0)


def test_an_account_tells_what_is_not_proved(later: World) -> None:
    incident = happened(later)
    case = read_text_data("demo", "moscow-crocus-2024.yaml").encode()
    account = write_html(account_for(later.embassy.desk, incident, case=case))
    assert "368.0" in account
    assert "308.0" in account
    assert "A match is not proof of knowledge" in account
    assert "that anybody read it" in account
    assert "<script" not in account
    assert "guest-house" not in account, "the account shows words of the internal version"


def test_an_account_tells_the_end_of_the_watch_apart_from_the_end_of_the_window(later: World) -> None:
    incident = happened(later)
    later.pass_time(days=2)
    later.embassy.letters.clear()
    account = write_html(account_for(later.embassy.desk, incident))
    assert account.count("it went on watch") == 1
    assert account.count("its watch ended, it was closed") == 1


def test_no_warning_before_it_is_no_account_and_no_all_clear(world: World) -> None:
    incident: str = record_incident(world.embassy.desk, INCIDENT)["incident"]
    with pytest.raises(NotFoundError, match="no warning was issued before"):
        account_for(world.embassy.desk, incident)


def test_an_incident_that_cannot_be_read_stores_nothing(world: World) -> None:
    good = read_data("demo", "incident.json")
    for bad in ({}, {**good, "start": "2024-03-22"}, {**good, "mood": 1}, {**good, "place": {"name": "x"}}):
        with pytest.raises(InputError):
            record_incident(world.embassy.desk, json.dumps(bad).encode())
    with world.embassy.desk.store.read() as tx:
        assert tx.cases.incidents() == ()


def test_a_bundle_with_any_byte_changed_is_refused_with_the_step_named(world: World) -> None:
    warning = world.issue()
    (item,) = list_inbox(world.city.desk)
    respond(world.city.desk, item["item"], Answer.DISMISSED, reason="provocation")
    world.settle()
    world.embassy.letters.clear()
    raw = make_warning_bundle(world.embassy.desk, warning)
    found = verify_bundle(read_bundle(raw), derive_fields=derive_fields)
    assert any("dismissed: provocation" in one.text for one in found.proved)
    for place in range(0, len(raw), 7):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(VerificationError) as caught:
            verify_bundle(read_bundle(changed), derive_fields=derive_fields)
        assert caught.value.step, place


def test_a_reader_with_a_policy_trusts_only_the_keys_in_it(world: World) -> None:
    warning = world.issue()
    world.embassy.letters.clear()
    bundle = read_bundle(make_warning_bundle(world.embassy.desk, warning, part="warning"))
    policy = Policy(bundle.keys, 0)
    assert {key.trust for key in verify_bundle(bundle, derive_fields=derive_fields, policy=policy).keys} == {"policy"}
    stranger = BundleKey(KeyUse.NODE, world.city.desk.keys.node.verify_key)
    for bad in (Policy((stranger,), 0), Policy(bundle.keys, 1)):
        with pytest.raises(VerificationError) as caught:
            verify_bundle(bundle, derive_fields=derive_fields, policy=bad)
        assert caught.value.step == "trust"


def test_a_bundle_shows_no_restricted_words(world: World) -> None:
    warning = world.issue(because="the cook insists")
    world.embassy.letters.clear()
    raw = make_warning_bundle(world.embassy.desk, warning)
    statements = [one.statement.split(b"~")[0].split(b".")[1] for one in read_bundle(raw).items]
    opened = raw + b"".join(urlsafe_b64decode(one + b"=" * (-len(one) % 4)) for one in statements)
    assert b"the cook insists" not in opened, "an officer's reason went out in a bundle"
    assert b"guest-house" not in opened
    assert b"graded B2" not in raw
    assert json.loads(raw)["cap"], "the public words are there to be read"


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the story has said so far, line by line."""
    return []


@pytest.fixture(scope="module")
def story(told: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, dict[str, Any], Path]:
    out = tmp_path_factory.mktemp("story")
    with staged(out, told.append) as found:
        play(found)
        keep_results(found)
        return found, final_state(found), out


def test_the_whole_story_on_three_nodes_ends_as_it_must(story: tuple[Story, dict[str, Any], Path]) -> None:
    found, state, _ = story
    assert "held back below" in found.results["leak_refused"]
    assert state["warning"]["mail"]["refused"] == 1
    (item,) = state["inbox"]
    assert item["state"] == "dismissed"
    (peer,) = state["warning"]["peers"]
    assert (peer["state"], peer["grade"]) == ("dismissed", "E4")
    ended = {one["party"]: one["ended_by"] for one in state["warning"]["asked"]}
    assert ended["city.example"] == "dismissed"
    assert ended[found.results["silent"]] is None
    assert ended[found.results["late"]] == "acknowledged"
    (match,) = (one for one in state["review"]["matches"] if one["told"] == "public")
    assert (match["delay_hours_from_issue"], match["delay_hours_from_window_end"]) == (362.0, 314.0)


def test_each_bundle_of_the_story_holds_and_a_witness_stands_behind_it(
    story: tuple[Story, dict[str, Any], Path],
) -> None:
    _, _, out = story
    for file in BUNDLES.values():
        proved = verify_bundle(read_bundle((out / file).read_bytes()), derive_fields=derive_fields)
        assert any(one.by == "witness.example/practice/witness" for one in proved.proved), file


def test_every_letter_of_the_story_says_exercise(story: tuple[Story, dict[str, Any], Path]) -> None:
    found, _, _ = story
    for box in found.postbox.letters.values():
        for letter in box:
            assert letter.subject.startswith("[EXERCISE]")
            assert letter.body.startswith("EXERCISE")
            assert letter.automatic


def test_the_readme_shows_what_the_story_really_says(
    told: list[str], story: tuple[Story, dict[str, Any], Path]
) -> None:
    shown = README.read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in shown if line.startswith("    2024-")]
    assert len(lines) >= 3
    assert set(lines) <= set(told)
    _, _, out = story
    proved = verify_bundle(read_bundle((out / "all.tocsin").read_bytes()), derive_fields=derive_fields)
    said = [f"proved   {one.text} ({one.grade.value}: " for one in proved.proved] + [
        f"NOT proved  {text}" for text in proved.not_proved
    ]
    claimed = [line.strip() for line in shown if line.startswith(("    proved", "    NOT proved"))]
    assert len(claimed) >= 3
    assert [line for line in claimed if not line.startswith(tuple(said))] == []
