"""The counts of a bulk join: contingency by block and lead time from issue, off pairs of row numbers."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from tocsin.review.columns import Ints
from tocsin.review.join import Pairs
from tocsin.review.matching import MatchRule
from tocsin.track_record.lead import LeadTimes, Since
from tocsin.track_record.scores import Contingency

INSIDE = MatchRule(id="inside/1", near_km=0.0, late=timedelta(0))
"""What the join decides: in the ring or on its border, from issue to expiry, both included. Nothing else is compared: whoever
counts says beforehand which warnings and which incidents are of one kind."""


def count_pairs(pairs: Pairs, *, warned: Ints, happened: Ints) -> Mapping[int, Contingency]:
    """A table per block under `inside/1`; `warned` and `happened` give the block of each warning and each incident, (n,) and (m,).

    A warning hits if any incident fell into it, an incident is hit if it fell into any warning. Blocks are whole numbers
    near each other (days since 1970, campaigns), given in their order without the empty ones.
    """
    if not len(warned) and not len(happened):
        return {}
    low = min(one.min() for one in (warned, happened) if len(one))
    span = 1 + max(one.max() for one in (warned, happened) if len(one)) - low
    never, came = _count(warned - low, pairs.warning, span)
    missed, hit = _count(happened - low, pairs.incident, span)
    return {
        int(low + one): Contingency(
            event_hits=int(hit[one]),
            misses=int(missed[one]),
            warning_hits=int(came[one]),
            false_alarms=int(never[one]),
        )
        for one in np.flatnonzero(never + came + missed + hit)
    }


def lead_from_issue(pairs: Pairs, *, issued: Ints, happened: Ints) -> LeadTimes:
    """Lead time of each incident from the earliest warning in `pairs` that named it.

    `issued` and `happened` are seconds since 1970 of every warning and every incident; those without a pair have no lead.
    """
    lead = np.full(len(happened), -1, dtype=np.int64)
    np.maximum.at(lead, pairs.incident, happened[pairs.incident] - issued[pairs.warning])
    found = lead[lead >= 0]
    return LeadTimes(
        since=Since.ISSUE,
        leads=tuple(timedelta(seconds=int(one)) for one in found),
        without=len(happened) - len(found),
        recipients=None,
    )


def _count(blocks: Ints, hit: Ints, span: int) -> tuple[Ints, Ints]:
    """Rows without and with a pair, per block."""
    has = np.bincount(hit, minlength=len(blocks)) > 0
    return np.bincount(blocks[~has], minlength=span), np.bincount(blocks[has], minlength=span)
