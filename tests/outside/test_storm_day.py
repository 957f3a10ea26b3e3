"""The storm warnings of one day against what was reported: the figures that others found, where the definitions are the same.

Des Moines, 21 May 2024, reports up to 23:41Z (REVIEW 4.2). Place: the polygon as first issued, border included. Time: from
issue to expiry, both included. Tornado: all agree. Severe thunderstorm: only over reports from 12:00Z on, of which there are 80
here and 79 there; over the whole day from local midnight there are 89 and the false alarm ratio is 0.34, not 0.45.
"""

import csv
import gzip
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely

from tocsin.review.columns import IncidentPoints, WarnedAreas, make_areas, make_points
from tocsin.review.join import SortedIncidents, find_pairs
from tocsin.track_record.bulk import INSIDE, count_pairs, lead_from_issue
from tocsin.track_record.intervals import wilson
from tocsin.track_record.lead import LeadTimes
from tocsin.track_record.rates import Rates, measure_rates

Row = Mapping[str, str]
Z95 = 1.959963984540054


def rows_of(file: Path) -> list[Row]:
    """The rows of every COPY block, by the names in its head."""
    text = gzip.decompress(file.read_bytes()).decode("utf-8")
    found: list[Row] = []
    for head, body in re.findall(
        r"^copy \w+ ?\(([^)]*)\)[^\n]*\n(.*?)^\\\.$", text, re.DOTALL | re.MULTILINE | re.IGNORECASE
    ):
        found += [dict(zip(head.split(","), row, strict=True)) for row in csv.reader(io.StringIO(body)) if row]
    return found


@pytest.fixture(scope="module")
def polygons(shared: Path) -> list[Row]:
    """Every polygon of that day and office, those of updates too."""
    found = rows_of(shared / "data" / "nws_postgis_sbw.sql.gz")
    return [one for one in found if one["wfo"] == "DMX" and one["issue"].startswith("2024-05-21")]


@pytest.fixture(scope="module")
def reports(shared: Path) -> list[Row]:
    found = rows_of(shared / "data" / "nws_postgis_lsrs.sql.gz")
    return [one for one in found if one["wfo"] == "DMX" and one["valid"].startswith("2024-05-21")]


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text + ":00").timestamp())


def areas(rows: Sequence[Row], begin: str, end: str) -> WarnedAreas:
    parts = shapely.get_parts(np.array(shapely.from_wkb([one["geom"] for one in rows])))
    assert len(parts) == len(rows), "each is one polygon"
    rings = [shapely.get_coordinates(one) for one in shapely.get_exterior_ring(parts)]
    return make_areas(
        first=np.array([seconds(one[begin]) for one in rows]),
        last=np.array([seconds(one[end]) for one in rows]),
        corners=np.concatenate(rings),
        starts=np.cumsum([0, *(len(one) for one in rings)]),
    )


def points(rows: Sequence[Row]) -> IncidentPoints:
    where = shapely.get_coordinates(shapely.from_wkb([one["geom"] for one in rows]))
    return make_points(
        at=np.array([seconds(one["valid"]) for one in rows]), lon=where[:, 0].copy(), lat=where[:, 1].copy()
    )


