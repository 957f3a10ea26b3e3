"""On which days a feast falls: fixed days, Easter, the Hebrew calendar, and the Islamic one of Umm al-Qura."""

from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import EASTER_ORTHODOX, easter
from hijridate import Gregorian, Hijri
from pyluach.dates import HebrewDate

FIRST_YEAR, LAST_YEAR = 1990, 2070
"""Umm al-Qura is known for these; where the moon is watched for, a feast can fall a day later."""
Days = tuple[date, date]


def feast_days(name: str, near: date) -> Days | None:
    """First and last day of the feast that ends next on or after `near`; None for a name or a year that is not known.

    Jewish feasts run from their eve, as kept in Israel (VOCAB R6).

    >>> [one.isoformat() for one in feast_days("passover", date(2017, 3, 1))]
    ['2017-04-10', '2017-04-17']
    >>> [one.isoformat() for one in feast_days("new year", date(2020, 12, 30))]
    ['2020-12-31', '2021-01-01']
    """
    find = _FEASTS.get(name)
    if find is None or not FIRST_YEAR < near.year < LAST_YEAR:
        return None
    found = sorted(find(year) for year in (near.year - 1, near.year, near.year + 1))
    return next((days for days in found if days[1] >= near), None)


def _span(first: date, days: int) -> Days:
    return first, first + timedelta(days=days - 1)


def _fixed(month: int, day: int, days: int = 1) -> Callable[[int], Days]:
    return lambda year: _span(date(year, month, day), days)


def _easter(before: int, days: int) -> Callable[[int], Days]:
    return lambda year: _span(easter(year) - timedelta(days=before), days)


def _orthodox_easter(year: int) -> Days:
    return _span(easter(year, EASTER_ORTHODOX) - timedelta(days=2), 4)


def _thanksgiving(year: int) -> Days:
    first = date(year, 11, 1)
    return _span(first + timedelta(days=(3 - first.weekday()) % 7 + 21), 1)


def _hebrew(month: int, day: int, days: int) -> Callable[[int], Days]:
    """With the eve before the first of its days. Months count from Nisan = 1, years from Tishri = 7."""
    return lambda year: _with_eve(HebrewDate(year + (3761 if month >= 7 else 3760), month, day), days)


def _with_eve(first: HebrewDate, days: int) -> Days:
    return _span(first.to_pydate() - timedelta(days=1), days + 1)


def _purim(year: int) -> Days:
    passover = HebrewDate(year + 3760, 1, 15).to_pydate()
    return _span(passover - timedelta(days=31), 2)  # the 14th of Adar is 30 days before the 15th of Nisan


def _islamic(month: int, day: int, days: int) -> Callable[[int], Days]:
    """The first one of the year; some years hold a second at their end."""

    def find(year: int) -> Days:
        islamic = Gregorian(year, 1, 1).to_hijri().year
        first = Hijri(islamic, month, day).to_gregorian()
        if first.year < year:
            first = Hijri(islamic + 1, month, day).to_gregorian()
        return _span(date(first.year, first.month, first.day), days)

    return find


_EID_FITR, _EID_ADHA = _islamic(10, 1, 3), _islamic(12, 10, 3)
_FEASTS: dict[str, Callable[[int], Days]] = {
    "new year": _fixed(12, 31, 2),
    "christmas": _fixed(12, 24, 3),
    "orthodox christmas": _fixed(1, 6, 2),
    "boxing day": _fixed(12, 26),
    "all saints": _fixed(11, 1),
    "may day": _fixed(5, 1),
    "independence day": _fixed(7, 4),
    "valentine": _fixed(2, 14),
    "halloween": _fixed(10, 31),
    "bastille day": _fixed(7, 14),
    "thanksgiving": _thanksgiving,
    "easter": _easter(2, 4),
    "orthodox easter": _orthodox_easter,
    "holy week": _easter(7, 8),
    "palm sunday": _easter(7, 1),
    "pentecost": _easter(-49, 1),
    "good friday": _easter(2, 1),
    "rosh hashanah": _hebrew(7, 1, 2),
    "yom kippur": _hebrew(7, 10, 1),
    "sukkot": _hebrew(7, 15, 8),
    "hanukkah": _hebrew(9, 25, 8),
    "purim": _purim,
    "passover": _hebrew(1, 15, 7),
    "shavuot": _hebrew(3, 6, 1),
    "ramadan": _islamic(9, 1, 30),
    "eid al-fitr": _EID_FITR,
    "eid al-adha": _EID_ADHA,
    "hajj": _islamic(12, 8, 6),
    "mawlid": _islamic(3, 12, 1),
    "arbaeen": _islamic(2, 20, 1),
    "ashura": _islamic(1, 10, 1),
}
