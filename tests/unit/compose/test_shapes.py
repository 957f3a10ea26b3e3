"""What would break if somebody who lies inside the area were outside of what is sent."""

import math
import random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.compose.shapes import MOST_GROWTH, MOST_POINTS, make_drawable
from tocsin.core.area import Area, Circle, Geocode, Point, Polygon, contains
from tocsin.errors import PolicyError


def ring(count: int, *, lat: float, lon: float, size: float, rough: float, seed: int) -> Polygon:
    """A ring of `count` points around a centre, its radius in degrees, rough as a coast."""
    chance = random.Random(seed)
    points = []
    for n in range(count):
        angle = 2 * math.pi * n / count
        radius = size * (1 + 0.2 * math.sin(3 * angle + seed) + rough * chance.uniform(-1, 1))
        east = (lon + radius * math.cos(angle) + 180) % 360 - 180
        points.append(Point(lat + radius * math.sin(angle), east))
    return Polygon((*points, points[0]))


def circle(count: int) -> list[Point]:
    """Around 0,0 with a radius of a degree, from its easternmost point on; not closed."""
    return [Point(math.sin(2 * math.pi * n / count), math.cos(2 * math.pi * n / count)) for n in range(count)]


def draw(*polygons: Polygon) -> tuple[Polygon, ...]:
    return make_drawable(Area(description="here", polygons=polygons)).polygons


def shape(polygon: Polygon) -> shapely.Polygon:
    return shapely.Polygon([(point.lon, point.lat) for point in polygon.ring])


@settings(max_examples=12)
@given(
    lat=st.floats(-70, 70),
    lon=st.floats(-170, 170),
    size=st.floats(0.05, 5),
    rough=st.floats(0, 0.02),
    seed=st.integers(0, 99),
)
def test_a_coast_of_6000_points_becomes_100_and_nobody_falls_out(
    lat: float, lon: float, size: float, rough: float, seed: int
) -> None:
    coast = ring(6000, lat=lat, lon=lon, size=size, rough=rough, seed=seed)
    (made,) = draw(coast)
    assert len(made.ring) <= MOST_POINTS
    assert shape(made).covers(shapely.MultiPoint([(point.lon, point.lat) for point in coast.ring]))
    assert shape(made).is_valid
    assert shape(made).area <= MOST_GROWTH * shape(coast).area


@settings(max_examples=25)
@given(
    lat=st.floats(-70, 70), lon=st.sampled_from([179.5, -179.2, 180.0]), size=st.floats(1, 9), seed=st.integers(0, 99)
)
def test_an_area_across_the_antimeridian_is_split_and_holds_the_same_points(
    lat: float, lon: float, size: float, seed: int
) -> None:
    whole = ring(40, lat=lat, lon=lon, size=size, rough=0.0, seed=seed)
    parts = draw(whole)
    assert len(parts) >= 2
    for part in parts:
        lons = [point.lon for point in part.ring]
        assert max(lons) - min(lons) <= 180
    inside = Point(lat, (lon + 180) % 360 - 180)
    area = Area(description="here", polygons=parts)
    assert contains(area, inside)
    chance = random.Random(seed)
    for _ in range(5):
        near = Point(
            lat + 0.5 * size * chance.uniform(-1, 1), (lon + 0.5 * size * chance.uniform(-1, 1) + 180) % 360 - 180
        )
        assert contains(area, near)
    assert not contains(area, Point(lat, (lon + 2 * size + 180) % 360 - 180))


@settings(max_examples=25)
@given(lat=st.floats(60, 85), count=st.integers(8, 60), south=st.booleans())
def test_an_area_around_a_pole_holds_the_pole(lat: float, count: int, south: bool) -> None:
    sign = -1 if south else 1
    points = [Point(sign * lat, -180 + 360 * n / count) for n in range(count)]
    parts = draw(Polygon((*points, points[0])))
    shapes = [shape(part) for part in parts]
    for lon in (-179.9, -90, 0.1, 90, 179.9):
        assert any(one.covers(shapely.Point(lon, sign * 89.9)) for one in shapes)
        assert not any(one.covers(shapely.Point(lon, 0)) for one in shapes)
    assert all(abs(point.lat) <= 90 and abs(point.lon) <= 180 for part in parts for point in part.ring)


def test_what_can_be_drawn_stays_as_it_is() -> None:
    small = ring(20, lat=55, lon=37, size=1, rough=0, seed=1)
    area = Area(
        description="Moscow",
        polygons=(small,),
        circles=(Circle(Point(55.7, 37.6), 8.0),),
        geocodes=(Geocode("ISO3166-1", "RU"),),
    )
    assert make_drawable(area) == area


