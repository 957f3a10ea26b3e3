"""The days that an article names: its own date line first, then every other day, counted from it or from the last one named."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.intake.dates import MONTHS, WEEKDAYS, month_number, small
from tocsin.intake.wording import lowered

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_COUNT = r"[0-9]{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBERS = {"a": 1, "an": 1} | {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_UNIT_DAYS = {"day": 1, "week": 7, "hour": 0}
_EVENT = r"attacks?|bombings?|shootings?|explosions?|assault|massacre|siege|blasts?"
_STEMS = sorted({name[:3] for name in (*MONTHS, *WEEKDAYS)})
_FIRST_WORDS = f"{' '.join(_NUMBERS)} early late mid in last yesterday today tonight that the".split()
_MAY_BEGIN = Expression(
    rf"\b(?=[0-9{''.join(sorted({one[0] for one in (*_STEMS, *_FIRST_WORDS)}))}])"
    rf"(?:[0-9]|{'|'.join(_STEMS)}|(?:{'|'.join(_FIRST_WORDS)})\b)"
)
"""Where a day in words can begin, over lower case."""
_DAY = Expression(
    rf"(?:(?:{_WEEKDAY},? )?(?:(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})|(?P<m2>{_MONTH}) (?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]))(?:,? (?P<y>(?:19|20)[0-9]{{2}})\b)?"
    r"|(?P<iso>(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})\b"
    rf"|(?P<m3>{_MONTH}) (?P<y3>(?:19|20)[0-9]{{2}})\b"
    r"|in (?P<y4>(?:19|20)[0-9]{2})(?![0-9-])"
    rf"|(?:early|late|mid)[ -](?P<m4>{_MONTH})"
    rf"|(?:last )?(?P<weekday>{_WEEKDAY})(?: (?:morning|afternoon|evening|night))?\b"
    r"|(?P<near>yesterday|today|tonight)\b"
    r"|(?P<same>(?:that|the same) (?:morning|afternoon|day|evening|night)|earlier in the day)\b"
    rf"|(?P<n>{_COUNT}) (?P<unit>day|week|hour)s? (?P<side>before|after|later|earlier|ago)\b"
    rf"(?P<event> (?:the|that|this) (?:[a-z]+ )?(?:{_EVENT})\b)?"
    r"|the (?P<next>day|week) (?P<side2>before|after)(?P<event2> the (?:[a-z]+ )?(?:" + _EVENT + r"))?\b)",
    re.IGNORECASE,
)
_ATTACK_DAY = Expression(
    rf"\b(?:{_EVENT}|events|attacked|bombed|killed|shot dead)\b(?!-)[^.\n]{{0,40}}?\b(?:on|of) (?=[0-9A-Z])",
    re.IGNORECASE,
)
_LABEL = Expression(r"\b(?:published|posted|updated|dated?)(?: on)?[ :]{1,3}$", re.IGNORECASE)
_HEAD = 200
"""A date line stands in the first characters of an article."""
_AFTER_DATELINE = Expression(r" ?(?:\([A-Z][\w .]{1,30}\) ?)?(?:[-–—:.]|$)")
_BEFORE_DATELINE = Expression(r"^\W*(?:By [^\n.]{2,60}[.,] *)?(?:[A-ZÀ-Þ][\w.'’ -]{1,40}[,.]? *){1,3}$")


class Day(Struct, frozen=True):
    """A day or month with its words: `value` is `YYYY[-MM[-DD]]`, the span in characters of the text, end exclusive."""

    value: str
    start: int
    end: int
    rule: str


def find_dateline(text: str) -> Day | None:
    """The day that the article gives for itself: in its date line or behind a word such as "published"; None if it gives none."""
    for match in _mentions(text):
        day = _full(match)
        if day is None:
            continue
        if _LABEL.search(text, max(0, match.start() - 20), match.start()):
            return Day(day.isoformat(), match.start(), match.end(), "A-label")
        if match.start() < _HEAD and _stands_in_head(text, match.start(), match.end()):
            return Day(day.isoformat(), match.start(), match.end(), "A-dateline")
    return None


def _mentions(text: str) -> Iterator[re.Match[str]]:
    """Every day in words. The pattern is tried only where its first word can stand: it is far dearer than that look."""
    done = 0
    lower = lowered(text)
    for first in _MAY_BEGIN.for_text(lower).finditer(lower):
        if first.start() >= done and (match := _DAY.match(text, first.start())):
            done = match.end()
            yield match


def _stands_in_head(text: str, start: int, end: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return bool(_AFTER_DATELINE.match(text, end)) and (line == start or bool(_BEFORE_DATELINE.match(text[line:start])))


def find_days(text: str, reference: date | None) -> tuple[Day, ...]:
    """Every day that the text names, in order; what is counted from a day that is not known is left out.

    A weekday is the last such day up to `reference`, the day of the text; a day without a year the last such day up to
    a month after it. "A day later" counts from the last day named before, "before the attack" from the day of the attack.
    """
    matches = tuple(_mentions(text))
    dated = [day for match in matches if (day := _full(match))]
    told = reference or max(dated, default=None)
    if told is None:
        return ()
    attack = _attack_day(text, told) if any(match["event"] or match["event2"] for match in matches) else None
    found: list[Day] = []
    last: date | None = None
    for match in matches:
        resolved = _resolve(match, told, last, attack)
        if resolved is None:
            continue
        value, rule = resolved
        found.append(Day(value, match.start(), match.end(), rule))
        if len(value) == 10:
            last = date.fromisoformat(value)
    return tuple(found)


def _full(match: re.Match[str]) -> date | None:
    if match["iso"]:
        try:
            return date.fromisoformat(match["iso"])
        except ValueError:
            return None
    return _day(int(match["y"]), match["m"] or match["m2"], match["d"] or match["d2"]) if match["y"] else None


def _resolve(match: re.Match[str], told: date, last: date | None, attack: date | None) -> tuple[str, str] | None:
    """The day as `YYYY[-MM[-DD]]` and the rule that gave it."""
    if match["iso"] or match["y"]:
        full = _full(match)
        return (full.isoformat(), "D-full") if full else None
    if match["m3"]:
        return f"{match['y3']}-{month_number(match['m3']):02d}", "D-month"
    if match["y4"]:
        return match["y4"], "D-year"
    if match["m4"]:
        month = month_number(match["m4"])
        return f"{told.year - (month > told.month):04d}-{month:02d}", "D-month-of-article"
    if match["m"] or match["m2"]:
        near = _nearest_year(match["m"] or match["m2"], match["d"] or match["d2"], told)
        return (near.isoformat(), "D-year-of-article") if near else None
    if match["weekday"]:
        return _weekday_before(match["weekday"], told).isoformat(), "D-weekday"
    if match["near"]:
        return (told - timedelta(days=small(match["near"]) == "yesterday")).isoformat(), "D-near"
    if match["same"]:
        return (last.isoformat(), "D-same") if last else None
    return _counted(match, told, last, attack)


def _counted(match: re.Match[str], told: date, last: date | None, attack: date | None) -> tuple[str, str] | None:
    side = small(match["side"] or match["side2"])
    event = match["event"] or match["event2"]
    is_of_event = bool(event) and attack is None and side == "after"
    base = attack if event and not is_of_event else told if side == "ago" else last
    if base is None or (side == "before" and not event):
        return None
    days = _count(match["n"]) * _UNIT_DAYS[small(match["unit"] or match["next"])]
    # "On Tuesday, two days after the embassy warned": the day is that of the warning, two days before Tuesday.
    sign = 1 if side == "later" or (side == "after" and event and not is_of_event) else -1
    try:
        return (
            base + sign * timedelta(days=days)
        ).isoformat(), "D-counted" if not event else "D-of-event" if is_of_event else "D-event"
    except OverflowError:
        return None


def _attack_day(text: str, told: date) -> date | None:
    """The day that the text gives for an attack that happened."""
    for mention in _ATTACK_DAY.finditer(text):
        match = _DAY.match(text, mention.end())
        day = _resolve(match, told, None, None) if match else None
        if day and len(day[0]) == 10 and day[0] <= told.isoformat():
            return date.fromisoformat(day[0])
    return None


def _nearest_year(month: str, number: str, told: date) -> date | None:
    for year in (told.year + 1, told.year, told.year - 1):
        day = _day(year, month, number)
        if day and day <= told + timedelta(days=31):
            return day
    return None


def _weekday_before(name: str, told: date) -> date:
    return told - timedelta(days=(told.weekday() - WEEKDAYS.index(small(name))) % 7)


def _day(year: int, month: str, number: str) -> date | None:
    try:
        return date(year, month_number(month), int(number))
    except ValueError:
        return None


def _count(words: str | None) -> int:
    if words is None:
        return 1
    return int(words) if words.isdigit() else _NUMBERS[small(words)]
