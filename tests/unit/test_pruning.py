"""Which backups may go, by the clock alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin.backup import KEEP_ALL, KEEP_DAILY, plan_pruning

NOW = datetime(2024, 3, 22, 17, 30, tzinfo=UTC)
MADE = [NOW - timedelta(minutes=5 * n) for n in range(12 * 24 * 40)]


def test_the_last_hour_the_hours_of_a_day_and_the_days_of_a_month_are_kept() -> None:
    kept = sorted(set(MADE) - plan_pruning(MADE, NOW))
    assert sum(NOW - at <= timedelta(hours=1) for at in kept) == 13
    assert len({(at.date(), at.hour) for at in kept if NOW - at <= timedelta(days=1)}) == 25
    assert len(kept) == 13 + 24 + 30
    assert min(kept) >= NOW - timedelta(days=30)


def test_pruning_again_takes_nothing_more() -> None:
    kept = set(MADE) - plan_pruning(MADE, NOW)
    assert plan_pruning(kept, NOW) == frozenset()


@given(st.lists(st.integers(-100_000, 5_000_000), min_size=1, unique=True))
def test_the_newest_and_the_last_hour_are_never_let_go(ages: list[int]) -> None:
    made = [NOW - timedelta(seconds=age) for age in ages]
    gone = plan_pruning(made, NOW)
    assert max(made) not in gone
    assert all(NOW - at > KEEP_ALL for at in gone)
    assert all(at in gone for at in made if NOW - at > KEEP_DAILY and at != max(made))
