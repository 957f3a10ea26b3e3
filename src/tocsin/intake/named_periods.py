"""The windows of months and feasts that a text names, and those that last to the end of a week, a month or a year."""

import re
from datetime import date, timedelta

from tocsin.core.expression import Expression
from tocsin.intake.clauses import clause_at
from tocsin.intake.dates import MONTH, MONTHS, month_number
from tocsin.intake.direction import looks_ahead, looks_back, tells_the_news
from tocsin.intake.time_span import FoundSpan, end_of, is_ahead, last_day
from tocsin.intake.wording import Wording

_YEAR = r"(?: (?P<year>(?:19|20)[0-9]{2}))?"
_FEAST_WORDS = (
    r"new year(?:'s|’s|s)?(?: eve| day)?|(?:(?:russian |serbian |coptic |ethiopian )?(?:orthodox|coptic|ethiopian) )?(?:christmas(?: eve| day)?|easter)|good friday|passover|pess?ach|pesah|rosh ha-?shanah?|yom kippur|sukkot|hanukkah|chanukah|purim|shavuot|"
    r"ramadan|eid[ -][au]l[ -](?:fitr|adha)|eid|sallah|thanksgiving|(?<=american )independence day|(?<=u\.s\. )independence day|(?<=us )independence day|bastille day|"
    r"halloween|boxing day|all saints(?:'|’)? day|may day|holy week|semana santa|palm sunday|pentecost|arba[ei]+n|hajj|mawlid|valentine(?:'s|’s|s) day|ashura|(?:fourth|4th) of july"
)
_KIND = r"(?: (?:holidays?|celebrations?|weekend|festivities|period|feast|festival|services|break))*"
_FEAST = Wording(
    r"(?:during|over|around|throughout|through|at|on|for|before|until|till|ahead of|in|leading up to|run-up to|approach of) (?:(?P<end>the end of) )?(?:the )?"
    r"(?:(?:upcoming|coming|forthcoming|whole|entire|muslim|islamic|jewish|christian|holy|fasting|month of|feast of|festival of|this year's|american|u\.s\.|us) |(?!orthodox|coptic|ethiopian)\w+ )?"
    r"(?:(?:muslim|islamic|holy|fasting|month of|feast of|festival of) )*"
    rf"(?P<feast>{_FEAST_WORDS}){_KIND}(?:(?: and (?:the )?|[/-])(?P<second>{_FEAST_WORDS}){_KIND})?{_YEAR}(?! season)",
    near=(
        *("new year", "christmas", "easter", "good friday", "passover", "pesach", "pessach", "pesah", "rosh ha"),
        *("yom kippur", "sukkot", "hanukkah", "chanukah", "purim", "shavuot", "ramadan", "eid", "sallah"),
        *("thanksgiving", "independence day", "bastille day", "halloween", "valentine", "ashura", "of july"),
        *("boxing day", "all saints", "may day", "holy week", "semana santa", "palm sunday", "pentecost"),
        *("arba", "hajj", "mawlid"),
    ),
    glue=None,
)
_NAMES = {
    "pesach": "passover",
    "pessach": "passover",
    "pesah": "passover",
    "chanukah": "hanukkah",
    "rosh hashana": "rosh hashanah",
    "rosh ha shanah": "rosh hashanah",
    "rosh ha shana": "rosh hashanah",
    "independence": "independence day",
    "fourth of july": "independence day",
    "4th of july": "independence day",
    "bastille": "bastille day",
    "may": "may day",
    "boxing": "boxing day",
    "semana santa": "holy week",
    "arbain": "arbaeen",
    "new years": "new year",
    "valentines": "valentine",
    "eid al fitr": "eid al-fitr",
    "eid ul fitr": "eid al-fitr",
    "eid al adha": "eid al-adha",
    "eid ul adha": "eid al-adha",
}
_EASTERN = Expression(r"(?:\w+ )?(?:orthodox|coptic|ethiopian) ")
_EITHER_EID = ("eid al-fitr", "eid al-adha")
_JUST_GONE = timedelta(days=60)
"""A feast that ended within these days before the issue is that one, and not next year's."""
_OTHER_CALENDARS = Expression(
    r"\b(?:greek|armenian|lunar|chinese|lao|thai|khmer|burmese|nepali|tamil|sinhala|bengali|persian|iranian|kurdish|vietnamese|korean|hindu|jewish|islamic|hijri|ethiopian|balinese) new year"
    r"|\b(?:greek|armenian) |\bcanadian thanksgiving"
)
"""Feasts of one name that fall on other days, of which no table is kept here."""


