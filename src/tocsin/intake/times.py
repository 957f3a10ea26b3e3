"""Dates and windows in running text. Reading never invents an end."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<m1>{_MONTH}) (?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y1>[0-9]{{4}})"
    rf"|(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<m2>{_MONTH}),? (?P<y2>[0-9]{{4}})"
    r"|(?P<y3>[0-9]{4})-(?P<m3>[0-9]{2})-(?P<d3>[0-9]{2}))\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:for |in |over |during |within )?(?:the )?(?:next|coming|following) (?P<n>[0-9]{1,3}|a few|several|\w+)?\s?(?P<unit>hours?|days?|weeks?)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\buntil further notice|\bat this time|\bfor the time being|\bfor now\b|\btemporarily|\bin the near future"
    r"|\bin the coming days|\bsoon\b",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "ten": 10, "24": 24}


@dataclass(frozen=True)
class FoundSpan:
    """Days with the words they were read from; `end` None means that the text gives none."""

    first: date
    last: date | None
    start: int
    end: int
    rule: str
    precision: str


def find_date(text: str) -> tuple[date, int, int] | None:
    """The first full date in the text with its span; one that does not exist is passed over.

    >>> find_date("Moscow, March 7, 2024")[0].isoformat()
    '2024-03-07'
    """
    for match in _DATE.finditer(text):
        parts = match.groupdict()
        month = parts["m1"] or parts["m2"]
        number = _MONTHS.index(month.lower()) + 1 if month else int(parts["m3"])
        year = int(parts["y1"] or parts["y2"] or parts["y3"])
        day = int(parts["d1"] or parts["d2"] or parts["d3"])
        try:
            return date(year, number, day), match.start(), match.end()
        except ValueError:
            continue
    return None


def find_window(text: str, issued: date) -> FoundSpan | None:
    """The first window that the text states, counted from its date of issue (VOCAB, window rules); None if it states none."""
    for match in _SPAN.finditer(text):
        count = _count(match["n"] or "")
        if count is None:
            continue
        unit = match["unit"].lower().rstrip("s")
        days = {"hour": -(-count // 24), "day": count, "week": 7 * count}[unit]
        precision = "hour" if unit == "hour" else "day"
        return FoundSpan(issued, issued + timedelta(days=days), match.start(), match.end(), "T-next", precision)
    found = _OPEN.search(text)
    return FoundSpan(issued, None, found.start(), found.end(), "T-open", "day") if found else None


def _count(words: str) -> int | None:
    if words.isascii() and words.isdigit() and 0 < int(words) <= 366:
        return int(words)
    return _NUMBERS.get(words.lower())
