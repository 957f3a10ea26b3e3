"""On which day a text, or the warning that an article tells of, was issued: never the day of what is feared or of what happened."""

import re
from datetime import date
from functools import lru_cache

from tocsin.intake.dates import FoundDate, find_dates


@lru_cache(maxsize=8)
def find_issue_date(text: str, lower: str) -> tuple[date, int, int] | None:
    """The date, with its span (characters, end exclusive); `lower` is the text in lower case, character by character."""
    full = [one for one in find_dates(lower) if one.year]
    # In an article that begins with its own day, the day of the warning is the one that is told.
    told = next((one for one in full if _is_told(lower, one)), None) if _DATELINE.match(text) else None
    for one in full:
        days = one.on(None)
        if days is None or _is_of_the_event(lower, one):
            continue
        if told is not None and told is not one and (earlier := told.on(None)):
            return earlier[0], told.start, told.end
        return days[0], one.start, one.end
    return None


_TOLD = re.compile(
    r"(?:alert|notice|message|warning|advisory|note|advice)\b[^.;]{0,30}\b(?:of|dated|sent|issued|published|made)(?: on)? $"
)


def _is_told(lower: str, one: FoundDate) -> bool:
    return bool(_TOLD.search(lower, max(0, one.start - 60), one.start))


_DATELINE = re.compile(r"[A-Z]{3,}(?:[ -][A-Z]{2,})*(?:,| -| –| —| \()|The ")
_EVENT = re.compile(
    r"\b(?:plot|planned|party|attack (?:on|in|at)|clos(?:ed|ure)|election|expires?|until|through|may|could|will|strike|elections?|valid|scheduled|"
    r"between|from|during|bombing|struck|killed|hit)\b[^.;]{0,120}$"
)
_ISSUED = re.compile(
    r"(?:issued|dated|updated?|published|released|date|alert|message|advice|notice|bulletin)[,:\s(–-]*(?:on |of |as of )?$"
    r"|(?:embassy|consulate|mission|ministry|department|bureau|council)[\w .-]{0,40}[,:(–-]\s*$"
)


def _is_of_the_event(lower: str, one: FoundDate) -> bool:
    """A day of what is feared or of what happened, not the day of the text."""
    begin = max(lower.rfind(". ", 0, one.start), lower.rfind("\n", 0, one.start), one.start - 160, 0)
    if _ISSUED.search(lower, max(0, one.start - 40), one.start):
        return False
    return bool(_EVENT.search(lower, begin, one.start))
