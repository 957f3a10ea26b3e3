"""A call outside of the product is kept with both its times, as the word of who entered it, and proves nothing more."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.walks.conftest import World
from tests.walks.leaves import read_claims, read_leaves
from tests.walks.test_told import happen

from tocsin.core.marking import Audience
from tocsin.desk.account import account_for
from tocsin.desk.calls import Call, enter_call, list_calls
from tocsin.desk.proofs import make_warning_bundle
from tocsin.errors import AccessError, InputError, NotFoundError
from tocsin.review.account_html import write_html

SAID = "that the hall must look at its doors"
CALLER, CALLED, HEARD = "Otto Zweiter", "the manager of the hall", "Pia Dritte"


@pytest.fixture
def warned(world: World) -> Iterator[World]:
    """The warning is out; what is sent about it is not what is looked at here."""
    world.issue()
    yield world
    world.embassy.letters.clear()
    world.city.letters.clear()


def enter_late(world: World, minutes: int = 40) -> Call:
    """A call at once, entered so many minutes later."""
    at = world.embassy.desk.clock.now()
    world.pass_time(minutes=minutes)
    call = Call(caller=CALLER, called=CALLED, at=at, said=SAID, heard_by=HEARD)
    enter_call(world.embassy.desk, "W-1", call)
    return call


def account(world: World, reader: Audience) -> str:
    incident = happen(world)
    return write_html(account_for(world.embassy.desk, incident, reader=reader))


def test_a_call_entered_40_minutes_late_shows_both_times_grade_e0_and_the_gap(warned: World) -> None:
    warned.pass_time(minutes=50)
    enter_late(warned)
    told = account(warned, Audience.PARTNER)
    line = told[told.index(f"{CALLER} called {CALLED}") - 600 : told.index(SAID) + 900]
    assert "17:50:00" in line
    assert "entered Thu 7 Mar 2024, 18:30" in line
    assert "E0" in line
    assert f"heard by {HEARD}" in told
    assert "Nothing was entered here for" in told


def test_no_reader_of_the_public_account_learns_who_called_whom(warned: World) -> None:
    enter_late(warned)
    told = account(warned, Audience.PUBLIC)
    assert "a call outside of this node" in told
    for words in (CALLER, CALLED, HEARD, SAID):
        assert words not in told


def test_the_log_and_the_proofs_have_neither_names_nor_words(warned: World) -> None:
    enter_late(warned)
    leaf = read_leaves(warned.embassy.desk)[-1]
    claims = read_claims(leaf)
    assert (claims["act"], claims["warning"]) == ("call", "W-1")
    bundle = make_warning_bundle(warned.embassy.desk, "W-1", part="all")
    for words in (CALLER, CALLED, HEARD, SAID):
        assert words not in str(claims)
        assert words.encode() not in bundle


def test_calls_are_listed_as_they_were_entered(warned: World) -> None:
    call = enter_late(warned)
    (found,) = list_calls(warned.embassy.desk, "W-1")
    assert {name: found[name] for name in ("caller", "called", "said", "heard_by")} == {
        "caller": CALLER,
        "called": CALLED,
        "said": SAID,
        "heard_by": HEARD,
    }
    assert found["called_at"] < found["entered"]
    assert call.at < warned.embassy.desk.clock.now()


REFUSED = {
    "in the future": ("W-1", {"hours": 1}, InputError, "call was at"),
    "a warning that is not here": ("W-9", {"hours": 0}, NotFoundError, "W-9"),
}


@pytest.mark.parametrize("refused", list(REFUSED.values()), ids=list(REFUSED))
def test_what_cannot_have_been_is_refused_and_nothing_is_logged(
    warned: World, refused: tuple[str, dict[str, float], type[Exception], str]
) -> None:
    warning, later, error, words = refused
    before = len(read_leaves(warned.embassy.desk))
    call = Call(caller=CALLER, called=CALLED, at=warned.embassy.desk.clock.now() + timedelta(**later), said=SAID)
    with pytest.raises(error, match=words):
        enter_call(warned.embassy.desk, warning, call)
    assert len(read_leaves(warned.embassy.desk)) == before


@pytest.mark.parametrize(
    ("field", "words"),
    [("caller", (" ", CALLED, SAID)), ("called", (CALLER, " ", SAID)), ("said", (CALLER, CALLED, ""))],
)
def test_a_call_without_who_or_what_is_none(warned: World, field: str, words: tuple[str, str, str]) -> None:
    caller, called, said = words
    with pytest.raises(InputError, match=f"{field} has 0 characters"):
        Call(caller=caller, called=called, said=said, at=warned.embassy.desk.clock.now())


def test_a_repeated_request_enters_one_call(warned: World) -> None:
    call = Call(caller=CALLER, called=CALLED, at=warned.embassy.desk.clock.now(), said=SAID)
    first = enter_call(warned.embassy.desk, "W-1", call, once="a")
    assert enter_call(warned.embassy.desk, "W-1", call, once="a") == first
    assert len(list_calls(warned.embassy.desk, "W-1")) == 1
    with pytest.raises(AccessError):
        enter_call(warned.embassy.node, "W-1", call)
