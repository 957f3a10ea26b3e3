"""The facts that a text must tell alike in every language: numbers, times with their zone, days, places, telephone, link."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache

from msgspec import Struct

from tocsin.compose.letters import PLAIN, Reading
from tocsin.compose.lint.words import find_words, languages_of
from tocsin.compose.versions import VersionText
from tocsin.core.data import read_data
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
"""Characters behind a time in which a word such as “time” or “heure” says its zone."""
_LASTING = 24
"""Characters in front of a time in which a word says that it is how long, not when: “pendant les 12 h”."""
_NEAR_DATE = 9
"""Characters on either side of a month in which its day and its year stand: “9 de marzo de 2024”."""
_ARABIC_PREFIX = 3
"""Letters that Arabic puts in front of a name and writes together with it: and, in, to, the."""

_LINK = Expression(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_TELEPHONE = Expression(r"\+\d[\d ()-]{5,25}\d")
# A minus is an offset only behind a full RFC 3339 time: “18:00-20:00” says from and to.
_ZONE = Expression(
    r"\b(?:UTC|GMT)(?: ?[+\u2013\u2212-](?:0?\d|1[0-4])(?::?[0-5]\d)?)?\b|\b[A-Z][a-z]{1,14}/[A-Z][A-Za-z_]{1,19}"
    r"|\+(?:0\d|1[0-4]):[0-5]\d|(?<=T\d\d:\d\d:\d\d)-\d\d:\d\d"
)
_EVENING = r"du soir|de l['’]après-midi|de la tarde|in the (?:evening|afternoon)|вечера|вечора|مساء"
_MORNING = r"du matin|de la mañana|de la madrugada|in the morning|утра|ранку|صباح"
_NIGHT = r"de la nuit|de la noche|at night|ночи|ночі|ليل"
_CLOCK = Expression(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]|24(?=:00| ?h(?! ?\d)))(?:[:.](?P<minute>[0-5]\d)(?! ?[ap]\.?m\b)(?![\d:])"
    r"|(?:[:.](?P<past>[0-5]\d))? ?(?P<half>[ap])\.?m\b| ?h(?: ?(?P<after>[0-5]\d))?(?!\w)"
    # “6 вечера” is a time, but “2 дня” and “2 ночи” are two days and two nights.
    rf"|(?: (?:heures|horas|часов|часа|годин[иуі]?))?(?= (?:{_EVENING}|{_MORNING}))"
    rf"| (?:heures|horas|часов|часа?|годин[иуі]?)(?= (?:{_NIGHT}|дня)))",
    re.IGNORECASE,
)
_PART_OF_DAY = Expression(
    rf",? (?:(?P<evening>{_EVENING})|(?P<morning>{_MORNING})|(?P<night>{_NIGHT})|(?P<day>дня\b))", re.IGNORECASE
)
_HOW_LONG = Expression(
    r"\b(?:for|within|in|every|next|en|pendant|durant|dans|sous|toutes|prochaines|durante|dentro|por|próximas|cada"
    r"|less|more|than|at least|moins|plus|au moins|menos|más|al menos)(?: (?:the|next|les|de|las))?(?: prochaines| próximas)? $",
    re.IGNORECASE,
)
_UNTIL = Expression(r"(?:\b(?:at|by|to|till|until|las|à|et|and|y)|-) ?$", re.IGNORECASE)
_NUMBER = Expression(r"\d{1,3}(?:[ ,.'’]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_COMMA_BETWEEN_THOUSANDS = frozenset({"en", "ar"} | {f"es-{one}" for one in "mx us pr gt hn ni sv do pa".split()})
"""Languages, and countries of one, where 1,500 is many and 1.500 is one and a half; in all others it is the other way round."""
_OFFSET = Expression(r"(?:UTC|GMT)(?: ?(?P<sign>[+\u2013\u2212-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?)?")
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
    signs = list(_without(plain, [hit.span() for hit in _find_clocks(plain)]))
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
    text, places = _take_zones(text, primary(language))
    yield from (Fact(FactKind.ZONE, place) for place in places)
    clocks = _find_clocks(text)
    # What is said behind the next time is not said of this one: “18:00 to 20:00 Bamako time” names one zone in any language.
    ends = [one.start() for one in clocks[1:]] + [len(text)]
    for hit, end in zip(clocks, ends, strict=False):
        yield Fact(FactKind.TIME, _told(hit, text))
        after = _FULL_STOP.split(text[hit.end() : min(end, hit.end() + _ZONE_WITHIN)], maxsplit=1)[0]
        if primary(language) in languages_of("zone") and find_words("zone", primary(language), after):
            yield Fact(FactKind.ZONE, LOCAL)
    for hit in _NUMBER.finditer(_without(text, [hit.span() for hit in clocks])):
        yield Fact(FactKind.NUMBER, _plain(hit.group(), language))


def _take_zones(text: str, language: str) -> tuple[str, list[str]]:
    """The text without the zones that it names, and their places by their English names: “heure de Moscou” is of Moscow."""
    if language not in read_data("compose", "zones.json")["said"]:
        return text, []
    hits = [hit for hit in _zones_said(language).finditer(text) if _has_number_beside(hit, text)]
    names = [next(stem for stem in hit.groups() if stem).casefold() for hit in hits]
    return _without(text, [hit.span() for hit in hits]), [_places().get(name, LOCAL) for name in names]


def _has_number_beside(hit: re.Match[str], text: str) -> bool:
    """Whether a time can stand with it: “the third time in London” and “at this time Paris is calm” name no zone."""
    return any(map(str.isdigit, text[max(0, hit.start() - _ZONE_WITHIN) : hit.end() + _ZONE_WITHIN]))


@cache
def _zones_said(language: str) -> re.Pattern[str]:
    """A zone that is named by one of our places, what we have of the name as a group."""
    zones = read_data("compose", "zones.json")
    # The longest first: one name begins like another. A star stands for an ending.
    listed = sorted((name for names in zones["places"].values() for name in names), key=len, reverse=True)
    names = "|".join(re.escape(one[:-1]) if one.endswith("*") else rf"{re.escape(one)}\b" for one in listed)
    said = (one.replace("{place}", rf"({names})\w{{0,8}}") for one in zones["said"][language])
    return re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)", re.IGNORECASE)


@cache
def _places() -> Mapping[str, str]:
    """What we have of a place's name in any of the languages, to its English name."""
    places: dict[str, list[str]] = read_data("compose", "zones.json")["places"]
    return {name.removesuffix("*"): english for english, names in places.items() for name in names}


