"""Alert or article: does the text speak to the people warned, or does it tell others what was said?

Features only, no names: verbs of reporting, a date line and a by-line speak for an article; orders to the reader, "we" and
the headings of a notice for an alert. The counts were chosen on one half of the reference texts and held on the other.
"""

import re

from tocsin.core.expression import Expression
from tocsin.intake.wording import Wording

_TOLD = (
    "said|says|told|replied|denied|blamed|condemned|accused|summoned|called|asked whether|wrote|added|confirmed|insisted"
    "|explained|according to|claimed|declined|rejected|dismissed|reported|acknowledged|criticised|criticized"
)
_REPORTED = Wording(rf"\b(?:{_TOLD})\b", near=tuple(one.split()[0] for one in _TOLD.split("|")), glue=None)
_ORDERS = Expression(
    r"(?:^|[.;:•]\s{1,3}|\n\W{0,4})(?:please |always |if you )?(?:avoid|be|stay|keep|do not|don't|review|monitor|follow|leave"
    r"|exercise|remain|take|watch|have|report|carry|seek|use|maintain|think|reconsider|check|expect|plan|limit|contact"
    r"|enrol|enroll|register|depart|shelter)\b",
    re.IGNORECASE,
)
_OURS = Expression(r"\b(?:we|our)\b", re.IGNORECASE)
_HEADINGS = Expression(
    r"\b(?:security alert|travel (?:advice|alert|warning|advisory|notice|update)|message for|security message|warden message"
    r"|emergency message|(?:locations?|events?|actions to take) ?:)",
    re.IGNORECASE,
)
_QUOTED = Expression(r'"[^"\n]{2,2000}"|“[^“”\n]{2,2000}”')
_BYLINE = Expression(r"^\W*(?:By [A-Z]|[A-ZÀ-Þ][\w.'’ ,]{2,60}? ?(?:\([\w .]{2,30}\) ?)?[—–-] [A-Z])")
_HEAD = 200
"""Headings of a notice stand in the first characters; further down they are another's words."""


def is_article(text: str) -> bool:
    """Whether the text tells what others said, at least twice, and does so more than it tells its reader what to do."""
    if not _REPORTED.may_stand_in(text):
        return False
    bare = _QUOTED.sub(" ", text)
    told = sum(1 for _ in _REPORTED.each(bare))
    told += bool(told and _BYLINE.match(text))
    if told < 2:
        return False
    to_the_reader = len(_ORDERS.findall(bare)) + len(_OURS.findall(bare)) + len(_HEADINGS.findall(text[:_HEAD]))
    return told > to_the_reader
