"""The facts that a text must tell alike in every language: numbers, times with their zone, days, places, telephone, link."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from tocsin.compose.letters import PLAIN, Reading
from tocsin.compose.lint.words import find_words
from tocsin.compose.versions import VersionText
from tocsin.core.expression import Expression
from tocsin.core.language import find_dated, primary


class FactKind(StrEnum):
    """What is told. The value is how a difference names it."""

    LINK = "link"
    TELEPHONE = "telephone"
    TIME = "time"
    ZONE = "zone"
    DAY = "day"
    MONTH = "month"
    NUMBER = "number"


class Fact(Struct, frozen=True, order=True):
    """One of them, written the same way whatever the language: `18:00`, `Saturday`, `48`."""

    kind: FactKind
    value: str


FIELDS = ("headline", "description", "instruction")
LOCAL = "of the place"
"""The value of a zone that is said in words: “18:00 Moscow time”."""
_ZONE_WITHIN = 40
_NEAR_DATE = 9
"""Characters on either side of a month in which its day and its year stand: “9 de marzo de 2024”."""
_ARABIC_PREFIX = 3
"""Letters that Arabic puts in front of a name and writes together with it: and, in, to, the."""

_LINK = Expression(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_TELEPHONE = Expression(r"\+\d[\d ()-]{5,25}\d")
# A minus is an offset only behind a full RFC 3339 time: “18:00-20:00” says from and to.
_ZONE = Expression(
    r"\b(?:UTC|GMT)(?:[+-]\d{1,2})?\b|\b[A-Z][a-z]{1,14}/[A-Z][A-Za-z_]{1,19}"
    r"|\+(?:0\d|1[0-4]):[0-5]\d|(?<=T\d\d:\d\d:\d\d)-\d\d:\d\d"
)
_CLOCK = Expression(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d)(?! ?[ap]\.?m\b)(?![\d:])"
    r"|(?:[:.](?P<past>[0-5]\d))? ?(?P<half>[ap])\.?m\b| ?h(?: ?(?P<after>[0-5]\d))?(?!\w))",
    re.IGNORECASE,
)
_NUMBER = Expression(r"\d{1,3}(?:[ ,.'’]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_ONE_KIND = {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u066c": ",", "\u066b": "."}
_FULL_STOP = Expression(r"[.!?؟\n]")


def find_facts(text: str, language: str) -> Counter[Fact]:
    """How often each fact stands in the text, but for places. Linear in its length; any text is a text.

    >>> sorted(fact.value for fact in find_facts("Dès 18 h 30 : 2 000 personnes", "fr"))
    ['18:30', '2000']
    """
    return Counter(_facts(_digits(text), language))


def find_differences(
    main: VersionText, main_language: str, told: VersionText, language: str, places: Mapping[str, str]
) -> tuple[str, ...]:
    """What `told` tells otherwise than `main`, field by field; empty if it tells the same (LESSONS L11).

    `places` are the names of the threat's places as the main text has them, each with its name in the other language.
    """
    found = []
    for field in FIELDS:
        wanted = find_facts(getattr(main, field), main_language)
        there = find_facts(getattr(told, field), language)
        found += [f"{field}: {one.kind.value} {one.value} is missing" for one in sorted(wanted - there)]
        found += [f"{field}: {one.kind.value} {one.value} is not in the main text" for one in sorted(there - wanted)]
    for name, told_name in places.items():
        wanted_there, is_there = names_place(_whole(main), name), names_place(_whole(told), told_name)
        if wanted_there and not is_there:
            found.append(f"place {name} is missing, looked for as “{told_name}”")
        if is_there and not wanted_there:
            found.append(f"place {told_name} is not in the main text")
    return tuple(found)


def without_moments(text: str, language: str) -> str:
    """The text without its times, days and dates: what is left when only the end of a window has moved.

    >>> without_moments("Stay away until Saturday 9 March, 18:00.", "en").split()
    ['Stay', 'away', 'until', ',', '.']
    """
    plain = _digits(text)
    signs = list(_CLOCK.sub(_blank, plain))
    for one in find_dated(plain, language):
        start, end = one.span
        signs[start:end] = " " * (end - start)
        for n in (*range(max(0, start - _NEAR_DATE), start), *range(end, min(len(signs), end + _NEAR_DATE))):
            signs[n] = " " if one.kind == "month" and signs[n].isdigit() else signs[n]
    return "".join(signs)


def names_place(text: str, name: str) -> bool:
    """Whether the text names that place, inflected or with an Arabic prefix, as whole words in this order.

    >>> names_place("Опасность в Москве", "Москва"), names_place("خطر بموسكو", "موسكو"), names_place("Romeo", "Rome")
    (True, True, False)
    """
    wanted = [(word.stem, word.letters) for word in Reading([("", name)], PLAIN).words]
    said = [(word.stem, word.letters) for word in Reading([("", text)], PLAIN).words]
    return bool(wanted) and any(
        all(_is_same(one, other) for one, other in zip(said[n : n + len(wanted)], wanted, strict=True))
        for n in range(len(said) - len(wanted) + 1)
    )


def _is_same(said: tuple[str, str], wanted: tuple[str, str]) -> bool:
    if said[0] == wanted[0] or said[1] == wanted[1]:
        return True
    longer = len(said[1]) - len(wanted[1])
    return "؀" <= wanted[1][0] <= "ۿ" and 0 < longer <= _ARABIC_PREFIX and said[1].endswith(wanted[1])


def _whole(text: VersionText) -> str:
    """All words, without links and zones: “Europe/Moscow” tells a time and not where the danger is."""
    return _ZONE.sub(_blank, _LINK.sub(_blank, "\n".join(getattr(text, field) for field in FIELDS)))


def _digits(text: str) -> str:
    """The same with every digit as 0 to 9, spaces and Arabic marks in numbers of one kind; not one sign longer or shorter."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else _ONE_KIND.get(c, c) for c in text)


