"""In the country means inside its borders, near means thirty kilometres from them, and codes come before polygons."""

import pytest
from tests.unit.review.outline_files import box, collection

from tocsin.core.area import Area, Circle, Point, Polygon
from tocsin.core.threat import Level, Place
from tocsin.errors import InputError
from tocsin.review.facets import Verdict, judge_place
from tocsin.review.outlines import Outlines, country_outlines, join_outlines, read_countries, read_regions

MOS = {"iso_3166_2": "RU-MOS", "iso_a2": "RU", "name": "Moskovskaya", "name_alt": "Moscow Oblast|Podmoskovye"}
OWN = join_outlines(
    lambda: read_countries(
        collection(({"iso_a2": "FI"}, box(20, 60, 30, 70)), ({"iso_a2": "RU"}, box(30, 50, 180, 70)))
    ),
    read_regions(collection((MOS, box(35, 54, 40, 57)))),
)


def place(level: Level, lat: float | None = None, lon: float = 0.0, *, country: str = "RU", name: str = "x", admin1: str | None = None) -> Place:  # fmt: skip
    return Place(name=name, country=country, level=level, point=None if lat is None else Point(lat, lon), admin1=admin1)


def verdict(warned: Place, happened: Place, outlines: Outlines = OWN) -> Verdict:
    return judge_place((warned,), happened, near_km=30.0, outlines=outlines).verdict


FINLAND, OBLAST = place(Level.COUNTRY, country="FI"), place(Level.REGION, name="moscow oblast")
VERDICTS: dict[str, tuple[Place, Place, Verdict]] = {
    "across the border, within thirty kilometres": (FINLAND, place(Level.CITY, 65, 30.5), Verdict.NEAR),
    "across the border, further": (FINLAND, place(Level.CITY, 65, 31.0), Verdict.MISS),
    "inside its polygon, and its code another country's": (FINLAND, place(Level.CITY, 65, 29.9), Verdict.NEAR),
    "deep inside its polygon, and its code another country's": (FINLAND, place(Level.CITY, 65, 25), Verdict.NEAR),
    "inside its polygon, and in no country by its code": (FINLAND, place(Level.CITY, 65, 29.9, country="XX"), Verdict.HIT),
    "outside of its polygon, and in no country by its code": (FINLAND, place(Level.CITY, 65, 31.0, country="XX"), Verdict.MISS),
    "inside a region's polygon, and its code another country's": (OBLAST, place(Level.VENUE, 55.8, 37.4, country="BY"), Verdict.HIT),
    "its code, though its coast line cuts it off": (FINLAND, place(Level.CITY, 59.9, 25, country="FI"), Verdict.HIT),
    "a region by one of its names": (OBLAST, place(Level.VENUE, 55.8, 37.4), Verdict.HIT),
    "a region by its code": (place(Level.REGION, admin1="RU-MOS"), place(Level.VENUE, 55.8, 37.4), Verdict.HIT),
    "a region's code, though the polygon says no": (place(Level.REGION, admin1="RU-MOS"), place(Level.VENUE, 60, 30, admin1="RU-MOS"), Verdict.HIT),
    "just outside of the region": (OBLAST, place(Level.VENUE, 57.2, 37.4), Verdict.NEAR),
    "far outside of the region, near its middle though": (place(Level.REGION, 58.0, 37.4, name="Podmoskovye"), place(Level.VENUE, 58.0, 37.4), Verdict.MISS),
    "a region of that name in another country": (place(Level.REGION, name="Moskovskaya", country="FI"), place(Level.VENUE, 55.8, 37.4), Verdict.MISS),
    "a city has no polygon here": (place(Level.CITY, 55.8, 37.4), place(Level.VENUE, 55.8, 37.4), Verdict.HIT),
}  # fmt: skip


@pytest.mark.parametrize(("warned", "happened", "expected"), list(VERDICTS.values()), ids=list(VERDICTS))
def test_a_polygon_says_what_a_centre_cannot(warned: Place, happened: Place, expected: Verdict) -> None:
    assert verdict(warned, happened) is expected


def test_thirty_kilometres_are_thirty() -> None:
    at_border = [place(Level.CITY, 65.0, 30.0 + km / 46.98) for km in (29.8, 30.2)]
    assert [verdict(FINLAND, one) for one in at_border] == [Verdict.NEAR, Verdict.MISS]


def test_a_polygon_that_ends_at_the_antimeridian_is_near_on_its_other_side() -> None:
    assert verdict(place(Level.COUNTRY), place(Level.CITY, 65, -179.9, country="US")) is Verdict.NEAR
    assert verdict(place(Level.COUNTRY), place(Level.CITY, 65, -175, country="US")) is Verdict.MISS


