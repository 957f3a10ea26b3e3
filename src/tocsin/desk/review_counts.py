"""What a review counts: the table of an incident under each lateness, with rates and intervals, and how long before it who knew."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tocsin.desk.act import Outcome
from tocsin.desk.stores import Transaction
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import MatchRule, ReviewedWarning, Told
from tocsin.review.outlines import Outlines
from tocsin.track_record.lead import Reached, Since, leads_as_json, measure_leads
from tocsin.track_record.rates import measure_rates, rates_as_json
from tocsin.track_record.scores import settle

LATE_ALLOWED = (("not at all", timedelta(0)), ("30 days", timedelta(days=30)))
Instants = tuple[datetime | None, datetime | None]
SEED = 0
"""Of the resampling: whoever counts the same record again gets the same interval."""


def count_incident(
    tx: Transaction, warnings: Sequence[ReviewedWarning], incident: Incident, rule: MatchRule, outlines: Outlines
) -> list[Outcome]:
    """One table per audience told and lateness allowed: the rule, counts, rates with intervals, and lead times.

    Blocks are days of issue. What the public was told comes first; what peers were told has tables only where a peer was.
    Lead times are of this incident over the warnings that hit it; of one that did not occur there are none.
    """
    kinds = [Told.PUBLIC, *(one for one in Told if one is not Told.PUBLIC and any(w.told is one for w in warnings))]
    return [
        _table(tx, tuple(one for one in warnings if one.told is told), incident, replace(rule, max_late=late), outlines)
        | {"told": told.value, "late_allowed": words}
        for told in kinds
        for words, late in LATE_ALLOWED
    ]


def _table(
    tx: Transaction, warnings: Sequence[ReviewedWarning], incident: Incident, rule: MatchRule, outlines: Outlines
) -> Outcome:
    told = {one.id: one for one in warnings}
    days = {name: one.issued.date().isoformat() for name, one in told.items()}
    onsets = {incident.id: incident.start} if incident.status is IncidentStatus.OCCURRED else {}
    settled = settle(warnings, (incident,), rule, outlines)
    blocks = settled.count_by(days, {incident.id: incident.start.date().isoformat()})
    reached = {name: _reached(tx, told[name]) for name, _ in settled.hits}
    leads = [measure_leads(onsets, settled.hits, reached, since) for since in Since]
    rates = measure_rates(blocks, settled.rule, seed=SEED, by="day")
    return {**rates_as_json(rates), "leads": [leads_as_json(one) for one in leads]}


def _reached(tx: Transaction, told: ReviewedWarning) -> Reached:
    """Of the public version how far it came with people, of that for peers with peers."""
    recipients = peers_reached(tx, told.chain) if told.told is Told.PRIVATE else people_reached(tx, told.chain)
    return Reached(issued=told.issued, recipients=recipients)


def people_reached(tx: Transaction, warning: str) -> tuple[Instants, ...]:
    """Per person addressed, when the mail server took it and when that person first answered; None if never.

    Any answer counts, a dismissal too: who dismisses has read.
    """
    return tx.outbox.first_times(warning)


def peers_reached(tx: Transaction, warning: str) -> tuple[Instants, ...]:
    """Per peer addressed, when its node signed that it had it and when a person there first answered; None if never."""
    answers = tx.chase.answers_of_parties(warning)
    return tuple(
        (
            min((one.at for one in answers if one.party == peer), default=None),
            min((one.at for one in answers if one.party == peer and not one.answer.by_machine), default=None),
        )
        for peer in (one.peer for one in tx.chase.peer_deliveries(warning))
    )
