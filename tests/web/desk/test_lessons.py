"""The page of lessons: open ones first with owner and last day, late ones said to be late, and no list that reads as all done."""

from datetime import date

from tests.web.desk.browser import Reader
from tests.web.desk.conftest import World
from tests.web.desk.test_incidents import record

from tocsin.desk.house import Role
from tocsin.desk.lessons import add_lesson, close_lesson


def seen(world: World, path: str = "/lessons") -> str:
    return Reader(world.embassy.browser(Role.AUDITOR).text(path)).seen


def test_open_lessons_come_first_with_who_and_until_when(world: World) -> None:
    analyst, incident = world.embassy.as_(Role.ANALYST), record(world)
    with analyst.store.read() as tx:
        owner = next(one.name for one in tx.house.officers() if one.id == analyst.actor)
    done = add_lesson(analyst, incident, "train the <night> shift", owner=owner, due=date(2024, 3, 8))["lesson"]
    add_lesson(analyst, incident, "ask every venue twice", owner=owner, due=date(2024, 3, 9))
    close_lesson(analyst, done, "trained on 7 March")
    text = seen(world)
    assert "One lesson open" in text
    assert text.index("ask every venue twice") < text.index("train the <night> shift")
    assert f"L-2 {owner} 2024-03-09" in text
    assert "trained on 7 March" in text


def test_what_is_late_says_so(world: World) -> None:
    analyst, incident = world.embassy.as_(Role.ANALYST), record(world)
    with analyst.store.read() as tx:
        owner = next(one.name for one in tx.house.officers() if one.id == analyst.actor)
    add_lesson(analyst, incident, "ask every venue twice", owner=owner, due=date(2024, 3, 9))
    world.pass_time(days=4)
    text = seen(world)
    assert "One lesson open, 1 of them late" in text
    assert "2024-03-09, late" in text


def test_no_lesson_is_no_sign_that_there_was_nothing_to_learn(world: World) -> None:
    assert "That does not show that there was nothing to learn" in seen(world)
    assert "Lessons say what has to be done" in seen(world, "/incidents")


def test_words_of_a_lesson_are_never_markup(world: World) -> None:
    analyst, incident = world.embassy.as_(Role.ANALYST), record(world)
    with analyst.store.read() as tx:
        owner = next(one.name for one in tx.house.officers() if one.id == analyst.actor)
    add_lesson(analyst, incident, "<script>alert(1)</script>", owner=owner, due=date(2024, 3, 9))
    assert "<script>alert" not in world.embassy.browser(Role.AUDITOR).text("/lessons")
