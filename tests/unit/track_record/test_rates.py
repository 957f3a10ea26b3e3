"""Counts are told with their rule and bases, bounds hold the ratio, and few cases give no rate."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scores.categorical import BasicContingencyManager

from tocsin.errors import InputError
from tocsin.review.matching import MatchRule
from tocsin.track_record.rates import measure_rates, rates_as_json, write_rates
from tocsin.track_record.scores import COUNTS, NONE, Contingency

RULE = MatchRule(max_late=timedelta(days=30))
FINLEY = Contingency(event_hits=28, misses=23, warning_hits=28, false_alarms=72)
COUNT = st.integers(0, 50)
TABLES = st.builds(
    Contingency,
    event_hits=COUNT,
    misses=COUNT,
    warning_hits=COUNT,
    false_alarms=COUNT,
    averted=COUNT,
    unverifiable=COUNT,
    after_the_fact=COUNT,
    foiled=COUNT,
)


@given(st.integers(1, 999), st.integers(0, 999), st.integers(0, 999))
def test_where_both_hit_counts_are_one_the_shares_are_those_of_scores(hits: int, misses: int, alarms: int) -> None:
    counts = {"tp_count": hits, "fn_count": misses, "fp_count": alarms, "tn_count": 7}
    other = BasicContingencyManager(
        {**{name: xarray.DataArray(float(n)) for name, n in counts.items()}, "total_count": xarray.DataArray(0.0)}
    )
    ours = Contingency(event_hits=hits, misses=misses, warning_hits=hits, false_alarms=alarms)
    assert ours.pod() == pytest.approx(float(other.probability_of_detection()))
    assert ours.far() == pytest.approx(float(other.false_alarm_ratio()))
    assert ours.csi() == pytest.approx(float(other.critical_success_index()))


def made(blocks: Mapping[str, Contingency], *, by: str) -> dict[str, Any]:
    return rates_as_json(measure_rates(blocks, RULE, seed=1, by=by))


def test_finley_is_told_with_both_bases_and_the_rule() -> None:
    assert list(write_rates(made({"1884": FINLEY}, by="year"))) == [
        "rule casebook/1, near 30 km, late allowed: 30 d",
        "  POD 0.55: 28 of 51 incidents warned of; 90 % interval 0.43 to 0.66 (Wilson)",
        "  FAR 0.72: 72 of 100 warnings with no known event; 90 % interval 0.64 to 0.79 (Wilson)",
        "  CSI 0.23, hits counted in incidents (28) and in warnings (28)",
    ]


def test_one_case_gives_no_rate() -> None:
    lines = list(write_rates(made({"": Contingency(event_hits=1, misses=0, warning_hits=1, false_alarms=0)}, by="day")))
    assert lines[1:] == [
        "  POD 1 of 1 incidents warned of; 90 % interval 0.27 to 1.00 (Wilson)",
        "  FAR 0 of 1 warnings with no known event; 90 % interval 0.00 to 0.73 (Wilson)",
    ]


def test_no_case_at_all_gives_no_number_but_the_counts() -> None:
    lines = list(write_rates(made({}, by="day")))
    assert lines[1:] == ["  POD 0 of 0 incidents warned of", "  FAR 0 of 0 warnings with no known event"]
    assert made({}, by="day")["pod"]["value"] is None


def test_no_known_event_is_said_only_where_none_is_known() -> None:
    for partial, words in ((0, "with no known event"), (1, "without a hit under this rule (1 partial)")):
        lines = list(write_rates(made({"": replace(NONE, false_alarms=2, partial=partial)}, by="day")))
        assert lines[2].startswith(f"  FAR 2 of 2 warnings {words}; ")


def test_what_is_in_no_rate_is_told_by_its_name_with_the_bounds() -> None:
    table = replace(NONE, warning_hits=1, false_alarms=1, averted=1, unverifiable=1)
    lines = list(write_rates(made({"": table}, by="day")))
    assert (
        lines[-1] == "  in no rate: 1 averted, 1 unverifiable; FAR 0.25 to 0.75, if all of these had come true or none"
    )


def test_the_bounds_of_pod_are_told_with_what_they_rest_on() -> None:
    table = replace(NONE, event_hits=3, misses=3, foiled=2, perhaps_meant=1)
    (line,) = list(write_rates(made({"": table}, by="day")))[3:]
    assert line.startswith(
        "  2 foiled after a warning, in no rate, 1 missed that a warning without end or place may have meant;"
    )
    assert line.endswith("; POD 0.38 to 0.75, if none of these had been warned of or all")


@given(TABLES, COUNT)
def test_the_bounds_of_pod_hold_it_and_meet_where_all_is_known(table: Contingency, meant: int) -> None:
    pod = table.pod()
    low, high = replace(table, perhaps_meant=min(meant, table.misses)).pod_bounds() or (0, 1)
    assert 0 <= low <= high <= 1
    assert pod is None or low - 1e-12 <= pod <= high + 1e-12
    known = replace(table, foiled=0)
    assert known.pod_bounds() == (None if pod is None else (pod, pod))


def test_more_than_was_missed_cannot_have_been_meant() -> None:
    with pytest.raises(InputError, match="perhaps_meant is 2, expected at most the 1 misses"):
        replace(NONE, misses=1, perhaps_meant=2)


def test_days_that_come_together_widen_csi_as_well() -> None:
    good = Contingency(event_hits=9, misses=1, warning_hits=9, false_alarms=1)
    bad = Contingency(event_hits=1, misses=9, warning_hits=1, false_alarms=9)
    rates = measure_rates({"mon": good, "tue": bad, "wed": good, "thu": bad}, RULE, seed=1, by="day")
    assert rates.csi_interval is not None
    assert rates.csi_interval.high - rates.csi_interval.low > 0.4
    assert rates.pod.interval == rates.pod.bootstrap


@given(TABLES)
def test_the_bounds_hold_the_ratio_and_meet_where_all_is_known(table: Contingency) -> None:
    far, bounds = table.far(), table.far_bounds()
    if bounds is None:
        assert far is None
        return
    assert 0 <= bounds[0] <= bounds[1] <= 1
    if far is not None:
        assert bounds[0] - 1e-12 <= far <= bounds[1] + 1e-12
    known = replace(table, averted=0, unverifiable=0, after_the_fact=0)
    if known.far_bounds() is not None:
        assert known.far_bounds() == (known.far(), known.far())


@settings(max_examples=25)
@given(st.dictionaries(st.text(max_size=3), TABLES, max_size=6))
def test_the_table_of_all_blocks_is_their_sum(blocks: dict[str, Contingency]) -> None:
    found = made(blocks, by="day")
    for name in COUNTS:
        shown = "no_known_event" if name == "false_alarms" else name
        assert found[shown] == sum(getattr(one, name) for one in blocks.values())
