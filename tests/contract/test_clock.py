"""Every clock gives aware UTC and never surprises; the rehearsal's moves forward only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tocsin.adapters.clock import RehearsalClock, SystemClock
from tocsin.desk.ports import Clock, MovableClock
from tocsin.errors import ClockError, ConfigError
from tocsin.node import make_node, move_rehearsal_clock, open_node

START = datetime(2024, 3, 7, 14, tzinfo=UTC)


@pytest.fixture
def rehearsal(tmp_path: Path) -> RehearsalClock:
    clock = RehearsalClock(tmp_path)
    clock.move_to(START)
    return clock


def test_time_is_aware_utc_and_does_not_go_back(rehearsal: RehearsalClock) -> None:
    clocks: tuple[Clock, ...] = (SystemClock(), rehearsal)
    for clock in clocks:
        first = clock.now()
        assert first.tzinfo is UTC
        assert clock.now() >= first


def test_only_the_rehearsals_clock_can_be_moved(rehearsal: RehearsalClock) -> None:
    assert isinstance(rehearsal, MovableClock)
    assert not isinstance(SystemClock(), MovableClock)


def test_the_rehearsals_clock_stands_still_and_survives(rehearsal: RehearsalClock, tmp_path: Path) -> None:
    rehearsal.move_to(START + timedelta(hours=1))
    assert RehearsalClock(tmp_path).now() == rehearsal.now() == START + timedelta(hours=1)


def test_the_rehearsals_clock_never_goes_back(rehearsal: RehearsalClock) -> None:
    with pytest.raises(ClockError, match="is earlier"):
        rehearsal.move_to(START - timedelta(seconds=1))
    assert rehearsal.now() == START


@pytest.mark.parametrize("text", ["", "yesterday", "2024-03-07", "2024-03-07T14:00:00", "\xff"])
def test_a_broken_clock_file_is_an_error_and_no_time(tmp_path: Path, text: str) -> None:
    (tmp_path / "rehearsal.clock").write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError):
        RehearsalClock(tmp_path).now()


def test_a_live_node_has_no_clock_that_can_be_moved(tmp_path: Path) -> None:
    folder = tmp_path / "live"
    make_node(folder, {"name": "live.example"})
    with pytest.raises(ConfigError, match="is a live node"):
        move_rehearsal_clock(folder)
    (folder / "rehearsal.clock").write_text("2024-03-07T14:00:00Z\n")
    with pytest.raises(ConfigError, match="live node"):
        open_node(folder)
