"""On which day a text, or the warning that an article tells of, was issued: never the day of what is feared or of what happened."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from tocsin.core.expression import Expression
from tocsin.intake.dates import FoundDate, find_dates


@lru_cache(maxsize=8)
def find_issue_date(text: str, lower: str) -> tuple[date, int, int] | None:
    """The date, with its span (characters, end exclusive); `lower` is the text in lower case, character by character.

    In this order: the day behind a label ("Issued:"); the first that stands for itself, as in a head or at the close; the
    first that the text names besides those of events; that of "still current at".
    """
    full = [one for one in find_dates(lower) if one.year and one.day == one.last_day]
    if not full:
        return None
    # In an article that begins with its own day, the day of the warning is the one that is told.
    told = next((one for one in full if _is_told(lower, one)), None) if _DATELINE.match(text) else None
    chosen = _labelled(lower, full) or _unlabelled(lower, full)
    if chosen is None:
        return None
    if told is not None and told is not chosen:
        chosen = told
    days = chosen.on(None)
    return None if days is None else (days[0], chosen.start, chosen.end)


_CLOCK = r"(?:,? ?(?:at )?[0-9]{1,2}[:.h][0-9]{2}(?: ?(?:hours|hrs|h|gmt|utc|bst|est|edt|local time|[ap]\.?m\.?))?,?(?: on)?)?"
_LABEL = Expression(
    r"(?:^|[\n.;|(•*>–—-]\s{0,3})(?:last |latest )?(?:date of (?:issue|publication)|issue date|date issued|(?:this \w+ )?(?:was )?(?:re-?)?issued|published|released|posted|sent|updated?|dated)"
    rf"(?: (?:on|at|as of))?\s?[:,–-]?{_CLOCK}\s{{0,2}}(?:on )?$"
)
_TOLD = Expression(
    r"(?:alert|notice|message|warning|advisory|note|advice)\b[^.;]{0,30}\b(?:of|dated|sent|issued|published|made)(?: on)? $"
)
_DATELINE = Expression(r"[A-Z]{3,}(?:[ -][A-Z]{2,})*(?:,| -| –| —| \()|The ")
_CURRENT = Expression(
    r"\b(?:(?:current|valid|unchanged) (?:at|as of|on|since)|as at|replac\w+|supersed\w+|first (?:issued|published)|originally)\b[^.;\n]{0,60}$"
)
_EVENT = Expression(
    r"\b(?:plot|planned|party|attack (?:on|in|at)|attacked|clos(?:ed|ure)|election|expires?|until|through|may|could|will|strike|elections?|valid|scheduled|"
    r"between|during|since|bombing|struck|killed|hit|took place|occurred|happened|exploded|detonated|went off|shot|stabbed|kidnapped|abducted)\b[^.;]{0,120}$"
    r"|\b(?:from|to|by|before|after|for|starting|beginning) (?:the )?(?:[0-9]{1,2}(?:[:.h][0-9]{2})?(?: ?(?:hours|hrs|[ap]\.?m\.?))?(?: local time)?,? on )?$"
)
_HAPPENED = Expression(
    r"(?![^.;\n]{0,80}\b(?:embassy|consulate|ministry|department|warn\w*|issued|advised|told)\b)[^.;\n]{0,120}"
    r"\b(?:struck|attacked|exploded|detonated|went off|bombed|killed|shot|stabbed|stormed|opened fire|kidnapped|abducted|wounded|injured|died|took place|occurred|blew|rammed)\b"
)
_ISSUED = Expression(
    r"(?:issued|dated|updated?|published|released|date|alert|message|advice|notice|bulletin)[,:\s(–-]*(?:on |of |as of )?$"
    r"|(?:embassy|consulate|mission|ministry|department|bureau|council)[\w .-]{0,40}[,:(–-]\s*$"
)
_HEAD = 80
"""A date line stands in the first characters of a text."""
_OPENS = Expression(r"(?:^|[,:;(|\n–—.-])\s*$|\bdated? $")
_CLOSES = Expression(r"\s*(?:$|[,.:;)|\n–—-])")


def _is_told(lower: str, one: FoundDate) -> bool:
    near = max(0, one.start - 60)
    return bool(_TOLD.search(lower, near, one.start)) and not _CURRENT.search(lower, near, one.start)


def dates_the_text(lower: str, one: FoundDate, issue: int) -> bool:
    """Whether a date says when the text was written or still held: by a label, or as the head before the date of `issue`.

    `issue` is where that stands (characters).
    """
    if one.year is None or one.day != one.last_day:
        return False
    near = max(0, one.start - 60)
    if _LABEL.search(lower, near, one.start) or _CURRENT.search(lower, near, one.start):
        return True
    return one.start < min(_HEAD, issue) and _stands_alone(lower, one) and not _is_of_the_event(lower, one)


def _labelled(lower: str, full: Sequence[FoundDate]) -> FoundDate | None:
    return next((one for one in full if _LABEL.search(lower, max(0, one.start - 60), one.start)), None)


def _unlabelled(lower: str, full: Sequence[FoundDate]) -> FoundDate | None:
    own = [one for one in full if not _is_of_the_event(lower, one)]
    news = [one for one in own if not _CURRENT.search(lower, max(0, one.start - 100), one.start)]
    alone = (one for one in news if _stands_alone(lower, one))
    return next(alone, None) or next(iter(news or own), None)


def _stands_alone(lower: str, one: FoundDate) -> bool:
    """Between marks, not in a sentence: as a head or a date line has it."""
    return bool(_OPENS.search(lower, max(0, one.start - 10), one.start) and _CLOSES.match(lower, one.end))


def _is_of_the_event(lower: str, one: FoundDate) -> bool:
    """A day of what is feared or of what happened, not the day of the text."""
    begin = max(lower.rfind(". ", 0, one.start), lower.rfind("\n", 0, one.start), one.start - 160, 0)
    if _ISSUED.search(lower, max(0, one.start - 40), one.start):
        return False
    if _EVENT.search(lower, begin, one.start):
        return True
    return not _stands_alone(lower, one) and bool(_HAPPENED.match(lower, one.end, one.end + 200))
