"""The way in: the link that works once, name and password, the session and its end."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.web.server import PASSWORD, House, open_house

from tocsin.desk.house import CredentialKind, Role
from tocsin.desk.people import desk_of, make_link, retire_officer
from tocsin.desk.sign_in import MOST_AT_ONCE, MOST_WRONG, WRONG_WITHIN, _place, set_password, sign_in
from tocsin.errors import SignInError
from tocsin.evidence.entry import Kind

WRONG = "not the password at all"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "node") as found:
        yield found


def enter(house: House, password: str = PASSWORD, name: str = "administrator", where: str = "") -> str:
    """Where it leads, or the page that refuses."""
    got = house.post("/sign-in", {"name": name, "password": password, "next": where})
    return got.headers["location"] if got.status == 303 else got.text


def is_inside(house: House) -> bool:
    return house.get("/now").headers.get("location", "").split("?")[0] != "/sign-in"


def refusals(house: House) -> int:
    with house.desk.store.read() as tx:
        return len(tx.log.entries(kind=Kind.REFUSED))


def test_the_one_time_link_sets_a_password_and_signs_in(house: House) -> None:
    link = house.add(Role.ADMINISTRATOR)
    assert "This link is for <b>administrator</b>" in house.get(link).text
    done = house.post(link, {"password": PASSWORD})
    assert (done.status, done.headers["location"]) == (303, "/now")
    assert is_inside(house)


def test_opening_the_link_uses_nothing_up(house: House) -> None:
    link = house.add(Role.ADMINISTRATOR)
    size = house.log_size()
    for _ in range(3):
        assert house.get(link).status == 200
    assert house.log_size() == size
    assert house.post(link, {"password": PASSWORD}).status == 303


def test_a_link_that_was_used_opens_nothing(house: House) -> None:
    link = house.add(Role.ADMINISTRATOR)
    house.post(link, {"password": PASSWORD})
    house.cookie = ""
    assert house.get(link).status == 404
    again = house.post(link, {"password": "another one, of an intruder"})
    assert (again.status, house.cookie) == (404, "")
    assert enter(house) == "/now"


def test_a_link_that_is_two_days_old_opens_nothing(house: House) -> None:
    link = house.add(Role.ADMINISTRATOR)
    house.pass_time(days=2)
    assert house.get(link).status == 404
    assert house.post(link, {"password": PASSWORD}).status == 404


def test_a_new_link_ends_the_old_one(house: House) -> None:
    link = house.add(Role.ADMINISTRATOR)
    make_link(house.people[Role.ADMINISTRATOR], "administrator")
    assert house.get(link).status == 404


def test_a_password_that_is_too_short_is_not_set_and_the_link_still_works(house: House) -> None:
    link = house.add(Role.ADMINISTRATOR)
    short = house.post(link, {"password": "short"})
    assert (short.status, house.cookie) == (422, "")
    assert "5 characters, expected 12 to 256" in short.text
    assert house.post(link, {"password": PASSWORD}).status == 303


def test_wrong_name_and_wrong_password_look_the_same(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    pages = [house.post("/sign-in", {"name": name, "password": WRONG}) for name in ("administrator", "somebody.else")]
    assert [page.status for page in pages] == [401, 401]
    assert pages[0].text.replace("administrator", "X") == pages[1].text.replace("somebody.else", "X").replace(
        "An administrator", "An X"
    ).replace("an administrator", "an X")


def test_too_many_wrong_tries_close_that_name_for_a_while_and_no_other(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    house.sign_in(Role.OFFICER)
    for _ in range(MOST_WRONG):
        enter(house, WRONG)
    assert "wrong too often" in enter(house)
    assert enter(house, name="officer") == "/now"
    house.pass_time(seconds=WRONG_WITHIN.total_seconds())
    assert enter(house) == "/now"


def test_a_flood_of_tries_fills_no_log(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    before = refusals(house)
    for n in range(MOST_WRONG + 2):
        enter(house, WRONG)
        enter(house, WRONG, name=f"nobody{n}")
    assert refusals(house) - before == 2 * MOST_WRONG


def test_no_strangers_tries_keep_somebody_out_who_has_a_new_link(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    for _ in range(MOST_WRONG):
        enter(house, WRONG)
    link = make_link(house.people[Role.ADMINISTRATOR], "administrator")["link"].removeprefix(house.url)
    assert house.post(link, {"password": PASSWORD}).status == 303
    assert is_inside(house)


def test_no_more_passwords_are_compared_at_once_than_memory_is_kept_for(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    with ExitStack() as full:
        for _ in range(MOST_AT_ONCE):
            full.enter_context(_place())
        with pytest.raises(SignInError, match="too many people"):
            sign_in(house.desk, "administrator", PASSWORD)
    assert sign_in(house.desk, "administrator", PASSWORD)


def test_a_link_that_opens_nothing_costs_no_hash_of_a_password(house: House) -> None:
    with ExitStack() as full:
        for _ in range(MOST_AT_ONCE):
            full.enter_context(_place())
        with pytest.raises(SignInError, match="used up or was never made"):
            set_password(house.desk, "no-such-link", PASSWORD)


def test_the_log_of_a_refused_try_holds_neither_name_nor_password(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    enter(house, WRONG, name="somebody.else")
    with house.desk.store.read() as tx:
        last = tx.log.entries(kind=Kind.REFUSED)[-1]
    assert b"somebody" not in last.statement
    assert b"password" not in last.statement
    assert last.subject == "node"


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie: x\r\nSet-Cookie: tocsin=x",
        "javascript:alert(1)",
        "",
        "/" + "x" * 600,
    ],
)
def test_signing_in_leads_to_no_other_host(house: House, where: str) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    assert enter(house, where=where) == "/now"
    assert 'name="next" value="/now"' in house.get(f"/sign-in?next={quote(where, safe='')}").text


def test_signing_in_leads_back_to_the_page_that_was_asked_for(house: House) -> None:
    sent = house.get("/warnings/W-1?rule=a")
    assert (sent.status, sent.headers["location"]) == (303, "/sign-in?next=%2Fwarnings%2FW-1%3Frule%3Da")
    assert 'name="next" value="/warnings/W-1?rule=a"' in house.get(sent.headers["location"]).text
    house.sign_in(Role.ADMINISTRATOR)
    assert enter(house, where="/warnings/W-1?rule=a") == "/warnings/W-1?rule=a"


def test_a_session_ends_when_its_holder_signs_out(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    secret = house.cookie.split("=", 1)[1]
    assert house.post("/sign-out").headers["location"] == "/sign-in"
    with pytest.raises(SignInError):
        desk_of(house.desk, secret, CredentialKind.SESSION)


def test_a_session_ends_when_its_holder_retires(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    house.sign_in(Role.OFFICER)
    assert is_inside(house)
    retire_officer(house.people[Role.ADMINISTRATOR], "officer")
    assert not is_inside(house)
    assert "wrong" in enter(house, name="officer")


def test_a_session_ends_after_twelve_hours(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    house.pass_time(hours=11, minutes=59)
    assert is_inside(house)
    house.pass_time(minutes=1)
    assert not is_inside(house)


def test_a_token_of_a_program_is_no_session(house: House) -> None:
    from tocsin.desk.people import add_token

    house.add(Role.ADMINISTRATOR)
    token = add_token(house.people[Role.ADMINISTRATOR], "administrator", "script")["token"]
    house.cookie = f"tocsin={token}"
    assert not is_inside(house)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec_Fetch_Site": ""},
        {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "null", "Sec_Fetch_Site": "same-site"},
        {"Origin": "null", "Sec_Fetch_Site": ""},
        {"Origin": "", "Sec_Fetch_Site": ""},
    ],
    ids=["another origin", "cross-site", "same-site", "null", "nothing"],
)
def test_a_form_that_no_page_of_ours_sent_signs_nobody_in_or_out(house: House, headers: dict[str, str]) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    link = house.add(Role.OFFICER)
    mine, house.cookie = house.cookie, ""
    for path, form in (("/sign-in", {"name": "administrator", "password": PASSWORD}), (link, {"password": PASSWORD})):
        assert house.post(path, form, **headers).status == 403
        assert house.cookie == ""
    house.cookie = mine
    assert house.post("/sign-out", {}, **headers).status == 403
    assert is_inside(house)


def test_a_form_of_our_own_origin_counts_without_the_newer_header(house: House) -> None:
    house.sign_in(Role.ADMINISTRATOR)
    form = {"name": "administrator", "password": PASSWORD}
    assert house.post("/sign-in", form, Origin=house.url, Sec_Fetch_Site="").status == 303


def test_a_hostile_name_comes_back_as_text(house: House) -> None:
    page = enter(house, name='"><script>alert(1)</script>')
    assert "<script" not in page
