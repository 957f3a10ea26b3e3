"""The language in which a public page speaks: its words, its direction, and how it tells a time."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.language import FALLBACK, primary, tell_moment
from tocsin.core.window import parse_instant, zone_of

_RIGHT_TO_LEFT = frozenset("ar ckb dv fa he ku ps sd ug ur yi".split())
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


class Tongue(Struct, frozen=True, kw_only=True):
    """One language of the public pages. `language` is a BCP 47 primary subtag, `direction` is ltr or rtl."""

    language: str
    direction: str
    words: Mapping[str, Any]

    def say(self, phrase: str, **values: object) -> str:
        """The phrase of that name with its values, each isolated: a name of another script does not turn the rest round.

        >>> tongue_of("fr").say("issued", at="8 mars")
        'Émise le \u20688 mars\u2069'
        """
        isolated = {name: f"{_ISOLATE}{value}{_END_ISOLATE}" for name, value in values.items()}
        return str(self.words[phrase]).format(**isolated)

    def tell(self, instant: str, zone: str) -> str:
        """An RFC 3339 time as people of that IANA zone read it: weekday, day, minute. The zone is named beside it.

        >>> tongue_of("en").tell("2024-03-09T15:00:00Z", "Europe/Moscow")
        'Saturday 9 March 2024, 18:00'
        """
        return tell_moment(parse_instant(instant).astimezone(zone_of(zone)), self.language)


def tongue_of(language: str) -> Tongue:
    """The language of that BCP 47 tag if these pages speak it, else English.

    >>> tongue_of("ar-SY").direction, tongue_of("tr").language
    ('rtl', 'en')
    """
    return _tongues().get(primary(language), _tongues()[FALLBACK])


def direction_of(language: str) -> str:
    """How a text in that language runs, ltr or rtl; also for languages in which these pages have no words of their own.

    >>> direction_of("fa"), direction_of("tr")
    ('rtl', 'ltr')
    """
    return "rtl" if primary(language) in _RIGHT_TO_LEFT else "ltr"


@cache
def _tongues() -> Mapping[str, Tongue]:
    found = read_data("web", "public.json")
    return {
        language: Tongue(language=language, direction=direction_of(language), words=words)
        for language, words in found.items()
    }