def scored(polygons: Sequence[Row], reports: Sequence[Row], kind: str) -> tuple[Rates, LeadTimes]:
    """By the polygon as first issued, with the expiry of the whole warning."""
    warned = areas([one for one in polygons if one["phenomena"] == kind and one["status"] == "NEW"], "issue", "expire")
    happened = points(reports)
    pairs = find_pairs(warned, SortedIncidents(happened))
    blocks = count_pairs(pairs, warned=warned.first // 3600, happened=happened.at // 3600)
    rates = measure_rates({str(hour): one for hour, one in blocks.items()}, INSIDE, seed=1, by="hour")
    return rates, lead_from_issue(pairs, issued=warned.first, happened=happened.at)


def is_severe(report: Row) -> bool:
    """Hail of an inch, a gust of 58 miles an hour, or damage by wind."""
    size = float(report["magnitude"] or 0)
    return {"D": True, "H": size >= 1, "G": size >= 58}.get(report["type"], False)


def tornadoes(reports: Sequence[Row]) -> list[Row]:
    return [one for one in reports if one["type"] == "T"]


def test_tornado_warnings_score_as_others_found(polygons: list[Row], reports: list[Row]) -> None:
    rates, lead = scored(polygons, tornadoes(reports), "TO")
    assert (rates.far.of, rates.pod.of) == (21, 20)
    assert (rates.pod.count, rates.far.count) == (17, 15)
    assert rates.pod.value == pytest.approx(0.85, abs=0.005)
    assert rates.far.value == pytest.approx(0.71, abs=0.005)
    assert rates.csi == pytest.approx(0.27, abs=0.005)
    assert lead.mean is not None
    assert round(lead.mean / timedelta(minutes=1)) == 19
    assert wilson(17, 20, Z95) == pytest.approx((0.64, 0.95), abs=0.005)
    assert wilson(15, 21, Z95) == pytest.approx((0.50, 0.86), abs=0.005)


def test_missed_tornadoes_as_zeros_give_another_mean_never_the_same_figure(
    polygons: list[Row], reports: list[Row]
) -> None:
    _, lead = scored(polygons, tornadoes(reports), "TO")
    assert lead.mean is not None
    assert lead.mean_with_zeros is not None
    assert lead.mean_with_zeros / lead.mean == pytest.approx(17 / 20)


def test_the_polygon_in_force_detects_fewer(polygons: list[Row], reports: list[Row]) -> None:
    """Each update's polygon for its own time, and one warning however many updates it had."""
    rows = [one for one in polygons if one["phenomena"] == "TO" and one["status"] in {"NEW", "CON", "COR", "EXT"}]
    warned, happened = areas(rows, "polygon_begin", "polygon_end"), points(tornadoes(reports))
    pairs = find_pairs(warned, SortedIncidents(happened))
    hit = set(pairs.incident.tolist())
    issued = {one["eventid"]: seconds(one["issue"]) for one in rows}
    first = {one: min(issued[rows[row]["eventid"]] for row in pairs.warning[pairs.incident == one]) for one in hit}
    leads = [int(happened.at[one]) - at for one, at in first.items()]
    assert len(issued) == 21
    verified = {rows[row]["eventid"] for row in pairs.warning}
    assert len(hit) / 20 == 0.70
    assert 1 - len(verified) / 21 == pytest.approx(0.71, abs=0.005)
    assert round(sum(leads) / len(leads) / 60) == 16


def test_severe_thunderstorm_warnings_score_as_others_found_over_reports_from_noon_utc(
    polygons: list[Row], reports: list[Row]
) -> None:
    noon = seconds("2024-05-21 12:00:00+00")
    found = [one for one in reports if is_severe(one) and seconds(one["valid"]) >= noon]
    rates, lead = scored(polygons, found, "SV")
    assert (rates.far.of, rates.pod.of) == (38, 80), "REVIEW has 79: one report more is in the file"
    assert rates.pod.value == pytest.approx(0.78, abs=0.0051)
    assert rates.far.value == pytest.approx(0.45, abs=0.005)
    assert rates.csi == pytest.approx(0.48, abs=0.005)
    assert lead.mean is not None
    assert round(lead.mean / timedelta(minutes=1)) == 29


def test_the_reports_of_the_early_hours_change_the_false_alarm_ratio(polygons: list[Row], reports: list[Row]) -> None:
    rates, _ = scored(polygons, [one for one in reports if is_severe(one)], "SV")
    assert (rates.pod.count, rates.pod.of, rates.far.count, rates.far.of) == (69, 89, 13, 38)


def test_a_day_is_few_hours_and_the_interval_says_so(polygons: list[Row], reports: list[Row]) -> None:
    rates, _ = scored(polygons, tornadoes(reports), "TO")
    assert rates.pod.blocks < 10
    assert rates.far.interval is not None
    assert rates.far.wilson is not None
    assert rates.far.interval.high - rates.far.interval.low >= rates.far.wilson.high - rates.far.wilson.low
