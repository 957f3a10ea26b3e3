"""An interval holds what other people's programs compute for it, and never promises more than its blocks bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tocsin.track_record.intervals import Interval, block_bootstrap, find_wider, measure_share, wilson


@given(st.integers(1, 5_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_is_that_of_statsmodels(case: tuple[int, int]) -> None:
    low, high = proportion_confint(*case, alpha=0.1, method="wilson")
    assert wilson(*case) == pytest.approx((max(0.0, low), min(1.0, high)), abs=1e-12)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    rows = [(1, 3), (2, 2), (0, 4), (5, 6), (1, 1)]
    one, again, other = (measure_share(rows, seed=seed, by="day").bootstrap for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_days_that_are_all_or_nothing_make_the_interval_wider_than_wilson() -> None:
    """One outbreak of thirty reports is one case, not thirty."""
    share = measure_share([(30, 30), (0, 30), (30, 30), (0, 30)], seed=1, by="day")
    assert share.wilson is not None
    assert share.interval == share.bootstrap != share.wilson
    assert (share.count, share.of, share.blocks) == (60, 120, 4)


def test_blocks_that_are_all_alike_leave_wilson_the_wider() -> None:
    share = measure_share([(1, 2)] * 40, seed=1, by="day")
    assert share.interval == share.wilson
    assert share.bootstrap == Interval(0.5, 0.5, "bootstrap by day")


def test_one_block_says_nothing_of_the_next() -> None:
    share = measure_share([(3, 4), (0, 0)], seed=1, by="campaign")
    assert (share.bootstrap, share.blocks) == (None, 1)
    assert share.interval == share.wilson


def test_nothing_gives_no_share_and_no_interval() -> None:
    share = measure_share([], seed=1, by="day")
    assert (share.value, share.interval, share.of) == (None, None, 0)


def test_a_figure_that_most_draws_lack_has_no_interval() -> None:
    assert block_bootstrap([(1,)] + [(0,)] * 9, lambda row: 1.0 if row[0] else None, seed=1, by="day") is None


def test_of_two_intervals_the_longer_is_told() -> None:
    short, long = Interval(0.4, 0.5, "Wilson"), Interval(0.1, 0.3, "bootstrap by day")
    assert find_wider(short, long) is find_wider(long, short) is long
    assert find_wider(None, None) is None


ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda row: (row[0], row[0] + row[1])), min_size=2)


@given(ROWS, st.integers(0, 2**32 - 1))
def test_every_interval_lies_between_none_and_all_and_the_told_one_is_the_wider(
    rows: list[tuple[int, int]], seed: int
) -> None:
    share = measure_share(rows, seed=seed, by="day")
    found = [one for one in (share.wilson, share.bootstrap) if one is not None]
    assert all(0 <= one.low <= one.high <= 1 for one in found)
    if share.interval is not None:
        assert share.interval.high - share.interval.low == max(one.high - one.low for one in found)
