"""When: a span of instants, half-open inside, with one function per convention of its border."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.errors import InputError

COMPUTABLE_YEARS = range(1000, 9000)
"""Of an instant that is taken from others: a day or a year before and after it there are still instants."""


class Precision(StrEnum):
    """How exact a time was stated."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Basis(StrEnum):
    """Where a window comes from: the text says it, a rule inferred it, or there is none."""

    STATED = "stated"
    INFERRED = "inferred"
    NONE = "none"


class Window(Struct, frozen=True, kw_only=True):
    """The instants from `start` up to but not including `end`, both aware UTC.

    None means not stated, never "for ever". `zone` is the IANA zone in which people of the area would read it.
    """

    start: datetime | None
    end: datetime | None
    zone: str = "UTC"
    precision: Precision = Precision.DAY
    basis: Basis = Basis.STATED

    def __post_init__(self) -> None:
        for name, value in (("start", self.start), ("end", self.end)):
            if value is not None and value.tzinfo is not UTC:
                raise InputError(f"window {name} {value!r} is not in UTC")
        if self.start and self.end and self.end <= self.start:
            raise InputError(f"window ends {self.end.isoformat()}, not after its start {self.start.isoformat()}")

    def contains(self, at: datetime) -> bool | None:
        """Is the instant inside? None if the end is not stated."""
        if self.end is None:
            return None
        return (self.start is None or self.start <= at) and at < self.end


NOT_STATED = Window(start=None, end=None, basis=Basis.NONE)


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name; InputError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"time zone {name!r} is not known", hint="use an IANA name such as Europe/Moscow") from None


def midnight(day: date, zone: str) -> datetime:
    """The first instant of the local day, in UTC (on a day whose midnight is skipped: the first instant there is)."""
    return datetime.combine(day, time(0), zone_of(zone)).astimezone(UTC)


def days_included(first: date | None, last: date | None, zone: str, *, basis: Basis = Basis.STATED) -> Window:
    """Convention of JSON and VOCAB: local days, the last one included.

    >>> days_included(date(2024, 3, 7), date(2024, 3, 9), "Europe/Moscow").end.isoformat()
    '2024-03-09T21:00:00+00:00'
    """
    return Window(
        start=midnight(first, zone) if first else None,
        end=midnight(last + timedelta(days=1), zone) if last else None,
        zone=zone,
        precision=Precision.DAY,
        basis=basis if first or last else Basis.NONE,
    )


def up_to_expires(start: datetime, expires: datetime, zone: str = "UTC") -> Window:
    """Convention of CAP: the second of `expires` is still inside.

    >>> up_to_expires(datetime(2024, 3, 7, tzinfo=UTC), datetime(2024, 3, 9, tzinfo=UTC)).end.second
    1
    """
    return Window(
        start=start.astimezone(UTC),
        end=expires.astimezone(UTC) + timedelta(seconds=1),
        zone=zone,
        precision=Precision.MINUTE,
    )


def months_between(first: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Spans of a month at most that follow each other, the last one up to `end`: whoever reads them one by one holds one in memory."""
    while first < end:
        last = min(end, first.replace(day=1) + timedelta(days=31))
        yield first, last
        first = last


def casebook_instant(at: str, zone: str, role: str) -> datetime:
    """Convention of the casebook: a day is 12:00, as a window's start 00:00, as its end 24:00; month the 15th; year 1 July.

    `at` is local `YYYY[-MM[-DD[THH:MM]]]`, `role` is point, start or end. Source: casebook/SCHEMA.md, "Time".

    >>> casebook_instant("2024-03-09", "Europe/Moscow", "end").isoformat()
    '2024-03-09T21:00:00+00:00'
    """
    tz = zone_of(zone)
    try:
        if len(at) == 4:
            local = datetime(int(at), 7, 1, 12, tzinfo=tz)
        elif len(at) == 7:
            local = datetime(int(at[:4]), int(at[5:]), 15, 12, tzinfo=tz)
        elif len(at) == 10:
            day = date.fromisoformat(at)
            if role == "start":
                return midnight(day, zone)
            if role == "end":
                return midnight(day + timedelta(days=1), zone)
            local = datetime.combine(day, time(12), tz)
        else:
            local = datetime.strptime(at, "%Y-%m-%dT%H:%M").replace(tzinfo=tz)
    except ValueError:
        raise InputError(f"time {at!r} is not YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM") from None
    return local.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """RFC 3339 with a zone, to aware UTC; InputError for anything else.

    >>> parse_instant("2024-03-22T19:58:00+03:00").isoformat()
    '2024-03-22T16:58:00+00:00'
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise InputError(f"time {text[:60]!r} is not RFC 3339", hint="write 2024-03-07T18:20:00Z")
    if not found[1]:
        raise InputError(f"time {text!r} has no zone", hint="write 2024-03-07T18:20:00Z or +03:00")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"time {text!r} does not exist") from None
    if at.year not in COMPUTABLE_YEARS:
        raise InputError(f"time {text!r} lies outside the years that can be computed with")
    return at.astimezone(UTC)


def write_instant(at: datetime) -> str:
    """RFC 3339 in UTC with Z, to the second.

    >>> write_instant(datetime(2024, 3, 7, 18, 20, tzinfo=UTC))
    '2024-03-07T18:20:00Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_INSTANT = Expression(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)

Entropy = Callable[[int], bytes]
"""n -> n unguessable bytes. Comes into a stage as an argument, so that stages stay values in, values out."""
