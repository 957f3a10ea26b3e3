"""A country over the date line is where it is, not a band round the globe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, STRtree, box, transform
from shapely import Point as Spot
from shapely.geometry.base import BaseGeometry
from tests.unit.review.outline_files import collection

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place
from tocsin.review.date_line import cut_at_date_line
from tocsin.review.outlines import Outlines, country_outlines, read_countries, read_regions

RADIUS_KM = 6371.0072
"""Of the sphere with the surface of the ellipsoid."""


def square_km(shape: BaseGeometry) -> float:
    """On the map whose heights are sines, where areas are true (Lambert's cylindrical one)."""
    flat = transform(shape, lambda corners: np.radians(corners) * [1, 0] + np.sin(np.radians(corners)) * [0, 1])
    return float(flat.area) * RADIUS_KM**2


def test_no_country_is_a_band_round_the_globe() -> None:
    """A ring taken at its word from 179 to -179 is far wider than what lies in it; the poles' continent alone is that wide."""
    for code, shape in country_outlines().items():
        for part in getattr(shape, "geoms", [shape]):
            west, south, east, north = part.bounds
            of_bounds = square_km(part) / square_km(box(west, south, east, north))
            assert code == "AQ" or (east - west < 180 and of_bounds > 0.05), code


def test_the_countries_lie_beside_each_other_and_make_the_land() -> None:
    found = country_outlines()
    land = sum(map(square_km, found.values())) / (4 * np.pi * RADIUS_KM**2)
    assert 0.28 < land < 0.30
    assert square_km(found["AQ"]) == pytest.approx(12.3e6, rel=0.03)
    assert square_km(found["RU"]) == pytest.approx(16.9e6, rel=0.03)
    assert square_km(found["FJ"]) == pytest.approx(18.3e3, rel=0.1)
    codes, shapes = list(found), list(found.values())
    for one, other in zip(*STRtree(shapes).query(shapes, predicate="intersects"), strict=True):
        both = shapes[one].intersection(shapes[other]).area if one < other else 0.0
        assert both <= 0.01 * min(shapes[one].area, shapes[other].area), (codes[one], codes[other])


ELSEWHERE: dict[str, tuple[str, Point, bool]] = {
    "a city of another ocean at Fiji's latitude": ("FJ", Point(-16.5, -68.15), False),
    "Africa at Fiji's latitude": ("FJ", Point(-16.8, 25.0), False),
    "America at Russia's latitude": ("RU", Point(71.29, -156.79), False),
    "Greenland at Russia's latitude": ("RU", Point(71.2, -52.0), False),
    "Russia's easternmost land, west of the line by its number": ("RU", Point(66.0, -172.0), True),
    "the island that the line cuts": ("RU", Point(71.1, -179.0), True),
    "a step from the pole": ("AQ", Point(-89.9, 0.0), True),
    "near the pole, on the line": ("AQ", Point(-88.0, 180.0), True),
    "the sea off the pole's continent": ("AQ", Point(-55.0, 0.0), False),
}


@pytest.mark.parametrize(("code", "point", "inside"), list(ELSEWHERE.values()), ids=list(ELSEWHERE))
def test_a_point_is_in_a_country_only_if_it_lies_there(code: str, point: Point, inside: bool) -> None:
    country = Place(name=code, country=code, level=Level.COUNTRY)
    beyond = Outlines(countries=country_outlines).beyond_km(country, point)
    assert beyond == 0.0 if inside else beyond is not None and beyond > 30


def test_what_lies_west_of_the_line_by_its_number_is_measured_from_there() -> None:
    russia = Place(name="RU", country="RU", level=Level.COUNTRY)
    beyond = Outlines(countries=country_outlines).beyond_km(russia, Point(66.1, -169.3))
    assert beyond is not None
    assert 10 < beyond < 20


OVER = {"type": "Polygon", "coordinates": [[[178, -18], [-178, -18], [-178, -16], [178, -16], [178, -18]]]}


def test_an_operators_own_polygons_are_cut_too() -> None:
    raw = collection(({"iso_3166_2": "FJ-W", "iso_a2": "FJ", "name": "West"}, OVER))
    region = Place(name="West", country="FJ", level=Level.REGION)
    for lon, inside in ((179, True), (-179, True), (180, True), (177, False), (-68, False), (0, False)):
        assert (read_regions(raw).beyond_km(region, Point(-17, lon)) == 0.0) is inside, lon
    assert read_countries(collection(({"iso_a2": "FJ"}, OVER)))["FJ"].bounds == (-180, -18, 180, -16)


def test_a_hole_over_the_date_line_stays_a_hole() -> None:
    hole = [(179.5, -17.5), (-179.5, -17.5), (-179.5, -16.5), (179.5, -16.5)]
    cut = cut_at_date_line(Polygon([(178, -18), (-178, -18), (-178, -16), (178, -16)], [hole]))
    assert cut.covers(Spot(178.5, -17))
    assert not cut.intersects(Spot(179.9, -17))
    assert not cut.intersects(Spot(-179.9, -17))
    assert cut.area == pytest.approx(8 - 1)


def test_what_goes_round_a_pole_holds_the_pole() -> None:
    ring = [(lon, 80.0) for lon in (-135, -45, 45, 135)]
    assert cut_at_date_line(Polygon(ring)).covers(Spot(0, 89))
    assert not cut_at_date_line(Polygon(ring)).covers(Spot(0, 79))


@pytest.mark.parametrize(
    "shape", [box(-180, -60, 180, 60), box(170, -20, 180, -10), MultiPolygon([box(-180, 0, -170, 5), box(1, 1, 2, 2)])]
)
def test_what_already_ends_at_the_line_is_left_as_it_is(shape: BaseGeometry) -> None:
    assert cut_at_date_line(shape) is shape


@given(
    west=st.floats(100, 179, allow_subnormal=False),
    width=st.floats(1.5, 150),
    south=st.floats(-80, 70),
    at=st.tuples(st.floats(-180, 180), st.floats(-89, 89)),
)
def test_cutting_moves_no_point_in_or_out(west: float, width: float, south: float, at: tuple[float, float]) -> None:
    """Against the box on one line of longitudes, which needs no cut."""
    whole = box(west, south, west + width, south + 10)
    ring = [((lon + 180) % 360 - 180, lat) for lon, lat in whole.exterior.coords]
    spot = Spot(at[0] + (360 if at[0] < west - 1 else 0), at[1])
    if whole.exterior.distance(spot) > 1e-6:
        assert cut_at_date_line(Polygon(ring)).covers(Spot(at)) is whole.covers(spot)
