"""Calendar dates as people write them, with the year where the text leaves it out."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.expression import Expression

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years that a date in a text can have."""
MONTHS = "january february march april may june july august september october november december".split()
MONTH = r"jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?"
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = r"mon(?:day|\.)?|tue(?:s(?:day)?|\.)?|wed(?:nesday|\.)?|thu(?:rs(?:day)?|r|\.)?|fri(?:day|\.)?|sat(?:urday|\.)?|sun(?:day|\.)?"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_TO = r"\s?(?:-|–|—|/|&|to|and|through|until|or)\s?"
_LAST = rf"(?:(?:, ?{_DAY})*,?{_TO}(?:the )?(?P<NAME>{_DAY})(?! ?(?:[ap]\.?m\b|hours|hrs|[:.][0-9])))?"
_YEAR = r"(?:19|20)[0-9]{2}"
_DATE = Expression(
    rf"(?<![\w/-])(?<![0-9][.:])(?:(?:the )?(?P<w>{_WEEKDAY}),? (?:the )?)?(?:"
    rf"(?P<m1>{MONTH}) (?:the )?(?P<a1>{_DAY}){_LAST.replace('NAME', 'b1')}(?:,? (?P<y1>{_YEAR}))?"
    rf"|(?P<a2>{_DAY}){_LAST.replace('NAME', 'b2')}(?: of)? (?P<m2>{MONTH})(?:,? (?P<y2>{_YEAR}))?"
    rf"|(?P<y3>{_YEAR})(?P<s3>[-/.])(?P<m3>[01]?[0-9])(?P=s3)(?P<a3>[0-3]?[0-9])"
    rf"|(?P<n1>[0-3]?[0-9])(?P<s4>[-./])(?P<n2>[0-3]?[0-9])(?P=s4)(?P<y4>{_YEAR}|[0-3][0-9])(?!\.[0-9])"
    rf"|(?P<a5>[0-3]?[0-9])(?P<s5>[-/.]?)(?P<m5>{MONTH})(?P=s5)(?P<y5>{_YEAR}|[0-3][0-9])"
    rf"|(?P<y6>{_YEAR}) (?P<m6>{MONTH}) (?P<a6>{_DAY})"
    r")(?:(?![\w/-])|(?=t[0-9]{2}:))"
)
"""Over lower case."""
_STEMS = {
    kind: "|".join(sorted({name[:3] for name in names})) for kind, names in (("month", MONTHS), ("day", WEEKDAYS))
}
_MAY_BEGIN = Expression(
    rf"\b(?=[0-9{''.join(sorted({name[0] for name in ('the', *MONTHS, *WEEKDAYS)}))}])"
    rf"(?:[0-9]|{_STEMS['month']}|(?:the )?(?:{_STEMS['day']}))"
)


class FoundDate(Struct, frozen=True):
    """One day, or several of one month, where they stand in the text. `year` None: the text leaves it out."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    last_day: int
    swapped: bool = False
    """Day and month could also be read the other way round."""

    def on(self, near: date | None) -> tuple[date, date] | None:
        """First and last day; a missing year is the one that brings the day nearest to `near`, later rather than earlier."""
        years = (self.year,) if self.year else (near.year - 1, near.year, near.year + 1) if near else ()
        found = [days for year in years if (days := self._in(year))]
        if near is None or self.year:
            return found[0] if found else None
        return min(
            found, key=lambda days: (days[1] < near - timedelta(days=90), abs((days[0] - near).days)), default=None
        )

    def _in(self, year: int) -> tuple[date, date] | None:
        try:
            return date(year, self.month, self.day), date(year, self.month, self.last_day)
        except ValueError:
            return None

    @property
    def other(self) -> "FoundDate":
        """The same figures with day and month exchanged."""
        return FoundDate(self.start, self.end, self.year, self.day, self.month, self.month)


@lru_cache(maxsize=8)
def find_dates(lower: str) -> tuple[FoundDate, ...]:
    """Every date in a text of lower case, the days that do not exist left out."""
    found = (_read(match) for match in _matches(lower))
    return tuple(one for one in found if one is not None and one.on(date(2024, 1, 1)))


def _matches(lower: str) -> Iterator[re.Match[str]]:
    """Each of _DATE, which is tried only where it can begin: it is far dearer than that look."""
    done = 0
    for first in _MAY_BEGIN.for_text(lower).finditer(lower):
        if first.start() >= done and (match := _DATE.match(lower, first.start())):
            done = match.end()
            yield match


def _read(match: re.Match[str]) -> FoundDate | None:
    start, end = match.span()
    if match["n1"]:
        one, two, year = int(match["n1"]), int(match["n2"]), _year(match["y4"])
        day, month = (one, two) if one > 12 or two <= 12 else (two, one)
        # Where figures stand between points, as in Berlin or Vienna, the day comes first.
        swapped = match["s4"] != "." and one <= 12 and two <= 12 and one != two
        found = FoundDate(start, end, year, month, day, day, swapped=swapped)
        return _as_the_weekday_says(found, match["w"]) if swapped and match["w"] else found
    if match["y3"]:
        day = int(match["a3"])
        return FoundDate(start, end, int(match["y3"]), int(match["m3"]), day, day)
    name = match["m1"] or match["m2"] or match["m5"] or match["m6"]
    day = _number(match["a1"] or match["a2"] or match["a5"] or match["a6"])
    last = _number(match["b1"] or match["b2"] or "") or day
    year_words = match["y1"] or match["y2"] or match["y5"] or match["y6"]
    return FoundDate(start, end, _year(year_words) if year_words else None, month_number(name), day, max(last, day))


def _as_the_weekday_says(found: FoundDate, weekday: str) -> FoundDate:
    """The one of two readings that falls on the weekday written with it."""
    readings = [found, replace(found.other, swapped=True)]
    fitting = [
        one for one in readings if (days := one.on(None)) and WEEKDAYS[days[0].weekday()].startswith(weekday[:3])
    ]
    return replace(fitting[0], swapped=False) if len(fitting) == 1 else found


def _year(digits: str) -> int:
    """Two figures are a year of this century."""
    return int(digits) + 2000 * (len(digits) == 2)


def month_number(name: str) -> int:
    """1 for `jan`, `January`, `jan.`."""
    return _MONTH_NUMBERS[small(name)[:3]]


def small(words: str) -> str:
    r"""Words in small letters of ASCII. A pattern that minds no case takes ſ for s, İ and ı for i and the Kelvin sign for k.

    >>> small("Sunday") == small("\u017funday")
    True
    """
    return words.translate(_LIKE_ASCII).lower()


_MONTH_NUMBERS = {month[:3]: number for number, month in enumerate(MONTHS, 1)}
_LIKE_ASCII = str.maketrans("\u017f\u0130\u0131\u212a", "siik")


def _number(words: str) -> int:
    digits = words.rstrip("stndrh")
    return int(digits) if digits else 0
