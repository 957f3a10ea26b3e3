"""The first page: the finding and the gap, and for each role what waits for it and for nobody else."""

from msgspec.structs import replace
from tests.web.desk.browser import Reader
from tests.web.desk.conftest import World

from tocsin.compose.lifecycle import ClosedBy, Status
from tocsin.desk.house import Role


def seen(world: World, role: Role) -> str:
    return Reader(world.embassy.browser(role).text("/now")).seen


def test_the_title_says_the_state_and_the_gap(story: World) -> None:
    assert "One warning is live. Two who could act have not answered." in seen(story, Role.OFFICER)


def test_the_title_says_when_nobody_is_silent(world: World) -> None:
    world.issue(peers=[], because="the city's desk is told by telephone")
    world.pass_time(hours=48, seconds=2)
    text = seen(world, Role.OFFICER)
    assert "No warnings are live, one on watch. Two who could act have not answered." in text


def test_a_warning_that_asked_nobody_never_sounds_answered(world: World) -> None:
    world.issue()
    with world.embassy.desk.store.write() as tx:
        first = tx.cases.warning("W-1")
        tx.cases.put_warning(replace(first, status=Status.CLOSED, closed_by=ClosedBy.CANCELLED))
        tx.cases.put_warning(replace(first, id="W-2"))
    assert "One warning is live. Nobody who can act was asked." in seen(world, Role.OFFICER)


def test_a_draft_waits_for_the_releaser_and_not_for_the_one_who_wrote_it(story: World) -> None:
    assert "Release or hold DR-2" in seen(story, Role.RELEASER)
    assert "One thing waits for you; no clock runs on it." in seen(story, Role.RELEASER)
    for role in (Role.OFFICER, Role.ANALYST, Role.AUDITOR):
        assert "DR-2" not in seen(story, role)
        assert "Nothing waits for you." in seen(story, role)


def test_the_longest_silence_stands_first(story: World) -> None:
    text = seen(story, Role.OFFICER)
    waiting = text[text.index("Waiting for an answer") :]
    assert "Hall One" not in waiting
    assert waiting.index("Hall Two") < waiting.index("city.example")
    assert "1 h 2 min" in waiting


def test_words_of_a_draft_never_stand_on_the_page(story: World) -> None:
    text = seen(story, Role.RELEASER)
    assert "guest-house" not in text
    assert "graded B2" not in text
