"""What the desk shows: warnings with who has them, the inbox, the log. Reads only."""

from typing import Any

from tocsin.assess.duty import determination_as_claims
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, look
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptClaim
from tocsin.desk.respond import item_as_json
from tocsin.desk.stores import Transaction
from tocsin.exchange.protocol import grade_of
from tocsin.intake.claims import claim_as_json
from tocsin.review.incident import Incident


def list_determinations(desk: Desk) -> list[Outcome]:
    """Every determination with its reasons, oldest first."""
    with look(desk, May.LOOK) as tx:
        return [dict(determination_as_claims(found)) for found in tx.cases.determinations()]


def list_incidents(desk: Desk) -> list[Outcome]:
    """Every incident, with how many claims about it are recorded."""
    with look(desk, May.LOOK) as tx:
        return [{**_incident_line(one), "claims": len(tx.cases.claims(one.id))} for one in tx.cases.incidents()]


def show_incident(desk: Desk, incident: str) -> Outcome:
    """One incident, and apart from it what others claim about it. No claim is no proof that none was made."""
    with look(desk, May.LOOK) as tx:
        found = tx.cases.incident(incident)
        claims = [kept_claim_as_json(one) for one in tx.cases.claims(incident)]
        return {**_incident_line(found), "summary": found.summary, "claims": claims}


def kept_claim_as_json(kept: KeptClaim) -> Outcome:
    """One recorded claim as the CLI and the API show it: always with its source, and never as anything but a claim."""
    claim = kept.claim
    return {
        "incident": kept.incident,
        "report": kept.report,
        "number": kept.number,
        **claim_as_json(claim),
        "dated": claim.dated.isoformat(),
        "start": claim.start,
        "end": claim.end,
        "about": {"subject": claim.about.subject.value, "when": claim.about.when.text} if claim.about else None,
        "recorded": write_instant(kept.recorded),
    }


def list_warnings(desk: Desk) -> list[Outcome]:
    """Every warning of ours with its state, oldest first. An empty list says nothing about safety."""
    with look(desk, May.LOOK) as tx:
        return [_line(warning) for warning in tx.cases.warnings()]


def show_warning(desk: Desk, warning: str) -> Outcome:
    """One warning: its state, who has it and how that is proved, who is still being asked, what was answered."""
    with look(desk, May.LOOK) as tx:
        found = tx.cases.warning(warning)
        return {
            **_line(found),
            "mail": {state.value: count for state, count in tx.outbox.count_mail(warning).items()},
            "peers": _peers(tx, warning),
            "asked": [
                {
                    "party": ladder.party,
                    "kind": ladder.kind,
                    "steps": ladder.done,
                    "ended_by": ladder.ended_by or None,
                    "ended": write_instant(ladder.ended) if ladder.ended else None,
                }
                for ladder in tx.chase.ladders(warning)
            ],
            "answers": [
                {
                    "party": answer.party,
                    "answer": answer.answer.value,
                    "at": write_instant(answer.at),
                    "by": answer.by,
                    "reason": answer.reason,
                }
                for answer in tx.chase.answers_of_parties(warning)
            ],
            "people": {kind.value: count for kind, count in tx.chase.count_answers_of_people(warning).items()},
        }


def list_inbox(desk: Desk) -> list[Outcome]:
    """Every warning that other nodes sent, oldest first."""
    with look(desk, May.LOOK) as tx:
        return [item_as_json(item) for item in tx.inbox.items()]


def list_log(desk: Desk) -> list[Outcome]:
    """Every leaf of our log: number, kind, time, subject; never the text."""
    with look(desk, May.LOOK_AT_LOG) as tx:
        return [
            {"entry": one.index, "kind": one.kind.value, "at": write_instant(one.at), "subject": one.subject}
            for one in tx.log.entries()
        ]


def _incident_line(incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident.id,
        "start": write_instant(incident.start),
        "place": incident.place.name,
        "status": incident.status.value,
    }


def _line(warning: IssuedWarning) -> dict[str, Any]:
    return {
        "warning": warning.id,
        "headline": warning.headline,
        "status": warning.status.value,
        "closed_by": warning.closed_by.value if warning.closed_by else None,
        "version": warning.number,
        "issued": write_instant(warning.issued),
        "expires": write_instant(warning.expires),
        "watch_until": write_instant(warning.watch_until),
        "determination": warning.determination,
    }


def _peers(tx: Transaction, warning: str) -> list[Outcome]:
    return [
        {
            "peer": delivery.peer,
            "version": delivery.number,
            "state": delivery.state.value,
            "grade": grade_of(delivery.state).value,
            "at": write_instant(delivery.at),
        }
        for delivery in tx.chase.peer_deliveries(warning)
    ]
