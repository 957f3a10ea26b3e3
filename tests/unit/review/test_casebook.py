"""A case is read strictly and replayed by the rule; what its own review says of a pair never reaches the verdict."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.threat import Level
from tocsin.core.window import Basis, Precision
from tocsin.errors import InputError
from tocsin.review.case_yaml import MAX_BYTES
from tocsin.review.casebook import case_as_json, read_case, replay
from tocsin.review.facets import Verdict
from tocsin.review.matching import MatchRule

DAY = {"zone": "Europe/Moscow", "precision": "day"}
CITY = {"name": "a city", "country": "RU", "admin_level": "city", "lat": 55.756, "lon": 37.617}
WARNING: dict[str, Any] = {
    "id": "w1",
    "type": "threat_warning",
    "issued": {"at": "2024-03-07", **DAY},
    "places": [CITY],
    "window": {
        "start": {"at": "2024-03-07", **DAY},
        "end": {"at": "2024-03-09", **DAY},
        "basis": "stated",
        "text": "48 hours",
    },
    "targets": ["public_gathering"],
    "actors": [],
    "methods": [],
    "persons_named": [],
    "evidence_status": "official_text",
}
EVENT: dict[str, Any] = {
    "id": "e1",
    "status": "occurred",
    "start": {"at": "2024-03-08T19:58", "zone": "Europe/Moscow", "precision": "minute"},
    "place": CITY | {"name": "a hall", "admin_level": "venue"},
    "targets": ["concert"],
    "actors": {"claimed": ["isis"], "attributed": ["isis", "isis-k"]},
    "methods": ["shooting"],
    "persons": [],
}
CASE: dict[str, Any] = {
    "schema": "tocsin-casebook/1",
    "slug": "a-city-2024",
    "title": "A case",
    "warnings": [WARNING],
    "events": [EVENT],
}


def raw(**changes: Any) -> bytes:
    # Through JSON, so that what stands in two places is written out twice and not as an alias.
    case = json.loads(json.dumps(CASE | changes))
    return yaml.safe_dump(case, allow_unicode=True, sort_keys=False).encode()


def changed(record: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return dict(record) | changes


def test_times_are_read_by_the_convention_of_the_casebook() -> None:
    case = read_case(raw())
    (warning,) = case.warnings
    assert warning.issued == datetime(2024, 3, 7, 9, tzinfo=UTC), "a day is its noon"
    assert warning.window.start == datetime(2024, 3, 6, 21, tzinfo=UTC), "as a start its 00:00"
    assert warning.window.end == datetime(2024, 3, 9, 21, tzinfo=UTC), "as an end its 24:00"
    assert (warning.window.basis, warning.window.precision) == (Basis.STATED, Precision.DAY)
    assert case.incidents[0].actors == ("isis", "isis-k")


def test_a_day_without_quotes_is_the_same_day() -> None:
    assert read_case(raw().replace(b"'2024-03-07'", b"2024-03-07")) == read_case(raw())


AIRPORTS = {
    "in English": ("Kabul airport, Abbey Gate", ["crowded_place"], Level.AIRPORT),
    "in French": ("Aéroport de Bamako-Sénou", [], Level.AIRPORT),
    "in French, its accents apart": ("Ae\u0301roport de Bamako-Se\u0301nou", [], Level.AIRPORT),
    "in Spanish": ("Aeropuerto de Barajas", [], Level.AIRPORT),
    "in German": ("Flughafen Frankfurt", [], Level.AIRPORT),
    "in Russian": ("аэропорт Домодедово", [], Level.AIRPORT),
    "in Ukrainian": ("Аеропорт «Бориспіль»", [], Level.AIRPORT),
    "in Arabic": ("مطار بغداد الدولي", [], Level.AIRPORT),
    "by what is warned of alone": ("Heathrow", ["transport_air"], Level.AIRPORT),
    "not if other targets are warned of too": ("Heathrow", ["transport_air", "hotel"], Level.VENUE),
    "not if it only sounds like one": ("Portair Hotel", ["hotel"], Level.VENUE),
    "not without a target": ("Heathrow", [], Level.VENUE),
}


@pytest.mark.parametrize(("name", "targets", "level"), list(AIRPORTS.values()), ids=list(AIRPORTS))
def test_an_airport_is_known(name: str, targets: list[str], level: Level) -> None:
    place = CITY | {"admin_level": "venue", "name": name}
    warned = read_case(raw(warnings=[changed(WARNING, places=[place], targets=targets)])).warnings[0]
    assert warned.threat.places[0].level is level


def test_a_city_with_an_airport_stays_a_city() -> None:
    place = CITY | {"name": "the airport's city"}
    warned = read_case(raw(warnings=[changed(WARNING, places=[place], targets=["transport_air"])])).warnings[0]
    assert warned.threat.places[0].level is Level.CITY


def test_null_lists_are_not_stated() -> None:
    (warning,) = read_case(raw(warnings=[changed(WARNING, targets=None, places=None)])).warnings
    assert (warning.threat.targets, warning.threat.places) == ((), ())


def test_without_a_review_every_warning_meets_every_event() -> None:
    case = read_case(raw(warnings=[WARNING, changed(WARNING, id="w2")], events=[EVENT, changed(EVENT, id="e2")]))
    assert case.pairs == (("w1", "e1"), ("w1", "e2"), ("w2", "e1"), ("w2", "e2"))


def test_the_pairs_are_those_of_the_review_in_its_order() -> None:
    review = [{"warning": None, "event": "e1"}, {"warning": "w1", "event": "e1"}, {"warning": "w1", "event": None}]
    case = read_case(raw(review=review))
    assert case.pairs == ((None, "e1"), ("w1", "e1"), ("w1", None))
    assert [one.overall for one in replay(case)] == [Verdict.MISSED_EVENT, Verdict.HIT, Verdict.FALSE_ALARM]


def test_the_verdicts_written_in_a_case_are_never_taken_for_ours() -> None:
    honest = {"warning": "w1", "event": "e1"}
    lie = honest | {"place": "miss", "time": "miss", "overall": "missed_event", "overridden": ["overall"]}
    assert case_as_json(read_case(raw(review=[lie]))) == case_as_json(read_case(raw(review=[honest])))


def test_the_json_has_the_keys_that_others_script_against() -> None:
    found = case_as_json(read_case(raw()))
    assert list(found) == ["slug", "rule", "unknown_tags", "pairs"]
    assert found["pairs"] == [
        {
            "warning": "w1",
            "event": "e1",
            "place": "hit",
            "time": "hit",
            "target": "hit",
            "actor": "unspecified",
            "method": "unspecified",
            "person": "unspecified",
            "overall": "hit",
            "class": "in_window",
            "place_level": "city",
            "place_by": "point",
            "distance_km": 0.0,
            "decided_by": "5",
            "delay_hours_from_issue": 32.0,
            "delay_hours_from_window_end": -28.0,
        }
    ]


@pytest.mark.parametrize(("pair", "overall"), [(("w1", None), "false_alarm"), ((None, "e1"), "missed_event")])
def test_half_a_pair_has_no_facets_no_class_and_no_delays(pair: tuple[str | None, str | None], overall: str) -> None:
    (found,) = case_as_json(read_case(raw(review=[{"warning": pair[0], "event": pair[1]}])))["pairs"]
    assert {found[name] for name in ("place", "time", "target", "actor", "method", "person")} == {"unspecified"}
    assert found["overall"] == overall
    assert found["class"] is found["delay_hours_from_issue"] is found["delay_hours_from_window_end"] is None


def test_another_rule_is_named_and_used() -> None:
    event = changed(EVENT, start={"at": "2024-03-12", **DAY})
    (pair,) = case_as_json(read_case(raw(events=[event])), MatchRule(id="late/0", late=timedelta(0)))["pairs"]
    assert pair["time"] == "miss"


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "does not say schema"),
    "a word": (b"case", "does not say schema"),
    "another schema": (raw(schema="tocsin-casebook/2"), "does not say schema"),
    "cut short": (raw()[:-30], "case"),
    "not UTF-8": (raw().replace(b"A case", b"A c\xe4se"), "not UTF-8 at byte"),
    "not YAML": (b"schema: [", "is not YAML"),
    "a NUL": (b"schema: \x00", "is not YAML"),
    "two documents": (raw() + b"---\n" + raw(), "is not YAML"),
    "an alias": (raw() + b"notes: &n [1]\nmore: *n\n", "holds a YAML alias"),
    "an object of Python": (raw() + b"notes: !!python/object/apply:os.getcwd []\n", "is not YAML"),
    "a key twice": (raw() + b"title: another\n", "key 'title' stands twice"),
    "brackets without end": (b"[" * 100_000, "is not YAML"),
    "a ladder without end": (b"- " * 100_000, "more than 50 levels"),
    "a number without end": (raw() + b"notes: " + b"9" * 5000 + b"\n", "is not YAML"),
    "a day that is not there": (raw() + b"notes: 2024-02-31\n", "is not YAML"),
    "too long": (raw() + b"#" * MAX_BYTES, f"at most {MAX_BYTES} expected"),
    "no slug": (raw(slug=None), "slug is None, expected a text"),
    "no warnings": (raw(warnings="none"), "'a-city-2024': warnings is 'none', expected a list of objects"),
    "a warning that is a word": (raw(warnings=["w1"]), "expected a list of objects"),
    "a warning without a window": (
        raw(warnings=[{key: value for key, value in WARNING.items() if key != "window"}]),
        "warnings 1: 'window' is missing",
    ),
    "tags in one text": (raw(warnings=[changed(WARNING, targets="concert")]), "targets is 'concert'"),
    "a type nobody knows": (raw(warnings=[changed(WARNING, type="rumour")]), "type is 'rumour'"),
    "an evidence nobody knows": (raw(warnings=[changed(WARNING, evidence_status="sure")]), "evidence_status is 'sure'"),
    "a level nobody knows": (raw(warnings=[changed(WARNING, places=[CITY | {"admin_level": "town"}])]), "'town'"),
    "half a point": (raw(warnings=[changed(WARNING, places=[CITY | {"lon": None}])]), "lon is None"),
    "a point off the globe": (raw(warnings=[changed(WARNING, places=[CITY | {"lat": 91}])]), "lat is 91"),
    "a country in words": (raw(warnings=[changed(WARNING, places=[CITY | {"country": "Russia"}])]), "country is"),
    "a window that ends before it starts": (
        raw(warnings=[changed(WARNING, window=WARNING["window"] | {"end": {"at": "2024-03-01", **DAY}})]),
        "not after its start",
    ),
    "a month of one digit": (raw(events=[changed(EVENT, start={"at": "2024-3", **DAY})]), "at is '2024-3'"),
    "a month that is not there": (raw(events=[changed(EVENT, start={"at": "2024-13", **DAY})]), "'2024-13' is not"),
    "a time with a zone of its own": (
        raw(events=[changed(EVENT, start={"at": "2024-03-08T19:58+03:00", **DAY})]),
        "at is '2024-03-08T19:58",
    ),
    "digits of another script": (raw(events=[changed(EVENT, start={"at": "٢٠٢٤", **DAY})]), "expected YYYY"),
    "a year before all years": (
        raw(events=[changed(EVENT, start={"at": "0001-01-01T00:00", "zone": "Asia/Tokyo", "precision": "minute"})]),
        "events 1, start: '0001-01-01T00:00' lies outside the years",
    ),
    "a zone that is not there": (
        raw(events=[changed(EVENT, start={"at": "2024", "zone": "Moon/Tycho", "precision": "year"})]),
        "'Moon/Tycho' is not known",
    ),
    "a warning twice": (raw(warnings=[WARNING, WARNING]), "warning 'w1' stands twice"),
    "a pair of nothing": (raw(review=[{"warning": None, "event": None}]), "names neither warning nor event"),
    "a pair with a stranger": (raw(review=[{"warning": "w9", "event": "e1"}]), "warning is 'w9', expected one of w1"),
    "a pair the wrong way round": (raw(review=[{"warning": "e1", "event": "w1"}]), "warning is 'e1'"),
    "a pair of a list": (raw(review=[{"warning": ["w1"], "event": "e1"}]), "warning is"),
    "a review that is no list": (raw(review={"warning": "w1"}), "review is"),
}


@pytest.mark.parametrize(("bad", "says"), list(BAD.values()), ids=list(BAD))
def test_bad_cases_are_refused_with_what_was_found(bad: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_case(bad)


def _reads(found: bytes) -> bool:
    try:
        read_case(found)
    except InputError:
        return False
    return True


@given(st.binary(max_size=300))
def test_junk_raises_nothing_but_our_own_error(junk: bytes) -> None:
    with pytest.raises(InputError):
        read_case(junk)


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.text(max_size=3), max_size=2) | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)  # fmt: skip


@given(data=st.data())
def test_junk_in_any_field_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    part, record = data.draw(st.sampled_from([("warnings", WARNING), ("events", EVENT)]))
    key = data.draw(st.sampled_from(sorted(record)))
    assert _reads(raw(**{part: [changed(record, **{key: data.draw(JUNK)})]})) in {True, False}


def test_the_stops_of_a_route_are_read_and_decide_the_place() -> None:
    stops = [{"lat": 55.0, "lon": 37.7}, {"lat": 57.0, "lon": 37.7}]
    route = CITY | {"admin_level": "route", "lat": 50.0, "lon": 30.0}
    (one_point,) = replay(read_case(raw(warnings=[changed(WARNING, places=[route])])))
    (line,) = replay(read_case(raw(warnings=[changed(WARNING, places=[route | {"stops": stops}])])))
    assert one_point.match is not None
    assert line.match is not None
    assert (one_point.match.place, line.match.place) == (Verdict.MISS, Verdict.NEAR)


@pytest.mark.parametrize("stops", [[{"lat": 55.0, "lon": 37.0}], [{}, {}], "Moscow"], ids=["one", "no point", "a word"])
def test_what_is_no_line_is_refused_with_the_place_named(stops: object) -> None:
    with pytest.raises(InputError, match="warnings"):
        read_case(raw(warnings=[changed(WARNING, places=[CITY | {"admin_level": "route", "stops": stops}])]))