def test_an_area_that_was_drawn_counts_as_well_as_the_places_named() -> None:
    area = Area(description="a circle", circles=(Circle(Point(55.0, 37.0), 10.0),))
    for lat, expected in ((55.05, Verdict.HIT), (55.3, Verdict.NEAR), (56.0, Verdict.MISS)):
        found = judge_place((), place(Level.VENUE, lat, 37.0), near_km=30.0, area=area)
        assert (found.verdict, found.level) == (expected, Level.DISTRICT)


BORDERS = {
    "on land": (10.0, 11.0, ((50.0, 10.25), (50.01, 10.01), (50.5, 11.0))),
    "over the date line": (179.5, -179.5, ((50.0, 180.0), (50.5, -180.0), (50.5, -179.5))),
}


@pytest.mark.parametrize(("west", "east", "points"), list(BORDERS.values()), ids=list(BORDERS))
def test_a_point_on_the_border_of_what_was_drawn_lies_in_it(
    west: float, east: float, points: tuple[tuple[float, float], ...]
) -> None:
    """As it does where many are counted at once."""
    area = Area(
        description="a triangle",
        polygons=(Polygon((Point(50, west), Point(50, east), Point(51, east), Point(50, west))),),
    )
    for lat, lon in points:
        found = judge_place((), place(Level.VENUE, lat, lon), near_km=0.0, area=area)
        assert found.verdict is Verdict.HIT, (lat, lon)


def test_an_area_by_name_alone_says_nothing_of_where() -> None:
    area = Area(description="the north")
    found = judge_place((), place(Level.VENUE, 55, 37), near_km=30.0, area=area)
    assert found.verdict is Verdict.UNSPECIFIED


def test_the_countries_that_came_with_the_package_have_their_capitals() -> None:
    outlines = Outlines(countries=country_outlines)
    capitals = {
        "RU": (55.75, 37.62),
        "KE": (-1.29, 36.82),
        "FR": (48.86, 2.35),
        "FJ": (-18.1, 178.45),
        "AU": (-35.3, 149.1),
    }
    for code, (lat, lon) in capitals.items():
        assert outlines.beyond_km(place(Level.COUNTRY, country=code), Point(lat, lon)) == 0.0
        others = (
            outlines.beyond_km(place(Level.COUNTRY, country=one), Point(lat, lon)) for one in capitals if one != code
        )
        assert all(km is not None and km > 100 for km in others)


WRONG = {
    "no collection": (b'{"type": "Feature", "features": []}', "type is 'Feature'"),
    "a region that is a point": (collection((MOS, {"type": "Point", "coordinates": [1, 2]})), "features 1: geometry is a 'Point'"),
    "a ring of two corners": (collection((MOS, {"type": "Polygon", "coordinates": [[[1, 2], [2, 3]]]})), "features 1: geometry"),
    "latitude and longitude turned round": (collection((MOS, box(30, 100, 40, 120))), "features 1: geometry is empty or outside"),
    "no code": (collection(({"iso_a2": "RU"}, box(1, 1, 2, 2))), "iso_3166_2"),
    "a code twice": (collection((MOS, box(1, 1, 2, 2)), (MOS, box(1, 1, 2, 2))), "'RU-MOS' stands twice"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "named"), list(WRONG.values()), ids=list(WRONG))
def test_polygons_that_cannot_be_read_are_refused_by_number(raw: bytes, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_regions(raw)


def test_codes_that_two_regions_have_the_wrong_way_round_are_believed_in_neither() -> None:
    city = {"iso_3166_2": "RU-MOS", "iso_a2": "RU", "name": "Moskva", "name_alt": "Moscow|Moskovskaya"}
    oblast = {"iso_3166_2": "RU-MOW", "iso_a2": "RU", "name": "Moskovskaya"}
    found = read_regions(collection((city, box(37, 55, 38, 56)), (oblast, box(35, 54, 37, 57))))
    assert found.doubtful == ("RU-MOS", "RU-MOW")
    assert [found.shape_of(place(Level.REGION, admin1=one)) for one in found.doubtful] == [None, None]
    inside = Point(55.5, 37.5)
    assert found.beyond_km(place(Level.REGION, name="Moscow"), inside) == 0.0
    beyond = found.beyond_km(place(Level.REGION, name="Moskovskaya"), inside)
    assert beyond is not None
    assert beyond > 20


def test_a_second_name_that_two_regions_have_is_nobodys() -> None:
    one = {"iso_3166_2": "ID-XA", "iso_a2": "ID", "name": "One", "name_alt": "the Isles"}
    two = {"iso_3166_2": "ID-XB", "iso_a2": "ID", "name": "Two", "name_alt": "the Isles"}
    found = read_regions(collection((one, box(1, 1, 2, 2)), (two, box(3, 1, 4, 2))))
    assert found.beyond_km(place(Level.REGION, country="ID", name="The Isles"), Point(1.5, 1.5)) is None
    assert found.beyond_km(place(Level.REGION, country="ID", name="one"), Point(1.5, 1.5)) == 0.0