def _facts(text: str, language: str) -> Iterator[Fact]:
    """Each kind is taken out before the next is looked for: the digits of a link are no number."""
    for kind, pattern in ((FactKind.LINK, _LINK), (FactKind.TELEPHONE, _TELEPHONE), (FactKind.ZONE, _ZONE)):
        for hit in pattern.finditer(text):
            yield Fact(kind, _written(kind, hit.group()))
        text = pattern.sub(_blank, text)
    for one in find_dated(text, language):
        yield Fact(FactKind(one.kind), one.name)
    for hit in _CLOCK.finditer(text):
        yield Fact(FactKind.TIME, _told(hit))
        after = _FULL_STOP.split(text[hit.end() : hit.end() + _ZONE_WITHIN], maxsplit=1)[0]
        if find_words("zone", primary(language), after):
            yield Fact(FactKind.ZONE, LOCAL)
    for hit in _NUMBER.finditer(_CLOCK.sub(_blank, text)):
        yield Fact(FactKind.NUMBER, _plain(hit.group()))


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit.group())


def _written(kind: FactKind, found: str) -> str:
    if kind is FactKind.TELEPHONE:
        return "+" + "".join(filter(str.isdigit, found))
    return found.rstrip(".,;:!?)»”\"'؛،؟") if kind is FactKind.LINK else found


def _told(hit: re.Match[str]) -> str:
    hour, minute = int(hit["hour"]), hit["minute"] or hit["past"] or hit["after"] or "00"
    if hit["half"]:
        hour = hour % 12 + (12 if hit["half"].lower() == "p" else 0)
    return f"{hour:02}:{minute}"


def _plain(number: str) -> str:
    """Without the marks between thousands and the zero of a day such as 09, and with a point before decimals."""
    if re.fullmatch(r"\d{1,3}(?:[ ,.'’]\d{3})+", number):
        return re.sub(r"\D", "", number)
    return re.sub(r"^0(?=\d$)", "", number.replace(",", "."))
