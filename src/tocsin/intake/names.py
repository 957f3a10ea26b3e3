"""Names in running text that may be places: runs of capitalised words, and what the words beside them say of them."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.intake.ports import place_key
from tocsin.intake.wording import Wording

_LETTER, _JOINS = r"[^\W\d_]", r"[.'’-]"
_REST = rf"{_LETTER}*(?:{_JOINS}{_LETTER}+)*"
_CAPITAL = Expression(rf"[^\W\d_a-z](?<!{_LETTER}.)(?<!{_LETTER}{_JOINS}.){_REST}")
"""A word that begins with no small letter of ASCII, whole: first the letter, which most places of a text rule out."""
_CONNECTORS = frozenset("of the and de del da do dos di du des la le les el al es au aux a an y e".split())
_NEXT = Expression(
    rf" {{1,2}}(?:(?P<capital>(?![a-z]){_LETTER}{_REST})|(?P<connector>{'|'.join(sorted(_CONNECTORS))})(?!{_LETTER}|{_JOINS}{_LETTER}))"
)
"""What can go on with a name: another such word, or a small one that joins two."""
_SIDES = frozenset("north south east west old new great central upper lower main national royal".split())
_LONGEST = 5
_TITLES = Expression(
    r"\b(?:mr|mrs|ms|dr|president|premier|prime minister|minister|secretary|spokes(?:man|woman|person)|ambassador|envoy|general|colonel|chief|governor|"
    r"king|queen|prince|sheikh|sir|captain|director|chairman|commissioner|senator)\.? $",
    re.IGNORECASE,
)
_LAST_OF_TITLES = (
    *("mr", "mrs", "ms", "dr", "president", "premier", "minister", "secretary", "man", "woman", "person", "ambassador"),
    *("envoy", "general", "colonel", "chief", "governor", "king", "queen", "prince", "sheikh", "sir", "captain"),
    *("director", "commissioner", "senator"),
)
VENUE_WORDS = (
    "airport|hotel|mall|gate|square|bridge|basilica|cathedral|mosque|church|synagogue|market|bazaar|stadium|arena|station|street|road|avenue|"
    "park|tower|plaza|beach|university|hospital|hall|theatre|museum|palace|resort|club|centre|center|opera house|port|harbour|terminal|complex|"
    "temple|shrine|fort|checkpoint|peninsula|air base|airbase|naval base|barracks|pier|boulevard|corniche|souk|souq|casino"
)
"""What a place in a town is called in the singular, as a pattern in lower case."""
_LANDMARK = Expression(
    rf"(?<![\w.'’&-])(?:[A-ZÀ-Þ][\w'’.&-]{{0,30}}(?<=[\w'’]) ){{1,4}}(?:[Ii]nternational )?(?:(?i:{VENUE_WORDS}|hotels|towers))\b|\b(?:St\.|Saint) [A-Z][\w’']+(?: [A-Z][\w’']+)?"
)
_CLASS_FIRST = Expression(
    r"(?:(?:Plaza|Piazza|Pra[çc]a|Camp|Boulevard|Rue|Promenade|Esplanade|Calle|Avenida|Avenue|Paseo|Parque|Parc|Jalan|Gare|Stade|Palais|Fort|Souk|Souq|Corniche|Mount|Mont|Lake)"
    r" (?:(?:de la|de los|de|du|des|del|della|di|do|da|dos|la|le|les|al|el) |de l['’]|d['’]|l['’])?|Place (?:de la |du |des |de |de l['’]|d['’]))"
    r"[A-ZÀ-Þ][\w'’-]+(?: (?:(?:de|du|des|del|de la) )?[A-ZÀ-Þ][\w'’-]+){0,2}"
)
"""Names that begin with what they are: `Plaza San Martin`, `Rue des Martyrs`, `Camp Alpha`."""
_SAINT = Wording(r"(?:St\.|Saint) ", near=("St. ", "Saint "))
_PARTS = (
    ("district", r"quarters?|districts?|neighbou?rhoods?|suburbs?|wards?|peninsula"),
    ("admin", r"provinces?|states?|regions?|governorates?|counties|county|departments|prefectures?|oblasts?"),
    ("island", r"islands?|archipelago"),
    ("landmark", r"shopping (?:cent(?:re|er)|mall|district|complex)|roundabout|border crossing"),
)
_PART_AFTER = Expression(
    r",? (?:and (?:[A-ZÀ-Þ][\w'’-]+ )+)?(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _PARTS) + r")\b"
)
_PART_BEFORE = Wording(
    r"\b(?:(?P<district>quarter|district|neighbou?rhood|suburb)|(?P<admin>province|state|region|governorate)|(?P<island>island)) of $",
    near=(" of ",),
    glue=None,
)


class Name(Struct, frozen=True):
    """A run of words at `start` to `end` (characters, end exclusive) and the key under which a gazetteer may know it."""

    start: int
    end: int
    key: str
    words: int
    first: bool
    """Its first word begins a sentence, where any word has a capital."""


Span = tuple[int, int]
"""Start and end of a word, in characters, end exclusive."""


def find_names(text: str) -> Iterator[Name]:
    """Every run of up to five words that begins and ends with a capital, the longest from each word first."""
    for start, end in _capitals(text):
        if _is_titled(text, start):
            continue
        begins = _begins_sentence(text, start)
        ends = _ends(text, end)
        for count in range(len(ends), 0, -1):
            if last := ends[count - 1]:
                yield Name(start, last, place_key(_bare(text[start:last])), count, begins)


@lru_cache(maxsize=8)
def _capitals(text: str) -> tuple[Span, ...]:
    """The words that begin with a capital, or in a script that has none. Names and landmarks both begin at one."""
    return tuple(match.span() for match in _CAPITAL.for_text(text).finditer(text) if not match.group()[0].islower())


def _ends(text: str, end: int) -> list[int]:
    """Where a name can end whose first word ends at `end`, by the count of its words; 0 behind a word that only joins."""
    ends = [end]
    while len(ends) < _LONGEST and (match := _NEXT.match(text, end)):
        capital, end = match["capital"], match.end()
        if capital and capital[0].islower():
            break
        ends.append(end if capital else 0)
    return ends


def _is_titled(text: str, start: int) -> bool:
    """Behind a title stands a person. The last letters of the word before tell it at once of nearly all words."""
    first = max(0, start - 24)
    before = text[first:start].rstrip(" .\n").lower()
    return (
        before.endswith(_LAST_OF_TITLES)
        and not before.endswith("consulate general")
        and bool(_TITLES.search(text, first, start))
    )


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \"“‘'(*-•>")
    return not before or before[-1] in ".!?:;\n—–"


def _bare(words: str) -> str:
    return words[:-2] if words.endswith(("'s", "’s")) else words


def find_landmarks(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind (airport or landmark) of names that end in what they are: `Serena Hotel`, `Kabul airport`."""
    done = 0
    # The pattern is tried only where it can begin: it is far dearer than a look at the words.
    for at in sorted({*(start for start, _ in _capitals(text)), *_saints(text)}):
        if at < done:
            continue
        if match := _CLASS_FIRST.match(text, at):
            done = match.end()
            yield at, done, "landmark"
            continue
        match = _LANDMARK.match(text, at)
        if match is None:
            continue
        words, start, done = match.group(), at, match.end()
        while (
            (first := words.split(" ", 1))[0].rstrip(".").lower() in _never_first()
            and len(first) > 1
            and first[0] != "St."
        ):
            start += len(first[0]) + 1
            words = first[1]
        if " " in words:
            yield start, match.end(), "airport" if words.lower().endswith("airport") else "landmark"


def _saints(text: str) -> Iterator[int]:
    return (one.start() for one in _SAINT.each(text))


@cache
def _never_first() -> frozenset[str]:
    """Words that begin a sentence and no venue's name; `East` does begin one (`East Gate`), and so does an article of another language."""
    return (common_words() | _CONNECTORS) - _SIDES - {"al", "el", "la", "le", "les"}


def part_kind(text: str, start: int, end: int) -> str | None:
    """What the words beside a name say that it is: a district, a part of a country, an island; None if they say nothing."""
    found = _PART_AFTER.match(text, end) or _PART_BEFORE.first(text, max(0, start - 20), start)
    return str(found.lastgroup) if found else None


@cache
def common_words() -> frozenset[str]:
    """Words that are written small in texts of this kind, and bear the name of some town too."""
    found: list[str] = read_data("intake", "common_words.json")
    return frozenset(found)
