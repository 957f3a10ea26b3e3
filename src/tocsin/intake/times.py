"""When a text was issued, and the window it speaks of. Reading never invents an end."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from tocsin.intake.clauses import clause_at, lowered
from tocsin.intake.dates import MONTH, MONTHS, WEEKDAYS, FoundDate, find_dates, month_number
from tocsin.intake.issue_date import find_issue_date
from tocsin.intake.wording import Wording

_MOST_OTHERS = 3
_MOST_DATES = 200
"""Of a text that are held against each other."""
_LONGEST = timedelta(days=400)
"""No alert speaks of days further away; a date beyond is of something else."""


@dataclass(frozen=True)
class FoundSpan:
    """Days with the words they were read from; None where the text gives no first or no last one."""

    first: date | None
    last: date | None
    start: int
    end: int
    rule: str
    precision: str


def find_date(text: str) -> tuple[date, int, int] | None:
    """The date on which the text, or the warning that an article tells of, was issued; with its span.

    >>> find_date("Moscow, March 7, 2024")[0].isoformat()
    '2024-03-07'
    """
    return find_issue_date(text, lowered(text))


def find_windows(text: str, issued: date | None) -> tuple[FoundSpan, ...]:
    """The window that the text states (VOCAB, window rules), then up to three other readings; empty if it states none."""
    lower = lowered(text)
    found: list[FoundSpan] = []
    for find in (_expiry, _next, _named_days, _feasts, _relative, _months, _open):
        for span in find(lower, text, issued):
            if all((span.first, span.last) != (one.first, one.last) for one in found):
                found.append(span)
    if found and found[0].last is not None:
        found = [one for one in found if one.last is not None]
    return tuple(found[: 1 + _MOST_OTHERS])


def _expiry(lower: str, _text: str, issued: date | None) -> list[FoundSpan]:
    """`expires D`, `valid until D`: from the date of issue to D."""
    found = []
    for one in find_dates(lower):
        words = _EXPIRES.first(lower, max(0, one.start - 40), one.start)
        days = one.on(issued)
        if words and days and (issued is None or issued <= days[1] <= issued + _LONGEST):
            found.append(FoundSpan(issued, days[1], words.start(), one.end, "T-expires", "day"))
    return found


_EXPIRES = Wording(
    r"(?:expir(?:es?|ing|y)(?: date)?|valid (?:until|through|to)|in (?:force|effect) (?:until|through))[: ]*(?:on )?(?:midnight )?(?:on )?$",
    near=("expir", "valid ", "in force ", "in effect "),
    glue=None,
)
_COUNT = r"(?P<n>[0-9]{1,3}|[a-z-]+)"
_NEXT = Wording(
    rf"(?:(?:for|in|over|during|within|throughout) )?(?:the )?(?:next|coming|following|upcoming) (?:{_COUNT}(?: \([0-9]+\))?[ -])?(?P<unit>hours?|days?|weeks?|months?)\b",
    near=("next ", "coming ", "following "),
    glue=None,
)
_NUMBERS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
    )
}
_NUMBERS |= {"twenty-four": 24, "forty-eight": 48, "seventy-two": 72, "a": 1, "": 1}
_UNITS = {"hour": 1, "day": 24, "week": 168, "month": 720}


def _next(lower: str, _text: str, issued: date | None) -> list[FoundSpan]:
    """`next N hours`: from the date of issue, N hours rounded up to days; `coming days` gives no end."""
    found = []
    for match in _NEXT.each(lower):
        unit = match["unit"].rstrip("s")
        words = match["n"] or ""
        count = int(words) if words.isdecimal() else _NUMBERS.get(words)
        plural = match["unit"].endswith("s")
        known = count is not None and 0 < count <= 366 and not (words == "" and plural)
        last = issued + timedelta(days=-(-count * _UNITS[unit] // 24)) if issued and known and count else None
        precision = "hour" if unit == "hour" and known else "day"
        rule = "T-next" if known else "T-open"
        found.append(FoundSpan(issued, last, match.start(), match.end(), rule, precision))
    return sorted(found, key=lambda one: one.last is None)


def _named_days(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """A day, days, a weekend or a span of days that the text names and that is not over when it is issued."""
    dates = [
        one for one in find_dates(lower)[:_MOST_DATES] if not _EXPIRES.first(lower, max(0, one.start - 40), one.start)
    ]
    of_issue = find_date(text)
    found, used = [], set()
    for number, one in enumerate(dates):
        days = one.on(issued)
        if number in used or days is None or (of_issue and one.start == of_issue[1]) or not _is_ahead(days, issued):
            continue
        if not _speaks_of_what_comes(text, one):
            continue
        first, last, start, end = days[0], days[1], one.start, one.end
        following = dates[number + 1] if number + 1 < len(dates) else None
        if (
            following
            and _JOIN.fullmatch(lower, one.end, following.start)
            and (until := following.on(first))
            and until[1] > first
        ):
            last, end = until[1], following.end
            used.add(number + 1)
        elif _UNTIL.search(lower, max(0, one.start - 30), one.start) and issued:
            first = issued
        words = _BEFORE_DAY.search(lower, max(0, start - 40), start)
        found.append(
            FoundSpan(
                first,
                last,
                words.start() if words else start,
                end,
                "T-day",
                "hour" if words and words["hour"] else "day",
            )
        )
        if one.swapped and (other := one.other.on(issued)) and _is_ahead(other, issued):
            found.append(FoundSpan(*other, start, end, "T-swapped", "day"))
    # A weekend that is named beside one of its days is what is meant.
    return sorted(found, key=lambda span: any(_holds(other, span) for other in found))


def _holds(whole: FoundSpan, part: FoundSpan) -> bool:
    if whole.first is None or part.first is None or whole.last is None or part.last is None:
        return False
    return (
        (whole.first, whole.last) != (part.first, part.last) and whole.first <= part.first and part.last <= whole.last
    )


_JOIN = re.compile(r",?\s?(?:-|–|—|to|and|through|until|or)\s?(?:\w+day,? )?")
_UNTIL = re.compile(r"\b(?:until|till|through|up to|to)(?: the end of)?(?: midnight)?(?: on)? (?:\w+day,? )?$")
_BEFORE_DAY = re.compile(
    r"(?:(?P<hour>(?:at|from|by|until|before|after) [0-9]{1,2}(?::[0-9]{2})?\s?(?:a\.?m\.?|p\.?m\.?|hours|local time)?) )?"
    r"(?:(?:during|over|on|for|from|between|through|until|at|of|around) (?:the )?(?:weekend of |night of |evening of |morning of )?)?$"
)
_SAID = re.compile(
    r"\b(?:said|told|asked|called|replied|wrote|spoke|announced|reported|posted|published|summoned|denied|arrested|foiled|claimed)\b"
)
_COMING = re.compile(
    r"\b(?:may|might|could|will|would|plan\w*|plot\w*|expected|scheduled|possible|potential|threat\w*|call(?:s|ed) for|closed?|closing|clos(?:es|ure)|due|"
    r"avoid|strike|attack\w*|hit|target\w*|prepar\w*|demonstrations?|elections?|suspended|until|restrict\w*)\b"
)


def _is_ahead(days: tuple[date, date], issued: date | None) -> bool:
    return issued is None or issued <= days[1] <= issued + _LONGEST


def _speaks_of_what_comes(text: str, one: FoundDate) -> bool:
    clause = clause_at(text, one.start)
    if clause is None or clause.told:
        return False
    words = clause.words
    return bool(_COMING.search(words)) and not (
        _SAID.search(words) and not re.search(r"\b(?:may|could|will|plan|plot|told to|due)\b", words)
    )


_FEAST = Wording(
    r"(?:during|over|around|throughout|through|at|on|for|before|until) (?:the )?(?:\w+ )?(?P<feast>new year(?:'s|’s|s)?(?: eve| day)?|christmas(?: eve| day)?|easter|good friday|"
    r"passover|pesach|rosh ha-?shanah?|yom kippur|sukkot|hanukkah|chanukah|purim|shavuot|ramadan|eid[ -]al[ -](?:fitr|adha)|eid|sallah|thanksgiving|"
    r"independence day|bastille day|halloween|valentine'?s day|ashura|fourth of july)(?: (?:holidays?|celebrations?|weekend|festivities|period|feast|season))*(?: (?P<year>(?:19|20)[0-9]{2}))?",
    near=(
        *("new year", "christmas", "easter", "good friday", "passover", "pesach", "rosh ha", "yom kippur", "sukkot"),
        *("hanukkah", "chanukah", "purim", "shavuot", "ramadan", "eid", "sallah", "thanksgiving", "independence day"),
        *("bastille day", "halloween", "valentine", "ashura", "fourth of july"),
    ),
    glue=None,
)
_FEAST_NAMES = {
    "pesach": "passover",
    "chanukah": "hanukkah",
    "rosh hashana": "rosh hashanah",
    "rosh ha shanah": "rosh hashanah",
    "rosh ha shana": "rosh hashanah",
    "independence": "independence day",
    "fourth of july": "independence day",
    "bastille": "bastille day",
    "eid al fitr": "eid al-fitr",
    "eid al adha": "eid al-adha",
}
_EITHER_EID = ("eid al-fitr", "eid al-adha")


def _feast_names(words: str) -> tuple[str, ...]:
    """The feasts of the table that these words can mean: `New Year's Eve` is part of the new year, `Sallah` is either Eid."""
    plain = re.sub(r"(?:'s|’s|s)?(?: eve| day)?$", "", words.replace("-", " "))
    name = _FEAST_NAMES.get(plain, plain)
    return _EITHER_EID if name in {"eid", "sallah"} else (name,)


def _feasts(lower: str, _text: str, issued: date | None) -> list[FoundSpan]:
    """A feast that is named takes its days in the year of the text."""
    spans: list[FoundSpan] = []
    if issued is None:
        return spans
    for match in _FEAST.each(lower):
        if match["year"] and int(match["year"]) > issued.year + 1:
            continue
        from tocsin.intake.feasts import feast_days  # three calendars, loaded where a feast is named

        days = min((found for one in _feast_names(match["feast"]) if (found := feast_days(one, issued))), default=None)
        if days:
            spans.append(FoundSpan(*days, match.start(), match.end(), "T-feast", "day"))
    return spans


_RELATIVE = Wording(
    r"\b(?P<today>tonight|today|this (?:evening|afternoon|morning))\b|\b(?P<tomorrow>tomorrow)\b|"
    r"(?:during |over |through |throughout |on )?(?:this|the (?:coming|upcoming|(?P<long>(?:long )?holiday|long))) weekend|over the weekend|"
    rf"\b(?:on |this |next |coming )+(?P<weekday>{'|'.join(WEEKDAYS)})\b(?!,? (?:the )?[0-9])(?!,? (?:{MONTH}) [0-9])",
    near=(
        *("tonight", "today", "this evening", "this afternoon", "this morning", "tomorrow", "weekend"),
        *(f"{before} {day}" for before in ("on", "this", "next", "coming") for day in WEEKDAYS),
    ),
    glue=None,
)


def _relative(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """`tonight`, `tomorrow`, `this weekend`, `on Friday`: counted from the date of issue."""
    found: list[FoundSpan] = []
    if issued is None:
        return found
    for match in _RELATIVE.each(lower):
        clause = clause_at(text, match.start())
        if (
            clause is None
            or clause.told
            or not _COMING.search(clause.words)
            or (_SAID.search(clause.words) and match["weekday"])
        ):
            continue
        if match["today"]:
            days = (issued, issued)
        elif match["tomorrow"]:
            days = (issued + timedelta(days=1),) * 2
        elif match["weekday"]:
            days = (issued + timedelta(days=(WEEKDAYS.index(match["weekday"]) - issued.weekday() - 1) % 7 + 1),) * 2
        else:
            first = issued if issued.weekday() >= 5 else issued + timedelta(days=5 - issued.weekday())
            days = (first, first + timedelta(days=(6 - first.weekday()) + (1 if match["long"] else 0)))
        found.append(FoundSpan(*days, match.start(), match.end(), "T-relative", "day"))
    return found


_WHOLE_MONTH = Wording(
    rf"\b(?:in|during|throughout|through|for|over) (?:the month of |all of |late |early |mid-)?(?P<month>{MONTH})(?: and (?P<next>{MONTH}))?(?: (?P<year>(?:19|20)[0-9]{{2}}))?(?! [0-9])\b",
    near=(
        "mid-",
        *(f"{before} {month[:3]}" for before in ("in", "during", "through", "throughout") for month in MONTHS),
        *(f"{before} {month[:3]}" for before in ("for", "over", "of", "late", "early") for month in MONTHS),
    ),
    glue=None,
)


def _months(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """A month, or two, named for what may come: from its first day to its last."""
    found = []
    for match in _WHOLE_MONTH.each(lower):
        clause = clause_at(text, match.start())
        if (
            clause is None
            or clause.told
            or not re.search(
                r"\b(?:may|could|will|planned|possible|expected|threat)\b", clause.words.replace(match.group(), "")
            )
        ):
            continue
        year = int(match["year"]) if match["year"] else issued.year if issued else None
        if year is None:
            continue
        month = month_number(match["month"])
        if not match["year"] and issued and month < issued.month:
            year += 1
        last_month = month_number(match["next"]) if match["next"] else month
        after = date(year + (last_month == 12 or last_month < month), last_month % 12 + 1, 1)
        days = (date(year, month, 1), after - timedelta(days=1))
        if _is_ahead(days, issued):
            found.append(FoundSpan(*days, match.start(), match.end(), "T-month", "month"))
    return found


_OPEN = (
    Wording(
        r"(?:until further notice|at (?:this|the present|the moment|present) ?(?:time)?\b|for the time being|for now\b|temporarily|in the (?:near|immediate) future|soon\b(?!er)|shortly\b)",
        near=(
            *("further notice", "at this", "at the present", "at the moment", "at present", "for the time being"),
            *("for now", "temporarily", "near future", "immediate future", "soon", "shortly"),
        ),
    ),
    Wording(
        r"(?:in|over|during|for|throughout) the (?:coming|next (?:few|several|couple of)|days ahead) ?(?:hours|days|weeks|months)?",
        near=("the coming", "the next few", "the next several", "the next couple of", "the days ahead"),
    ),
    Wording(
        r"(?:in |during |over |throughout |through |for )(?:the |this )?(?:(?:end-of-year|year-end|winter|summer|christmas and new year|upcoming|coming) )?(?:holidays?|holiday (?:season|period)|festive (?:season|period)|season)\b(?! weekend)",
        near=("holiday", "season", "festive period"),
        glue=None,
    ),
)
_NOT_OPEN = re.compile(r"\b(?:as|less|no) $")


def _open(lower: str, _text: str, issued: date | None) -> list[FoundSpan]:
    """The first phrase that says from now on and gives no end (VOCAB R6)."""
    spans = [
        match.span()
        for wording in _OPEN
        for match in wording.each(lower)
        if not _NOT_OPEN.search(lower, max(0, match.start() - 5), match.start())
    ]
    return [FoundSpan(issued, None, *min(spans, key=itemgetter(0)), "T-open", "day")] if spans else []
