"""Pages without sign-in in a real browser: they fit, they can be read by everybody, and they load nothing from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.browser.conftest import Looks, Visitor, Windows
from tests.web.server import START, House, open_house

from tocsin.compose.lifecycle import ClosedBy, close
from tocsin.core.data import read_data
from tocsin.desk.house import Role
from tocsin.desk.show import show_warning

LOOKS = [Looks(width, scheme) for width in (390, 1440) for scheme in ("light", "dark")]
NARROW = [Looks(320, "light"), Looks(360, "dark")]
ARABIC = {
    "headline": "تجنبوا التجمعات الكبيرة في موسكو لمدة 48 ساعة",
    "description": "تتابع السفارة تقارير عن خطط وشيكة لمهاجمة تجمعات كبيرة، والحفلات منها. أين وكيف: غير مذكور.",
    "instruction": "ابتعدوا عن التجمعات والحفلات حتى السبت 9 مارس. تابعوا الأخبار المحلية.",
}


@dataclass
class Scene:
    """Addresses on one node that stays as it is."""

    home: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A live node: a warning in English and one in Arabic, a link that was answered and ones that were not."""
    with open_house(tmp_path_factory.mktemp("open") / "node", practice=False) as house:
        first = house.add(Role.ADMINISTRATOR)
        house.add(Role.OFFICER)
        house.add(Role.RELEASER)
        english = house.issue()
        texts = dict(read_data("demo", "order.json")["texts"]) | {"public": ARABIC}
        arabic = house.issue(language="ar", texts=texts, held_back=[])
        answered = house.link(english, "V2-1")
        house.post(answered, {"answer": "acted"})
        house.post(answered, {"answer": "acted", "reason": "bags searched at every door until Sunday evening"})
        paths = {
            "sign-in": "/sign-in",
            "first": first,
            "alert": f"/a/{english}",
            "alert-ar": f"/a/{arabic}",
            "link": house.link(english, "V1-1"),
            "link-ar": house.link(arabic, "V1-1"),
            "link-person": house.link(english, "P1"),
            "link-answered": answered,
        }
        yield Scene(house.url, paths)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A practice node: a warning on watch, and one that was withdrawn."""
    with open_house(tmp_path_factory.mktemp("exercise") / "node") as house:
        house.add(Role.ADMINISTRATOR)
        house.add(Role.OFFICER)
        over = house.issue()
        watched = house.issue()
        with house.desk.store.write() as tx:
            tx.cases.put_warning(close(tx.cases.warning(over), ClosedBy.CANCELLED, START))
        house.pass_time(days=3)
        paths = {
            "alert-on-watch": f"/a/{watched}",
            "alert-closed": f"/a/{over}",
            "link-on-watch": house.link(watched, "V1-1"),
            "link-closed": house.link(over, "V1-1"),
            "sign-in-exercise": "/sign-in",
        }
        yield Scene(house.url, paths)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("pressed") / "node") as found:
        found.add(Role.ADMINISTRATOR)
        found.add(Role.OFFICER)
        yield found


PAGES = ("sign-in", "first", "alert", "alert-ar", "link", "link-ar", "link-person", "link-answered")
IN_EXERCISE = ("alert-on-watch", "alert-closed", "link-on-watch", "link-closed", "sign-in-exercise")
REFUSED = {"alert-missing": "/a/W-99", "link-unknown": "/k/nothing", "first-used": "/first/nothing"}


@pytest.mark.parametrize("looks", [*LOOKS, *NARROW], ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_sign_in_holds_for_everybody(scene: Scene, windows: Windows, name: str, looks: Looks) -> None:
    visitor = windows.open(scene.home, looks)
    visitor.open(scene.paths[name])
    visitor.check(f"{name}-{looks}")


@pytest.mark.parametrize("looks", LOOKS, ids=str)
@pytest.mark.parametrize("name", IN_EXERCISE)
def test_a_page_of_an_exercise_holds_for_everybody(exercise: Scene, windows: Windows, name: str, looks: Looks) -> None:
    visitor = windows.open(exercise.home, looks)
    visitor.open(exercise.paths[name])
    visitor.check(f"{name}-{looks}")


@pytest.mark.parametrize("looks", LOOKS, ids=str)
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_that_refuses_holds_for_everybody(scene: Scene, windows: Windows, name: str, looks: Looks) -> None:
    visitor = windows.open(scene.home, looks)
    visitor.open(REFUSED[name], status=404)
    visitor.check(f"{name}-{looks}")


def press(visitor: Visitor, words: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=words).click()


def answers(house: House, warning: str) -> list[tuple[str, str]]:
    return [(one["answer"], one["reason"]) for one in show_warning(house.desk, warning)["answers"]]


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_an_answer_is_pressed_seen_changed_and_explained(house: House, windows: Windows, script: bool) -> None:
    warning = house.issue()
    visitor = windows.open(house.url, script=script)
    visitor.open(house.link(warning, "V1-1"))
    press(visitor, "We have it and are deciding")
    assert visitor.page.get_by_text("We have it and are deciding").first.is_visible()
    assert visitor.page.get_by_role("heading", name="This is recorded").is_visible()
    press(visitor, "We have it and are acting")
    visitor.page.get_by_label("What are you doing").fill("doors closed at nine")
    press(visitor, "Send this line")
    assert visitor.page.get_by_text("doors closed at nine").is_visible()
    assert answers(house, warning) == [("acknowledged", ""), ("acted", ""), ("acted", "doors closed at nine")]
    assert not visitor.complaints


def test_looking_going_back_and_loading_again_answers_nothing(house: House, windows: Windows) -> None:
    warning = house.issue()
    visitor = windows.open(house.url)
    visitor.open(house.link(warning, "V1-1"))
    press(visitor, "We have it and are acting")
    size = house.log_size()
    visitor.page.reload()
    visitor.page.go_back()
    visitor.page.go_forward()
    visitor.page.reload()
    assert answers(house, warning) == [("acted", "")]
    assert house.log_size() == size


def test_somebody_else_s_page_cannot_press_a_button_here(house: House, windows: Windows) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    size = house.log_size()
    stranger = windows.open(house.url)
    stranger.page.set_content(
        f'<form method="post" action="{house.url}{link}"><button name="answer" value="acted">A prize</button></form>'
    )
    press(stranger, "A prize")
    assert (answers(house, warning), house.log_size()) == ([], size)


def test_the_first_administrator_sets_a_password_signs_out_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, windows: Windows
) -> None:
    with open_house(tmp_path_factory.mktemp("first") / "node") as house:
        visitor = windows.open(house.url)
        visitor.open(house.add(Role.ADMINISTRATOR))
        visitor.page.get_by_label("New password").fill("amber lantern forty one")
        press(visitor, "Set it and sign in")
        assert visitor.page.url != f"{house.url}/sign-in"
        visitor.page.context.clear_cookies()
        visitor.open("/now")
        assert visitor.page.url == f"{house.url}/sign-in?next=%2Fnow"
        visitor.page.get_by_label("Name").fill("administrator")
        visitor.page.get_by_label("Password").fill("not the password")
        press(visitor, "Sign in")
        assert visitor.page.get_by_role("alert").is_visible()
        visitor.check("sign-in-refused-390-light")
        visitor.page.get_by_label("Password").fill("amber lantern forty one")
        press(visitor, "Sign in")
        assert "/sign-in" not in visitor.page.url
