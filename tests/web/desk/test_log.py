"""Pages of the log: whole or not, who says so, and never the words of a warning."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.web.desk.browser import Reader
from tests.web.desk.conftest import World, make_world, serving

from tocsin.desk.house import Role
from tocsin.node import STORE_FILE

WORDS = ("gatherings", "guest-house", "graded B2", "cook", "Moscow for 48", "venues.example", "people.example")


def page(world: World, path: str, role: Role = Role.AUDITOR) -> str:
    return world.embassy.browser(role).text(path)


def test_the_log_never_shows_the_words_of_a_warning(story: World) -> None:
    browser = story.embassy.browser(Role.ADMINISTRATOR)
    with story.embassy.desk.store.read() as tx:
        size = tx.log.size()
    for path in ("/log", "/log/witnesses", *(f"/log/{n}" for n in range(size))):
        found = browser.text(path)
        assert not [one for one in WORDS if one in found], path


def test_an_entry_that_a_witness_covers_says_who_and_one_it_does_not_says_our_word_alone(world: World) -> None:
    world.issue()
    assert "city.example/witness signed that head" in Reader(page(world, "/log/3")).seen
    world.determine()
    with world.embassy.desk.store.read() as tx:
        last = tx.log.size() - 1
    assert "by our word alone" in page(world, f"/log/{last}")


def test_the_witnesses_page_says_up_to_where_it_is_whole(story: World) -> None:
    found = Reader(page(story, "/log/witnesses")).seen
    assert "Signed by 1 of one witness: the log is whole up to" in found
    assert "holds" in found
    assert "embassy.example/log" in found


def test_a_log_without_a_witness_never_sounds_proved(tmp_path: Path) -> None:
    world = make_world(tmp_path, witnessed=False)
    with serving(world.embassy):
        world.issue()
        found = Reader(page(world, "/log/witnesses")).seen
        assert "The log is whole on our word alone: no witness has signed it" in found
        assert "Log not witnessed: our word alone" in found
        assert "E1" not in Reader(page(world, "/log/3")).seen
    for one in (world.embassy, world.city):
        one.desk.store.close()


def test_a_changed_entry_is_found_while_you_look(world: World) -> None:
    world.issue()
    with world.embassy.desk.store.read() as tx:
        other = tx.log.entry(4).statement
    with closing(sqlite3.connect(world.embassy.folder / STORE_FILE)) as connection, connection:
        connection.execute('UPDATE log_entry SET statement = ? WHERE "index" = 3', (other,))
    found = page(world, "/log/3")
    assert "Entry 3 does not hold" in found
    assert "Do not rely on this entry." in found
    assert "signed that head" not in found


def test_a_log_that_was_rewritten_does_not_hold(world: World) -> None:
    world.issue()
    with closing(sqlite3.connect(world.embassy.folder / STORE_FILE)) as connection, connection:
        top = "(SELECT max(level) FROM log_hash)"
        connection.execute(f"UPDATE log_hash SET hash = zeroblob(32) WHERE level = {top}")
    assert "The log does not hold" in page(world, "/log/witnesses")


@pytest.mark.parametrize("number", ["99999", "-1", "x", "٣", "1" * 30, "1.0"])
def test_an_entry_that_is_not_there_gets_a_page_that_helps(story: World, number: str) -> None:
    from urllib.parse import quote

    found = story.embassy.browser(Role.AUDITOR).get(f"/log/{quote(number)}")
    assert (found.status, "This is not here" in found.text) == (404, True)


def test_a_reporter_sees_no_log(story: World) -> None:
    assert story.embassy.browser(Role.REPORTER).get("/log").status == 403
