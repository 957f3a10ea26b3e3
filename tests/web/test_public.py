"""What anybody reads: the public page of a warning and the page behind a signed link."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.walks.test_languages import FRENCH, RUSSIAN
from tests.web.server import START, House, open_house

from tocsin.compose.fields import derive_fields
from tocsin.compose.lifecycle import ClosedBy, close
from tocsin.core.data import read_data
from tocsin.desk.confirming import confirm_language
from tocsin.desk.drafts import draft_warning, release_draft
from tocsin.desk.house import Role
from tocsin.desk.show import show_warning
from tocsin.evidence.bundle import read_bundle
from tocsin.evidence.statement import peek_claims
from tocsin.evidence.verify import verify_bundle

ORDER = read_data("demo", "order.json")
LIGHT = 20 * 1024
LANGUAGES = sorted(read_data("web", "public.json"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "node") as found:
        found.add(Role.ADMINISTRATOR)
        found.add(Role.OFFICER)
        yield found


def answers(house: House, warning: str) -> list[str]:
    return [one["answer"] for one in show_warning(house.desk, warning)["answers"]]


def test_the_public_page_says_what_where_when_what_to_do_and_who_says_so(house: House) -> None:
    page = house.get(f"/a/{house.issue()}").text
    public = ORDER["texts"]["public"]
    for words in (*public.values(), "Moscow", "Embassy of Example", "Saturday 9 March 2024, 17:00", "EXERCISE"):
        assert words in page
    assert "The end of this time is not an all-clear." in page


def opened(bundle: bytes) -> bytes:
    """All that a bundle says, its base64 taken off: header, claims and disclosures of each statement, and the CAP bytes."""
    found = read_bundle(bundle)
    parts = [part for item in found.items for part in re.split(rb"[.~]", item.statement)]
    return b"\n".join([*(urlsafe_b64decode(part + b"=" * (-len(part) % 4)) for part in parts), *found.cap.values()])


def test_no_internal_or_partner_word_stands_on_a_page_without_sign_in(house: House) -> None:
    warning = house.issue()
    pages = [house.get(path).body for path in (f"/a/{warning}", f"/a/{warning}.xml", house.link(warning, "V1-1"))]
    pages.append(opened(house.get(f"/a/{warning}.tocsin").body))
    strict = [words for audience in ("internal", "partner") for words in ORDER["texts"][audience].values()]
    for page in pages:
        assert ORDER["texts"]["public"]["headline"].encode() in page
        for words in (*strict, "cook", "graded B2", "since autumn", "tocsin:actor"):
            assert words.encode() not in page


def test_who_drafted_and_released_it_does_not_stand_in_the_public_proof(house: House) -> None:
    bundle = read_bundle(house.get(f"/a/{house.issue()}.tocsin").body)
    assert verify_bundle(bundle, derive_fields=derive_fields).proved
    (item,) = bundle.items
    claims = peek_claims(item.statement.split(b"~")[0])
    assert (claims["kind"], claims["audience"]) == ("warning", "public")
    assert not {"drafted_by", "released_by", "because", "determination"} & set(claims)


def test_the_cap_message_is_the_one_that_was_issued_byte_for_byte(house: House) -> None:
    warning = house.issue()
    with house.desk.store.read() as tx:
        issued = next(one.cap for one in tx.cases.versions(warning) if one.audience == "public")
    assert house.get(f"/a/{warning}.xml").body == issued


def test_on_watch_is_said_not_to_be_an_all_clear(house: House) -> None:
    warning = house.issue()
    house.pass_time(hours=50)
    page = house.get(f"/a/{warning}").text
    assert "Its time is over, we still watch" in page
    assert "The end of this time is not an all-clear." in page
    assert "In force now" not in page


def test_a_page_read_before_the_clockwork_ran_does_not_call_a_lapsed_warning_live(house: House) -> None:
    warning = house.issue()
    house.clock.at += timedelta(hours=49)
    assert "In force now" not in house.get(f"/a/{warning}").text


@pytest.mark.parametrize(
    ("by", "words"),
    [(ClosedBy.CANCELLED, "has withdrawn this warning"), (ClosedBy.EASED, "has ended this warning")],
    ids=["cancelled", "eased"],
)
def test_a_closed_warning_says_what_closed_it_and_asks_for_nothing(house: House, by: ClosedBy, words: str) -> None:
    warning = house.issue()
    with house.desk.store.write() as tx:
        tx.cases.put_warning(close(tx.cases.warning(warning), by, START))
    for path in (f"/a/{warning}", house.link(warning, "V1-1")):
        page = house.get(path).text
        assert words in page
        assert "What it said" in page
        for claim in ("In force now", "Do this", "We ask you"):
            assert claim not in page


def test_the_end_of_the_watch_claims_no_safety(house: House) -> None:
    warning = house.issue()
    house.pass_time(days=20)
    page = house.get(f"/a/{warning}").text
    assert "That says nothing about what may still happen." in page
    for word in ("safe", "all clear", "no incident", "false alarm"):
        assert word not in page.lower()


def test_a_number_that_is_no_warning_says_nothing_about_danger(house: House) -> None:
    found = house.get("/a/W-99")
    assert found.status == 404
    assert "That says nothing about danger" in found.text


def test_a_hostile_headline_is_text_and_never_markup(house: House) -> None:
    headline = "Avoid <script>alert(1)</script> \"crowds\" & '{{7*7}}'"
    public = dict(ORDER["texts"]["public"]) | {"headline": headline}
    warning = house.issue(texts=dict(ORDER["texts"]) | {"public": public})
    for path in (f"/a/{warning}", house.link(warning, "V1-1")):
        page = house.get(path).text
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{7*7}}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_speak_the_language_of_the_alert_in_its_direction_and_stay_light(house: House, language: str) -> None:
    warning = house.issue(language=language)
    direction = "rtl" if language == "ar" else "ltr"
    words = read_data("web", "public.json")[language]
    sheet = house.get("/static/public.css")
    assert sheet.status == 200
    page, letter = house.get(f"/a/{warning}"), house.get(house.link(warning, "V1-1"))
    for found in (page, letter):
        assert f'<html lang="{language}" dir="{direction}">' in found.text
        assert words["no_all_clear"] in found.text
    assert len(page.body) + len(sheet.body) < LIGHT
    assert len(letter.body) < LIGHT


def test_a_warning_in_two_languages_is_one_page_in_each_and_no_page_in_one_that_was_held_back(house: House) -> None:
    house.add(Role.RELEASER)
    found = house.issue()
    with house.desk.store.read() as tx:
        determination = tx.cases.warning(found).determination
    order = dict(ORDER) | {
        "determination": determination,
        "peers": [],
        "translations": {"fr": FRENCH, "ru": RUSSIAN},
        "place_names": {"fr": {"Moscow": "Moscou"}, "ru": {"Moscow": "Москва"}},
    }
    draft = draft_warning(house.people[Role.OFFICER], order)
    words = next(one["sha256"] for one in draft["languages"] if one["language"] == "fr")
    confirm_language(house.people[Role.RELEASER], draft["draft"], "fr", words)
    warning = release_draft(house.people[Role.RELEASER], draft["draft"])["warning"]
    main, french, russian = (house.get(f"/a/{warning}{query}").text for query in ("", "?lang=fr", "?lang=ru"))
    assert 'href="/a/W-2?lang=fr" lang="fr" hreflang="fr">Français</a>' in main
    assert '<html lang="fr" dir="ltr">' in french
    assert FRENCH["headline"] in french
    assert 'href="/a/W-2?lang=en"' in french
    assert russian == main
    assert all(RUSSIAN["headline"] not in page for page in (main, french, russian))
    assert "hreflang" not in house.get(f"/a/{found}").text, "one language needs no choice"
    assert house.get(f"/a/{warning}?lang={'x' * 21}").status == 422


def test_an_alert_in_a_language_we_do_not_speak_keeps_its_own_direction(house: House) -> None:
    page = house.get(f"/a/{house.issue(language='fa')}").text
    assert '<html lang="en" dir="ltr">' in page
    assert '<h1 lang="fa" dir="rtl">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_values(language: str) -> None:
    import string

    def values(words: dict[str, str]) -> dict[str, set[str | None]]:
        told = {name: text for name, text in words.items() if isinstance(text, str)}
        return {name: {part[1] for part in string.Formatter().parse(text)} - {None} for name, text in told.items()}

    found = read_data("web", "public.json")
    assert values(found[language]) == values(found["en"])


def test_opening_a_link_logs_and_changes_nothing(house: House) -> None:
    warning = house.issue()
    before, size = show_warning(house.desk, warning), house.log_size()
    found = house.get(house.link(warning, "V1-1"))
    assert "Opening this page has recorded nothing." in found.text
    assert "Warning for \u2068Hall One\u2069" in found.text
    assert (show_warning(house.desk, warning), house.log_size()) == (before, size)


def test_pressing_says_what_was_recorded_and_lets_it_be_changed(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    pressed = house.post(link, {"answer": "acted"})
    assert (pressed.status, pressed.headers["location"]) == (303, link)
    page = house.get(link).text
    assert "This is recorded" in page
    assert "We have it and are acting" in page
    house.post(link, {"answer": "acknowledged"})
    assert answers(house, warning) == ["acted", "acknowledged"]


def test_a_page_that_is_loaded_again_presses_nothing(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    house.post(link, {"answer": "acted"})
    size = house.log_size()
    house.get(link)
    assert (answers(house, warning), house.log_size()) == (["acted"], size)


def test_a_line_about_measures_is_kept_with_the_answer(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    house.post(link, {"answer": "acted"})
    house.post(link, {"answer": "acted", "reason": "bags searched at every door until Sunday"})
    (_, last) = show_warning(house.desk, warning)["answers"]
    assert last["reason"] == "bags searched at every door until Sunday"
    assert "bags searched at every door until Sunday" in house.get(link).text


def test_not_for_us_ends_no_ladder(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    house.post(link, {"answer": "wrong"})
    found = show_warning(house.desk, warning)
    assert next(one for one in found["asked"] if one["party"] == "V1")["ended"] is None
    assert (found["answers"][0]["answer"], found["answers"][0]["reason"]) == ("asked", "not for us, or wrong address")
    assert "Not for us, or wrong address" in house.get(link).text


def test_the_query_form_of_an_answer_still_answers(house: House) -> None:
    warning = house.issue()
    path = house.link(warning, "V1-1") + "?answer=acknowledged"
    assert house.ask("POST", path, None, {"Content-Type": "application/json"}).status == 303
    assert answers(house, warning) == ["acknowledged"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"answer": ""},
        {"answer": "delivered"},
        {"answer": "ignored"},
        {"answer": "acted", "reason": "x" * 301},
        {f"f{n}": "" for n in range(9)},
    ],
    ids=["nothing", "empty", "a machine's", "unknown", "over-long line", "too many fields"],
)
def test_what_no_button_says_is_no_answer(house: House, form: dict[str, str]) -> None:
    warning = house.issue()
    size = house.log_size()
    assert house.post(house.link(warning, "V1-1"), form).status == 422
    assert (answers(house, warning), house.log_size()) == ([], size)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec_Fetch_Site": ""},
        {"Origin": "https://evil.example", "Sec_Fetch_Site": "same-origin"},
        {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "", "Sec_Fetch_Site": "same-site"},
    ],
    ids=["origin", "origin before all", "cross-site", "same-site"],
)
def test_a_page_of_somebody_else_answers_for_nobody(house: House, headers: dict[str, str]) -> None:
    warning = house.issue()
    size = house.log_size()
    assert house.post(house.link(warning, "V1-1"), {"answer": "acted"}, **headers).status == 403
    assert (answers(house, warning), house.log_size()) == ([], size)


def test_an_old_phone_that_does_not_say_where_it_comes_from_may_answer(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    assert house.post(link, {"answer": "acted"}, Origin="null", Sec_Fetch_Site="").status == 303


def test_a_person_is_asked_only_whether_they_have_read_it(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "P1")
    page = house.get(link).text
    assert "I have read this" in page
    assert "We have it and are acting" not in page
    house.post(link, {"answer": "read"})
    shown = show_warning(house.desk, warning)
    assert (shown["people"], shown["answers"]) == ({"read": 1}, [])


def test_after_the_warning_is_closed_its_link_shows_and_records_nothing(house: House) -> None:
    warning = house.issue()
    link = house.link(warning, "V1-1")
    house.pass_time(days=20)
    size = house.log_size()
    page = house.get(link).text
    assert "Nothing more is asked of you." in page
    assert "<button" not in page
    assert house.post(link, {"answer": "acted"}).status == 409
    assert (answers(house, warning), house.log_size()) == ([], size)


@pytest.mark.parametrize("token", ["a" * 26, "x", "%2e%2e", "W-1"])
def test_a_token_that_opens_nothing_says_so_and_nothing_else(house: House, token: str) -> None:
    house.issue()
    for found in (house.get(f"/k/{token}"), house.post(f"/k/{token}", {"answer": "acted"})):
        assert found.status == 404
        assert "Avoid large gatherings" not in found.text
