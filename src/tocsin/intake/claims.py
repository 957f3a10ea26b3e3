"""Who said what to whom, as told by whom: the claims that an analyst marked in a text, each held against its words."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.core.fields import Fields
from tocsin.core.window import Precision, casebook_instant, zone_of
from tocsin.errors import InputError
from tocsin.intake.report import FoundClaim


class Subject(StrEnum):
    """What in our own record a claim gives a time for."""

    INCIDENT = "incident"
    WARNING = "warning"


class StatedTime(Struct, frozen=True):
    """A time as somebody states it: local `YYYY[-MM[-DD[THH:MM]]]`, no more exact than they were."""

    text: str
    zone: str

    @property
    def precision(self) -> Precision:
        """How exact it is, by what is written."""
        return _PRECISION[len(self.text)]

    def agrees_with(self, at: datetime, precision: Precision) -> bool:
        """Whether an instant known to that precision can be the one stated: both are cut to the coarser of the two."""
        local = at.astimezone(zone_of(self.zone)).strftime("%Y-%m-%dT%H:%M")
        length = min(len(self.text), _LENGTH[precision])
        return self.text[:length] == local[:length]


class About(Struct, frozen=True):
    """The time that a claim gives for something which our own record has a time for too."""

    subject: Subject
    when: StatedTime


class Claim(Struct, frozen=True, kw_only=True):
    """What somebody says, in the words of the text that tells it. It is never a fact of ours.

    `words` stand at `start` to `end` (characters of the decoded text, end exclusive). `reported_by` is the chain of
    hearsay, nearest to the speaker first; the last is whoever wrote the text, `dated` the day of it in `zone`. `to` and
    `said` are None where the text does not state them.
    """

    who: str
    to: str | None
    said: StatedTime | None
    words: str
    start: int
    end: int
    reported_by: tuple[str, ...]
    dated: date
    zone: str
    about: About | None = None

    @property
    def at(self) -> datetime:
        """Where it stands in time, UTC: when it was said; where that is not stated to the day, on the day of the text.

        Of a day it is the last second: a claim must not look as if it came before something else of that day.
        """
        if self.said is not None and self.said.precision is Precision.MINUTE:
            return casebook_instant(self.said.text, self.zone, "point")
        day = self.dated.isoformat()
        if self.said is not None and self.said.precision is Precision.DAY:
            day = self.said.text
        return casebook_instant(day, self.zone, "end") - timedelta(seconds=1)


MAX_CLAIMS = 200
MAX_WORDS = 2000
MAX_NAME = 200
MAX_TELLERS = 8
_KEYS = ("dated", "zone", "claims")
_CLAIM_KEYS = ("who", "to", "when", "claim", "reported_by", "about")
_WHEN = Expression(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2})?)?)?")
_PRECISION = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY, 16: Precision.MINUTE}
_LENGTH = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.HOUR: 13, Precision.MINUTE: 16}


def read_claims(text: str, marked: Mapping[str, Any]) -> tuple[Claim, ...]:
    """The claims that `marked` marks in `text`, in its order; InputError names the first claim that is none.

    Refused is a claim whose words do not stand in the text exactly once, that nobody tells, or that is said after the
    day of the text: nobody can tell what is yet to be said.
    """
    fields = Fields.of("marked claims", marked)
    fields.allow(_KEYS)
    zone = fields.text("zone")
    fields.check(zone_of, zone)
    dated = _day(fields)
    records = fields.records("claims")
    if not 1 <= len(records) <= MAX_CLAIMS:
        raise InputError(f"marked claims: {len(records)} claims, expected 1 to {MAX_CLAIMS}")
    claims = tuple(_claim(one, text, dated, zone) for one in records)
    seen: set[tuple[str, int, int]] = set()
    for number, one in enumerate(claims, 1):
        if (one.who, one.start, one.end) in seen:
            raise InputError(f"marked claims, claims {number}: the same words of the same speaker are marked twice")
        seen.add((one.who, one.start, one.end))
    return claims


def claim_as_found(claim: Claim) -> FoundClaim:
    """A marked claim beside those that rules read."""
    return FoundClaim(
        who=claim.who,
        to=claim.to,
        when=claim.said.text if claim.said else None,
        words=claim.words,
        reported_by=claim.reported_by,
        start=claim.start,
        end=claim.end,
        rule="marked",
    )


def claim_as_json(claim: Claim) -> dict[str, Any]:
    """One claim in the JSON of `tocsin report read` (DESIGN 6)."""
    return {
        "who": claim.who,
        "to": claim.to,
        "when": claim.said.text if claim.said else None,
        "claim": claim.words,
        "reported_by": list(claim.reported_by),
    }


def _claim(fields: Fields, text: str, dated: date, zone: str) -> Claim:
    fields.allow(_CLAIM_KEYS)
    who = _name(fields, fields.text("who"), "who")
    words = fields.text("claim")
    start = _find_words(fields, words, text)
    said = _stated(fields, "when", zone)
    if said is not None and said.text[:10] > dated.isoformat()[: len(said.text)]:
        raise InputError(f"{fields.name}: said on {said.text!r}, after the text that tells it, dated {dated}")
    return Claim(
        who=who,
        to=None if fields.value("to") is None else _name(fields, fields.text("to"), "to"),
        said=said,
        words=words,
        start=start,
        end=start + len(words),
        reported_by=_tellers(fields),
        dated=dated,
        zone=zone,
        about=_about(fields.record("about"), zone) if fields.found.get("about") is not None else None,
    )


def _find_words(fields: Fields, words: str, text: str) -> int:
    """Where the words of the claim stand: exactly once, or nobody could say which place was meant."""
    if len(words) > MAX_WORDS:
        raise InputError(f"{fields.name}: claim has {len(words)} characters, at most {MAX_WORDS} expected")
    if any(unicodedata.category(c) == "Cc" and not c.isspace() for c in words):
        raise InputError(f"{fields.name}: claim {_cut(words)} holds control characters, expected words")
    start = text.find(words)
    if start < 0:
        raise InputError(
            f"{fields.name}: claim {_cut(words)} does not stand in the text",
            hint="mark the words as they are written there, character by character",
        )
    if text.find(words, start + 1) >= 0:
        raise InputError(
            f"{fields.name}: claim {_cut(words)} stands in the text more than once",
            hint="mark more of the words around it",
        )
    return start


def _tellers(fields: Fields) -> tuple[str, ...]:
    """A claim that nobody tells would be a fact of ours."""
    tellers = fields.texts("reported_by")
    if not 1 <= len(tellers) <= MAX_TELLERS:
        raise InputError(
            f"{fields.name}: reported_by names {len(tellers)} tellers, expected 1 to {MAX_TELLERS}",
            hint="name who tells it, nearest to the speaker first, who wrote the text last",
        )
    return tuple(_name(fields, one, "reported_by") for one in tellers)


def _name(fields: Fields, value: str, key: str) -> str:
    """A party in words, on one line: what could break a line or turn its direction is refused."""
    hidden = [c for c in value if unicodedata.category(c)[0] == "C" or unicodedata.category(c) in {"Zl", "Zp"}]
    if not value.strip() or len(value) > MAX_NAME or hidden:
        raise InputError(
            f"{fields.name}: {key} is {_cut(value)}, expected a party in at most {MAX_NAME} characters on one line"
        )
    return value


def _about(fields: Fields, zone: str) -> About:
    fields.allow(("subject", "when"))
    when = _stated(fields, "when", zone)
    if when is None:
        raise InputError(f"{fields.name}: when is None, expected the time that the claim gives")
    return About(fields.choice("subject", Subject), when)


def _stated(fields: Fields, key: str, zone: str) -> StatedTime | None:
    """None where it is null: not stated."""
    if fields.value(key) is None:
        return None
    text = fields.text(key)
    if not _WHEN.fullmatch(text):
        raise InputError(
            f"{fields.name}: {key} is {_cut(text)}, expected YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM"
        )
    fields.check(casebook_instant, text, zone, "end")
    return StatedTime(text, zone)


def _day(fields: Fields) -> date:
    """The day of the text; one at the border of the years has no instant."""
    text = fields.text("dated")
    stated = _stated(fields, "dated", fields.text("zone"))
    if stated is None or stated.precision is not Precision.DAY:
        raise InputError(f"{fields.name}: dated is {_cut(text)}, expected the day of the text as YYYY-MM-DD")
    return date.fromisoformat(text)


def _cut(value: str) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
