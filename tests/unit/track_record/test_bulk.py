"""Counting off a million pairs gives what counting them one by one gives."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.review.join import Pairs
from tocsin.track_record.bulk import count_pairs, lead_from_issue
from tocsin.track_record.scores import NONE, Contingency


def pairs(*found: tuple[int, int]) -> Pairs:
    columns = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Pairs(warning=columns[:, 0], incident=columns[:, 1])


def blocks(*found: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(found, dtype=np.int64)


def test_two_denominators() -> None:
    """One warning over three incidents is one warning that came true and three incidents that were warned of."""
    table = count_pairs(pairs((0, 0), (0, 1), (0, 2)), warned=blocks(5, 5), happened=blocks(5, 5, 5, 5))
    assert table == {5: Contingency(event_hits=3, misses=1, warning_hits=1, false_alarms=1)}


def test_a_pair_over_midnight_counts_in_the_day_of_each() -> None:
    table = count_pairs(pairs((0, 0)), warned=blocks(-3), happened=blocks(-2))
    assert table == {
        -3: Contingency(event_hits=0, misses=0, warning_hits=1, false_alarms=0),
        -2: Contingency(event_hits=1, misses=0, warning_hits=0, false_alarms=0),
    }


def test_nothing_at_all_is_no_block() -> None:
    assert count_pairs(pairs(), warned=blocks(), happened=blocks()) == {}


@given(st.data())
def test_every_row_is_counted_once_in_its_block(data: st.DataObject) -> None:
    warned = data.draw(st.lists(st.integers(-5, 5), min_size=1, max_size=20))
    happened = data.draw(st.lists(st.integers(-5, 5), min_size=1, max_size=20))
    pair = st.tuples(st.integers(0, len(warned) - 1), st.integers(0, len(happened) - 1))
    found = data.draw(st.lists(pair, unique=True))
    tables = count_pairs(pairs(*found), warned=blocks(*warned), happened=blocks(*happened))
    total = sum(tables.values(), NONE)
    assert total.warning_hits == len({one for one, _ in found})
    assert total.event_hits == len({one for _, one in found})
    for block in range(-5, 6):
        table = tables.get(block, NONE)
        assert table.warning_hits + table.false_alarms == warned.count(block)
        assert table.event_hits + table.misses == happened.count(block)


@pytest.mark.parametrize(("found", "leads", "without"), [([(0, 0), (1, 0)], (90,), 1), ([], (), 2)])
def test_the_lead_is_from_the_earliest_warning(
    found: list[tuple[int, int]], leads: tuple[int, ...], without: int
) -> None:
    told = lead_from_issue(pairs(*found), issued=blocks(10, 40), happened=blocks(100, 100))
    assert (told.leads, told.without) == (tuple(timedelta(seconds=one) for one in leads), without)
