"""What is recorded of an incident is what was written, and nothing is guessed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.area import Point
from tocsin.core.threat import Level
from tocsin.core.window import Precision
from tocsin.errors import InputError
from tocsin.review.incident import IncidentStatus, read_incident

PLACE: dict[str, Any] = {"name": "a hall", "country": "RU", "level": "venue", "lat": 55.8, "lon": 37.4}
GOOD: dict[str, Any] = {"start": "2024-03-22T19:58:00+03:00", "zone": "Europe/Moscow", "place": PLACE}


def test_an_incident_is_read_with_its_defaults() -> None:
    found = read_incident(GOOD | {"targets": ["concert"]}, id="I-1")
    assert found.start == datetime(2024, 3, 22, 16, 58, tzinfo=UTC)
    assert (found.status, found.precision) == (IncidentStatus.OCCURRED, Precision.MINUTE)
    assert (found.place.level, found.place.point) == (Level.VENUE, Point(55.8, 37.4))
    assert (found.targets, found.actors, found.persons) == (("concert",), (), ())


BAD: dict[str, tuple[Any, str]] = {
    "a list": ([], r"incident is \[\], expected an object"),
    "nothing": ({}, "'start' is missing"),
    "no start": ({"place": PLACE}, "'start' is missing"),
    "a start without a zone": (GOOD | {"start": "2024-03-22T19:58:00"}, "has no zone"),
    "a start that is a day": (GOOD | {"start": "2024-03-22"}, "has no zone"),
    "a start that is a number": (GOOD | {"start": 1711126680}, "start is 1711126680, expected a text"),
    "a start before all years": (GOOD | {"start": "0001-01-01T00:00:00+14:00"}, "outside the years"),
    "a zone that is not there": (GOOD | {"zone": "Moon/Tycho"}, "'Moon/Tycho' is not known"),
    "a zone that is a path": (GOOD | {"zone": "../../etc/passwd"}, "is not known"),
    "a status nobody knows": (GOOD | {"status": "happened"}, "expected one of occurred, foiled, aborted"),
    "a status that is no word": (GOOD | {"status": ["foiled"]}, "status is"),
    "a key of another spelling": (GOOD | {"target": ["concert"]}, "unknown key 'target'"),
    "no place": ({"start": GOOD["start"]}, "'place' is missing"),
    "a place in words": (GOOD | {"place": "Moscow"}, "incident, place is 'Moscow'"),
    "a place without a point": (GOOD | {"place": PLACE | {"lat": None, "lon": None}}, "lat and lon are missing"),
    "half a point": (GOOD | {"place": PLACE | {"lon": None}}, "lon is None"),
    "latitude and longitude changed": (GOOD | {"place": PLACE | {"lat": 137.4}}, "lat is 137.4"),
    "a point that is no number": (GOOD | {"place": PLACE | {"lat": "55.8"}}, "lat is '55.8'"),
    "a point that is not a number": (GOOD | {"place": PLACE | {"lat": float("nan")}}, "lat is nan"),
    "a point without end": (GOOD | {"place": PLACE | {"lat": 10**400}}, "lat is 1000"),
    "a point that is true": (GOOD | {"place": PLACE | {"lat": True}}, "lat is True"),
    "a country in words": (GOOD | {"place": PLACE | {"country": "Russia"}}, "country is 'Russia'"),
    "a level nobody knows": (GOOD | {"place": PLACE | {"level": "town"}}, "level is 'town'"),
    "a tag in capitals": (GOOD | {"targets": ["Concert"]}, "targets has 'Concert'"),
    "tags in one text": (GOOD | {"targets": "concert"}, "expected a list of texts"),
    "a summary without end": (GOOD | {"summary": "x" * 5000}, "at most 4000"),
    "a key that is no text": ({1: 2}, "expected an object with named fields"),
}


@pytest.mark.parametrize(("found", "says"), list(BAD.values()), ids=list(BAD))
def test_bad_incidents_are_refused_with_what_was_found(found: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_incident(found, id="I-1")


def test_the_nearest_known_key_is_the_hint() -> None:
    with pytest.raises(InputError) as caught:
        read_incident(GOOD | {"target": []}, id="I-1")
    assert caught.value.hint == "did you mean 'targets'?"


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())  # fmt: skip


@given(key=st.sampled_from([*GOOD, "targets", "status", "precision", "summary", "persons"]), junk=JUNK)
def test_junk_in_any_field_raises_nothing_but_our_own_error(key: str, junk: Any) -> None:
    try:
        read_incident(GOOD | {key: junk}, id="I-1")
    except InputError as error:
        told = str(error)
    else:
        told = "read"
    assert told
