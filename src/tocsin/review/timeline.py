"""Reports, determinations, warnings, receipts, answers and the incident on one line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.evidence.verify import VerifiedBundle


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happened. `grade` says how well it is proved (E0 to E4), None where nothing is claimed of delivery."""

    at: datetime
    text: str
    by: str
    grade: str | None = None


def build_timeline(moments: Sequence[Moment], proof: VerifiedBundle) -> tuple[Moment, ...]:
    """The moments in the order of time, with what other parties signed taken from the proof alone.

    Cannot be called unproved: only verify_bundle makes a VerifiedBundle.
    """
    signed = [
        Moment(at=one.at, text=one.text, by=one.by, grade=one.grade.value)
        for one in proof.proved
        if one.grade.value in {"E3", "E4"}
    ]
    return tuple(sorted([*moments, *signed], key=lambda one: one.at))
