"""What an article adds to an alert: its own date line, the day of the warning that it tells, and who said what."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.intake.days import Day, find_dateline, find_days
from tocsin.intake.report import FoundClaim
from tocsin.intake.speech import find_claims

WRITER = "news report"
"""The last teller of every claim where the article names no agency: its writer."""
_AGENCY = Expression(r"^[^\n]{0,120}?\((?P<name>[A-Z][A-Za-z .]{1,30})\) ?[-–—:]")
_ISSUED = Expression(
    r"\b(?:alert|notice|warning|message|advice|advisory|statement|bulletin|note|memo)s?\b[^.\n]{0,30}?"
    r"\b(?:of|dated|on|from)\s(?=[0-9A-Z])",
    re.IGNORECASE,
)
_WARNS = frozenset({"S-tell", "S-tell-shared", "S-issue", "S-notice"})


class Article(Struct, frozen=True, kw_only=True):
    """`dated` is the day that the article gives itself, `issued` that of the warning it tells; None where not stated.

    `told` is the day from which its other days are counted: its own, else the reference it was read with.
    """

    dated: Day | None
    days: tuple[Day, ...]
    issued: Day | None
    told: date | None
    claims: tuple[FoundClaim, ...]


def find_article(text: str, *, issuer: str | None, reference: date | None) -> Article:
    """The article in a text. `reference` dates one that has no date line; `issuer` is who the alert is from, if known."""
    dated = find_dateline(text)
    told = date.fromisoformat(dated.value) if dated else reference
    days = find_days(text, told)
    agency = _AGENCY.match(text)
    start = dated.end if dated and dated.rule == "A-dateline" else 0
    claims = find_claims(text, days, issuer=issuer, writer=agency["name"] if agency else WRITER, start=start)
    return Article(dated=dated, days=days, told=told, issued=_issued(text, days, claims), claims=claims)


def _issued(text: str, days: Sequence[Day], claims: Sequence[FoundClaim]) -> Day | None:
    """The day that the text puts to the notice itself ("dated 7 March"), else to the first warning that it tells."""
    full = {one.start: one for one in days if len(one.value) == 10}
    for mention in _ISSUED.finditer(text):
        if mention.end() in full:
            return full[mention.end()]
    first = next((one for one in claims if one.rule in _WARNS and one.when and len(one.when) == 10), None)
    return next((one for one in full.values() if first and one.value == first.when), None)