def _find_clocks(text: str) -> list[re.Match[str]]:
    """The times of day; “pendant 12 h” is none."""
    return [hit for hit in _CLOCK.finditer(text) if not _is_how_long(hit, text)]


def _is_how_long(hit: re.Match[str], text: str) -> bool:
    """Whether hours that are written with an h last so long. 24 of them do, unless something is said to end then."""
    if hit["minute"] or hit["half"] or _PART_OF_DAY.match(text, hit.end()):
        return False
    before = text[max(0, hit.start() - _LASTING) : hit.start()]
    return bool(_HOW_LONG.search(before)) or (hit["hour"] == "24" and not _UNTIL.search(before))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    signs = list(text)
    for start, end in spans:
        signs[start:end] = " " * (end - start)
    return "".join(signs)


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit.group())


def _written(kind: FactKind, found: str) -> str:
    if kind is FactKind.TELEPHONE:
        return "+" + "".join(filter(str.isdigit, found))
    if kind is FactKind.ZONE and (offset := _OFFSET.fullmatch(found)):
        sign = "+" if offset["sign"] == "+" else "-"
        minutes = offset["minutes"] if offset["minutes"] not in {None, "00"} else ""
        return f"UTC{sign}{int(offset['hours'])}{minutes and ':' + minutes}" if offset["sign"] else "UTC"
    return found.rstrip(".,;:!?)»”\"'؛،؟") if kind is FactKind.LINK else found


def _told(hit: re.Match[str], text: str) -> str:
    hour, minute = int(hit["hour"]), hit["minute"] or hit["past"] or hit["after"] or "00"
    part = _PART_OF_DAY.match(text, hit.end()) if hour <= 12 else None
    half = hit["half"].lower() if hit["half"] else _half(part.lastgroup, hour) if part else ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute}"


def _half(part: str | None, hour: int) -> str:
    """Whether it is before or after noon: 11 at night is after, 2 at night before, 2 in the day after."""
    before_noon = {"evening": False, "morning": True, "day": 6 <= hour < 12}.get(part or "", not 6 <= hour < 12)
    return "a" if before_noon else "p"


def _plain(number: str, language: str) -> str:
    """Without the marks between thousands and the zero of a day such as 09, and with a point before decimals.

    One mark before three digits is read as the language reads it: 1.500 is many in Spanish, in English one and a half.
    """
    if one_mark := re.fullmatch(r"([1-9]\d{0,2}|0)([.,])(\d{3})", number):
        many = "," if _has_comma_between_thousands(language) else "."
        return one_mark[1] + ("" if one_mark[2] == many and one_mark[1] != "0" else ".") + one_mark[3]
    if re.fullmatch(r"\d{1,3}(?:[ ,.'’]\d{3})+", number):
        return re.sub(r"\D", "", number)
    return re.sub(r"^0(?=\d$)", "", number.replace(",", "."))


def _has_comma_between_thousands(language: str) -> bool:
    return not {language.lower(), primary(language)}.isdisjoint(_COMMA_BETWEEN_THOUSANDS)