def test_a_ring_that_would_alarm_half_as_many_again_is_refused() -> None:
    comb = [Point(0, 0)]
    for tooth in range(120):
        comb += [
            Point(5, tooth / 20),
            Point(5, tooth / 20 + 0.001),
            Point(0.001, tooth / 20 + 0.002),
            Point(0.001, tooth / 20 + 0.049),
        ]
    comb += [Point(0, 6), Point(0, 0)]
    with pytest.raises(PolicyError, match="would grow"):
        draw(Polygon(tuple(comb)))


CROSSING = {
    "across the antimeridian": [Point(0, 179), Point(2, -179), Point(0, -179), Point(2, 179)],
    "small enough to stay as it is": [Point(0, 0), Point(1, 1), Point(0, 1), Point(1, 0)],
    "a line": [Point(0, 0), Point(1, 1), Point(2, 2)],
    "a line on the antimeridian": [Point(0, 180), Point(10, -180), Point(5, 180)],
    "of many points": [Point(n % 2, n / 100) for n in range(150)] + [Point(-1, 0.75), Point(0.5, -1)],
    "by a spike through it": [Point(2, 0.1), Point(-2, 0.1), *circle(150)],
    "twice around a pole": [Point(60 + n, (90 * n + 180) % 360 - 180) for n in range(8)],
}


@pytest.mark.parametrize("case", CROSSING)
def test_a_ring_that_crosses_itself_or_is_a_line_is_refused(case: str) -> None:
    ring = CROSSING[case]
    with pytest.raises(PolicyError, match="crosses itself or is a line"):
        draw(Polygon((*ring, ring[0])))


TOUCHING = {
    "a spike": [Point(0, 1), Point(0, 2), *circle(150)],
    "a corner met twice": [*circle(150)[:40], Point(0, 1), *circle(150)[40:]],
    "a spike and a corner met twice": [Point(0, 1), Point(0, 2), *circle(150)[:40], Point(0, 1), *circle(150)[40:]],
    "a bridge to a hole": [
        *circle(150),
        Point(0, 1),
        *(Point(one.lat / 4, one.lon / 4) for one in reversed(circle(20))),
        Point(0, 0.25),
    ],
}


@pytest.mark.parametrize("lon", [0, 180])
@pytest.mark.parametrize("case", TOUCHING)
def test_a_ring_that_only_touches_itself_is_written_and_nobody_within_falls_out(case: str, lon: float) -> None:
    ring = [Point(one.lat, (one.lon + lon + 180) % 360 - 180) for one in TOUCHING[case]]
    parts = draw(Polygon((*ring, ring[0])))
    plane = [[(p.lon % 360 if lon else p.lon, p.lat) for p in one.ring] for one in parts]
    area = shapely.union_all([shapely.Polygon(one) for one in plane])
    meant = shapely.make_valid(shapely.Polygon([(one.lon + lon, one.lat) for one in TOUCHING[case]]))
    solid = shapely.union_all([one for one in shapely.get_parts(meant) if one.area > 0])
    assert area.buffer(1e-9).covers(solid)
    assert area.area <= MOST_GROWTH * solid.area


def test_a_box_around_the_globe_is_written_as_it_is() -> None:
    box = Polygon((Point(70, -180), Point(70, 180), Point(90, 180), Point(90, -180), Point(70, -180)))
    assert draw(box) == (box,)


def begun_at(ring: list[Point], start: int) -> Polygon:
    return Polygon((*ring[start:], *ring[: start + 1]))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_ring_around_a_pole_means_the_same_wherever_it_begins(sign: int) -> None:
    hooked = [
        Point(sign * lat, (60 * n + east + 180) % 360 - 180)
        for n in range(6)
        for lat, east in ((60, 0), (64, 42), (66, 18), (68, 24), (66.5, 27), (64.5, 48), (61, 51))
    ]
    uneven = [Point(sign * -1, 0), Point(sign * 20, 90), Point(sign * 20, 180), Point(sign * 20, -90)]
    for ring in (hooked, uneven):
        drawn = {draw(begun_at(ring, start)) for start in range(len(ring))}
        wholes = [shapely.union_all([shape(part) for part in parts]) for parts in drawn]
        assert all(one.equals_exact(wholes[0], 1e-9, normalize=True) for one in wholes)
        assert all(wholes[0].covers(shapely.Point(lon, sign * 89)) for lon in (-179, 0, 77, 179))
        assert not wholes[0].intersects(shapely.Point(10, sign * -30))
