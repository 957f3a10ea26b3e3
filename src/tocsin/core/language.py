"""What a language calls itself, the days and the months, and how it tells a moment: those in which warnings go out."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from tocsin.core.data import read_data

LANGUAGES = ("en", "fr", "es", "ar", "ru", "uk")
"""Of the public pages, of the e-mails and of the templates; primary subtags of RFC 5646."""
FALLBACK = "en"
_NEAR = 8
"""Characters between the name of a month and its number: “9 de mayo”; without a number, May is no month."""


class Dated(NamedTuple):
    """A day of the week (0 is Monday) or a month (1 is January) in a text, and where its name stands."""

    kind: str
    number: int
    span: tuple[int, int]

    @property
    def name(self) -> str:
        """Its English name, whatever the language of the text."""
        words = _calendar()[FALLBACK]
        return str(words["days"][self.number][0] if self.kind == "day" else words["months"][self.number - 1][0])


def primary(language: str) -> str:
    """The first part of a language tag, in small letters.

    >>> primary("en-US")
    'en'
    """
    return language.split("-", maxsplit=1)[0].lower()


def own_name(language: str) -> str:
    """What a language calls itself, for those who look for it; its tag where we do not know.

    >>> own_name("fr"), own_name("tr")
    ('Français', 'tr')
    """
    return str(_calendar()[primary(language)]["name"]) if primary(language) in _calendar() else language


def tell_moment(at: datetime, language: str) -> str:
    """The local time of an aware instant as people read it: weekday, day, minute. A language without a calendar gets English.

    In the hour that comes twice, when the clock goes back, the name of the time stands behind it: 01:30 GMT.

    >>> tell_moment(datetime(2024, 3, 9, 18, 0), "es-MX")
    'sábado 9 de marzo de 2024, 18:00'
    """
    words = _calendar().get(primary(language), _calendar()[FALLBACK])
    moment: str = words["moment"].format(
        day_name=words["days"][at.weekday()][0],
        day=at.day,
        month=words["months"][at.month - 1][0],
        year=at.year,
        clock=f"{at:%H:%M}" if at.utcoffset() == at.replace(fold=1 - at.fold).utcoffset() else f"{at:%H:%M %Z}",
    )
    return moment


def find_dated(text: str, language: str) -> tuple[Dated, ...]:
    """Every day of the week and every month that stands beside a number, in the order of the text; none in other languages.

    >>> [(one.kind, one.number) for one in find_dated("There may be more on Saturday 9 March.", "en")]
    [('day', 5), ('month', 3)]
    """
    if primary(language) not in _calendar():
        return ()
    pattern, numbers = _names(primary(language))
    found = (Dated(*numbers[hit.group().casefold()], hit.span()) for hit in pattern.finditer(text))
    return tuple(one for one in found if one.kind == "day" or _is_dated(text, *one.span))


def _is_dated(text: str, start: int, end: int) -> bool:
    return any(char.isdigit() for char in text[max(0, start - _NEAR) : start] + text[end : end + 3])


@cache
def _calendar() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_data("core", "calendar.json")
    return found


@cache
def _names(language: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, int]]]:
    words = _calendar()[language]
    numbers = {
        form.casefold(): (kind, number)
        for kind, lists, first in (("day", words["days"], 0), ("month", words["months"], 1))
        for number, forms in enumerate(lists, first)
        for form in forms
    }
    # The longest first: one Arabic month begins like another.
    listed = "|".join(re.escape(one) for one in sorted(numbers, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE), numbers
