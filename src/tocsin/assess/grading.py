"""Grades of reports: reliability of the source and credibility of what it says, two axes apart (RULES section 2)."""

from enum import StrEnum

from msgspec import Struct

from tocsin.errors import InputError


class Reliability(StrEnum):
    """Of the source. F means that it cannot be judged, which is not the middle."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class GradedReport(Struct, frozen=True):
    """A grade belongs to a source and one report of it (R25), never to a warning. `credibility` 6: cannot be judged."""

    report: str
    reliability: Reliability
    credibility: int


def grade(report: str, reliability: Reliability, credibility: int) -> GradedReport:
    """The two axes are graded independently: A5 and E1 are legal (R21). InputError outside 1 to 6.

    >>> grade("R-1", Reliability.A, 5).credibility
    5
    """
    if isinstance(credibility, bool) or credibility not in range(1, 7):
        raise InputError(f"credibility {credibility!r} is not a number from 1 to 6")
    return GradedReport(report, reliability, credibility)


def are_credible(basis: tuple[GradedReport, ...]) -> bool | None:
    """RULES 1.7: one of A-C (or F) with 1-3, or two reports of D or better with 1-3; None if nothing can be judged.

    The reports of the basis must be of independent origin; who repeats whom is the intake's question.
    """
    believed = [one for one in basis if one.credibility in {1, 2, 3}]
    if any(one.reliability in {"A", "B", "C", "F"} for one in believed):
        return True
    if sum(one.reliability in {"A", "B", "C", "D"} for one in believed) >= 2:
        return True
    unknown = not basis or any(one.credibility == 6 or one.reliability is Reliability.F for one in basis)
    return None if unknown else False
