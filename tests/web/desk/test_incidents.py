"""Pages afterwards: every facet with its verdict, both counts, the rule, and that a match is no proof of knowledge."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.web.desk.browser import Reader
from tests.web.desk.conftest import World

from tocsin.compose.lifecycle import IssuedWarning
from tocsin.core.data import read_data, read_text_data
from tocsin.desk.claims import record_claims
from tocsin.desk.house import Role
from tocsin.desk.review import record_incident
from tocsin.desk.stores import Transaction


def record(world: World, **changes: object) -> str:
    raw = json.dumps(dict(read_data("demo", "incident.json")) | changes).encode()
    found = record_incident(world.embassy.as_(Role.ANALYST), raw)
    incident: str = found["incident"]
    return incident


def seen(world: World, path: str) -> str:
    return Reader(world.embassy.browser(Role.ANALYST).text(path)).seen


def test_the_same_facts_are_counted_with_and_without_lateness(world: World) -> None:
    world.issue()
    text = seen(world, f"/incidents/{record(world)}")
    for version in ("public version", "version for peers"):
        assert (
            f"{version}, not at all 0 of 1 warned of (0.00 to 0.73, Wilson)"
            " 0 of 1 came; 1 without a hit under this rule (1 partial) (0.27 to 1.00, Wilson)"
        ) in text
        assert f"{version}, 30 days 1 of 1 warned of (0.27 to 1.00, Wilson) 1 of 1 came; 0 with no known event" in text
    assert "Rule casebook/1 : near means within 30 km" in text


def test_every_facet_has_a_word_and_not_stated_is_one(world: World) -> None:
    world.issue()
    text = seen(world, f"/incidents/{record(world)}")
    for facet in ("Place near", "Time late", "Target hit", "Actor partial", "Method not stated", "Person not stated"):
        assert facet in text
    assert "A match is not proof of knowledge." in text


def test_an_incident_that_nobody_was_warned_of_says_what_this_does_not_show(world: World) -> None:
    incident = record(world, start="2024-03-07T10:00:00+03:00")
    text = seen(world, f"/incidents/{incident}")
    assert "No warning was issued here before it" in text
    assert "That does not show that nobody knew" in text


def test_what_a_page_does_not_count_it_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.desk.show_incident.MOST_MATCHES", 2)
    monkeypatch.setattr("tocsin.desk.show_incident.MOST_COUNTED", 4)
    world.issue()
    with world.embassy.desk.store.write() as tx:
        first = tx.cases.warning("W-1")
        for number in range(2, 5):
            put_copy(tx, replace(first, id=f"W-{number}", issued=first.issued - number * timedelta(minutes=1)))
    incident = record(world)
    assert "The 2 warnings nearest before it. The counts are of all 4 before it." in seen(
        world, f"/incidents/{incident}"
    )
    with world.embassy.desk.store.write() as tx:
        put_copy(tx, replace(first, id="W-5", issued=first.issued - timedelta(hours=1)))
    text = seen(world, f"/incidents/{incident}")
    assert "The counts are of the 4 nearest; still earlier ones are counted by tocsin review" in text
    assert "W-2 , facet by facet" in text
    assert "W-3" not in text


def put_copy(tx: Transaction, warning: IssuedWarning) -> None:
    """Another warning with the words of the first."""
    tx.cases.put_warning(warning)
    for one in tx.cases.versions("W-1"):
        tx.cases.add_version(replace(one, warning=warning.id))


def test_the_account_is_given_as_a_file_never_as_a_page_of_the_desk(world: World) -> None:
    world.issue()
    found = world.embassy.browser(Role.AUDITOR).get(f"/incidents/{record(world)}/account")
    assert found.status == 200
    assert found.headers["content-disposition"].startswith("attachment")


def test_persons_are_never_named(world: World) -> None:
    world.issue()
    incident = record(world, persons=["Ivan Petrovich Example"])
    for path in ("/incidents", f"/incidents/{incident}"):
        assert "Petrovich" not in seen(world, path)


def test_an_incident_that_is_not_here_gets_a_page_that_helps(story: World) -> None:
    found = story.embassy.browser(Role.ANALYST).get("/incidents/I-9")
    assert (found.status, "This is not here" in found.text) == (404, True)


def test_claims_of_others_stand_apart_with_who_tells_them_and_change_no_verdict(world: World) -> None:
    world.issue()
    incident = record(world)
    analyst = world.embassy.as_(Role.ANALYST)
    before = world.embassy.browser(Role.ANALYST).text(f"/incidents/{incident}")
    assert "What others claim" not in before
    marked = read_data("demo", "claims.json")
    # As if the text were read on its own day: the story's clock stands before it.
    world.pass_time(days=18)
    record_claims(analyst, incident, read_text_data("demo", "news.txt").encode(), marked)
    after = world.embassy.browser(Role.ANALYST).text(f"/incidents/{incident}")
    apart = after[after.index("What others claim") :]
    assert "Not checked here" in apart
    assert apart.count("Claim: ") == len(marked["claims"])
    assert "told by <bdi>Example News" in apart
    assert after.count('class="verdict"') == before.count('class="verdict"')
