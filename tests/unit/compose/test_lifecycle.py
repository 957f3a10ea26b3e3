"""What would break if a warning could vanish, or come back from the closed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.compose.lifecycle import ClosedBy, IssuedWarning, Status, close, pass_time, status_at
from tocsin.core.threat import Threat
from tocsin.errors import InputError, StateError

ISSUED = datetime(2024, 3, 7, 15, tzinfo=UTC)
WARNING = IssuedWarning(
    id="W-1",
    determination="D-1",
    headline="Avoid large gatherings",
    threat=Threat(),
    issued=ISSUED,
    expires=ISSUED + timedelta(hours=48),
    watch_until=ISSUED + timedelta(hours=48, days=14),
    versions=(),
    status=Status.LIVE,
    closed_by=None,
    number=1,
)
SECOND = timedelta(seconds=1)


def test_a_window_that_ends_puts_the_warning_on_watch_and_not_away() -> None:
    assert status_at(WARNING, WARNING.expires) is Status.LIVE
    assert status_at(WARNING, WARNING.expires + SECOND) is Status.ON_WATCH
    assert status_at(WARNING, WARNING.watch_until) is Status.ON_WATCH
    ended = pass_time(WARNING, WARNING.watch_until + SECOND)
    assert (ended.status, ended.closed_by) == (Status.CLOSED, ClosedBy.WATCH_ENDED)


ORDER = list(Status)
acts = st.lists(st.tuples(st.sampled_from(["pass", "cancel", "ease"]), st.integers(0, 30 * 86400)), max_size=12)


@given(acts)
def test_status_never_goes_back(sequence: list[tuple[str, int]]) -> None:
    warning, at = WARNING, ISSUED
    for act, seconds in sequence:
        at += timedelta(seconds=seconds)
        before = warning.status
        if act == "pass":
            warning = pass_time(warning, at)
        else:
            by = ClosedBy.CANCELLED if act == "cancel" else ClosedBy.EASED
            try:
                warning = close(warning, by, at)
            except StateError:
                assert pass_time(warning, at).status is Status.CLOSED
        assert ORDER.index(warning.status) >= ORDER.index(before)


def test_a_closed_warning_cannot_be_closed_again() -> None:
    cancelled = close(WARNING, ClosedBy.CANCELLED, ISSUED + SECOND)
    with pytest.raises(StateError):
        close(cancelled, ClosedBy.EASED, ISSUED + 2 * SECOND)


def test_a_warning_that_expires_before_it_is_issued_is_refused() -> None:
    with pytest.raises(InputError):
        IssuedWarning(**{**{n: getattr(WARNING, n) for n in IssuedWarning.__struct_fields__}, "expires": ISSUED})


def test_a_clock_that_goes_back_does_not_revive_a_warning() -> None:
    watched = pass_time(WARNING, WARNING.expires + SECOND)
    assert status_at(watched, ISSUED) is Status.ON_WATCH
    closed = close(watched, ClosedBy.EASED, WARNING.expires + 2 * SECOND)
    assert pass_time(closed, ISSUED) == closed


def test_a_warning_whose_watch_ended_says_so_when_it_is_closed_again() -> None:
    with pytest.raises(StateError, match="watch_ended") as caught:
        close(WARNING, ClosedBy.CANCELLED, WARNING.watch_until + SECOND)
    assert caught.value.hint == "its watch ended 2024-03-23T15:00:00Z"


def test_status_and_the_end_it_came_to_must_fit() -> None:
    with pytest.raises(InputError):
        replace(WARNING, status=Status.CLOSED)
    with pytest.raises(InputError):
        replace(WARNING, closed_by=ClosedBy.EASED)
