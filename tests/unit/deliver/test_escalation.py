"""A ladder is never silent before an answer, and never speaks after one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.deliver.escalation import LadderPolicy, Rung, Step, next_step, peer_policy, venue_policy
from tocsin.errors import InputError
from tocsin.evidence.receipt import Answer

START = datetime(2024, 3, 7, 15, tzinfo=UTC)
UNTIL = START + timedelta(days=32)
CLOCK = timedelta(minutes=60)


@st.composite
def policies(draw: st.DrawFn) -> LadderPolicy:
    minutes = sorted(draw(st.sets(st.integers(0, 3000), min_size=1, max_size=5)))
    rungs = tuple(Rung(timedelta(minutes=one), (str(number + 1),)) for number, one in enumerate(minutes))
    again = timedelta(minutes=draw(st.integers(1, 3000)))
    return LadderPolicy(rungs, again, START + timedelta(minutes=draw(st.integers(0, 100_000))))


def steps(policy: LadderPolicy, count: int) -> list[tuple[timedelta, tuple[str, ...]]]:
    found = [next_step(policy, START, done, ended=False) for done in range(count)]
    return [(step.due - START, step.who) for step in found if step]


def test_a_venue_is_asked_again_and_higher_up_until_it_answers() -> None:
    day = timedelta(days=1)
    last = timedelta(minutes=45)

    assert steps(venue_policy(UNTIL), 5) == [
        (timedelta(0), ("1",)),
        (timedelta(minutes=15), ("1", "2")),
        (last, ("1", "2", "3")),
        (last + day, ("1", "2", "3")),
        (last + 2 * day, ("1", "2", "3")),
    ]


def test_a_peer_has_its_clock_then_its_duty_desk_then_our_liaison_are_asked() -> None:
    day = timedelta(days=1)

    assert steps(peer_policy(CLOCK, UNTIL), 4) == [
        (timedelta(0), ()),
        (CLOCK, ("duty",)),
        (CLOCK + timedelta(minutes=30), ("liaison",)),
        (CLOCK + timedelta(minutes=30) + day, ("liaison",)),
    ]


def test_handed_over_delivered_and_read_end_no_ladder() -> None:
    enders = {answer for answer in Answer if answer.ends_ladder}

    assert enders == {Answer.ACKNOWLEDGED, Answer.ACTED, Answer.DISMISSED}


@given(policies(), st.integers(0, 500))
def test_before_an_answer_there_is_always_a_next_step_until_the_end(policy: LadderPolicy, done: int) -> None:
    step = next_step(policy, START, done, ended=False)
    endless = next_step(
        LadderPolicy(policy.rungs, policy.again_every, datetime.max.replace(tzinfo=UTC)), START, done, ended=False
    )

    assert endless is not None
    assert endless.number == done
    assert step == (endless if endless.due <= policy.until else None)


@given(policies(), st.integers(0, 500))
def test_after_an_answer_there_is_none(policy: LadderPolicy, done: int) -> None:
    assert next_step(policy, START, done, ended=True) is None


@given(policies())
def test_each_step_comes_after_the_one_before_and_the_pause_is_never_longer_than_agreed(policy: LadderPolicy) -> None:
    found: list[Step] = []
    while len(found) < 50 and (step := next_step(policy, START, len(found), ended=False)):
        found.append(step)
    pauses = [later.due - earlier.due for earlier, later in pairwise(found)]
    gaps = [later.after - earlier.after for earlier, later in pairwise(policy.rungs)]

    assert all(pause > timedelta(0) for pause in pauses)
    assert all(pause <= max([policy.again_every, *gaps]) for pause in pauses)
    assert all(step.who == policy.rungs[-1].who for step in found[len(policy.rungs) :])


def test_a_step_missed_while_the_node_was_down_is_still_taken() -> None:
    step = next_step(venue_policy(UNTIL), START, 1, ended=False)

    assert step is not None
    assert step.due == START + timedelta(minutes=15)  # long ago by now: taken at once


def test_the_step_due_in_the_last_second_is_taken_and_none_after_it() -> None:
    policy = venue_policy(START + timedelta(minutes=45))

    assert next_step(policy, START, 2, ended=False) is not None
    assert next_step(policy, START, 3, ended=False) is None


BAD_LADDERS = {
    "no rung": ((), timedelta(days=1)),
    "two at once": ((Rung(timedelta(0), ("1",)), Rung(timedelta(0), ("2",))), timedelta(days=1)),
    "out of order": ((Rung(timedelta(1), ("1",)), Rung(timedelta(0), ("2",))), timedelta(days=1)),
    "before the start": ((Rung(timedelta(-1), ("1",)),), timedelta(days=1)),
    "again without a pause": ((Rung(timedelta(0), ("1",)),), timedelta(0)),
}


@pytest.mark.parametrize(("rungs", "again"), BAD_LADDERS.values(), ids=BAD_LADDERS)
def test_a_ladder_that_would_be_silent_or_never_pause_is_refused(rungs: tuple[Rung, ...], again: timedelta) -> None:
    with pytest.raises(InputError, match="ladder"):
        LadderPolicy(rungs, again, UNTIL)
