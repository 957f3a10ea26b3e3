"""The same message has one key, a failed one is tried again until it is too late, and one row is proved without others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.marking import Audience
from tocsin.deliver.fanout import (
    FIRST_RETRY,
    LONGEST_RETRY,
    Addressee,
    Delivery,
    DeliveryResult,
    ResultState,
    plan_deliveries,
    prove_row,
    retry_at,
    row_bytes,
    rows_root,
)
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.tree import EMPTY_ROOT, leaf_hash, verify_inclusion

NOW = datetime(2024, 3, 7, 15, tzinfo=UTC)
ids = st.from_regex(r"[A-Za-z0-9._-]{1,6}", fullmatch=True)


def plan(*to: Addressee, step: int = 0, number: int = 1) -> tuple[Delivery, ...]:
    return plan_deliveries(
        "W-1", number, Audience.PUBLIC, to, channel="mail", step=step, token_for=lambda key: f"T({key})"
    )


def row(number: int) -> DeliveryResult:
    return DeliveryResult(
        key=f"W-1:1:public:P{number}:mail:0",
        recipient=f"{number:064x}",
        state=ResultState.HANDED_OVER,
        at=NOW,
        detail="250",
        attempts=1,
    )


def salts(count: int) -> list[bytes]:
    return [bytes([number]) * 16 for number in range(count)]


def test_the_key_says_all_that_makes_it_the_same_message() -> None:
    (one,) = plan(Addressee("V01", "V01-1", "a@v.example"), step=2)

    assert one.key == "W-1:1:public:V01-1:mail:2"
    assert (one.party, one.address, one.token) == ("V01", "a@v.example", f"T({one.key})")


def test_a_recipient_named_twice_is_written_to_once() -> None:
    somebody = Addressee(None, "P1", "a@b.example")

    assert len(plan(somebody, somebody)) == 1


def test_two_recipients_at_one_address_each_get_their_own_link() -> None:
    one, other = plan(Addressee("V01", "V01-1", "a@v.example"), Addressee("V02", "V02-1", "a@v.example"))

    assert one.token != other.token


@given(st.lists(ids, max_size=8), st.integers(0, 3), st.integers(1, 3))
def test_planning_again_gives_the_same_keys_and_another_step_or_number_gives_others(
    names: list[str], step: int, number: int
) -> None:
    to = [Addressee(None, name, "a@b.example") for name in names]
    keys = {one.key for one in plan(*to, step=step, number=number)}

    assert len(keys) == len(set(names))
    assert keys == {one.key for one in plan(*to, step=step, number=number)}
    assert keys.isdisjoint(one.key for one in plan(*to, step=step + 1, number=number))
    assert keys.isdisjoint(one.key for one in plan(*to, step=step, number=number + 1))


@given(st.integers(1, 200), st.text(max_size=20))
def test_a_new_attempt_is_never_at_once_and_never_more_than_75_minutes_away(attempts: int, key: str) -> None:
    due = retry_at(attempts, NOW, key, not_after=None)

    assert due is not None
    assert FIRST_RETRY <= due - NOW <= LONGEST_RETRY * 5 / 4
    assert due == retry_at(attempts, NOW, key, not_after=None)


@given(st.integers(1, 6), st.text(max_size=20))
def test_waits_grow_from_one_attempt_to_the_next(attempts: int, key: str) -> None:
    first, second = (retry_at(number, NOW, key, not_after=None) for number in (attempts, attempts + 1))

    assert first is not None
    assert second is not None
    assert first < second


@given(st.integers(1, 20), st.text(max_size=20), st.integers(-100, 6000))
def test_nothing_is_tried_again_after_the_warning_has_expired(attempts: int, key: str, seconds: int) -> None:
    end = NOW + timedelta(seconds=seconds)
    due, free = retry_at(attempts, NOW, key, not_after=end), retry_at(attempts, NOW, key, not_after=None)

    assert free is not None
    assert due == (free if free <= end else None)


def test_an_attempt_due_in_the_last_second_is_still_made() -> None:
    due = retry_at(1, NOW, "k", not_after=None)

    assert due is not None
    assert retry_at(1, NOW, "k", not_after=due) == due
    assert retry_at(1, NOW, "k", not_after=due - timedelta(seconds=1)) is None


def test_recipients_of_one_failure_do_not_all_come_back_in_the_same_second() -> None:
    due = {retry_at(3, NOW, f"W-1:1:public:P{number}:mail:0", not_after=None) for number in range(200)}

    assert len(due) > 20


@given(st.integers(1, 20), st.data())
def test_each_row_is_proved_by_its_path_and_no_other_row_is(count: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, count - 1))
    rows, salt = [row(number) for number in range(count)], salts(count)
    root, proof = rows_root(rows, salt), prove_row(rows, salt, index)

    verify_inclusion(leaf_hash(row_bytes(rows[index], salt[index])), index, count, proof, root)
    for changed in (
        replace(rows[index], state=ResultState.REFUSED),
        replace(rows[index], at=NOW + timedelta(seconds=1)),
        replace(rows[index], attempts=2),
        replace(rows[index], recipient=f"{count:064x}"),
    ):
        with pytest.raises(VerificationError, match="inclusion"):
            verify_inclusion(leaf_hash(row_bytes(changed, salt[index])), index, count, proof, root)


def test_a_row_cannot_be_guessed_without_its_salt() -> None:
    assert rows_root([row(1)], [b"\1" * 16]) != rows_root([row(1)], [b"\2" * 16])


def test_a_detail_with_line_ends_is_not_another_row() -> None:
    plain = replace(row(1), detail="550 no\n2", attempts=1)
    other = replace(row(1), detail="550 no", attempts=2)

    assert row_bytes(plain, bytes(16)) != row_bytes(other, bytes(16))


def test_a_salt_of_another_length_and_a_salt_too_few_are_refused() -> None:
    for wrong in (b"", bytes(15), bytes(17)):
        with pytest.raises(InputError, match="expected 16"):
            row_bytes(row(1), wrong)
    with pytest.raises(ValueError, match="shorter"):
        rows_root([row(1), row(2)], salts(1))


def test_no_rows_have_the_root_of_the_empty_tree_and_prove_nothing() -> None:
    assert rows_root([], []) == EMPTY_ROOT
    with pytest.raises(InputError, match="not in a tree of 0"):
        prove_row([], [], 0)