def find_feasts(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """A feast that is named takes its days in the year that is named with it, else the next ones; two that are joined, all."""
    spans: list[FoundSpan] = []
    for match in _FEAST.each(lower):
        near = _look_from(match["year"], issued)
        clause = clause_at(text, match.start())
        if near is None or clause is None or looks_back(clause) or _OTHER_CALENDARS.search(match.group()):
            continue
        days = _days_of(match["feast"], near)
        second = _days_of(match["second"], days[0]) if match["second"] and days else None
        if days is None or (not match["year"] and issued and days[1] < issued) or not is_ahead(days, issued):
            continue
        first = issued if match["end"] and issued else days[0]
        spans.append(FoundSpan(first, (second or days)[1], match.start(), match.end(), "T-feast", "day"))
    return spans


def _look_from(year: str | None, issued: date | None) -> date | None:
    """The day from which the feast is looked for."""
    if year:
        return date(int(year), 1, 1)
    return issued - _JUST_GONE if issued and issued.year > 1 else None


def _days_of(words: str, near: date) -> tuple[date, date] | None:
    from tocsin.intake.feasts import feast_days  # three calendars, loaded where a feast is named

    plain = re.sub(r"(?:'s?|’s?)?(?: eve| day)?$", "", words.replace("-", " "))
    if eastern := _EASTERN.match(plain):
        plain = f"orthodox {plain[eastern.end() :]}"
    name = _NAMES.get(plain, plain)
    names = _EITHER_EID if name in {"eid", "sallah"} else (name,)
    return min((days for one in names if (days := feast_days(one, near))), default=None)


_TO_MONTH = r" (?:to|through|until|till|and) "
# What comes every year is no window, and neither is its first month alone: the search may not fall back on that.
_WHOLE_MONTH = Wording(
    rf"\b(?:(?:in|during|throughout|through|for|over) (?:the (?:whole )?month of |all of |late |early |mid-)?|(?:from|between) (?=(?:{MONTH}){_TO_MONTH}(?:{MONTH})\b))"
    rf"(?P<month>{MONTH})(?:{_TO_MONTH}(?P<next>{MONTH}))?{_YEAR}(?! [0-9])\b(?!{_TO_MONTH}(?:{MONTH})\b)(?!,? (?:of )?(?:every|each) year)",
    near=(
        "mid-",
        *(f"{before} {month[:3]}" for before in ("in", "during", "through", "throughout") for month in MONTHS),
        *(f"{before} {month[:3]}" for before in ("for", "over", "of", "late", "early") for month in MONTHS),
        *(f"{before} {month[:3]}" for before in ("from", "between") for month in MONTHS),
    ),
    glue=None,
)
_MONTHS_BACK = 6
"""A month without a year that lies so many months back, or fewer, is past."""


def find_months(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """A month, or one to another, named for what may come: from its first day to its last."""
    found = []
    for match in _WHOLE_MONTH.each(lower):
        clause = clause_at(text, match.start())
        if clause is None or not looks_ahead(clause) or looks_back(clause):
            continue
        days = _days_of_months(match, issued)
        if days is None or not is_ahead(days, issued) or (issued and days[0] <= issued and tells_the_news(clause)):
            continue
        found.append(FoundSpan(*days, match.start(), match.end(), "T-month", "month"))
    return found


def _days_of_months(match: re.Match[str], issued: date | None) -> tuple[date, date] | None:
    month = month_number(match["month"])
    last = month_number(match.groupdict().get("next") or match["month"])
    if match["year"]:
        year = int(match["year"]) - (last < month)
    elif issued is None or 1 <= (issued.month - month) % 12 <= _MONTHS_BACK:
        return None
    else:
        year = issued.year + (month < issued.month)
    return date(year, month, 1), last_day(year + (last < month), last)


_TO_THE_END = Wording(
    rf"(?:(?:until|till|through|to|up to|before|by) (?:the )?end of|(?:for|over|during|throughout) the (?:rest|remainder) of) (?:the (?:current )?|this )?"
    rf"(?:(?P<month>{MONTH}){_YEAR}\b(?! [0-9])|(?P<unit>week|weekend|month|year)\b)",
    near=("end of", "rest of", "remainder of"),
    glue=None,
)


def find_ends(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """`until the end of May`, `for the rest of the week`: from the day of issue to the last day of that."""
    if issued is None:
        return []
    found = []
    for match in _TO_THE_END.each(lower):
        clause = clause_at(text, match.start())
        last = _end_of(match, issued)
        if clause and not looks_back(clause) and last and is_ahead((issued, last), issued):
            found.append(
                FoundSpan(issued, last, match.start(), match.end(), "T-until", "month" if match["month"] else "day")
            )
    return found


def _end_of(match: re.Match[str], issued: date) -> date | None:
    if match["unit"]:
        return end_of(match["unit"], issued)
    days = _days_of_months(match, issued)
    return days[1] if days else None
