"""The map and the strip show everything they name, wherever and whenever it was."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.area import Area, Circle, Point, Polygon
from tocsin.review import map_svg, strip_svg
from tocsin.review.map_svg import Mark, draw_area, draw_map
from tocsin.review.strip_svg import draw_strip

T0 = datetime(2024, 3, 7, 15, tzinfo=UTC)
POINTS = st.builds(Point, st.floats(-80, 80), st.floats(-180, 180))


def drawn(circles: tuple[Circle, ...], incident: Point) -> ET.Element:
    return ET.fromstring(draw_map(circles, incident, near_km=30, warned_name="a city", incident_name="a hall"))


def incident_of(picture: ET.Element) -> tuple[float, float]:
    (shape,) = [one for one in picture.iter("path") if one.get("class") == "map-incident"]
    x, y = re.findall(r"-?[\d.]+", shape.get("d") or "")[:2]
    return float(x), float(y) + 11


@given(st.lists(st.builds(Circle, POINTS, st.floats(0.5, 500)), min_size=1, max_size=3), POINTS)
def test_the_incident_is_on_the_sheet_wherever_it_was(circles: list[Circle], incident: Point) -> None:
    x, y = incident_of(drawn(tuple(circles), incident))
    assert 0 <= x <= map_svg.WIDTH
    assert 0 <= y <= map_svg.HEIGHT


def test_north_is_up_and_east_is_right() -> None:
    picture = drawn((Circle(Point(55.756, 37.617), 8.0),), Point(55.826, 37.39))
    x, y = incident_of(picture)
    assert x < map_svg.WIDTH / 2, "the hall lies west of the city's middle"
    assert y < map_svg.HEIGHT / 2, "and north of it"


def test_an_area_at_the_date_line_stays_in_one_piece() -> None:
    picture = drawn((Circle(Point(65.0, 179.9), 50.0),), Point(65.0, -179.9))
    x, _ = incident_of(picture)
    assert x > map_svg.WIDTH / 2
    assert x < map_svg.WIDTH / 2 + 60


def test_each_area_has_its_ring() -> None:
    picture = drawn((Circle(Point(55.7, 37.6), 8.0), Circle(Point(55.9, 37.4), 2.0)), Point(55.8, 37.4))
    kinds = [one.get("class") for one in picture.iter("circle")]
    assert (kinds.count("map-area"), kinds.count("map-near")) == (2, 2)


SPANS = st.timedeltas(timedelta(minutes=1), timedelta(days=40 * 365))


@given(window=SPANS, after=st.timedeltas(-timedelta(days=400), timedelta(days=40 * 365)))
def test_the_strip_has_room_for_any_span(window: timedelta, after: timedelta) -> None:
    svg = draw_strip(issued=T0, window_end=T0 + window, incident=T0 + after, zone="America/New_York")
    picture = ET.fromstring(svg)
    for one in picture.iter("text"):
        assert 0 <= float(one.get("x") or 0) <= strip_svg.WIDTH
    assert len([one for one in picture.iter("path") if one.get("class") == "strip-grid"]) <= 85
    assert len(svg) < 20_000


def test_an_incident_inside_the_window_leaves_no_stretch_after_it() -> None:
    svg = draw_strip(issued=T0, window_end=T0 + timedelta(hours=48), incident=T0 + timedelta(hours=5), zone="UTC")
    assert "strip-after" not in svg


@given(st.lists(st.builds(Circle, POINTS, st.floats(0.5, 500)), min_size=1, max_size=3), st.lists(POINTS, max_size=4))
def test_every_party_asked_is_on_the_sheet_of_a_warning(circles: list[Circle], points: list[Point]) -> None:
    marks = [Mark(f"hall {n}", point, silent=bool(n % 2)) for n, point in enumerate(points)]
    picture = ET.fromstring(draw_area(Area(description="a city", circles=tuple(circles)), marks))
    answered = [one for one in picture.iter("circle") if one.get("class") == "map-answered"]
    silent = [one for one in picture.iter("path") if one.get("class") == "map-silent"]
    assert len(answered) + len(silent) == len(points)
    for one in answered:
        assert 0 <= float(one.get("cx") or -1) <= map_svg.WIDTH
        assert 0 <= float(one.get("cy") or -1) <= map_svg.HEIGHT


def test_the_map_of_a_warning_names_the_silent_in_its_title_and_runs_no_name() -> None:
    marks = [Mark("<b>Hall</b>", Point(55.75, 37.6), silent=True), Mark("Club", Point(55.76, 37.6), silent=False)]
    area = Area(description="Moscow & region", circles=(Circle(Point(55.756, 37.617), 8.0),))
    text = draw_area(area, marks)
    title = ET.fromstring(text).findtext("title")
    assert title == "Map: warned area Moscow & region; marked without an answer: <b>Hall</b>"
    assert "<b>" not in text


@pytest.mark.parametrize("lons", [(35.0, 39.0), (178.0, -178.0)])
def test_an_outline_is_drawn_whole_and_in_one_piece_over_the_date_line_too(lons: tuple[float, float]) -> None:
    west, east = lons
    ring = tuple(Point(lat, lon) for lat, lon in ((50, west), (50, east), (52, east), (52, west), (50, west)))
    picture = ET.fromstring(draw_area(Area(description="a region", polygons=(Polygon(ring),)), []))
    (drawn,) = (one.get("d") or "" for one in picture.iter("path") if one.get("class") == "map-area")
    corners = [tuple(map(float, one.split())) for one in drawn[1:-1].split("L")]
    assert len(corners) == 5
    assert all(0 <= x <= map_svg.WIDTH and 0 <= y <= map_svg.HEIGHT for x, y in corners)
    assert max(x for x, _ in corners) - min(x for x, _ in corners) > map_svg.WIDTH / 4
