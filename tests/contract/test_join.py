"""The join gives the pairs that one would find by looking at each warning and each incident, and no other."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tocsin.core.area import Area, Point, Polygon, contains
from tocsin.errors import InputError
from tocsin.node import index_in_duckdb
from tocsin.review.columns import IncidentPoints, WarnedAreas, make_areas, make_points
from tocsin.review.join import IncidentIndex, SortedIncidents, find_pairs

INDEXES: dict[str, Callable[[IncidentPoints], IncidentIndex]] = {"numpy": SortedIncidents, "DuckDB": index_in_duckdb}
Ring = Sequence[tuple[float, float]]
SQUARE: Ring = ((10, 50), (12, 50), (12, 52), (10, 52), (10, 50))
DAY = 86400


def areas(*rings: Ring, times: Sequence[tuple[int, int]] | None = None) -> WarnedAreas:
    spans = times or [(0, DAY)] * len(rings)
    return make_areas(
        first=np.array([one for one, _ in spans], dtype=np.int64),
        last=np.array([one for _, one in spans], dtype=np.int64),
        corners=np.array([one for ring in rings for one in ring], dtype=np.float64).reshape(-1, 2),
        starts=np.cumsum([0, *(len(ring) for ring in rings)], dtype=np.int64),
    )


def points(*found: tuple[float, float, int]) -> IncidentPoints:
    columns = np.array(found, dtype=np.float64).reshape(-1, 3).T
    return make_points(at=columns[2].astype(np.int64), lon=columns[0].copy(), lat=columns[1].copy())


def joined(warned: WarnedAreas, happened: IncidentPoints, engine: str = "numpy") -> list[tuple[int, int]]:
    pairs = find_pairs(warned, INDEXES[engine](happened))
    return list(zip(pairs.warning.tolist(), pairs.incident.tolist(), strict=True))


AT = {
    "the first second": (0, True),
    "the last second": (DAY, True),
    "a second before": (-1, False),
    "a second after": (DAY + 1, False),
}


@pytest.mark.parametrize("engine", INDEXES)
@pytest.mark.parametrize(("at", "inside"), AT.values(), ids=list(AT))
def test_the_second_of_expiry_is_inside_and_the_next_is_not(engine: str, at: int, inside: bool) -> None:
    assert joined(areas(SQUARE), points((11, 51, at)), engine) == [(0, 0)] * inside


PLACES = {
    "a corner": (10, 50, True),
    "an edge": (11, 52, True),
    "just inside": (11.999999999, 51, True),
    "just outside": (12.000000001, 51, False),
    "the same longitude a turn away": (-168, 51, False),
}


@pytest.mark.parametrize("engine", INDEXES)
@pytest.mark.parametrize(("lon", "lat", "inside"), PLACES.values(), ids=list(PLACES))
def test_the_border_belongs_to_the_area(engine: str, lon: float, lat: float, inside: bool) -> None:
    assert joined(areas(SQUARE), points((lon, lat, 5)), engine) == [(0, 0)] * inside


FIJI: Ring = ((177, -20), (-178, -20), (-178, -15), (177, -15), (177, -20))
GLOBE: Ring = ((-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90))
ROUND = {
    "west of the antimeridian": (FIJI, 178, True),
    "east of it": (FIJI, -179, True),
    "on it, from the west": (FIJI, 180, True),
    "on it, from the east": (FIJI, -180, True),
    "on the other side of the globe": (FIJI, 0, False),
    "east of a ring that ends there": (((170, -20), (180, -20), (180, -15), (170, -15), (170, -20)), -180, True),
    "west of a ring that begins there": (((-180, -20), (-170, -20), (-170, -15), (-180, -15), (-180, -20)), 180, True),
    "anywhere, of the whole globe": (GLOBE, 33, True),
    "at the seam of the whole globe": (GLOBE, 180, True),
}


@pytest.mark.parametrize("engine", INDEXES)
@pytest.mark.parametrize(("ring", "lon", "inside"), ROUND.values(), ids=list(ROUND))
def test_an_area_across_the_antimeridian_stays_whole(engine: str, ring: Ring, lon: float, inside: bool) -> None:
    assert joined(areas(ring), points((lon, -17, 5)), engine) == [(0, 0)] * inside


@pytest.mark.parametrize("engine", INDEXES)
def test_a_country_for_a_year_is_joined_like_a_street_for_an_hour(engine: str) -> None:
    country: Ring = ((20, 40), (60, 40), (60, 70), (20, 70), (20, 40))
    warned = areas(country, SQUARE, times=[(0, 365 * DAY), (0, 3600)])
    assert joined(warned, points((11, 51, 60), (59, 69, 300 * DAY), (61, 69, 5)), engine) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("engine", INDEXES)
def test_no_warnings_and_no_incidents_are_no_pairs(engine: str) -> None:
    assert joined(areas(SQUARE), points(), engine) == []
    assert joined(areas(), points((11, 51, 5)), engine) == []


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "an open ring": (lambda: areas(SQUARE[:-1]), "warning 0 is not a closed ring"),
    "three corners": (lambda: areas(SQUARE, ((1, 1), (2, 2), (1, 1))), "warning 1 is not a closed ring"),
    "an end before its beginning": (lambda: areas(SQUARE, times=[(5, 4)]), "warning 0 ends before it begins"),
    "a ring round the pole": (
        lambda: areas(((0, 80), (120, 80), (-120, 80), (0, 80))),
        "warning 0 lies round a pole",
    ),
    "swapped coordinates": (lambda: points((51, 111, 5)), "incident 0 at 111.0,51.0 is not on the globe"),
    "no number": (lambda: points((float("nan"), 1, 5)), "incident 0 at 1.0,nan is not on the globe"),
    "milliseconds": (lambda: points((1, 1, 1_700_000_000_000)), "incident 0 lies 1700000000000 s from 1970"),
}


@pytest.mark.parametrize(("make", "words"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_joined_is_refused_by_its_row(make: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError) as refused:
        make()
    assert words in str(refused.value)


QUARTERS = st.integers(-12, 12).map(lambda one: one / 4)
"""Quarters of a degree: points fall on corners and edges, and every sum is exact."""


@st.composite
def triangles(draw: st.DrawFn, middle: float) -> Ring:
    corners = [(middle + draw(QUARTERS), draw(QUARTERS) * 4) for _ in range(3)]
    return [((lon + 180) % 360 - 180, lat) for lon, lat in (*corners, corners[0])]


@given(
    middle=st.sampled_from([0.0, 180.0, -179.5]),
    data=st.data(),
    happened=st.lists(st.tuples(QUARTERS, QUARTERS, st.integers(-3, 30)), max_size=8),
)
def test_the_same_pairs_as_looking_at_each(
    middle: float, data: st.DataObject, happened: list[tuple[float, float, int]]
) -> None:
    rings = data.draw(st.lists(triangles(middle), min_size=1, max_size=5))
    hours = [data.draw(st.tuples(st.integers(0, 20), st.integers(0, 40))) for _ in rings]
    times = [(first * 3600, (first + length) * 3600) for first, length in hours]
    found = [((middle + lon + 180) % 360 - 180, lat * 4, hour * 3600) for lon, lat, hour in happened]
    wanted = [
        (row, one)
        for (row, ring), (one, (lon, lat, at)) in product(enumerate(rings), enumerate(found))
        if times[row][0] <= at <= times[row][1] and _covers(ring, lon, lat)
    ]
    for engine in INDEXES:
        assert joined(areas(*rings, times=times), points(*found), engine) == wanted


def _covers(ring: Ring, lon: float, lat: float) -> bool:
    """By core.area, which turns the ring to the point and knows nothing of boxes and cells."""
    shape = Area(description="", polygons=(Polygon(tuple(Point(lat, lon) for lon, lat in ring)),))
    return contains(shape, Point(lat, lon))


@settings(max_examples=25)
@example(seed=0)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_pairs_as_shapely_on_rings_of_any_shape(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rings = []
    for _ in range(30):
        angle = np.sort(draw.uniform(0, 2 * np.pi, 9))
        ring = draw.uniform(-8, 8, 2) + draw.uniform(0.01, 9) * np.column_stack([np.cos(angle), np.sin(angle)])
        rings.append([tuple(one) for one in (*ring, ring[0])])
    where = draw.uniform(-15, 15, (300, 2))
    warned = areas(*rings, times=[(int(one), int(one) + 30_000) for one in draw.integers(0, DAY, 30)])
    happened = make_points(at=draw.integers(0, 2 * DAY, 300), lon=where[:, 0].copy(), lat=where[:, 1].copy())
    wanted = [
        (row, int(one))
        for row, ring in enumerate(rings)
        for one in np.flatnonzero(
            shapely.intersects_xy(shapely.Polygon(ring), where[:, 0], where[:, 1])
            & (happened.at >= warned.first[row])
            & (happened.at <= warned.last[row])
        )
    ]
    for engine in INDEXES:
        assert joined(warned, happened, engine) == wanted
