"""Reports, determinations, warnings, receipts, answers and the incident on one line of time, and what others claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.told import ToldClaim


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happened. `grade` says how well it is proved (E0 to E4), None where nothing is claimed of delivery.

    With `claim` nothing is said to have happened: somebody says so, in `text`; no grade can stand beside that.
    """

    at: datetime
    text: str
    by: str
    grade: str | None = None
    claim: ToldClaim | None = None

    def __post_init__(self) -> None:
        if self.claim is not None and self.grade is not None:
            raise TypeError("a claim of somebody else has no evidence grade")


def build_timeline(
    moments: Sequence[Moment], proof: VerifiedBundle, claims: Sequence[ToldClaim] = ()
) -> tuple[Moment, ...]:
    """The moments in the order of time, with what other parties signed taken from the proof alone, and the claims.

    Cannot be called unproved: only verify_bundle makes a VerifiedBundle.
    """
    signed = [
        Moment(at=one.at, text=one.text, by=one.by, grade=one.grade.value)
        for one in proof.proved
        if one.grade.value in {"E3", "E4"}
    ]
    said = [Moment(at=one.claim.at, text=one.claim.words, by=one.claim.who, claim=one) for one in claims]
    return tuple(sorted([*moments, *signed, *said], key=lambda one: one.at))
