"""A region without code or polygon is what lies nearest to its towns, and no more is made of it than that."""

import pytest
from tests.unit.review.outline_files import box, collection

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place
from tocsin.gazetteer import towns_of
from tocsin.review.facets import PlaceBasis, PlaceVerdict, Verdict, is_place_sure, judge_place
from tocsin.review.finding import write_place_note
from tocsin.review.outlines import NO_OUTLINES, Outlines, join_outlines, read_regions
from tocsin.review.towns import is_one_unit, km_to_unit, unit_at

TOWNS = {
    "RU": ((55.0, 30.0, "W"), (55.0, 31.0, "W"), (55.0, 33.0, "E"), (55.0, 34.0, "E"), (66.0, 179.5, "C")),
    "BY": ((55.0, 29.8, "B"),),
}
KNOWN = Outlines(towns_of=lambda country: TOWNS.get(country, ()))


def region(lon: float | None, *, name: str = "the West", country: str = "RU", admin1: str | None = None) -> Place:
    point = None if lon is None else Point(55.0, lon)
    return Place(name=name, country=country, level=Level.REGION, point=point, admin1=admin1)


def spot(lon: float, lat: float = 55.0, *, country: str = "RU", admin1: str | None = None) -> Place:
    return Place(name="a hall", country=country, level=Level.VENUE, point=Point(lat, lon), admin1=admin1)


def found(warned: Place, happened: Place, outlines: Outlines = KNOWN) -> PlaceVerdict:
    return judge_place((warned,), happened, near_km=30.0, outlines=outlines)


WEST = region(30.1)
VERDICTS = {
    "nearest to its far town": (WEST, spot(31.5), Verdict.HIT, PlaceBasis.TOWNS),
    "nearest to another unit's town, 50 km from its own": (WEST, spot(32.8), Verdict.MISS, PlaceBasis.TOWNS),
    "near its middle and over a border": (WEST, spot(29.7, country="BY"), Verdict.NEAR, PlaceBasis.TOWNS),
    "in its town, by a code of another country": (WEST, spot(30.0, country="BY"), Verdict.NEAR, PlaceBasis.TOWNS),
    "in its town, by a code of another unit": (region(30.1, admin1="RU-W"), spot(31.0, admin1="RU-E"), Verdict.NEAR, PlaceBasis.TOWNS),
    "in its town, the incident's unit not known": (region(30.1, admin1="RU-W"), spot(31.0), Verdict.HIT, PlaceBasis.TOWNS),
    "in no country by its code": (WEST, spot(31.0, country="XX"), Verdict.NEAR, PlaceBasis.TOWNS),
    "a region of several countries": (region(30.1, country="XX"), spot(31.5), Verdict.MISS, PlaceBasis.POINT),
    "a region of which no town is known": (region(30.1, country="FI"), spot(31.5, country="FI"), Verdict.MISS, PlaceBasis.POINT),
    "a region without a point": (region(None), spot(31.0), Verdict.MISS, PlaceBasis.CODE),
    "a city is no region": (Place(name="c", country="RU", level=Level.CITY, point=Point(55, 30)), spot(31.0), Verdict.MISS, PlaceBasis.POINT),
}  # fmt: skip


@pytest.mark.parametrize(("warned", "happened", "verdict", "basis"), list(VERDICTS.values()), ids=list(VERDICTS))
def test_a_region_without_a_polygon(warned: Place, happened: Place, verdict: Verdict, basis: PlaceBasis) -> None:
    judged = found(warned, happened)
    assert (judged.verdict, judged.basis) == (verdict, basis)


def test_thirty_kilometres_from_a_town_of_the_unit_is_near() -> None:
    """Where another unit's town is nearer still."""
    towns = Outlines(towns_of=lambda _: ((55.0, 30.0, "W"), (55.0, 30.6, "E")))
    for lon, expected in ((30.28, Verdict.HIT), (30.45, Verdict.NEAR), (30.48, Verdict.MISS)):
        assert found(region(29.0), spot(lon), towns).verdict is expected, lon


def test_a_polygon_is_asked_before_any_town() -> None:
    west = {"iso_3166_2": "RU-W", "iso_a2": "RU", "name": "the West"}
    outlines = join_outlines(dict, read_regions(collection((west, box(29, 54, 30.5, 56)))), KNOWN.towns_of)
    judged = found(WEST, spot(31.5), outlines)
    assert (judged.verdict, judged.basis) == (Verdict.MISS, PlaceBasis.OUTLINE)


