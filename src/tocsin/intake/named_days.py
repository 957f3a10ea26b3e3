"""The windows of days that a text names by their date: one, several, from one to another, until one."""

from datetime import date, timedelta

from tocsin.core.expression import Expression
from tocsin.intake.clauses import clause_at
from tocsin.intake.dates import FoundDate, find_dates
from tocsin.intake.direction import looks_back, reports, speaks_of_what_comes
from tocsin.intake.issue_date import dates_the_text, find_issue_date
from tocsin.intake.time_span import FoundSpan, is_ahead
from tocsin.intake.wording import Wording

_MOST_DATES = 200
"""Of a text that are held against each other."""
_SURELY_COMING = timedelta(days=60)
_CLOCK = r"(?:[0-9]{1,2}(?:[:.h][0-9]{2})?\s?(?:a\.?m\.?|p\.?m\.?|hours|hrs|h|noon)?(?: local time| gmt| utc)?|noon|midnight)"
_EXPIRES = Wording(
    r"(?:expir(?:es?|ing|y)(?: date)?|valid (?:until|through|to)|in (?:force|effect) (?:until|through))[: ]*(?:on )?(?:midnight )?(?:on )?$",
    near=("expir", "valid ", "in force ", "in effect "),
    glue=None,
)
_JOIN = Expression(
    rf"(?:,? at {_CLOCK})?,?\s?(?:-|–|—|to|(?:and|or)(?: again)?(?: on)?|through|until|till)\s?(?:(?:the )?(?:night|evening|morning|afternoon|end) of |{_CLOCK} (?:(?:on|of) )?)?(?:the )?"
)
_UNTIL = Expression(
    rf"\b(?:until|till|through|up to|to|(?:up )?to and including|between (?:now|today) and)(?: at least)?(?: the (?:end|night|evening|morning|afternoon) of)?(?: (?:about |around )?{_CLOCK})?(?: on)? (?:the )?$"
)
_STAYS = Expression(r"\b(?:remain|stay)\w*\b")
_ONWARDS = Expression(r"\b(?:starting|beginning|commencing|effective|as of|as from)(?: on| from)? (?:the )?$")
_AND_ON = Expression(r",? (?:on(?:wards?)?|and onwards?|until further notice)\b(?! [0-9a-z]*day)")
_BEFORE_DAY = Expression(
    rf"(?:(?P<hour>(?:at|from|by|until|before|after) {_CLOCK}) )?"
    r"(?:(?:during|over|on|for|from|between|through|until|at|of|around) (?:the )?(?:weekend of |night of |evening of |morning of )?)?$"
)
_OF_AN_ATTACK = Expression(
    r"\b(?:attacks?|strikes?|bombings?|shootings?|blasts?|explosions?|killings?|murders?|massacre|assault|clashes|coup) (?:[\w-]+ ){0,4}of (?:the )?$"
)
_FOR = Expression(r"\b(?:for|until|from) (?:the )?$")
_DAY_OF_A_REPORT = Expression(
    r",? (?:\w+ )?(?:said|told|asked|called(?! (?:by|for))|warned|summoned|denied|replied|announced(?! by)|issued(?! by)|wrote|spoke|handed|expelled|arrested|foiled)\b"
)
_OF_THE_TEXT = Expression(
    r"\b(?:(?:be|is|are|next) (?:reviewed|updated|re-?issued)|next (?:update|review))\b[^.;]{0,30}$"
)


def find_expiry(lower: str, _text: str, issued: date | None) -> list[FoundSpan]:
    """`expires D`, `valid until D`: from the date of issue to D."""
    found = []
    for one in find_dates(lower):
        words = _EXPIRES.first(lower, max(0, one.start - 40), one.start)
        days = one.on(issued)
        if words and days and is_ahead(days, issued):
            found.append(FoundSpan(issued, days[1], words.start(), one.end, "T-expires", "day"))
    return found


