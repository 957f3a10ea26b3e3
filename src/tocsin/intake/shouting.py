"""A text all in capitals, put into the case that its writer would have used: the same characters at the same places."""

import re
from functools import cache

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.intake.dates import MONTHS, WEEKDAYS
from tocsin.intake.names import common_words
from tocsin.intake.own_places import own_places
from tocsin.intake.ports import Gazetteer, GazetteerEntry, place_key
from tocsin.intake.wording import lowered

SHARE = 0.7
"""Of letters that are capitals, from which a text shouts."""
LEAST_LETTERS = 40
_FREQUENT = "etaoinshr"
"""Small letters that tell at once of nearly every text that it does not shout."""
LARGE = 100_000
"""People: only the name of a large town is taken for one where nothing else tells names from words."""
TOWN = 50_000
"""The same of a name of several words, such as `Kuwait City`."""
_WORD = Expression(r"[^\W\d_][\w'’-]*")
_STARTS = Expression(r"(?:^|[.!?:]\s+|\n\s*|[\"“]\s*)(?=[^\W\d_])")
_BESIDE = Expression(
    r"(?<![\w'’-])(?!(?:the|an?|any|every|each|this|that|these|those|and|of|to|its|our|some|all|both|several|other|near|in|at|from|embassy|high-end|luxury|large|big|popular|tourist|local|international|western|foreign|city|for|on|against|as|or|with|hit|target|avoid|attack|include|including|visit|guests|hotels|these|busy|main|food|shopping|petrol|bus|railway)\b)"
    r"([^\W\d_][\w'’-]+) (?=(?:international )?(?:airport|gate|hotels?|mall|square|basilica|peninsula|provinces?|quarters?|district|street|mosque|cathedral|stadium|island)\b)"
)
"""A word before what it is the name of."""
_LISTED = Expression(
    r"(?<![\w'’-])((?:[^\W\d_][\w'’-]+, ){1,8}[^\W\d_][\w'’-]+,? and )[^\W\d_][\w'’-]+ (?=(?:quarters|districts|provinces|suburbs|neighbou?rhoods)\b)"
    r"|(?<![\w'’-])((?:(?:(?!(?:at|near|to|the|of|in|from|and|or|hit|target|attack)\b)[^\W\d_][\w'’-]+) ){1,3}(?:international (?=airport\b)|(?=(?:air|naval|army) base\b)))"
    r"|(?<![\w'’-])(?:camp|fort|plaza|boulevard|avenida|calle|rue) (?!(?:the|of|and|in|for|at|on|or|is|are|near|to|with|from|de|areas?|sites?)\b)[^\W\d_][\w'’-]+"
    r"|(?<![\w'’-])(?!(?:the|an?|any|every|each|this|that|whole|entire|holiday|tourist|resort|other|of|on|small|main|southern|northern)\b)[^\W\d_][\w'’-]+ (?:island|archipelago)\b"
)
"""Names in a list before what all of them are, the whole name of an airport or base, and a class word with its name."""
_ABBREVIATION = Expression(r"\b(?:u\.s\.|u\.k\.|u\.n\.|us|uk|un)(?![\w-])")


def calm(text: str, gazetteer: Gazetteer) -> str:
    """The text itself unless it shouts; else its names with a capital and all else small.

    >>> class Nowhere:
    ...     def look_up(self, key): return ()
    >>> calm("THE EMBASSY IS CLOSED ON MONDAY. PLEASE AVOID CROWDS AND FOLLOW THE MEDIA.", Nowhere())
    'The embassy is closed on Monday. Please avoid crowds and follow the media.'
    """
    if sum(map(text.count, _FREQUENT)) > (1 - SHARE) * len(text):
        return text
    letters = "".join(filter(str.isalpha, text))
    if len(letters) < LEAST_LETTERS or sum(map(str.isupper, letters)) < SHARE * len(letters):
        return text
    lower = lowered(text)
    chars = list(lower)
    for start in _STARTS.finditer(lower):
        _raise(chars, lower, start.end(), start.end() + 1)
    for match in _ABBREVIATION.finditer(lower):
        _raise(chars, lower, *match.span())
    for match in _groups().finditer(lower):
        _name(chars, lower, match)
    for match in _BESIDE.finditer(lower):
        _raise(chars, lower, match.start(), match.start() + 1)
    for match in _LISTED.finditer(lower):
        _names(chars, lower, match)
    words = list(_WORD.finditer(lower))
    for number, word in enumerate(words):
        if span := _place(words, number, lower, gazetteer):
            for one in _WORD.finditer(lower, *span):
                _raise(chars, lower, one.start(), one.start() + 1)
        elif word.group().removesuffix("'s").removesuffix("’s") in _known():
            _raise(chars, lower, word.start(), word.start() + 1)
    return "".join(chars)


def _raise(chars: list[str], lower: str, start: int, end: int) -> None:
    for place in range(start, min(end, len(chars))):
        upper = lower[place].upper()
        chars[place] = upper if len(upper) == 1 else lower[place]


def _names(chars: list[str], lower: str, match: re.Match[str]) -> None:
    for word in _WORD.finditer(lower, *match.span()):
        if word.group() not in common_words():
            _raise(chars, lower, word.start(), word.start() + 1)


def _name(chars: list[str], lower: str, match: re.Match[str]) -> None:
    for word in _WORD.finditer(lower, *match.span()):
        _raise(chars, lower, word.start(), word.end() if word.group() in _acronyms() else word.start() + 1)


def _place(words: list[re.Match[str]], number: int, lower: str, gazetteer: Gazetteer) -> tuple[int, int] | None:
    """The longest run of up to five words from here that is the name of a country or a large town."""
    for count in (5, 4, 3, 2, 1):
        run = words[number : number + count]
        if len(run) < count or (count == 1 and (len(run[0].group()) < 4 or run[0].group() in common_words())):
            continue
        name = lower[run[0].start() : run[-1].end()].removesuffix("'s").removesuffix("’s")
        key = place_key(name)
        if key in own_places() or any(_is_known(one, count) for one in gazetteer.look_up(key)):
            return run[0].start(), run[-1].end()
    return None


def _is_known(one: GazetteerEntry, count: int) -> bool:
    """By another name than its own only in several words (`Kuwait City`): one word may be a word of the language."""
    return one.kind in {"country", "admin"} or (
        one.population >= (LARGE if count == 1 else TOWN) and (not one.alternate or count > 1)
    )


@cache
def _groups() -> re.Pattern[str]:
    named: str = read_data("intake", "actors.json")["named"]
    return re.compile(rf"(?<![\w-])(?:{named})(?![\w])", re.IGNORECASE)


@cache
def _acronyms() -> frozenset[str]:
    named: str = read_data("intake", "actors.json")["named"]
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z]{2,6}\b", named))


@cache
def _known() -> frozenset[str]:
    """Months (but for `may` and `march`), days of the week, adjectives and names of states in one word."""
    states: dict[str, list[str]] = read_data("intake", "issuers.json")["states"]
    words = {
        name for names in states.values() for name in names if " " not in name and "." not in name and len(name) > 3
    }
    people = {f"{name}s" for name in words if name.endswith("n")}
    return frozenset({*MONTHS, *WEEKDAYS, *words, *people} - {"may", "march"})
