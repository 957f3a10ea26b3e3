"""What had the receiver been told when it happened? Of each chain the version in force, public and private apart."""

from collections.abc import Iterable
from datetime import datetime

from tocsin.review.matching import ReviewedWarning, Told


def find_in_force(versions: Iterable[ReviewedWarning], at: datetime) -> tuple[ReviewedWarning, ...]:
    """Of each chain and channel the version issued last before that instant, in order of issue; later ones are left out.

    A version that withdraws its chain is one whose window ends when it was issued. Of two issued in the same second the
    one with the greater id counts, so that the order in which they come never matters.
    """
    newest: dict[tuple[str, Told], ReviewedWarning] = {}
    for one in versions:
        if one.issued >= at:
            continue
        key = (one.chain or one.id, one.told)
        if key not in newest or _order(one) > _order(newest[key]):
            newest[key] = one
    return tuple(sorted(newest.values(), key=_order))


def _order(version: ReviewedWarning) -> tuple[datetime, str]:
    return version.issued, version.id
