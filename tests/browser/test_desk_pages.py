"""Pages of signed-in people in a real browser, live and in an exercise, held to the same as those for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from tests.browser.conftest import Looks, Visitor, Windows
from tests.browser.test_open_pages import LOOKS
from tests.web.desk.conftest import House, World, played, story

from tocsin.desk.house import Role

__all__ = ("played", "story")  # fixtures


@dataclass(frozen=True)
class Place:
    """One page of one desk, as somebody of a role sees it."""

    path: str
    role: Role = Role.OFFICER
    status: int = 200
    at_the_city: bool = False
    map: bool = False


PAGES = {
    "now": Place("/now"),
    "warnings": Place("/warnings"),
    "warning": Place("/warnings/W-1", map=True),
    "incidents": Place("/incidents"),
    "incident": Place("/incidents/I-1"),
    "lessons": Place("/lessons"),
    "log": Place("/log"),
    "log-entry": Place("/log/1"),
    "log-witnesses": Place("/log/witnesses"),
    "more": Place("/more"),
    "inbox-empty": Place("/inbox"),
    "inbox": Place("/inbox", at_the_city=True),
    "inbox-item": Place("/inbox/IN-1", at_the_city=True),
    "missing": Place("/warnings/W-99", status=404),
    "denied": Place("/warnings", role=Role.REPORTER, status=403),
}
IN_EXERCISE = ("now", "warning", "inbox-item")

Enter = Callable[[House, Role], str]


@pytest.fixture(scope="module")
def enter() -> Enter:
    """Gives the cookie of whoever has that role; each signs in once."""

    @cache
    def cookie_of(port: int, role: Role) -> str:
        return f"tocsin={houses[port].browser(role).cookie}"

    houses: dict[int, House] = {}

    def enter(house: House, role: Role) -> str:
        houses[house.port] = house
        return cookie_of(house.port, role)

    return enter


def look_at(place: Place, world: World, windows: Windows, enter: Enter, looks: Looks) -> Visitor:
    house = world.city if place.at_the_city else world.embassy
    visitor = windows.open(f"http://127.0.0.1:{house.port}", looks, cookie=enter(house, place.role))
    visitor.open(place.path, status=place.status)
    if place.map:
        visitor.page.locator(".map-live path.warned").wait_for()
    return visitor


@pytest.mark.parametrize("looks", LOOKS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk_holds_for_everybody(
    story: World, windows: Windows, enter: Enter, name: str, looks: Looks
) -> None:
    look_at(PAGES[name], story, windows, enter, looks).check(f"desk-{name}-{looks}")


@pytest.mark.parametrize("looks", LOOKS, ids=str)
@pytest.mark.parametrize("name", IN_EXERCISE)
def test_a_page_of_an_exercise_holds_for_everybody(
    played: World, windows: Windows, enter: Enter, name: str, looks: Looks
) -> None:
    look_at(PAGES[name], played, windows, enter, looks).check(f"exercise-{name}-{looks}")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk_says_the_same_without_script(
    story: World, windows: Windows, enter: Enter, name: str
) -> None:
    house, place = (story.city if PAGES[name].at_the_city else story.embassy), PAGES[name]
    visitor = windows.open(f"http://127.0.0.1:{house.port}", cookie=enter(house, place.role), script=False)
    visitor.open(place.path, status=place.status)
    assert visitor.page.locator("h1").is_visible()
    assert not visitor.complaints
