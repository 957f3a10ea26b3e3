"""Answers move a delivery forward only; a statement counts once, for us, in its place, and while it is valid."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.receipt import Answer, Grade
from tocsin.exchange.protocol import DeliveryState, PairHead, accept_statement, grade_of, next_state

NOW = datetime(2024, 3, 7, 15, tzinfo=UTC)
LAST = PairHead(6, "a" * 64)
POSITIONS = {DeliveryState.ACKNOWLEDGED, DeliveryState.ACTED, DeliveryState.DISMISSED}
HEIGHT = [
    {DeliveryState.COMMITTED},
    {DeliveryState.SENT},
    {DeliveryState.DELIVERED, DeliveryState.FAILED},
    {DeliveryState.READ},
    {DeliveryState.ASKED},
    POSITIONS,
]


def height(state: DeliveryState) -> int:
    return next(number for number, states in enumerate(HEIGHT) if state in states)


def claims(**changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "aud": "city.example",
        "seq": 7,
        "prev": LAST.digest,
        "exp": int(NOW.timestamp()) + 60,
        "jti": "one",
    }
    return {name: value for name, value in (facts | changed).items() if value is not KeyError}


def accept(found: dict[str, Any], *, last: PairHead | None = LAST, seen: frozenset[str] = frozenset()) -> None:
    accept_statement(found, us="city.example", at=NOW, last=last, seen=seen.__contains__)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer.DELIVERED, DeliveryState.DELIVERED),
        (Answer.READ, DeliveryState.READ),
        (Answer.ACKNOWLEDGED, DeliveryState.ACKNOWLEDGED),
        (Answer.ACTED, DeliveryState.ACTED),
        (Answer.ASKED, DeliveryState.ASKED),
        (Answer.DISMISSED, DeliveryState.DISMISSED),
        (Answer.UNREADABLE, DeliveryState.FAILED),
        (Answer.PASSED_ON, DeliveryState.SENT),
    ],
)
def test_each_answer_leads_to_its_state(answer: Answer, state: DeliveryState) -> None:
    assert next_state(DeliveryState.SENT, answer) is state


@given(st.lists(st.sampled_from(Answer), max_size=12))
def test_no_answer_takes_back_a_higher_one_whatever_the_order_of_arrival(answers: list[Answer]) -> None:
    states = [DeliveryState.COMMITTED]
    for answer in answers:
        states.append(next_state(states[-1], answer))

    assert all(height(before) <= height(after) for before, after in pairwise(states))


@given(
    st.lists(st.sampled_from(Answer), max_size=8),
    st.sampled_from([Answer.ACKNOWLEDGED, Answer.ACTED, Answer.DISMISSED]),
)
def test_once_a_position_was_taken_it_is_shown_until_another_is(answers: list[Answer], position: Answer) -> None:
    state = next_state(DeliveryState.DELIVERED, position)
    for answer in answers:
        state = next_state(state, answer)

    assert state in POSITIONS


def test_a_dismissal_after_an_acknowledgement_is_the_state_and_the_other_way_round() -> None:
    assert next_state(DeliveryState.ACKNOWLEDGED, Answer.DISMISSED) is DeliveryState.DISMISSED
    assert next_state(DeliveryState.DISMISSED, Answer.ACKNOWLEDGED) is DeliveryState.ACKNOWLEDGED


def test_an_envelope_that_could_not_be_read_counts_as_delivered_no_longer() -> None:
    assert next_state(DeliveryState.DELIVERED, Answer.UNREADABLE) is DeliveryState.FAILED
    assert next_state(DeliveryState.READ, Answer.UNREADABLE) is DeliveryState.READ


def test_no_state_is_graded_above_what_its_last_answer_proves() -> None:
    for answer in Answer:
        state = next_state(DeliveryState.SENT, answer)
        if state is not DeliveryState.SENT:
            assert grade_of(state) is answer.grade
    assert grade_of(DeliveryState.COMMITTED) is grade_of(DeliveryState.SENT) is Grade.E0


def test_the_next_statement_of_the_chain_is_taken_and_so_is_the_first() -> None:
    accept(claims())
    accept(claims(seq=0, prev=""), last=None)


BROKEN = {
    "for another": {"aud": "embassy.example"},
    "void": {"exp": int(NOW.timestamp()) - 1},
    "valid for ever": {"exp": 2**40},
    "the number before": {"seq": 6},
    "a number left out": {"seq": 8},
    "a number below zero": {"seq": -1},
    "tied to another": {"prev": "b" * 64},
    "tied to nothing": {"prev": ""},
    "tied in capitals": {"prev": "A" * 64},
    "seen before": {"jti": "old"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_statement_out_of_its_place_is_refused_with_the_step_named(change: dict[str, Any]) -> None:
    with pytest.raises(VerificationError) as refused:
        accept(claims(**change), seen=frozenset({"old"}))

    assert refused.value.step == "pair"


def test_after_a_lost_disk_the_next_statement_may_leave_a_gap_and_go_back_to_nothing() -> None:
    forgotten = PairHead(7, "")
    for seq in (8, 9, 500):
        accept(claims(seq=seq, prev="c" * 64), last=forgotten)
    for seq in (7, 6, 0, -1):
        with pytest.raises(VerificationError, match="number"):
            accept(claims(seq=seq, prev="c" * 64), last=forgotten)
    accept(claims(seq=0, prev=""), last=PairHead(-1, ""))


def test_a_first_statement_that_claims_a_history_is_refused() -> None:
    for change in ({"seq": 1, "prev": ""}, {"seq": 0, "prev": LAST.digest}, {}):
        with pytest.raises(VerificationError, match="pair"):
            accept(claims(**change), last=None)


@pytest.mark.parametrize("name", ["aud", "seq", "prev", "exp", "jti"])
@pytest.mark.parametrize("value", [KeyError, None, True, 7.0, [], {}, b"x"], ids=str)
def test_a_claim_missing_or_of_another_type_is_refused_as_input(name: str, value: object) -> None:
    with pytest.raises(InputError, match=f"claim '{name}'"):
        accept(claims(**{name: value}))


def test_true_is_not_the_number_one() -> None:
    with pytest.raises(InputError, match="'seq'"):
        accept(claims(seq=True, prev="a"), last=PairHead(0, "a"))


@given(st.integers(-5, 20), st.integers(0, 12))
def test_exactly_one_number_is_next(seq: int, last: int) -> None:
    head = PairHead(last, LAST.digest)
    if seq == last + 1:
        accept(claims(seq=seq), last=head)
        return
    with pytest.raises(VerificationError, match=f"number {last + 1}"):
        accept(claims(seq=seq), last=head)


def test_a_statement_refused_is_not_marked_as_seen() -> None:
    asked: list[str] = []

    def seen(jti: str) -> bool:
        asked.append(jti)
        return False

    with pytest.raises(VerificationError):
        accept_statement(claims(seq=9), us="city.example", at=NOW, last=LAST, seen=seen)
    assert asked == []
