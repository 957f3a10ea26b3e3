"""The windows that a text gives without an end: until further notice, for now, in the coming days."""

from datetime import date
from operator import itemgetter

from tocsin.core.expression import Expression
from tocsin.intake.time_span import FoundSpan
from tocsin.intake.wording import Wording

_OPEN = (
    Wording(
        r"(?:until (?:further (?:notice|advice|orders?)|otherwise (?:advised|notified|instructed))|indefinitely|at (?:this|the present|the moment|present) ?(?:time)?\b|for the (?:time being|moment|present)\b|for now\b|temporarily|in the (?:near|immediate|foreseeable) future|soon\b(?!er)|shortly\b)",
        near=(
            *(
                "until further",
                "until otherwise",
                "indefinitely",
                "at this",
                "at the present",
                "at the moment",
                "at present",
                "for the time being",
                "for the moment",
                "for the present",
            ),
            *("for now", "temporarily", "near future", "immediate future", "foreseeable future", "soon", "shortly"),
        ),
    ),
    Wording(
        r"(?:in|over|during|for|throughout) the (?:coming|next (?:few|several|couple of)|(?:hours|days|weeks) (?:ahead|to come)) ?(?:hours|days|weeks|months)?",
        near=("the coming", "the next few", "the next several", "the next couple of", "s ahead", "s to come"),
    ),
    Wording(
        r"(?:in |during |over |throughout |through |for )(?:the |this )?(?:(?:end-of-year|year-end|winter|summer|christmas(?:[ /-](?:and )?new year)?|advent|easter|ramadan|eid|upcoming|coming) )?(?:holidays?|holiday (?:season|period)|festive (?:season|period)|season)\b(?! weekend)",
        near=("holiday", "season", "festive period"),
        glue=None,
    ),
)
_NOT_OPEN = Expression(r"\b(?:as|less|no) $")


def find_open(lower: str, _text: str, issued: date | None) -> list[FoundSpan]:
    """The first phrase that says from now on and gives no end (VOCAB R6)."""
    spans = [
        match.span()
        for wording in _OPEN
        for match in wording.each(lower)
        if not _NOT_OPEN.search(lower, max(0, match.start() - 5), match.start())
    ]
    return [FoundSpan(issued, None, *min(spans, key=itemgetter(0)), "T-open", "day")] if spans else []
