"""The windows that are counted from the day of issue: the next hours, tonight, this weekend, until Sunday."""

import re
from datetime import date, timedelta

from tocsin.core.expression import Expression
from tocsin.intake.clauses import Clause, clause_at
from tocsin.intake.dates import MONTH, WEEKDAYS
from tocsin.intake.direction import looks_ahead, looks_back, reports, tells_the_news
from tocsin.intake.time_span import FoundSpan, end_of
from tocsin.intake.wording import Wording

_MOST = r"(?: ?(?:to|or|-|–|—) ?(?P<most>[0-9]{1,3}|[a-z]+))?"
_NEXT = Wording(
    rf"(?:(?:for|in|over|during|within|throughout) )?(?:the )?(?P<next>next|coming|following|upcoming) "
    rf"(?:(?P<n>[0-9]{{1,3}}|[a-z-]+){_MOST}(?: \([0-9]+\))?[ -])?(?P<unit>hours?|days?|weeks?|fortnights?|months?)\b",
    near=("next ", "coming ", "following "),
    glue=None,
)
_WITHIN = Wording(
    rf"(?P<how>for|within)(?: up to)? (?:(?P<n>[0-9]{{1,3}}|[a-z]+(?:-[a-z]+)?){_MOST} )?(?P<unit>hours|days|weeks|months|(?<=\ba )(?:day|week|fortnight|month))\b"
    r"(?! (?:of|after|from|before|prior|following|since|ago|later|earlier|in advance)\b)",
    near=("hours", "day", "week", "fortnight", "month"),
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
    )
}
_NUMBERS |= {"twenty-four": 24, "thirty-six": 36, "forty-eight": 48, "seventy-two": 72, "a": 1, "": 1}
_HOURS = {"hour": 1, "day": 24, "week": 168, "fortnight": 336, "month": 720}
_MOST_UNITS = 366
_LASTS = Expression(
    r"\b(?:avoid\w*|stay\w*|keep|remain\w*|indoors|clos\w+|shut\w*|suspend\w*|curfew|restrict\w*|barr?ed|forbid\w*|cancel\w*|attacks?|strikes?|threats?|vigilan\w*|alert|limit\w*)\b"
)
_SUPPLIES = Expression(r"\b(?:food|water|medic\w+|supplies|stocks?|provisions?|rations?|enough|kit|fuel|cash|bag)\b")


