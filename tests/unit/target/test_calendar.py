"""A calendar says when people gather, to the instant, or it is refused."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.area import Point
from tocsin.core.data import read_text_data
from tocsin.errors import InputError
from tocsin.target import calendar
from tocsin.target.calendar import read_gatherings

START = "DTSTART;TZID=Europe/Moscow:20240307T190000"
END = "DTEND;TZID=Europe/Moscow:20240307T213000"
GEO = "GEO:55.741;37.61"


def event(*lines: str, uid: str = "G1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Choir", *lines, "END:VEVENT", ""])


def book(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
    return (head + "".join(events) + "END:VCALENDAR\r\n").encode()


def test_local_times_become_instants_in_utc() -> None:
    (found,) = read_gatherings(book(event(START, END, GEO, "X-TOCSIN-VENUE:V01")))

    assert (found.start, found.end) == (datetime(2024, 3, 7, 16, tzinfo=UTC), datetime(2024, 3, 7, 18, 30, tzinfo=UTC))
    assert (found.id, found.name, found.venue, found.point) == ("G1", "Choir", "V01", Point(55.741, 37.61))
    assert (found.kind, found.expected) == (None, None)


def test_a_duration_gives_the_end_and_without_either_the_end_is_not_stated() -> None:
    lasting, endless = read_gatherings(
        book(event(START, "DURATION:PT2H30M", GEO), event(START, GEO, "X-TOCSIN-KIND:sports_event", uid="G2"))
    )

    assert lasting.end == datetime(2024, 3, 7, 18, 30, tzinfo=UTC)
    assert endless.end is None
    assert endless.kind == "stadium_sport"


def test_a_cancelled_event_exposes_nobody() -> None:
    found = read_gatherings(
        book(event(START, GEO, "STATUS:CANCELLED"), event(START, GEO, "STATUS:TENTATIVE", uid="G2"))
    )

    assert [one.id for one in found] == ["G2"]


BAD_CALENDARS = {
    "empty": (b"", "cannot be read"),
    "binary": (b"\x00\x01\xff", "cannot be read"),
    "truncated": (book(event(START, END, GEO))[:-40], "cannot be read"),
    "not UTF-8": ("BEGIN:VCALENDAR\r\nX:Москва".encode("cp1251"), "cannot be read"),
    "two calendars": (book(event(START, GEO)) * 2, "cannot be read"),
    "no events": (book(), "no events"),
    "no place": (book(event(START, END)), "event 1: GEO is missing"),
    "no start": (book(event(END, GEO)), "event 1: DTSTART is missing"),
    "two starts": (book(event(START, START, GEO)), "event 1: DTSTART is missing or stands twice"),
    "two ends": (book(event(START, END, END, GEO)), "event 1: DTEND stands twice"),
    "end and duration": (book(event(START, END, "DURATION:PT1H", GEO)), "expected one of them"),
    "no zone": (book(event("DTSTART:20240307T190000", GEO)), "is not a time with a zone"),
    "zone unknown": (book(event("DTSTART;TZID=Nowhere/Land:20240307T190000", GEO)), "is not a time with a zone"),
    "whole day": (book(event("DTSTART;VALUE=DATE:20240307", GEO)), "is not a time with a zone"),
    "end before start": (
        book(event(END.replace("DTEND", "DTSTART"), START.replace("DTSTART", "DTEND"), GEO)),
        "not after",
    ),
    "end at start": (book(event(START, START.replace("DTSTART", "DTEND"), GEO)), "not after its start"),
    "duration below zero": (book(event(START, "DURATION:-PT1H", GEO)), "not after its start"),
    "recurs": (book(event(START, END, GEO, "RRULE:FREQ=DAILY")), "it recurs (RRULE)"),
    "dates added": (book(event(START, END, GEO, "RDATE:20240309T190000Z")), "it recurs (RDATE)"),
    "one of a series": (
        book(event(START, END, GEO, "RECURRENCE-ID:20240309T190000Z")),
        "it recurs (RECURRENCE-ID)",
    ),
    "place without numbers": (book(event(START, END, "GEO:Moscow")), "cannot be read"),
    "place off the globe": (book(event(START, END, "GEO:155.7;37.6")), "not on the globe"),
    "place nan": (book(event(START, END, "GEO:nan;37.6")), "cannot be read"),
    "year one": (book(event("DTSTART;TZID=Europe/Moscow:00010101T000000", GEO)), "cannot be read"),
    "ends after time": (book(event(START, "DURATION:P9999999D", GEO)), "cannot be read"),
    "year 9999999": (book(event("DTSTART:99999990307T190000Z", GEO)), "cannot be read"),
    "UID twice": (book(event(START, GEO), event(START, GEO)), "event 2: UID 'G1' stands twice"),
    "kind misspelt": (book(event(START, GEO, "X-TOCSIN-KIND:konzert")), "kind 'konzert'"),
    "expected in words": (book(event(START, GEO, "X-TOCSIN-EXPECTED:many")), "X-TOCSIN-EXPECTED 'many'"),
    "name over two lines": (
        book(event(START, GEO).replace("Choir", r"Choir\nof the city")),
        "SUMMARY holds U+000A",
    ),
    "no name": (book(event(START, GEO).replace("Choir", "")), "SUMMARY has 0 characters"),
}


@pytest.mark.parametrize(("raw", "said"), BAD_CALENDARS.values(), ids=BAD_CALENDARS)
def test_an_event_that_says_not_when_or_where_refuses_the_calendar(raw: bytes, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_gatherings(raw)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_calendar_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "MAX_BYTES", 10)

    with pytest.raises(InputError, match="at most 10"):
        read_gatherings(b"x" * 11)


@given(
    st.lists(
        st.sampled_from([START, END, GEO, "BEGIN:VALARM", "END:VALARM", "DTSTART:x", "GEO:1", ":", ";=:", "RRULE:"])
    )
)
def test_odd_lines_are_refused_as_input_and_nothing_else_leaks(lines: list[str]) -> None:
    with contextlib.suppress(InputError):
        read_gatherings(book(event(*lines)))


@given(st.binary(max_size=120))
def test_junk_is_refused_as_input(junk: bytes) -> None:
    with pytest.raises(InputError):
        read_gatherings(junk)


def test_the_demos_calendar_is_read() -> None:
    found = read_gatherings(read_text_data("demo", "gatherings.ics").encode())

    assert len(found) == 10
    assert min(one.start for one in found) > datetime(2024, 3, 7, tzinfo=UTC)
    assert all(one.end is not None and one.expected for one in found)
