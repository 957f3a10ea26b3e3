"""Pages of our warnings: who may read what, what is proved and what is not, and what happens next."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.web.desk.browser import Reader
from tests.web.desk.conftest import World

from tocsin.core.data import read_data
from tocsin.core.marking import Audience
from tocsin.desk.house import Role
from tocsin.desk.respond import respond
from tocsin.evidence.receipt import Answer
from tocsin.evidence.verify import verify_bundle
from tocsin.node import STORE_FILE

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


def seen(world: World, path: str = "/warnings/W-1", role: Role = Role.OFFICER) -> str:
    return Reader(world.embassy.browser(role).text(path)).seen


@pytest.mark.parametrize("role", [Role.OFFICER, Role.RELEASER, Role.AUDITOR, Role.WAIVER_AUTHORITY])
def test_a_role_that_reads_all_sees_every_version(story: World, role: Role) -> None:
    text = seen(story, role=role)
    assert "heard two men name concerts" in text
    assert "graded B2" in text
    assert "The Embassy follows reports" in text


def test_internal_words_never_reach_the_page_of_an_analyst(story: World) -> None:
    page = story.embassy.browser(Role.ANALYST).text("/warnings/W-1")
    assert "Held back from your role" in page
    assert "graded B2" in page
    for phrase in ("guest-house", "cook", "since autumn", "heard two men", "Name neither"):
        assert phrase not in page


@pytest.mark.parametrize("role", [Role.REPORTER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["/warnings", "/warnings/W-1", "/warnings/W-1/bundle", "/inbox", "/incidents/I-1"])
def test_a_role_that_may_not_look_gets_nothing_but_whom_to_ask(story: World, role: Role, path: str) -> None:
    found = story.embassy.browser(role).get(path)
    assert found.status == 403
    assert "Roles that may look: analyst, auditor, officer" in found.text
    assert "gatherings" not in found.text


def test_who_may_not_look_is_led_on_and_is_not_logged_as_a_refused_attempt(world: World) -> None:
    browser = world.embassy.browser(Role.ADMINISTRATOR)
    with world.embassy.desk.store.read() as tx:
        before = tx.log.size()
    found = browser.get("/now")
    assert (found.status, found.headers["location"]) == (303, "/more")
    browser.text("/more")
    with world.embassy.desk.store.read() as tx:
        assert tx.log.size() == before


def test_looking_changes_nothing_at_either_node(story: World) -> None:
    def state() -> list[int]:
        sizes = []
        for house in (story.embassy, story.city):
            with house.desk.store.read() as tx:
                sizes += [tx.log.size(), len(tx.inbox.items()), len(tx.cases.versions("W-1"))]
        return sizes

    officers = story.embassy.browser(Role.OFFICER), story.city.browser(Role.OFFICER)
    before = state()
    for path in ("/now", "/warnings", "/warnings/W-1", "/inbox", "/log", "/log/witnesses", "/incidents/I-1"):
        officers[0].text(path)
    for path in ("/now", "/inbox", "/inbox/IN-1"):
        officers[1].text(path)
    assert state() == before


def test_an_answer_by_link_is_never_shown_as_more_than_somebody_pressed(story: World) -> None:
    text = seen(story)
    assert "acknowledged by link" in text
    assert "Somebody holding the link pressed; who: not proved." in text
    assert "That anybody at Hall One read it." in text


def test_a_peer_that_has_only_opened_it_is_still_asked_and_the_page_says_what_comes(story: World) -> None:
    text = seen(story)
    assert "city.example node read, no answer" in text
    assert "7 Mar 2024, 18:30 mail to our liaison" in text
    assert "If Hall Two is still silent: mail to contacts 1, 2 and 3." in text


def test_nothing_lapses_silently_the_ends_of_window_and_watch_are_written(story: World) -> None:
    text = seen(story)
    assert "9 Mar 2024, 17:00 The window ends. The warning goes on watch ; that is not an all-clear." in text
    assert "23 Mar 2024, 17:00 The watch ends." in text


def test_a_window_that_ended_is_said_to_be_no_end_of_the_threat(world: World) -> None:
    world.issue()
    world.pass_time(hours=49)
    text = seen(world)
    assert "on watch" in text
    assert "The end of the window is not an all-clear." in text
    world.pass_time(days=15)
    assert "Closed does not mean that the threat is over." in seen(world)


def test_people_are_counted_as_registered_with_their_share_unknown(story: World) -> None:
    for path in ("/now", "/warnings/W-1"):
        assert "3 registered, share unknown" in seen(story, path)


def test_the_time_a_witness_gives_is_its_own_and_who_read_it_is_not_proved(story: World) -> None:
    text = seen(story)
    assert "The public words existed by 7 Mar 2024, 17:00 (14:00Z) : city.example/witness says so, not we." in text
    assert "That any of the people who did not answer read it." in text


def test_older_warnings_follow_page_by_page_each_once(world: World) -> None:
    world.issue()
    with world.embassy.desk.store.write() as tx:
        first = tx.cases.warning("W-1")
        for number in range(2, 121):
            tx.cases.put_warning(replace(first, id=f"W-{number}", issued=first.issued - number * timedelta(minutes=1)))
    browser = world.embassy.browser(Role.OFFICER)
    for start in ("/warnings", "/warnings?status=live"):
        listed: list[str] = []
        path, pages = start, 0
        while path:
            text = browser.text(path)
            listed += re.findall(r'<th scope="row"><a href="/warnings/(W-\d+)">', text)
            path = next((attrs["href"] for _, attrs in Reader(text).tags if attrs.get("rel") == "next"), "")
            pages += 1
        assert listed == [f"W-{number}" for number in range(1, 121)]
        assert pages == 3


def test_a_log_that_was_changed_is_said_first_and_proves_nothing(world: World) -> None:
    world.issue()
    with world.embassy.desk.store.read() as tx:
        public = next(one for one in tx.cases.versions("W-1") if one.audience is Audience.PUBLIC)
    with closing(sqlite3.connect(world.embassy.folder / STORE_FILE)) as connection, connection:
        connection.execute('UPDATE log_entry SET blind = zeroblob(32) WHERE "index" = ?', (public.entry,))
    text = seen(world)
    assert text.index("The log does not hold.") < text.index("Those who can act")
    assert "says so, not we" not in text
    assert "holds the public words" not in text


def test_the_reason_that_the_house_gave_is_not_for_an_analyst(world: World) -> None:
    world.issue(because="the cook must not be asked again")
    assert "Reason given at issue: “the cook must not be asked again”" in seen(world, role=Role.AUDITOR)
    assert "the cook" not in seen(world, role=Role.ANALYST)


def test_both_hands_are_named(story: World) -> None:
    assert "written by officer, released by releaser" in seen(story)


def test_the_map_is_in_the_page_and_says_the_same_as_its_list(story: World) -> None:
    page = story.embassy.browser(Role.OFFICER).text("/warnings/W-1")
    assert "<title>Map: warned area Moscow; marked without an answer: Hall Two</title>" in page
    assert "Hall Two: offered, no answer" in Reader(page).seen
    assert "&#34;silent&#34;: true" in page


def test_the_bundle_that_a_page_gives_proves_without_the_node(story: World) -> None:
    from tocsin.compose.fields import derive_fields
    from tocsin.evidence.bundle import read_bundle

    found = story.embassy.browser(Role.AUDITOR).get("/warnings/W-1/bundle?part=warning")
    assert found.headers["content-disposition"] == 'attachment; filename="W-1-warning.tocsin"'
    proof = verify_bundle(read_bundle(found.text.encode()), derive_fields=derive_fields)
    assert any("embassy.example" in one.text for one in proof.proved)
    assert "guest-house" not in found.text


def test_markup_in_a_headline_or_a_reason_is_only_words(world: World) -> None:
    texts = dict(read_data("demo", "order.json")["texts"])
    for audience in ("public", "partner"):
        words = dict(texts[audience])
        texts[audience] = words | {key: f"{words[key]} {HOSTILE}" for key in ("headline", "description")}
    world.issue(texts=texts, **{"pass": {"TXT-C1": "a headline that is all markup"}})
    respond(world.city.as_(Role.OFFICER), "IN-1", Answer.DISMISSED, reason=HOSTILE)
    world.settle()
    ours, theirs = world.embassy.browser(Role.OFFICER), world.city.browser(Role.OFFICER)
    for browser, path in ((ours, "/now"), (ours, "/warnings"), (ours, "/warnings/W-1"), (theirs, "/inbox/IN-1")):
        page = browser.text(path)
        tags = Reader(page).tags
        assert "alert(1)" in Reader(page).seen
        assert not [tag for tag, attrs in tags if tag == "img" or "onerror" in attrs]
        assert not [1 for tag, attrs in tags if tag == "script" and "src" not in attrs]


def test_their_reason_for_setting_it_aside_stands_beside_the_state_with_the_highest_grade(world: World) -> None:
    world.issue()
    respond(world.city.as_(Role.OFFICER), "IN-1", Answer.DISMISSED, reason="provocation")
    world.settle()
    text = seen(world)
    assert "set aside" in text
    assert "Their reason: “provocation”" in text
    assert "city.example: set aside. Their officer signed (E4)." in text


@pytest.mark.parametrize(
    "path", ["/warnings/W-99", "/warnings/%3Cb%3E", "/warnings?before=W-99", "/warnings?status=safe"]
)
def test_a_warning_that_is_not_here_gets_a_page_that_helps(story: World, path: str) -> None:
    found = story.embassy.browser(Role.OFFICER).get(path)
    assert found.status == 404
    assert "This is not here" in found.text
    assert 'href="/warnings"' in found.text
    assert "<b></b>" not in found.text
