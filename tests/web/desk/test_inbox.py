"""Pages of what other nodes sent: what is asked by when, who signed it, and what they can prove of us."""

import pytest
from msgspec.structs import replace
from tests.web.desk.browser import Reader
from tests.web.desk.conftest import World

from tocsin.desk.house import Role
from tocsin.desk.respond import respond
from tocsin.evidence.receipt import Answer


def seen(world: World, path: str) -> str:
    return Reader(world.city.browser(Role.OFFICER).text(path)).seen


def test_the_inbox_says_first_what_is_due_and_by_when(world: World) -> None:
    world.issue()
    text = seen(world, "/inbox")
    assert "Inbox: one message asks for an answer by 18:00" in text
    assert "1 h left, answer by 7 Mar 2024, 18:00" in text


def test_an_answer_that_is_late_is_called_late(story: World) -> None:
    assert "one message asks for an answer; it is late by 2 min" in seen(story, "/inbox")
    assert "Answer embassy.example: Extremists plan" in seen(story, "/now")


def test_looking_at_a_message_is_no_receipt_that_it_was_read(world: World) -> None:
    world.issue()
    text = seen(world, "/inbox/IN-1")
    assert "They cannot prove that anybody here read it until somebody answers." in text
    world.settle()
    assert "arrived, no answer" in Reader(world.embassy.browser(Role.OFFICER).text("/warnings/W-1")).seen


def test_the_key_that_signed_is_shown_in_full_to_be_compared(story: World) -> None:
    text = seen(story, "/inbox/IN-1")
    key = story.embassy.desk.keys.node.verify_key.fingerprint
    assert "signature verified" in text
    assert " ".join(key[n : n + 4] for n in range(0, len(key), 4)) in text


def test_a_message_whose_key_is_no_longer_agreed_is_not_verified_and_says_so_first(world: World) -> None:
    world.issue()
    agreement = world.city.desk.agreements["embassy.example"]
    ours, theirs = (agreement.keys_of(name) for name in ("city.example", "embassy.example"))
    # The key of its log is one the embassy holds, but not the one that signs its statements.
    changed = replace(agreement, parties=(ours, replace(theirs, node=theirs.log)), signatures={})
    agreements = world.city.desk.agreements
    assert isinstance(agreements, dict)
    agreements["embassy.example"] = changed
    page = world.city.browser(Role.OFFICER).text("/inbox/IN-1")
    assert "Not verified." in page
    assert page.index("Not verified.") < page.index("<h1>")
    assert "signature verified" not in page


def test_an_answered_message_asks_for_nothing_more(world: World) -> None:
    world.issue()
    respond(world.city.as_(Role.OFFICER), "IN-1", Answer.ACTED)
    text = seen(world, "/inbox/IN-1")
    assert "Our answer: acting" in text
    assert "tocsin inbox respond" not in text
    assert "no message waits for an answer" in seen(world, "/inbox")
    assert "Nothing waits for you." in seen(world, "/now")


@pytest.mark.parametrize("path", ["/inbox/IN-99", "/inbox?before=IN-99"])
def test_a_message_that_is_not_here_gets_a_page_that_helps(story: World, path: str) -> None:
    found = story.city.browser(Role.OFFICER).get(path)
    assert (found.status, "This is not here" in found.text) == (404, True)
