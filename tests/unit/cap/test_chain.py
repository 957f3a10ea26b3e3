"""What would break if the order of arrival decided who is warned, or if somebody else could end a warning."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.cap.alert import Alert, Category, Certainty, Info, MsgType, Reference, Scope, Severity, Status, Urgency
from tocsin.cap.chain import ChainPolicy, Standing, find_faults, place, triple

START = datetime(2024, 3, 7, 15, tzinfo=UTC)
POLICY = ChainPolicy()
DESK, OTHER, MINISTRY = "desk@embassy.example", "desk@other.example", "desk@ministry.example"
OVER = {Standing.SUPERSEDED, Standing.CANCELLED}


def message(
    name: str,
    msg_type: MsgType = MsgType.ALERT,
    names: Sequence[Alert | Reference] = (),
    *,
    minute: int = 0,
    sender: str = DESK,
    status: Status = Status.ACTUAL,
    hours: float | None = 48,
) -> Alert:
    sent = START + timedelta(minutes=minute)
    info = Info(
        categories=(Category.SECURITY,),
        event="Threat of attack",
        urgency=Urgency.EXPECTED,
        severity=Severity.SEVERE,
        certainty=Certainty.POSSIBLE,
        headline=name,
        expires=None if hours is None else sent + timedelta(hours=hours),
    )
    return Alert(
        identifier=name,
        sender=sender,
        sent=sent,
        status=status,
        msg_type=msg_type,
        scope=Scope.PUBLIC,
        references=tuple(triple(one) if isinstance(one, Alert) else one for one in names),
        infos=(info,),
    )


ALERT = message("a")
UPDATE = message("u", MsgType.UPDATE, [ALERT], minute=10)
CANCEL = message("c", MsgType.CANCEL, [UPDATE], minute=20)


def standings(
    *messages: Alert, policy: ChainPolicy = POLICY, hours: float = 1, doubted: Sequence[Alert] = ()
) -> dict[str, Standing]:
    placed = place(messages, policy, START + timedelta(hours=hours), doubted=frozenset(triple(one) for one in doubted))
    return {one.message.identifier: one.standing for one in placed}


@st.composite
def chains(draw: st.DrawFn) -> list[Alert]:
    """Messages of two senders, each naming any before it, some sent in the same second, some without the ones they name."""
    made: list[Alert] = []
    minute = 0
    for n in range(draw(st.integers(1, 9))):
        minute += draw(st.integers(0, 2))
        kind = draw(st.sampled_from(MsgType)) if made else MsgType.ALERT
        names = draw(st.lists(st.sampled_from(made), unique=True, max_size=3)) if made else []
        made.append(
            message(
                f"m{n}",
                kind,
                names,
                minute=minute,
                sender=draw(st.sampled_from([DESK, DESK, OTHER])),
                status=draw(st.sampled_from([Status.ACTUAL, Status.ACTUAL, Status.ACTUAL, Status.TEST])),
                hours=draw(st.sampled_from([None, 1, 48])),
            )
        )
    return [one for one in made if draw(st.integers(0, 5))]


@given(chain=chains(), seed=st.integers(0, 2**32), minutes=st.integers(0, 4000))
def test_order_and_number_of_arrivals_change_nothing(chain: list[Alert], seed: int, minutes: int) -> None:
    at = START + timedelta(minutes=minutes)
    chance = random.Random(seed)
    arrivals = chain + chance.choices(chain, k=4) if chain else []
    chance.shuffle(arrivals)
    assert place(arrivals, POLICY, at) == place(chain, POLICY, at)
    assert find_faults(arrivals, POLICY) == find_faults(chain, POLICY)


def elsewhere(alert: Alert) -> Alert:
    """The same message, its times written as they are read five hours further east."""
    east = timezone(timedelta(hours=5))
    return replace(alert, sent=alert.sent.astimezone(east))


@given(chain=chains(), seed=st.integers(0, 2**32), data=st.data())
def test_order_changes_nothing_where_messages_come_with_two_contents_or_in_two_offsets(
    chain: list[Alert], seed: int, data: st.DataObject
) -> None:
    twins = [
        data.draw(st.sampled_from([elsewhere(one), replace(one, note="b"), replace(one, status=Status.TEST)]))
        for one in chain
        if data.draw(st.booleans())
    ]
    arrivals = chain + twins
    random.Random(seed).shuffle(arrivals)
    assert place(arrivals, POLICY, START) == place(chain + twins, POLICY, START)
    assert find_faults(arrivals, POLICY) == find_faults(chain + twins, POLICY)


@given(chain=chains(), seed=st.integers(0, 2**32))
def test_what_is_over_is_never_revived_by_a_late_message(chain: list[Alert], seed: int) -> None:
    late = list(chain)
    random.Random(seed).shuffle(late)
    over: set[str] = set()
    for count in range(len(late) + 1):
        now = {name for name, standing in standings(*late[:count]).items() if standing in OVER}
        assert over <= now
        over = now


@given(chain=chains())
def test_an_end_is_by_the_same_sender_and_of_the_same_status(chain: list[Alert]) -> None:
    known = {triple(one): one for one in chain}
    for one in place(chain, POLICY, START):
        for by in one.ended_by:
            assert one.message in known[by].references
            assert known[by].sender == one.message.sender
            assert known[by].status is known[one.message].status is Status.ACTUAL
            assert known[by].msg_type in {MsgType.UPDATE, MsgType.CANCEL}


def test_a_cancel_ends_all_that_it_names() -> None:
    other = message("b", minute=1)
    cancel = message("c", MsgType.CANCEL, [ALERT, other], minute=2)
    assert standings(ALERT, other, cancel) == {
        "a": Standing.CANCELLED,
        "b": Standing.CANCELLED,
        "c": Standing.ENDS,
    }


def test_a_cancel_ends_nothing_that_it_does_not_name() -> None:
    other = message("b", minute=1)
    found = standings(ALERT, other, message("c", MsgType.CANCEL, [ALERT], minute=2))
    assert found["b"] is Standing.IN_FORCE


def test_whoever_reads_the_first_message_hears_that_its_update_was_cancelled() -> None:
    assert standings(ALERT, UPDATE)["a"] is Standing.SUPERSEDED
    assert standings(ALERT, UPDATE, CANCEL)["a"] is Standing.CANCELLED


def test_a_second_update_that_still_stands_keeps_the_line_alive() -> None:
    second = message("v", MsgType.UPDATE, [ALERT], minute=15)
    found = standings(ALERT, UPDATE, second, CANCEL)
    assert (found["a"], found["u"], found["v"]) == (Standing.SUPERSEDED, Standing.CANCELLED, Standing.IN_FORCE)


def test_cap_15_an_older_message_that_comes_late_does_not_revive_what_was_cancelled() -> None:
    assert standings(CANCEL, UPDATE, ALERT) == {
        "a": Standing.CANCELLED,
        "u": Standing.CANCELLED,
        "c": Standing.ENDS,
    }


def test_cap_16_an_unknown_reference_is_pending_and_the_update_stands() -> None:
    (placed,) = place([UPDATE], POLICY, START)
    assert (placed.standing, placed.pending) == (Standing.IN_FORCE, (triple(ALERT),))
    (_, later) = place([UPDATE, ALERT], POLICY, START)
    assert later.pending == ()


@pytest.mark.parametrize("msg_type", [MsgType.UPDATE, MsgType.CANCEL])
def test_cap_17_nobody_else_ends_a_warning(msg_type: MsgType) -> None:
    foreign = message("x", msg_type, [ALERT], minute=1, sender=OTHER)
    assert standings(ALERT, foreign)["a"] is Standing.IN_FORCE
    assert [one.rule for one in find_faults([ALERT, foreign], POLICY)] == ["CAP-17"]


def test_cap_17_a_delegate_of_the_sender_does_and_only_in_that_direction() -> None:
    policy = ChainPolicy(delegates={DESK: frozenset({MINISTRY})})
    cancel = message("x", MsgType.CANCEL, [ALERT], minute=1, sender=MINISTRY)
    assert standings(ALERT, cancel, policy=policy)["a"] is Standing.CANCELLED
    theirs = message("t", sender=MINISTRY)
    ours = message("y", MsgType.CANCEL, [theirs], minute=1)
    assert standings(theirs, ours, policy=policy)["t"] is Standing.IN_FORCE


def test_cap_04_all_three_parts_make_the_identity() -> None:
    resent = replace(ALERT, sent=START + timedelta(minutes=5))
    cancel = message("c", MsgType.CANCEL, [ALERT], minute=6)
    placed = place([ALERT, resent, cancel], POLICY, START)
    assert [one.standing for one in placed] == [Standing.CANCELLED, Standing.IN_FORCE, Standing.ENDS]


def test_cap_05_one_triple_with_two_contents_is_an_error_and_held_and_ends_nothing() -> None:
    changed = replace(UPDATE, note="the hall on the left")
    assert standings(ALERT, UPDATE, changed) == {"a": Standing.IN_FORCE, "u": Standing.HELD}
    assert [one.rule for one in find_faults([UPDATE, changed], POLICY)] == ["CAP-05"]
    assert find_faults([UPDATE, replace(UPDATE)], POLICY) == ()


def test_cap_05_a_cancel_that_comes_again_with_other_words_still_ends_what_it_names() -> None:
    again = replace(CANCEL, note="sent once more by the network")
    found = standings(ALERT, UPDATE, CANCEL, again)
    assert found == {"a": Standing.CANCELLED, "u": Standing.CANCELLED, "c": Standing.HELD}


@pytest.mark.parametrize(
    "change", [{"references": (triple(ALERT),)}, {"msg_type": MsgType.UPDATE}, {"status": Status.TEST}]
)
def test_cap_05_a_cancel_whose_contents_end_different_things_ends_nothing(change: dict[str, Any]) -> None:
    found = standings(ALERT, UPDATE, CANCEL, replace(CANCEL, **change))
    assert found == {"a": Standing.SUPERSEDED, "u": Standing.IN_FORCE, "c": Standing.HELD}


def test_cap_05_one_triple_that_is_a_test_and_is_not_is_held_whichever_came_first() -> None:
    test = replace(ALERT, status=Status.TEST)
    assert standings(ALERT, test) == standings(test, ALERT) == {"a": Standing.HELD}


def test_cap_04_a_cancel_may_have_the_identifier_of_what_it_ends() -> None:
    cancel = message("a", MsgType.CANCEL, [ALERT], minute=5)
    assert [one.standing for one in place([ALERT, cancel], POLICY, START)] == [Standing.CANCELLED, Standing.ENDS]


@pytest.mark.parametrize("msg_type", [MsgType.ACK, MsgType.ERROR])
def test_cap_13_an_ack_or_an_error_is_no_warning_and_ends_nothing(msg_type: MsgType) -> None:
    found = standings(ALERT, message("k", msg_type, [ALERT], minute=1))
    assert found == {"a": Standing.IN_FORCE, "k": Standing.NO_WARNING}


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.ACTUAL])
def test_cap_11_anything_but_actual_is_never_acted_on(status: Status) -> None:
    test_cancel = message("c", MsgType.CANCEL, [ALERT], minute=1, status=status)
    assert standings(ALERT, test_cancel) == {"a": Standing.IN_FORCE, "c": Standing.NOT_ACTED_ON}
    assert standings(message("t", status=status)) == {"t": Standing.NOT_ACTED_ON}


def test_in_an_exercise_an_exercise_counts_and_what_is_meant_does_not() -> None:
    policy = ChainPolicy(acted_on=Status.EXERCISE)
    drill = message("d", status=Status.EXERCISE)
    cancel = message("c", MsgType.CANCEL, [drill], minute=1)
    assert standings(drill, cancel, policy=policy) == {"d": Standing.IN_FORCE, "c": Standing.NOT_ACTED_ON}


def test_a_cancel_whose_words_say_test_is_held_and_cancels_nothing() -> None:
    cancel = message("c", MsgType.CANCEL, [ALERT], minute=1)
    assert standings(ALERT, cancel, doubted=[cancel]) == {"a": Standing.IN_FORCE, "c": Standing.HELD}


def test_two_messages_of_one_second_that_name_each_other_silence_nothing() -> None:
    one = message("1", MsgType.UPDATE, [Reference(DESK, "2", START)])
    two = message("2", MsgType.UPDATE, [Reference(DESK, "1", START)])
    assert set(standings(one, two).values()) == {Standing.IN_FORCE}
    assert [found.rule for found in find_faults([one, two], POLICY)] == ["CAP-15", "CAP-15"]


def test_two_hundred_messages_of_one_second_that_name_each_other_silence_nothing() -> None:
    """Each ring looked for by itself would take minutes, inside the act that takes in an envelope."""
    names = [Reference(DESK, f"m{number}", START) for number in range(200)]
    made = [message(one.identifier, MsgType.UPDATE, [other for other in names if other != one]) for one in names]
    assert set(standings(*made).values()) == {Standing.IN_FORCE}
    assert {one.rule for one in find_faults(made, POLICY)} == {"CAP-15"}


def test_an_update_of_the_same_second_supersedes() -> None:
    assert standings(ALERT, message("u", MsgType.UPDATE, [ALERT]))["a"] is Standing.SUPERSEDED


def test_an_update_that_expired_does_not_bring_back_what_it_superseded() -> None:
    short = message("u", MsgType.UPDATE, [ALERT], minute=1, hours=1)
    assert standings(ALERT, short, hours=3) == {"a": Standing.SUPERSEDED, "u": Standing.EXPIRED}


def test_cap_28_a_message_that_does_not_say_when_it_expires_counts_as_long_as_the_policy_says() -> None:
    endless = message("e", hours=None)
    assert standings(endless, hours=24)["e"] is Standing.IN_FORCE
    assert standings(endless, hours=24.1)["e"] is Standing.EXPIRED


def test_defect_6_references_are_applied() -> None:
    assert standings(ALERT, UPDATE) == {"a": Standing.SUPERSEDED, "u": Standing.IN_FORCE}


@given(chain=chains())
def test_every_message_stands_somewhere_and_none_is_dropped(chain: list[Alert]) -> None:
    assert {one.message for one in place(chain, POLICY, START)} == {triple(one) for one in chain}
