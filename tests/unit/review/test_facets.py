"""One verdict per facet: what was not said is never held against a warning, and what was wrong is never excused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place
from tocsin.core.vocabulary import Facet
from tocsin.core.window import NOT_STATED, Window
from tocsin.errors import InputError
from tocsin.review.facets import Verdict, judge_person, judge_place, judge_tags, judge_time

CITY = Point(55.756, 37.617)
NEXT_TOWN = Point(55.826, 37.39)  # 16.2 km away
NEAR_KM = 30.0
LATE = timedelta(hours=720)
START, END = datetime(2024, 3, 7, 15, tzinfo=UTC), datetime(2024, 3, 9, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def place(level: Level, point: Point | None = CITY, country: str = "RU", admin1: str | None = None) -> Place:
    return Place(name="somewhere", country=country, level=level, point=point, admin1=admin1)


def north_of(point: Point, km: float) -> Point:
    return Point(point.lat + km / 111.4, point.lon)


def verdict(warned: Place, happened: Place) -> Verdict:
    return judge_place((warned,), happened, near_km=NEAR_KM).verdict


HALL = place(Level.VENUE, NEXT_TOWN)

PLACES: dict[str, tuple[Place, Place, Verdict]] = {
    "the venue itself": (place(Level.VENUE), place(Level.VENUE, north_of(CITY, 1.9)), Verdict.HIT),
    "a street away from the venue": (place(Level.VENUE), place(Level.VENUE, north_of(CITY, 2.1)), Verdict.NEAR),
    "at the airport": (place(Level.AIRPORT), place(Level.VENUE, north_of(CITY, 2.9)), Verdict.HIT),
    "inside the city": (place(Level.CITY), place(Level.VENUE, north_of(CITY, 7.9)), Verdict.HIT),
    "just outside the city": (place(Level.CITY), HALL, Verdict.NEAR),
    "thirty kilometres from the city's edge": (place(Level.CITY), place(Level.VENUE, north_of(CITY, 37.9)), Verdict.NEAR),
    "further than that": (place(Level.CITY), place(Level.VENUE, north_of(CITY, 38.2)), Verdict.MISS),
    "the country, far from its middle": (place(Level.COUNTRY), place(Level.CITY, Point(43.1, 131.9)), Verdict.HIT),
    "the country, by its code alone": (place(Level.COUNTRY, None), HALL, Verdict.HIT),
    "another country": (place(Level.COUNTRY, None, "FI"), HALL, Verdict.MISS),
    "another country, its middle near by": (place(Level.COUNTRY, country="FI"), HALL, Verdict.NEAR),
    "the region, by its code": (place(Level.REGION, None, admin1="RU-MOS"), place(Level.VENUE, NEXT_TOWN, admin1="RU-MOS"), Verdict.HIT),
    "another region, far": (place(Level.REGION, Point(60.0, 30.0), admin1="RU-LEN"), place(Level.VENUE, NEXT_TOWN, admin1="RU-MOS"), Verdict.MISS),
    "a region without a code, near its point": (place(Level.REGION), HALL, Verdict.NEAR),
    "a region without a code or a point": (place(Level.REGION, None), HALL, Verdict.MISS),
    "the whole world": (place(Level.COUNTRY, None, "XX"), HALL, Verdict.HIT),
    "several countries round a point": (place(Level.COUNTRY, Point(50.0, 10.0), "XX"), HALL, Verdict.MISS),
    "several countries, and an event in none": (place(Level.COUNTRY, Point(50.0, 10.0), "XX"), place(Level.CITY, CITY, "XX"), Verdict.MISS),
    "a city whose point nobody knows": (place(Level.CITY, None), HALL, Verdict.MISS),
    "an event whose point nobody knows": (place(Level.CITY), place(Level.CITY, None), Verdict.MISS),
}  # fmt: skip


@pytest.mark.parametrize(("warned", "happened", "expected"), list(PLACES.values()), ids=list(PLACES))
def test_place_by_the_order_of_the_schema(warned: Place, happened: Place, expected: Verdict) -> None:
    assert verdict(warned, happened) is expected


def test_no_place_named_is_neither_right_nor_wrong() -> None:
    found = judge_place((), HALL, near_km=NEAR_KM)
    assert (found.verdict, found.level, found.distance_km) == (Verdict.UNSPECIFIED, None, None)


def test_of_several_places_the_best_wins_and_gives_its_level() -> None:
    far = place(Level.VENUE, Point(60.0, 30.0))
    found = judge_place((far, place(Level.COUNTRY, None), place(Level.CITY)), HALL, near_km=NEAR_KM)
    assert (found.verdict, found.level) == (Verdict.HIT, Level.COUNTRY)
    assert found.distance_km == pytest.approx(16.2, abs=0.1)


def test_only_a_list_of_the_whole_world_is_marked_as_one() -> None:
    assert judge_place((place(Level.COUNTRY, None, "XX"),), HALL, near_km=NEAR_KM).worldwide
    assert not judge_place((place(Level.REGION, CITY, "XX"),), HALL, near_km=NEAR_KM).worldwide


@given(km=st.floats(0, 200), level=st.sampled_from([Level.VENUE, Level.AIRPORT, Level.CITY]))
def test_what_is_further_off_is_never_judged_better(km: float, level: Level) -> None:
    order = [Verdict.HIT, Verdict.NEAR, Verdict.MISS]
    nearer, further = (verdict(place(level), place(Level.VENUE, north_of(CITY, one))) for one in (km, km + 5))
    assert order.index(nearer) <= order.index(further)


TIMES: dict[str, tuple[datetime, Verdict]] = {
    "the moment before": (START - MOMENT, Verdict.EARLY),
    "its first moment": (START, Verdict.HIT),
    "its last moment": (END, Verdict.HIT),
    "the moment after": (END + MOMENT, Verdict.LATE),
    "thirty days after": (END + LATE, Verdict.LATE),
    "and a moment": (END + LATE + MOMENT, Verdict.MISS),
}


@pytest.mark.parametrize(("at", "expected"), list(TIMES.values()), ids=list(TIMES))
def test_time_at_each_border_of_the_window(at: datetime, expected: Verdict) -> None:
    assert judge_time(Window(start=START, end=END), at, late=LATE) is expected


@pytest.mark.parametrize("window", [NOT_STATED, Window(start=START, end=None)])
@pytest.mark.parametrize("at", [START - LATE, START, END + LATE])
def test_without_an_end_no_time_is_right_early_or_late(window: Window, at: datetime) -> None:
    assert judge_time(window, at, late=LATE) is Verdict.UNSPECIFIED


def test_without_a_beginning_nothing_is_early() -> None:
    assert judge_time(Window(start=None, end=END), START - LATE, late=LATE) is Verdict.HIT


TAGS: dict[str, tuple[Facet, list[str], list[str], Verdict]] = {
    "the same": ("target", ["concert"], ["concert"], Verdict.HIT),
    "a kind of what was said": ("target", ["public_gathering"], ["concert"], Verdict.HIT),
    "a kind of a kind": ("target", ["western_interests"], ["us_citizens"], Verdict.HIT),
    "wider than what was said": ("target", ["concert"], ["public_gathering"], Verdict.PARTIAL),
    "beside what was said": ("method", ["suicide_bombing"], ["vehicle_bomb"], Verdict.PARTIAL),
    "one right among others": ("target", ["hotel", "concert"], ["concert"], Verdict.HIT),
    "something else": ("target", ["concert"], ["worship"], Verdict.MISS),
    "a word that covers nearly all": ("actor", ["extremists"], ["isis-k"], Verdict.PARTIAL),
    "that very word": ("actor", ["extremists"], ["extremists"], Verdict.HIT),
    "a word that covers nearly all, and a wrong one": ("actor", ["extremists", "ji"], ["isis"], Verdict.PARTIAL),
    "an actor it does not cover": ("actor", ["extremists"], ["separatists"], Verdict.MISS),
    "nothing said": ("actor", [], ["isis"], Verdict.UNSPECIFIED),
    "an attack of no stated kind": ("method", ["unspecified_attack"], ["shooting"], Verdict.UNSPECIFIED),
    "said, and nothing known of the event": ("actor", ["isis"], [], Verdict.MISS),
}


@pytest.mark.parametrize(("facet", "warned", "happened", "expected"), list(TAGS.values()), ids=list(TAGS))
def test_tags_by_their_families(facet: Facet, warned: list[str], happened: list[str], expected: Verdict) -> None:
    assert judge_tags(facet, warned, happened) is expected


PERSONS: dict[str, tuple[list[str], list[str], Verdict]] = {
    "the same name": (["Anna Berg"], ["Anna Berg"], Verdict.HIT),
    "in another case, with an accent": (["anna bérg"], ["Anna Berg"], Verdict.HIT),
    "with a middle name": (["Anna Berg"], ["Anna Maria Berg"], Verdict.HIT),
    "one of several": (["Otto Tal", "Anna Berg"], ["Anna Berg", "Karl See"], Verdict.HIT),
    "another of that first name": (["Anna Berg"], ["Anna Tal"], Verdict.MISS),
    "a first name alone": (["Anna"], ["Anna Berg"], Verdict.MISS),
    "nobody named": ([], ["Anna Berg"], Verdict.UNSPECIFIED),
    "nobody known": (["Anna Berg"], [], Verdict.UNSPECIFIED),
    "two names without a letter": (["?"], ["–"], Verdict.MISS),
}


@pytest.mark.parametrize(("warned", "happened", "expected"), list(PERSONS.values()), ids=list(PERSONS))
def test_persons_by_their_names(warned: list[str], happened: list[str], expected: Verdict) -> None:
    assert judge_person(warned, happened) is expected


ROUTE = Place(
    name="the road from Moscow to Saint Petersburg",
    country="RU",
    level=Level.ROUTE,
    point=Point(55.756, 37.617),
    stops=(Point(55.756, 37.617), Point(56.859, 35.912), Point(59.939, 30.316)),
)
ALONG: dict[str, tuple[Point, Verdict]] = {
    "at a stop": (Point(56.859, 35.912), Verdict.HIT),
    "between two stops, 200 km from either": (Point(58.43, 33.21), Verdict.HIT),
    "beside it": (Point(58.43, 33.5), Verdict.NEAR),
    "far from it": (Point(58.43, 35.2), Verdict.MISS),
    "in line with it, past its end": (Point(60.6, 28.9), Verdict.MISS),
}


@pytest.mark.parametrize(("point", "verdict"), list(ALONG.values()), ids=list(ALONG))
def test_a_route_with_stops_is_what_lies_along_it(point: Point, verdict: Verdict) -> None:
    spot = Place(name="a spot", country="RU", level=Level.VENUE, point=point)
    assert judge_place([ROUTE], spot, near_km=30).verdict is verdict


def test_a_route_known_as_one_point_gives_what_the_point_gives() -> None:
    spot = Place(
        name="a spot", country="RU", level=Level.VENUE, point=ALONG["between two stops, 200 km from either"][0]
    )
    found = judge_place([replace(ROUTE, stops=())], spot, near_km=30)
    assert (found.verdict, found.level) == (Verdict.MISS, Level.ROUTE)


@pytest.mark.parametrize("place", [{"level": Level.CITY}, {"stops": ROUTE.stops[:1]}], ids=["a city", "one stop"])
def test_only_a_route_of_two_stops_or_more_is_a_line(place: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected a route with two"):
        replace(ROUTE, **place)
