"""Those inside a threat's place, time and kind are found, and nobody else; without geometry nobody is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.area import Point, contains
from tocsin.core.data import read_text_data
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import NOT_STATED, Window, days_included
from tocsin.errors import PolicyError
from tocsin.target.calendar import read_gatherings
from tocsin.target.exposure import Exposure, check_addressees, find_exposed
from tocsin.target.register import Gathering, Person, Venue, read_people, read_venues

MOSCOW = Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.756, 37.617))
RUSSIA = Place(name="Russia", country="RU", level=Level.COUNTRY)
START = datetime(2024, 3, 7, 15, tzinfo=UTC)
END = START + timedelta(hours=48)
WINDOW = Window(start=START, end=END, zone="Europe/Moscow")
INSIDE, OUTSIDE = Point(55.75, 37.60), Point(55.82, 37.40)


def threat(
    *, targets: tuple[str, ...] = ("public_gathering",), window: Window = WINDOW, place: Place = MOSCOW
) -> Threat:
    return Threat(places=(place,), window=window, targets=targets)


def person(point: Point, id_: str = "P1") -> Person:
    return Person(id=id_, language="en", zone="UTC", point=point, email="a@b.example")


def venue(kind: str, point: Point = INSIDE, id_: str = "V1") -> Venue:
    return Venue(id=id_, name=id_, kind=kind, point=point)


def gathering(
    start: datetime, end: datetime | None, point: Point = INSIDE, venue_id: str = "", kind: str | None = None
) -> Gathering:
    return Gathering(id="G1", name="G1", venue=venue_id, point=point, start=start, end=end, kind=kind)


def exposed(
    danger: Threat,
    people: tuple[Person, ...] = (),
    venues: tuple[Venue, ...] = (),
    gatherings: tuple[Gathering, ...] = (),
    margin_km: float = 0,
) -> Exposure:
    return find_exposed(danger, people=people, venues=venues, gatherings=gatherings, margin_km=margin_km)


def test_a_threat_without_geometry_reaches_nobody_rather_than_everybody() -> None:
    for place in (RUSSIA, Place(name="Moscow", country="RU", level=Level.CITY)):
        with pytest.raises(PolicyError, match="no geometry"):
            exposed(threat(place=place), people=(person(INSIDE),))
    with pytest.raises(PolicyError, match="not stated"):
        exposed(Threat())


def test_people_outside_the_area_are_not_written_to_unless_a_margin_says_so() -> None:
    both = (person(INSIDE, "P1"), person(OUTSIDE, "P2"))

    assert [one.id for one in exposed(threat(), people=both).people] == ["P1"]
    assert [one.id for one in exposed(threat(), people=both, margin_km=7.0).people] == ["P1"]
    assert [one.id for one in exposed(threat(), people=both, margin_km=9.0).people] == ["P1", "P2"]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_person_is_exposed_exactly_if_the_area_contains_them(lat: float, lon: float) -> None:
    somebody = person(Point(lat, lon))

    found = exposed(threat(), people=(somebody,)).people

    assert (found == (somebody,)) is contains(threat().area, somebody.point)


TIMES = {
    "within": (START + timedelta(hours=1), START + timedelta(hours=2), True),
    "around": (START - timedelta(hours=1), END + timedelta(hours=1), True),
    "over by the first second": (START - timedelta(hours=1), START, False),
    "over just after the first second": (START - timedelta(hours=1), START + timedelta(seconds=1), True),
    "begins in the last second": (END - timedelta(seconds=1), END + timedelta(hours=1), True),
    "begins when the window ends": (END, END + timedelta(hours=1), False),
    "no end, begun before": (START - timedelta(days=400), None, True),
    "no end, begins after": (END, None, False),
}


@pytest.mark.parametrize(("start", "end", "counts"), TIMES.values(), ids=TIMES)
def test_a_gathering_counts_if_it_shares_an_instant_with_the_window(
    start: datetime, end: datetime | None, *, counts: bool
) -> None:
    found = exposed(threat(), gatherings=(gathering(start, end),)).gatherings

    assert bool(found) is counts


def test_a_time_that_is_not_stated_excludes_no_gathering() -> None:
    years_later = gathering(START + timedelta(days=999), START + timedelta(days=1000))

    assert exposed(threat(window=NOT_STATED), gatherings=(years_later,)).gatherings
    assert exposed(threat(window=Window(start=START, end=None)), gatherings=(years_later,)).gatherings
    assert not exposed(threat(), gatherings=(years_later,)).gatherings


def test_a_gathering_outside_the_area_does_not_count() -> None:
    assert not exposed(threat(), gatherings=(gathering(START, END, OUTSIDE),)).gatherings


def test_a_gathering_of_another_kind_does_not_count_but_one_of_unknown_kind_does() -> None:
    danger = threat(targets=("embassy_diplomatic",))

    assert not exposed(danger, gatherings=(gathering(START, END, kind="concert"),)).gatherings
    assert exposed(danger, gatherings=(gathering(START, END),)).gatherings


@pytest.mark.parametrize(
    ("targets", "kind", "counts"),
    [
        (("public_gathering",), "concert", True),
        (("public_gathering",), "public_gathering", True),
        (("concert",), "stadium_sport", False),
        (("public_gathering",), "mall_market", False),
        (("hotel", "concert"), "concert", True),
        ((), "hospital", True),
    ],
)
def test_a_venue_counts_by_the_kinds_warned_of(targets: tuple[str, ...], kind: str, *, counts: bool) -> None:
    assert bool(exposed(threat(targets=targets), venues=(venue(kind),)).venues) is counts


def test_the_host_of_an_exposed_gathering_counts_whatever_and_wherever_it_is() -> None:
    library, elsewhere = venue("culture"), venue("culture", OUTSIDE, "V2")
    hosted = tuple(gathering(START, END, venue_id=one.id) for one in (library, elsewhere))

    assert exposed(threat(), venues=(library, elsewhere), gatherings=hosted).venues == (library, elsewhere)
    assert exposed(threat(), venues=(library, elsewhere)).venues == ()


def test_a_venue_outside_the_area_is_not_exposed_by_its_kind() -> None:
    assert not exposed(threat(), venues=(venue("concert", OUTSIDE),)).venues


def test_nobody_who_can_act_is_addressed_when_only_people_are() -> None:
    exposure = exposed(threat(), people=(person(INSIDE),), venues=(venue("concert"),))

    check = check_addressees(exposure, {"P1"}, ("city.example",))

    assert check.nobody_who_can_act_is_addressed
    assert [(one.id, one.kind) for one in check.not_addressed] == [("V1", "venue"), ("city.example", "protector")]


def test_one_who_can_act_is_enough_and_the_others_are_still_named() -> None:
    exposure = exposed(threat(), venues=(venue("concert"), venue("concert", id_="V2")))

    check = check_addressees(exposure, {"V2"}, ("city.example",))

    assert not check.nobody_who_can_act_is_addressed
    assert [one.id for one in check.addressed] == ["V2"]
    assert [one.id for one in check.not_addressed] == ["V1", "city.example"]


def test_an_area_where_nobody_can_act_raises_the_alarm_too() -> None:
    assert check_addressees(Exposure((), (), ()), {"city.example"}, ()).nobody_who_can_act_is_addressed


@given(st.sets(st.sampled_from(["V1", "V2", "city.example", "stranger.example"])))
def test_each_who_can_act_is_either_addressed_or_named_as_not_addressed(addressed: set[str]) -> None:
    exposure = Exposure((), (venue("concert"), venue("hotel", id_="V2")), ())

    check = check_addressees(exposure, addressed, ("city.example",))

    assert sorted(one.id for one in (*check.addressed, *check.not_addressed)) == ["V1", "V2", "city.example"]
    assert {one.id for one in check.addressed} <= addressed


def test_the_demos_register_gives_what_the_story_tells() -> None:
    found = exposed(
        threat(
            targets=("public_gathering", "concert"),
            window=days_included(date(2024, 3, 7), date(2024, 3, 9), "Europe/Moscow"),
        ),
        people=read_people(read_text_data("demo", "people.csv").encode()),
        venues=read_venues(read_text_data("demo", "venues.csv").encode()),
        gatherings=read_gatherings(read_text_data("demo", "gatherings.ics").encode()),
    )

    assert (len(found.people), len(found.venues), len(found.gatherings)) == (160, 9, 7)
