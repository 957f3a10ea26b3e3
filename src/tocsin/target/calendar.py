"""Gatherings from an iCalendar file."""

from datetime import UTC, datetime
from typing import Any

from tocsin.core.area import Point
from tocsin.errors import InputError
from tocsin.target.register import Gathering

MAX_BYTES = 16 * 1024 * 1024


def read_gatherings(raw: bytes) -> tuple[Gathering, ...]:
    """Every VEVENT with UID, SUMMARY, GEO, DTSTART and DTEND; all or none. X-TOCSIN-VENUE names a venue of the register.

    Times without a zone, whole days and recurrence rules are refused: nobody would know when people gather.
    """
    from icalendar import Calendar

    if len(raw) > MAX_BYTES:
        raise InputError(f"calendar has {len(raw)} bytes, at most {MAX_BYTES} expected")
    try:
        calendar = Calendar.from_ical(raw.decode("utf-8"))
        events = calendar.walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise InputError(f"calendar cannot be read: {error}", hint="expected iCalendar (RFC 5545) in UTF-8") from None
    if not events:
        raise InputError("calendar has no events", hint="an empty import would change nothing")
    found = tuple(_read_event(number, event) for number, event in enumerate(events, 1))
    ids = [one.id for one in found]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice:
        raise InputError(f"calendar: UID {twice!r} stands twice")
    return found


def _read_event(number: int, event: Any) -> Gathering:
    where = f"calendar, event {number}"
    for name in ("UID", "SUMMARY", "GEO", "DTSTART", "DTEND"):
        if name not in event or isinstance(event[name], list):
            raise InputError(f"{where}: {name} is missing or stands twice")
    if "RRULE" in event or "RDATE" in event:
        raise InputError(f"{where}: it recurs", hint="export each date as an event of its own")
    try:
        start, end = _instant(event["DTSTART"].dt, where), _instant(event["DTEND"].dt, where)
        point = Point(float(event["GEO"].latitude), float(event["GEO"].longitude))
    except (AttributeError, ValueError, TypeError) as error:
        raise InputError(f"{where}: {error}") from None
    if end <= start:
        raise InputError(f"{where}: ends {end.isoformat()}, not after its start")
    return Gathering(
        id=str(event["UID"]),
        name=str(event["SUMMARY"]),
        venue=str(event.get("X-TOCSIN-VENUE", "")),
        point=point,
        start=start,
        end=end,
    )


def _instant(value: object, where: str) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InputError(f"{where}: {value} is not a time with a zone", hint="give DTSTART and DTEND a TZID or Z")
    return value.astimezone(UTC)
