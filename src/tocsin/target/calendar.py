"""Gatherings from an iCalendar file, all of its events or none."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.core.area import Point
from tocsin.core.expression import Expression
from tocsin.errors import InputError
from tocsin.target.register import Gathering, read_kind, read_line

MAX_BYTES = 16 * 1024 * 1024
_ONCE = ("UID", "SUMMARY", "GEO", "DTSTART")
_AT_MOST_ONCE = ("DTEND", "DURATION", "STATUS", "X-TOCSIN-VENUE", "X-TOCSIN-KIND", "X-TOCSIN-EXPECTED")
_VALUE = Expression(r"(GEO|DTSTART|DTEND|DURATION)(?:;[^:]*)?:(.*)", re.IGNORECASE)
_FLOAT = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?"
_DATE = Expression(r"[0-9]{8}(?:T[0-9]{6}Z?)?")
_PLAIN = {
    "GEO": Expression(f"{_FLOAT};{_FLOAT}"),
    "DTSTART": _DATE,
    "DTEND": _DATE,
    "DURATION": Expression(r"[+-]?P[0-9DHMSTW]{1,40}"),
}
_RECURS = ("RRULE", "RDATE", "EXRULE", "RECURRENCE-ID")


def read_gatherings(raw: bytes) -> tuple[Gathering, ...]:
    """Every VEVENT (RFC 5545) with UID, SUMMARY, GEO and DTSTART that is not cancelled; InputError names the event.

    DTEND or DURATION give the end; without either it is not stated. X-TOCSIN-VENUE names the venue of the register that
    hosts it, X-TOCSIN-KIND its kind (a target tag), X-TOCSIN-EXPECTED how many people are expected.
    Times without a zone, whole days and recurrence are refused: nobody would know when people gather.
    """
    from icalendar import Calendar

    if len(raw) > MAX_BYTES:
        raise InputError(f"calendar has {len(raw)} bytes, at most {MAX_BYTES} expected")
    try:
        text = raw.decode("utf-8")
        events = Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        why = " ".join(str(error).split())[:120]
        raise InputError(f"calendar cannot be read: {why}", hint="expected one VCALENDAR (RFC 5545) in UTF-8") from None
    if not events:
        raise InputError("calendar has no events", hint="an empty import would change nothing")
    found: dict[str, Gathering] = {}
    for number, event in enumerate(events, 1):
        gathering = _read_event(event, f"calendar, event {number}")
        if gathering.id in found:
            raise InputError(f"calendar, event {number}: UID {gathering.id!r} stands twice")
        # A cancelled event exposes nobody (RFC 5545 section 3.8.1.11); it is read all the same, so that all is checked.
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            found[gathering.id] = gathering
    _check_values(text)
    return tuple(found.values())


def _check_values(text: str) -> None:
    """The library reads a number as Python does, which takes `5_5.7` and the digits of every script."""
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        found = _VALUE.match(line)
        if found and not _PLAIN[found[1].upper()].fullmatch(found[2]):
            raise InputError(f"calendar: {found[1].upper()} {found[2][:60]!r} is not in the form of RFC 5545")


def _read_event(event: Any, where: str) -> Gathering:
    _check_properties(event, where)
    try:
        start = _instant(event["DTSTART"].dt, where)
        end = _end(event, start, where)
        point = Point(float(event["GEO"].latitude), float(event["GEO"].longitude))
    except (AttributeError, ValueError, TypeError, OverflowError):
        raise InputError(
            f"{where}: GEO, DTSTART, DTEND or DURATION cannot be read",
            hint="write GEO:55.75;37.61 and DTSTART;TZID=Europe/Moscow:20240307T190000",
        ) from None
    if end is not None and end <= start:
        raise InputError(f"{where}: ends {end.isoformat()}, not after its start")
    expected = str(event.get("X-TOCSIN-EXPECTED", ""))
    if not re.fullmatch(r"([1-9][0-9]{0,6})?", expected):
        raise InputError(f"{where}: X-TOCSIN-EXPECTED {expected!r} is not a number of people")
    kind = str(event.get("X-TOCSIN-KIND", ""))
    return Gathering(
        id=read_line(str(event["UID"]), f"{where}: UID"),
        name=read_line(str(event["SUMMARY"]), f"{where}: SUMMARY"),
        venue=str(event.get("X-TOCSIN-VENUE", "")),
        point=point,
        start=start,
        end=end,
        kind=read_kind(kind, where) if kind else None,
        expected=int(expected) if expected else None,
    )


def _check_properties(event: Any, where: str) -> None:
    for name in _ONCE:
        if name not in event or isinstance(event[name], list):
            raise InputError(f"{where}: {name} is missing or stands twice")
    for name in _AT_MOST_ONCE:
        if isinstance(event.get(name), list):
            raise InputError(f"{where}: {name} stands twice")
    recurs = next((name for name in _RECURS if name in event), None)
    if recurs:
        raise InputError(f"{where}: it recurs ({recurs})", hint="export each date as an event of its own")


def _end(event: Any, start: datetime, where: str) -> datetime | None:
    if "DTEND" in event and "DURATION" in event:
        raise InputError(f"{where}: DTEND and DURATION, expected one of them")
    if "DTEND" in event:
        return _instant(event["DTEND"].dt, where)
    if "DURATION" not in event:
        return None
    length = event["DURATION"].dt
    if not isinstance(length, timedelta):
        raise InputError(f"{where}: DURATION is no length of time")
    return start + length


def _instant(value: object, where: str) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InputError(f"{where}: {value} is not a time with a zone", hint="give DTSTART and DTEND a TZID or Z")
    return value.astimezone(UTC)