def find_named_days(lower: str, text: str, issued: date | None) -> list[FoundSpan]:
    """A day, days, a weekend or a span of days that the text names and that is not over when it is issued."""
    of_issue = find_issue_date(text, lower)
    at = of_issue[1] if of_issue else len(lower)
    dates = [
        one
        for one in find_dates(lower)[:_MOST_DATES]
        if one.start != at
        and not dates_the_text(lower, one, at)
        and not _EXPIRES.first(lower, max(0, one.start - 40), one.start)
    ]
    found: list[FoundSpan] = []
    joined = None
    for one, following in zip(dates, [*dates[1:], None], strict=False):
        first = one.on(issued)
        if one is joined or first is None:
            continue
        until = _until(lower, one, first[0], following)
        days = (first[0], until or first[1])
        joined = following if until else None
        if not is_ahead(days, issued) or not _can_be_window(lower, text, one, days, issued):
            continue
        found.append(_span(lower, text, one, days, joined.end if joined else one.end, issued, found))
        if one.swapped and (other := one.other.on(issued)) and is_ahead(other, issued):
            found.append(FoundSpan(*other, one.start, one.end, "T-swapped", "day"))
    # A weekend that is named beside one of its days is what is meant.
    return sorted(found, key=lambda span: any(_holds(other, span) for other in found))


def _until(lower: str, one: FoundDate, first: date, following: FoundDate | None) -> date | None:
    """The day to which the words behind this one lead: `to 9 March`."""
    if following is None or not _JOIN.fullmatch(lower, one.end, following.start):
        return None
    days = following.on(first)
    return days[1] if days and days[1] > first else None


def _can_be_window(lower: str, text: str, one: FoundDate, days: tuple[date, date], issued: date | None) -> bool:
    """A day after the one of issue is to come, unless its clause tells it as past; any other has to be spoken of as coming."""
    clause = clause_at(text, one.start)
    near = max(0, one.start - 60)
    if clause is None or _OF_AN_ATTACK.search(lower, near, one.start) or _OF_THE_TEXT.search(lower, near, one.start):
        return False
    if _DAY_OF_A_REPORT.match(lower, one.end):
        return False
    if issued is None or days[1] <= issued:
        return speaks_of_what_comes(clause)
    if reports(clause) and not _FOR.search(lower, near, one.start):
        return not looks_back(clause)
    # A day that leaves out its year can be one of last year, the more so the further away.
    far = not one.year and days[0] > issued + _SURELY_COMING
    return not looks_back(clause) if far else bool(one.year) or not clause.told


def _span(
    lower: str,
    text: str,
    one: FoundDate,
    days: tuple[date, date],
    end: int,
    issued: date | None,
    before: list[FoundSpan],
) -> FoundSpan:
    first: date | None = days[0]
    last: date | None = days[1]
    near = max(0, one.start - 40)
    words = _BEFORE_DAY.search(lower, near, one.start)
    start = words.start() if words else one.start
    if end == one.end:
        if _UNTIL.search(lower, near, one.start) and issued:
            first = _start_of_what_stays(text, one, before) or issued
        elif onwards := _ONWARDS.search(lower, near, one.start):
            last, start = None, onwards.start()
        elif onwards := _AND_ON.match(lower, one.end):
            last, end = None, onwards.end()
    return FoundSpan(first, last, start, end, "T-day", "hour" if words and words["hour"] else "day")


def _start_of_what_stays(text: str, one: FoundDate, before: list[FoundSpan]) -> date | None:
    """`remains closed until D` goes on with what began on the day that was named before."""
    clause = clause_at(text, one.start)
    return before[-1].first if before and clause and _STAYS.search(clause.words) else None


def _holds(whole: FoundSpan, part: FoundSpan) -> bool:
    if whole.first is None or part.first is None or whole.last is None or part.last is None:
        return False
    return (
        (whole.first, whole.last) != (part.first, part.last) and whole.first <= part.first and part.last <= whole.last
    )
