"""What a documented case counts: its table under its rule. No rate may be drawn over cases, for they were picked by outcome."""

from typing import Any

from tocsin.review.casebook import Case
from tocsin.review.matching import MatchRule
from tocsin.review.outlines import NO_OUTLINES, Outlines
from tocsin.track_record.rates import measure_rates, rates_as_json
from tocsin.track_record.scores import settle

SEED = 0
"""Of the resampling: whoever counts the same case again gets the same interval."""


def count_case(case: Case, rule: MatchRule | None = None, outlines: Outlines = NO_OUTLINES) -> dict[str, Any]:
    """The counts of every warning and every event of the case, by `casebook/1` unless another rule is given.

    Blocks are days: of issue for a warning, of its start for an event.
    """
    settled = settle(case.warnings, case.incidents, rule or MatchRule(), outlines)
    warned = {one.id: one.issued.date().isoformat() for one in case.warnings}
    happened = {one.id: one.start.date().isoformat() for one in case.incidents}
    return rates_as_json(measure_rates(settled.count_by(warned, happened), settled.rule, seed=SEED, by="day"))