def find_next(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """`next N hours`, `within N days`: from the date of issue, N hours rounded up to days; `coming days` gives no end."""
    found = []
    for wording in (_NEXT, _WITHIN):
        for match in wording.each(lower):
            clause = clause_at(text, match.start())
            if clause is not None and _counts(match, clause):
                found.append(_counted(match, issued))
    return sorted(found, key=lambda one: one.last is None)


def _counts(match: re.Match[str], clause: Clause) -> bool:
    how = match.groupdict().get("how")
    if how is None:
        return not (clause.told or (match["next"] == "following" and looks_back(clause)))
    if not looks_ahead(clause) or looks_back(clause):
        return False
    if how == "within":
        return not clause.advises
    return _number(match) is not None and bool(_LASTS.search(clause.words)) and not _SUPPLIES.search(clause.words)


def _number(match: re.Match[str]) -> int | None:
    """How many units at most; None for several, or for a word that is no number."""
    words = match["most"] or match["n"] or ("" if not match["unit"].endswith("s") else "several")
    count = int(words) if words.isdecimal() else _NUMBERS.get(words)
    return count if count is not None and 0 < count <= _MOST_UNITS else None


def _counted(match: re.Match[str], issued: date | None) -> FoundSpan:
    unit, count = match["unit"].rstrip("s"), _number(match)
    if count is None:
        return FoundSpan(issued, None, match.start(), match.end(), "T-open", "day")
    last = issued + timedelta(days=-(-count * _HOURS[unit] // 24)) if issued else None
    return FoundSpan(issued, last, match.start(), match.end(), "T-next", "hour" if unit == "hour" else "day")


_WEEKDAY = "|".join(WEEKDAYS)
_NO_DATE = rf"(?!,? (?:the )?[0-9])(?!,? (?:{MONTH}) [0-9])"
_PART_OF_DAY = r"(?: (?:morning|noon|afternoon|evening|night))?"
_RELATIVE = Wording(
    r"\b(?=[bcdflmnostuw])(?:"
    rf"(?:(?:from|between|on|for) )?(?:this )?(?P<from>{_WEEKDAY}){_PART_OF_DAY}(?:,? (?:to|and|through|until|till|or) | ?[-–—] ?)(?P<to>{_WEEKDAY})\b{_NO_DATE}"
    rf"|(?:until|till|through|up to) (?:at least )?(?:the end of |late |early |(?:on |this |next |coming )+)?(?:(?P<until>{_WEEKDAY})\b{_NO_DATE}|(?P<until_tomorrow>tomorrow\b))"
    r"|(?P<today>tonight|today|this (?:evening|afternoon|morning))\b(?P<and_tomorrow>(?: and| or) (?:again )?tomorrow\b)?|(?P<tomorrow>tomorrow)\b"
    r"|(?:during |over |through |throughout |on )?(?:this|the (?:coming|upcoming|(?P<long>(?:long )?holiday|long))) weekend|over the weekend"
    r"|(?:during |over |throughout |later )?(?<!earlier )this (?P<unit>week|month)\b(?!['’-])"
    rf"|(?:on |this |next |coming )+(?P<weekday>{_WEEKDAY})\b{_NO_DATE})",
    near=(
        "tonight",
        "today",
        "this evening",
        "this afternoon",
        "this morning",
        "tomorrow",
        "this week",
        "weekend",
        "this month",
        *WEEKDAYS,
    ),
    glue=None,
)


def find_relative(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """`tonight`, `tomorrow`, `this week`, `this weekend`, `on Friday`, `until Sunday`: counted from the date of issue."""
    if issued is None:
        return []
    return [
        FoundSpan(*_days(match, issued), match.start(), match.end(), "T-relative", "day")
        for match in _RELATIVE.each(lower)
        if (clause := clause_at(text, match.start())) is not None and _comes(match, clause)
    ]


def _comes(match: re.Match[str], clause: Clause) -> bool:
    if match["today"] and match["today"] in {"today", "this morning"} and tells_the_news(clause):
        return False
    if match["until"]:
        return not looks_back(clause) and not reports(clause)
    weekday = match["weekday"] or match["from"]
    return looks_ahead(clause) and not looks_back(clause) and not ((weekday or match["unit"]) and reports(clause))


def _days(match: re.Match[str], issued: date) -> tuple[date, date]:
    if match["from"]:
        begins, ends = WEEKDAYS.index(match["from"]), WEEKDAYS.index(match["to"])
        first = issued + timedelta(days=(begins - issued.weekday()) % 7)
        return first, first + timedelta(days=(ends - begins - 1) % 7 + 1)
    if match["until"]:
        return issued, _next_weekday(match["until"], issued)
    if match["today"]:
        return issued, issued + timedelta(days=bool(match["and_tomorrow"]))
    if match["tomorrow"] or match["until_tomorrow"]:
        last = issued + timedelta(days=1)
        return (last if match["tomorrow"] else issued), last
    if match["weekday"]:
        return (_next_weekday(match["weekday"], issued),) * 2
    if match["unit"]:
        return issued, end_of(match["unit"], issued)
    first = issued if issued.weekday() >= 5 else issued + timedelta(days=5 - issued.weekday())
    return first, first + timedelta(days=(6 - first.weekday()) + (1 if match["long"] else 0))


def _next_weekday(name: str, issued: date) -> date:
    return issued + timedelta(days=(WEEKDAYS.index(name) - issued.weekday() - 1) % 7 + 1)
