"""When a text was issued, and the window it speaks of. Reading never invents an end."""

from datetime import date

from tocsin.intake.counted_days import find_next, find_relative
from tocsin.intake.issue_date import find_issue_date
from tocsin.intake.named_days import find_expiry, find_named_days
from tocsin.intake.named_periods import find_ends, find_feasts, find_months
from tocsin.intake.open_ended import find_open
from tocsin.intake.time_span import FoundSpan
from tocsin.intake.wording import lowered

_MOST_OTHERS = 3
_READINGS = (find_expiry, find_next, find_named_days, find_feasts, find_ends, find_relative, find_months, find_open)
"""In the order in which they count: the first that finds something gives the window."""


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
    for find in _READINGS:
        for span in find(lower, text, issued):
            if all((span.first, span.last) != (one.first, one.last) for one in found):
                found.append(span)
    if found and found[0].last is not None:
        found = [one for one in found if one.last is not None]
    return tuple(found[: 1 + _MOST_OTHERS])