COAST = {
    "a town that the coast line cuts off": (spot(31.5), Verdict.HIT, PlaceBasis.TOWNS),
    "further off the line than a coast can be": (spot(31.6), Verdict.NEAR, PlaceBasis.OUTLINE),
    "another country's, beside the line": (spot(31.5, country="BY"), Verdict.NEAR, PlaceBasis.OUTLINE),
    "another unit's by its town, beside the line": (spot(31.5, lat=54.0), Verdict.NEAR, PlaceBasis.OUTLINE),
}


@pytest.mark.parametrize(("happened", "verdict", "basis"), list(COAST.values()), ids=list(COAST))
def test_beside_an_outline_the_towns_say_whose_it_is(happened: Place, verdict: Verdict, basis: PlaceBasis) -> None:
    """The line lies 3 km west of 31.5."""
    west = {"iso_3166_2": "RU-W", "iso_a2": "RU", "name": "the West"}
    outlines = join_outlines(
        dict,
        read_regions(collection((west, box(29, 53, 31.453, 56)))),
        lambda _: (*TOWNS["RU"], (54.0, 31.6, "E")),
    )
    judged = found(WEST, happened, outlines)
    assert (judged.verdict, judged.basis) == (verdict, basis)


def test_a_code_is_asked_before_any_town() -> None:
    judged = found(region(30.1, admin1="RU-X"), spot(34.0, admin1="RU-X"))
    assert (judged.verdict, judged.basis) == (Verdict.HIT, PlaceBasis.CODE)


def test_what_the_nearest_town_says_is_never_sure_where_the_place_is_not() -> None:
    for lon in (30.0, 31.5, 34.0):
        judged = found(WEST, spot(lon))
        assert is_place_sure(judged, None, near_km=30.0)
        assert not is_place_sure(judged, 0.5, near_km=30.0)


def test_without_towns_a_region_is_judged_as_one_point_and_says_so() -> None:
    judged = found(WEST, spot(31.5), NO_OUTLINES)
    assert (judged.verdict, judged.basis) == (Verdict.MISS, PlaceBasis.POINT)
    assert "one point" in write_place_note("point", "region")
    assert "towns" in write_place_note("towns", "region")
    assert [write_place_note(*one) for one in (("point", "city"), ("outline", "region"), ("code", "country"))] == [
        ""
    ] * 3


def test_towns_over_the_date_line_are_near() -> None:
    assert unit_at(KNOWN.towns_of, "RU", Point(65.6, -171.0)) == "C"
    far = km_to_unit(KNOWN.towns_of, "RU", "C", Point(66.0, -179.5))
    assert far == pytest.approx(45.2, abs=0.3)
    assert km_to_unit(KNOWN.towns_of, "RU", "nowhere", Point(0, 0)) is None
    assert km_to_unit(KNOWN.towns_of, "FI", "W", Point(0, 0)) is None


UNITS = {
    "a unit by another name than its code": ("DE", "Bavaria", "02", True),
    "a land of a kingdom": ("GB", "Northern Ireland", "NIR", True),
    "a country of a kingdom by its own name": ("GB", "Scotland", "SCT", True),
    "a part of a country of a kingdom": ("GB", "Greater London", "ENG", False),
    "a department, which is a part of a region": ("FR", "Alpes-Maritimes", "93", False),
    "a province, where the parents are islands that are no units": ("ID", "Bali Province", "02", True),
    "a region with departments": ("FR", "Île-de-France", "11", True),
    "a region and a province of one name": ("ES", "Madrid", "29", True),
}


@pytest.mark.parametrize(("country", "name", "unit", "whole"), list(UNITS.values()), ids=list(UNITS))
def test_a_part_of_a_unit_is_not_taken_for_the_unit(country: str, name: str, unit: str, whole: bool) -> None:
    assert is_one_unit(towns_of, country, name, unit) is whole


def test_the_gazetteer_gives_every_town_with_its_unit() -> None:
    bavaria = unit_at(towns_of, "DE", Point(48.9, 11.4))
    assert bavaria
    assert unit_at(towns_of, "DE", Point(49.3, 10.57)) == bavaria
    assert unit_at(towns_of, "DE", Point(52.5, 13.4)) not in {bavaria, None}
    assert unit_at(towns_of, "XX", Point(48.9, 11.4)) is None
    assert all(unit and -90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon, unit in towns_of("DE"))
