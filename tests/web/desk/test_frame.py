"""What every page keeps: one finding, no claim too many, an exercise that cannot be taken for live, nothing run or fetched from elsewhere."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.web.desk.browser import Browser, Reader, crawl
from tests.web.desk.conftest import World

from tocsin.desk.house import Role

BANNED = re.compile(
    r"\b(delivered|sent successfully|successful(ly)?|safe|all clear|confirmed|false alarms?|no threat)\b|!"
    r"|(?<!not an )\ball-clear\b",
    re.IGNORECASE,
)
"""Words that claim too much when they stand alone (DESK section 7)."""
ROLES = (Role.OFFICER, Role.ANALYST, Role.ADMINISTRATOR, Role.REPORTER)
STATES = re.compile(r"offered|arrived|read, no answer|acknowledged|acting|set aside|refused")


@pytest.fixture(scope="session")
def pages(story: World) -> dict[str, str]:
    """Every page that any of these roles reaches at either node of the story, by who looks and path."""
    found: dict[str, str] = {}
    for house in (story.embassy, story.city):
        for role in ROLES:
            browser = house.browser(role)
            found |= {f"{house.desk.settings.name} {role} {path}": text for path, text in crawl(browser).items()}
    return found


@pytest.fixture(scope="session")
def exercise_pages(played: World) -> dict[str, str]:
    return crawl(played.embassy.browser(Role.OFFICER))


def test_every_page_that_is_linked_is_there(pages: dict[str, str]) -> None:
    reached = {key.split()[-1] for key in pages}
    wanted = {"/now", "/warnings", "/warnings/W-1", "/inbox", "/inbox/IN-1", "/log", "/log/0", "/log/witnesses"}
    assert wanted | {"/incidents", "/incidents/I-1", "/more"} <= reached


def test_no_page_claims_more_than_is_proved(pages: dict[str, str], exercise_pages: dict[str, str]) -> None:
    for where, text in (pages | exercise_pages).items():
        found = BANNED.search(Reader(text).seen)
        assert found is None, f"{where}: {found and found.group()!r}"


def test_nothing_on_a_page_is_run_or_styled_from_within(pages: dict[str, str]) -> None:
    for where, text in pages.items():
        for tag, attrs in Reader(text).tags:
            assert tag != "style", where
            assert "style" not in attrs, f"{where}: {tag} {attrs}"
            assert not [name for name in attrs if name.startswith("on")], f"{where}: {tag} {attrs}"
            assert tag != "script" or attrs["src"].startswith("/static/"), where


def test_a_page_loads_nothing_from_anywhere_else(pages: dict[str, str]) -> None:
    for where, text in pages.items():
        for tag, attrs in Reader(text).tags:
            for name in ("src", "href"):
                if tag != "a" and name in attrs:
                    assert attrs[name].startswith("/static/"), f"{where}: {attrs[name]}"


def test_each_page_has_one_finding_and_one_place_to_skip_to(pages: dict[str, str]) -> None:
    for where, text in pages.items():
        tags = Reader(text).tags
        assert [tag for tag, _ in tags].count("h1") == 1, where
        assert [attrs.get("id") for _, attrs in tags].count("main") == 1, where
        ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
        assert len(ids) == len(set(ids)), where


def rows(text: str) -> Iterator[str]:
    yield from re.findall(r"<tr.*?</tr>", text, re.DOTALL)


def test_no_state_of_a_party_stands_without_its_grade(pages: dict[str, str]) -> None:
    seen = 0
    for where, text in pages.items():
        if not where.endswith(("/now", "/warnings/W-1")):
            continue
        for row in rows(text):
            if STATES.search(row):
                seen += 1
                assert re.search(r'class="grade".*<b>E[0-4]</b>', row, re.DOTALL), f"{where}: {row}"
    assert seen >= 3


def test_a_practice_node_says_so_in_frame_words_and_title_on_every_page(exercise_pages: dict[str, str]) -> None:
    for where, text in exercise_pages.items():
        assert '<body class="exercise">' in text, where
        assert "<title>Exercise: " in text, where
        assert "Exercise “Northern Light”" in Reader(text).seen, where
        assert "<b>EXERCISE</b>" in text, where
        assert "<b>LIVE</b>" not in text, where
        assert "/static/bell-exercise.svg" in text, where


def test_the_headline_of_an_exercise_begins_with_the_word(exercise_pages: dict[str, str]) -> None:
    for path in ("/now", "/warnings", "/warnings/W-1"):
        assert "EXERCISE. Avoid large gatherings" in Reader(exercise_pages[path]).seen


def test_no_headline_of_an_exercise_stands_without_the_word(played: World, exercise_pages: dict[str, str]) -> None:
    theirs = crawl(played.city.browser(Role.OFFICER))
    for where, text in (exercise_pages | {f"city {path}": page for path, page in theirs.items()}).items():
        for words in ("Avoid large gatherings in Moscow for 48", "Extremists plan to strike large gatherings"):
            # Versions are shown as they were signed, word for word.
            seen = Reader(re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)).seen
            assert words not in seen.replace(f"EXERCISE. {words}", ""), f"{where}: {words}"


def test_every_button_of_a_practice_node_begins_with_exercise(exercise_pages: dict[str, str]) -> None:
    for where, text in exercise_pages.items():
        for words in re.findall(r'class="btn[^"]*"[^>]*>([^<]*)<', text):
            assert words.startswith("Exercise: "), f"{where}: {words}"


def test_no_live_page_looks_like_an_exercise(pages: dict[str, str]) -> None:
    for where, text in pages.items():
        assert "exercise" not in text.replace("exercise-", "").lower(), where


def test_a_page_says_that_it_is_not_current_when_the_worker_stands_still(world: World) -> None:
    browser = world.embassy.browser(Role.OFFICER)
    world.issue()
    assert "Not current" not in browser.text("/warnings")
    world.clock.at += timedelta(minutes=20)
    for path in ("/now", "/warnings", "/warnings/W-1", "/inbox"):
        assert "Not current." in browser.text(path)
    world.settle()
    assert "Not current" not in browser.text("/warnings")


def test_empty_pages_say_as_of_when_and_that_this_is_no_sign_of_safety(world: World) -> None:
    browser = world.embassy.browser(Role.OFFICER)
    for path, words in {
        "/now": "Nothing issued here is in force as of 17:00. That says nothing about safety.",
        "/warnings": "Nothing issued here as of 7 Mar 2024, 17:00",
        "/inbox": "nothing came in here as of 17:00. That says nothing about safety.",
        "/incidents": "No incident is recorded here as of 7 Mar 2024, 17:00",
    }.items():
        assert words in Reader(browser.text(path)).seen


def test_nobody_sees_a_page_without_signing_in(story: World) -> None:
    for path in ("/now", "/warnings", "/warnings/W-1", "/inbox/IN-1", "/log", "/log/3", "/incidents", "/more"):
        found = Browser(story.embassy.port).get(path)
        assert (found.status, "Avoid large" in found.text) == (303, False)
        assert found.headers["location"].startswith("/sign-in")


def test_what_the_pages_load_is_here_and_leads_nowhere_else(story: World) -> None:
    browser = Browser(story.embassy.port)
    assert "--exercise: #581c87" in browser.text("/static/desk.css")
    assert browser.get("/static/map.js").headers["content-type"].startswith("text/javascript")
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/static/none.css"):
        assert browser.get(path).status == 404
