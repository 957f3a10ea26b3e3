"""The days of a window with the words they were read from, and how far ahead a window can lie."""

from datetime import date, timedelta

from msgspec import Struct

_LONGEST = timedelta(days=400)
"""No alert speaks of days further away; a date beyond is of something else."""


class FoundSpan(Struct, frozen=True):
    """Days, the last included; None where the text gives no first or no last one. Offsets in characters, end exclusive."""

    first: date | None
    last: date | None
    start: int
    end: int
    rule: str
    precision: str


def is_ahead(days: tuple[date, date], issued: date | None) -> bool:
    """Whether the days are not over on the day of issue, and near enough; True if that day is not known."""
    return issued is None or issued <= days[1] <= issued + _LONGEST


def end_of(unit: str, day: date) -> date:
    """The last day of the week (a Sunday), weekend, month or year that the day lies in.

    >>> [end_of(unit, date(2024, 3, 7)).isoformat() for unit in ("week", "month", "year")]
    ['2024-03-10', '2024-03-31', '2024-12-31']
    """
    if unit in {"week", "weekend"}:
        return day + timedelta(days=6 - day.weekday())
    return last_day(day.year, day.month if unit == "month" else 12)


def last_day(year: int, month: int) -> date:
    """The last day of that month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
