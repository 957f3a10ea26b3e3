"""Reports, determinations, warnings, receipts, answers and the incident on one line of time, with claims and silences."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.told import ToldClaim

SILENCE = timedelta(minutes=30)
"""From more than this on, that nothing was entered is a line of its own (LESSONS L45)."""
AT_ONCE = timedelta(minutes=1)
"""What is entered later than this after it happened is a memory, not a record (LESSONS L45)."""
SIGNED = frozenset({Grade.E3, Grade.E4})


class Moment(Struct, frozen=True, kw_only=True):
    """One thing that happened. `grade` says how well it is proved, None where nothing is claimed of delivery.

    `at` is when it happened and `logged` when it was entered here; None where that was the same moment. What was entered
    later rests on this node's word alone, grade E0, unless somebody else signed it. `quote` are words of others.
    With `claim` nothing is said to have happened: somebody says so, in `text`; no grade can stand beside that.
    """

    at: datetime
    text: str
    by: str
    grade: Grade | None = None
    logged: datetime | None = None
    quote: str = ""
    claim: ToldClaim | None = None

    def __post_init__(self) -> None:
        if self.claim is not None and self.grade is not None:
            raise TypeError("a claim of somebody else has no evidence grade")


class Silence(Struct, frozen=True):
    """From `at` until `until` nothing was entered here."""

    at: datetime
    until: datetime


def build_timeline(
    moments: Sequence[Moment], proof: VerifiedBundle, claims: Sequence[ToldClaim] = ()
) -> tuple[Moment | Silence, ...]:
    """The moments in the order of time, with what other parties signed taken from the proof alone, claims and silences.

    Cannot be called unproved: only verify_bundle makes a VerifiedBundle. A claim ends no silence: it is no act.
    """
    signed = [
        Moment(at=one.at, text=one.text, by=one.by, grade=one.grade) for one in proof.proved if one.grade in SIGNED
    ]
    said = [Moment(at=one.claim.at, text=one.claim.words, by=one.claim.who, claim=one) for one in claims]
    acts = sorted([*map(_by_memory, moments), *signed], key=lambda one: one.at)
    # Sorting keeps the order of equals: a silence stands behind the act that it follows.
    return tuple(sorted([*acts, *_silences(acts), *said], key=lambda one: one.at))


def _by_memory(moment: Moment) -> Moment:
    if moment.logged is None or moment.logged - moment.at <= AT_ONCE:
        return replace(moment, logged=None)
    return moment if moment.grade in SIGNED else replace(moment, grade=Grade.E0)


def _silences(acts: Sequence[Moment]) -> Iterator[Silence]:
    for one, following in pairwise(acts):
        if following.at - one.at > SILENCE:
            yield Silence(one.at, following.at)
