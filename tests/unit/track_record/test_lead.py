"""Lead time from issue hides who knew in time: each beginning is told apart, and who was not reached has no lead (L59)."""

from datetime import UTC, datetime, timedelta
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.track_record.lead import LeadTimes, Reached, Since, leads_as_json, measure_leads, write_leads

ONSET = datetime(2024, 3, 22, 17, tzinfo=UTC)
ISSUE, HAND_OVER, ACKNOWLEDGEMENT = Since


def before(minutes: float | None) -> datetime | None:
    return None if minutes is None else ONSET - timedelta(minutes=minutes)


def warning(issued: float, *recipients: tuple[float | None, float | None]) -> Reached:
    """All in minutes before the onset."""
    return Reached(
        issued=ONSET - timedelta(minutes=issued),
        recipients=tuple((before(handed), before(answered)) for handed, answered in recipients),
    )


def leads(since: Since, *warnings: Reached) -> LeadTimes:
    reached = {f"w{n}": one for n, one in enumerate(warnings)}
    return measure_leads({"e": ONSET}, [(one, "e") for one in reached], reached, since)


def test_a_slow_channel_shows_in_the_second_and_third_figure() -> None:
    one = warning(600, (240, 30), (480, None))
    found = [leads(since, one) for since in Since]
    assert [each.leads for each in found] == [(timedelta(hours=10),), (timedelta(hours=8),), (timedelta(minutes=30),)]
    assert [each.recipients for each in found] == [None, (2, 2), (1, 2)]


def test_who_was_reached_after_the_onset_was_not_warned() -> None:
    """J-Alert came as the missile passed over."""
    late = warning(4, (-1, -3), (None, None))
    found = leads(HAND_OVER, late)
    assert (found.leads, found.without, found.recipients) == ((), 1, (0, 2))
    assert leads(ISSUE, late).leads == (timedelta(minutes=4),)


def test_reached_at_the_very_instant_is_a_lead_of_nothing() -> None:
    assert leads(HAND_OVER, warning(4, (0, None))).leads == (timedelta(0),)


def test_of_two_warnings_the_earliest_counts_for_each_beginning() -> None:
    early_but_slow, late_but_quick = warning(600, (10, None)), warning(120, (119, 60))
    assert leads(ISSUE, early_but_slow, late_but_quick).leads == (timedelta(minutes=600),)
    assert leads(HAND_OVER, early_but_slow, late_but_quick).leads == (timedelta(minutes=119),)


def test_a_missed_incident_is_in_the_mean_with_zeros_and_in_no_other() -> None:
    onsets = {"hit": ONSET, "missed": ONSET, "missed too": ONSET}
    found = measure_leads(onsets, [("w", "hit")], {"w": warning(90)}, ISSUE)
    assert found.mean == timedelta(minutes=90)
    assert found.mean_with_zeros == timedelta(minutes=30)
    assert found.quartiles == (timedelta(minutes=90),) * 3


@pytest.mark.parametrize(("minutes", "count"), [(119, 0), (120, 0), (121, 1)])
def test_a_lead_is_long_enough_only_above_the_time_it_takes_to_act(minutes: int, count: int) -> None:
    found = measure_leads({"hit": ONSET, "missed": ONSET}, [("w", "hit")], {"w": warning(minutes)}, ISSUE)
    assert found.long_enough == count
    assert leads_as_json(found)["long_enough"] == count
    assert f"more than 2 h for {count} of 2" in "".join(write_leads([leads_as_json(found)]))


def test_nothing_happened_and_no_figure_is_made_of_it() -> None:
    found = measure_leads({}, [], {}, ISSUE)
    assert (found.quartiles, found.mean, found.mean_with_zeros) == (None, None, None)
    assert leads_as_json(found)["incidents"] == 0


def test_a_pair_of_something_unknown_is_refused() -> None:
    with pytest.raises(InputError, match="'w' and 'elsewhere'"):
        measure_leads({"e": ONSET}, [("w", "elsewhere")], {"w": warning(90)}, ISSUE)


def test_the_lines_tell_each_beginning_with_its_base() -> None:
    one = warning(600, (240, 30), (480, None))
    assert list(write_leads([leads_as_json(leads(since, one)) for since in Since])) == [
        "  lead from issue: 1 of 1 incidents, median 10 h, more than 2 h for 1 of 1",
        "  lead from first hand-over: 1 of 1 incidents, median 8 h, more than 2 h for 1 of 1; 2 of 2 addressed before onset",
        "  lead from first acknowledgement: 1 of 1 incidents, median 0.5 h, more than 2 h for 0 of 1; 1 of 2 addressed before onset",
    ]


@given(st.lists(st.integers(0, 100_000), min_size=1), st.integers(0, 20))
def test_quartiles_and_means_are_those_of_numpy(seconds: list[int], without: int) -> None:
    found = LeadTimes(
        since=ISSUE, leads=tuple(timedelta(seconds=one) for one in seconds), without=without, recipients=None
    )
    assert found.quartiles is not None
    assert found.mean is not None
    assert found.mean_with_zeros is not None
    assert [one.total_seconds() for one in found.quartiles] == pytest.approx(
        np.quantile(seconds, (0.25, 0.5, 0.75)), abs=1e-5
    )
    assert found.mean.total_seconds() == pytest.approx(fmean(seconds), abs=1e-5)
    assert found.mean_with_zeros <= found.mean
