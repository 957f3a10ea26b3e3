"""What would break if a threat became an alert for the wrong place, time or status."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tocsin.cap.alert import (
    Alert,
    Certainty,
    MsgType,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.cap.codec import read_alert, write_alert
from tocsin.compose.draft import draft_alert, response_types
from tocsin.core.area import Area, Geocode, Point, Polygon
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Window
from tocsin.errors import InputError, PolicyError

SENT = datetime(2024, 3, 7, 15, 0, 0, 999_999, tzinfo=UTC)
MOSCOW = Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.75, 37.62))
THREAT = Threat(
    places=(MOSCOW,),
    targets=("public_gathering", "concert"),
    actors=("extremists",),
    methods=("bomb",),
    persons=("Zoran Kalomi",),
)


def draft(threat: Threat = THREAT, **change: Any) -> Alert:
    order: dict[str, Any] = {
        "identifier": "embassy.example.W-1",
        "sender": "warnings@embassy.example",
        "sent": SENT,
        "expires": SENT + timedelta(hours=48),
        "zone": "Europe/Moscow",
        "status": Status.ACTUAL,
        "headline": "Avoid large gatherings",
        "description": "Where exactly is not stated.",
        "instruction": "Stay away from concerts.",
        "advice": ("avoid_crowds", "be_vigilant"),
        "language": "en",
        "sender_name": "Embassy of Example",
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.EXTREME,
        "certainty": Certainty.POSSIBLE,
        "note": None,
    }
    return draft_alert(threat, **{**order, **change})


def test_times_are_those_of_the_area_to_the_second() -> None:
    raw = write_alert(draft())
    assert b"<sent>2024-03-07T18:00:00+03:00</sent>" in raw
    assert b"<effective>2024-03-07T18:00:00+03:00</effective>" in raw
    assert b"<expires>2024-03-09T18:00:00+03:00</expires>" in raw


def test_an_hour_that_comes_twice_is_no_end_before_the_beginning() -> None:
    sent = datetime(2024, 10, 27, 0, 10, tzinfo=UTC)  # 01:10 in London, and once more an hour later
    raw = write_alert(draft(sent=sent, expires=sent + timedelta(hours=1), zone="Europe/London"))
    assert b"<sent>2024-10-27T01:10:00+01:00</sent>" in raw
    assert b"<expires>2024-10-27T01:10:00-00:00</expires>" in raw


def test_a_draft_is_read_back_as_it_is() -> None:
    assert read_alert(write_alert(draft())) == draft()


def test_the_area_is_the_threats_own_circle() -> None:
    (area,) = draft().infos[0].areas
    assert area.area == THREAT.area
    assert [circle.radius_km for circle in area.area.circles] == [8.0]


NOWHERE = {
    "no place": (),
    "a country, whose shape nobody has": (Place(name="Russia", country="RU", level=Level.COUNTRY),),
    "a city that was not found": (replace(MOSCOW, point=None),),
    "one place of two": (MOSCOW, Place(name="Russia", country="RU", level=Level.COUNTRY)),
}


@pytest.mark.parametrize("places", NOWHERE.values(), ids=NOWHERE.keys())
def test_without_geometry_nothing_is_sent_and_nothing_falls_back(places: tuple[Place, ...]) -> None:
    with pytest.raises(PolicyError, match="no geometry"):
        draft(replace(THREAT, places=places))


def test_the_named_person_is_nowhere_in_the_alert() -> None:
    assert b"Kalomi" not in write_alert(draft())


def test_target_actor_and_method_are_carried_one_each() -> None:
    assert [(one.name, one.value) for one in draft().infos[0].parameters] == [
        ("tocsin:target", "public_gathering"),
        ("tocsin:target", "concert"),
        ("tocsin:actor", "extremists"),
        ("tocsin:method", "bomb"),
    ]


def test_an_exercise_carries_its_name_or_is_refused() -> None:
    assert draft(status=Status.EXERCISE, note="EX-1").note == "EX-1"
    for note in (None, ""):
        with pytest.raises(PolicyError, match="exercise"):
            draft(status=Status.EXERCISE, note=note)


def test_what_expires_when_it_is_sent_is_refused() -> None:
    with pytest.raises(InputError, match="expires"):
        draft(expires=SENT)


def test_a_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        draft(zone="Europe/Nowhere")


STARTS = {
    "before it is sent": (SENT - timedelta(hours=1), None),
    "later": (SENT + timedelta(hours=1), SENT + timedelta(hours=1)),
    "after it expires": (SENT + timedelta(hours=49), None),
    "not stated": (None, None),
}


@pytest.mark.parametrize(("start", "onset"), STARTS.values(), ids=STARTS.keys())
def test_onset_is_the_windows_start_only_if_that_is_to_come(start: datetime | None, onset: datetime | None) -> None:
    info = draft(replace(THREAT, window=Window(start=start, end=None))).infos[0]
    assert info.onset == onset


ADVICE = {
    "shelter_in_place": ResponseType.SHELTER,
    "leave_country": ResponseType.EVACUATE,
    "know_exits": ResponseType.PREPARE,
    "avoid_nonessential_travel": ResponseType.AVOID,
    "hide_identity": ResponseType.AVOID,
    "monitor_media": ResponseType.MONITOR,
    "contact_family": ResponseType.EXECUTE,
}


@pytest.mark.parametrize(("label", "response"), ADVICE.items())
def test_advice_is_said_in_caps_words(label: str, response: ResponseType) -> None:
    assert response_types([label, label]) == (response,)


def test_a_draft_is_a_public_first_alert_until_versions_are_made() -> None:
    assert (draft().msg_type, draft().scope, draft().references) == (MsgType.ALERT, Scope.PUBLIC, ())


REGION = Place(name="Belgorod Oblast", country="RU", level=Level.REGION, admin1="RU-BEL")
RING = Polygon(tuple(Point(lat, lon) for lat, lon in ((50.2, 36.0), (51.3, 37.0), (50.4, 39.0), (50.2, 36.0))))


def test_a_region_that_an_officer_draws_is_warned_of_by_its_outline_and_its_code() -> None:
    threat = Threat(places=(MOSCOW, REGION))
    drawn = Area(description="Belgorod Oblast", polygons=(RING,), geocodes=(Geocode("ISO3166-2", "RU-BEL"),))
    with pytest.raises(PolicyError, match="'Belgorod Oblast' has no geometry"):
        draft(threat)

    (area,) = draft(threat.draw({"Belgorod Oblast": drawn})).infos[0].areas

    assert area.area.description == "Moscow; Belgorod Oblast"
    assert (area.area.polygons, len(area.area.circles)) == ((RING,), 1)
    assert area.area.geocodes == (Geocode("ISO3166-2", "RU-BEL"),)


def test_a_shape_for_a_place_that_nobody_threatens_is_refused() -> None:
    with pytest.raises(InputError, match="'Kursk' is no place of this threat"):
        THREAT.draw({"Kursk": Area(description="Kursk", polygons=(RING,))})
