"""What a review counts: the table of an incident under each lateness, with rates and intervals, and how long before it who knew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.desk.act import Outcome
from tocsin.desk.stores import Transaction
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import MatchRule, ReviewedWarning
from tocsin.review.outlines import Outlines
from tocsin.track_record.lead import Reached, Since, leads_as_json, measure_leads
from tocsin.track_record.rates import measure_rates, rates_as_json
from tocsin.track_record.scores import settle

LATE_ALLOWED = (("not at all", timedelta(0)), ("30 days", timedelta(days=30)))
SEED = 0
"""Of the resampling: whoever counts the same record again gets the same interval."""


def count_incident(
    tx: Transaction, warnings: Sequence[ReviewedWarning], incident: Incident, rule: MatchRule, outlines: Outlines
) -> list[Outcome]:
    """One table per lateness allowed: the rule, counts, rates with intervals (blocks are days of issue), and lead times.

    Lead times are of this incident over the warnings that hit it; of one that did not occur there are none.
    """
    issued = {one.id: one.issued for one in warnings}
    days = {warning: at.date().isoformat() for warning, at in issued.items()}
    onsets = {incident.id: incident.start} if incident.status is IncidentStatus.OCCURRED else {}
    tables = []
    for words, late in LATE_ALLOWED:
        settled = settle(warnings, (incident,), replace(rule, max_late=late), outlines)
        blocks = settled.count_by(days, {incident.id: incident.start.date().isoformat()})
        reached = {warning: reached_by(tx, warning, issued[warning]) for warning, _ in settled.hits}
        leads = [measure_leads(onsets, settled.hits, reached, since) for since in Since]
        tables.append(
            {
                "late_allowed": words,
                **rates_as_json(measure_rates(blocks, settled.rule, seed=SEED, by="day")),
                "leads": [leads_as_json(one) for one in leads],
            }
        )
    return tables


def reached_by(tx: Transaction, warning: str, issued: datetime) -> Reached:
    """When each person and each peer that was addressed had the warning, and when a person there first answered.

    A person has it when the mail server took it; a peer has it when its node signed that it did. Any answer of a person
    counts, a dismissal too: who dismisses has read.
    """
    answers = tx.chase.answers_of_parties(warning)
    peers = [
        (
            min((one.at for one in answers if one.party == peer), default=None),
            min((one.at for one in answers if one.party == peer and not one.answer.by_machine), default=None),
        )
        for peer in (one.peer for one in tx.chase.peer_deliveries(warning))
    ]
    return Reached(issued=issued, recipients=(*tx.outbox.first_times(warning), *peers))
