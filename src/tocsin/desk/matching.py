"""Which warnings said so, ours and those of others, and what a person rules on a verdict: both are kept, with name and reason."""

from datetime import datetime, timedelta

from tocsin.core.window import months_between, write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptRuling
from tocsin.desk.review import RULE, match_as_json
from tocsin.desk.stores import Transaction
from tocsin.desk.told import told_as, told_before
from tocsin.desk.unread import sha256
from tocsin.errors import InputError, StateError
from tocsin.evidence.entry import Kind
from tocsin.review.chains import find_in_force
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident
from tocsin.review.matching import Match, ReviewedWarning, find_matches, judge

MAX_REASON = 2000
FOREIGN_WITHIN = timedelta(days=62)
"""How long before an incident warnings of others are looked at unless somebody says otherwise: a month of window, a month of
lateness."""
RULED = (Verdict.HIT, Verdict.PARTIAL, Verdict.MISSED_EVENT, Verdict.AVERTED)


def show_matches(desk: Desk, incident: str, *, since: datetime | None = None) -> Outcome:
    """The verdict on every version in force at the incident: ours, and those of others that were near by.

    Of others only those are told that were issued since then (62 days before, if nothing is said) and whose place was not
    wrong. `ruled` is what people ruled on each, the newest last.
    """
    with look(desk, May.LOOK) as tx:
        found = _incident(tx, incident)
        outlines = desk.outlines()
        ours = told_before(tx, found.start)
        oldest = since or found.start - FOREIGN_WITHIN
        spans = months_between(oldest, found.start)
        others = find_in_force((one for span in spans for one in tx.review.foreign_warnings(*span)), found.start)
        near = tuple(
            (one, match)
            for one, match in zip(others, find_matches(found, others, RULE, outlines), strict=True)
            if match.place in {Verdict.HIT, Verdict.NEAR}
        )
        pairs = (*zip(ours, find_matches(found, ours, RULE, outlines), strict=True), *near)
        rulings = tx.review.rulings(incident)
        return {
            "incident": incident,
            "rule": RULE.id,
            "foreign_since": write_instant(oldest),
            "matches": [_as_json(one, match, rulings) for one, match in pairs],
        }


def confirm_match(desk: Desk, incident: str, warning: str, reason: str, *, once: str = "") -> Outcome:
    """Say that the rule's verdict on this pair is right, and why. NotFoundError for what is not here."""
    return _rule(desk, incident, warning, None, reason, once)


def override_match(
    desk: Desk, incident: str, warning: str, overall: Verdict, reason: str, *, once: str = ""
) -> Outcome:
    """Put another verdict beside the rule's, which stays, and say why. StateError if it is the same."""
    if overall not in RULED:
        raise InputError(f"verdict is {overall.value!r}, expected one of {', '.join(RULED)}")
    return _rule(desk, incident, warning, overall, reason, once)


def _rule(desk: Desk, incident: str, warning: str, overall: Verdict | None, reason: str, once: str) -> Outcome:
    words = " ".join(reason.split())
    if not 0 < len(words) <= MAX_REASON:
        raise InputError(f"reason has {len(words)} characters, expected 1 to {MAX_REASON}")
    with begin(desk, May.RULE, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = _incident(act.tx, incident)
        judged = judge(_warning(act.tx, warning, found.start), found, RULE, desk.outlines()).overall
        if overall is judged:
            raise StateError(f"the rule says {judged.value} too", hint="confirm it instead")
        number = 1 + sum(one.warning == warning for one in act.tx.review.rulings(incident))
        ruling = KeptRuling(
            incident=incident,
            warning=warning,
            number=number,
            at=act.at,
            by=desk.actor,
            rule=RULE.id,
            judged=judged,
            ruled=overall or judged,
            reason=words,
        )
        act.tx.review.add_ruling(ruling)
        body = {"act": "override" if overall else "confirm", "incident": incident, "warning": warning}
        # The reason's words stay in the store: what is logged goes to everybody who audits the log.
        verdicts = {"rule": RULE.id, "judged": judged.value, "ruled": ruling.ruled.value, "number": number}
        act.log(Kind.ACT, {**body, **verdicts, "reason_sha256": sha256(words.encode())}, subject=incident)
        return act.result({**body, **verdicts})


def _incident(tx: Transaction, incident: str) -> Incident:
    """Ours, or one that was imported: those have their source before a colon."""
    return tx.review.imported_incident(incident) if ":" in incident else tx.cases.incident(incident)


def _warning(tx: Transaction, warning: str, at: datetime) -> ReviewedWarning:
    return tx.review.foreign_warning(warning) if ":" in warning else told_as(tx, warning, at)


def _as_json(warning: ReviewedWarning, match: Match, rulings: tuple[KeptRuling, ...]) -> Outcome:
    return {
        **match_as_json(match),
        "told": warning.told.value,
        "issuer": warning.issuer or None,
        "decided_by": match.decided_by,
        "time_is_sure": match.time_is_sure,
        "place_is_sure": match.place_is_sure,
        "ruled": [
            {
                "by": one.by,
                "at": one.at.isoformat(),
                "judged": one.judged.value,
                "ruled": one.ruled.value,
                "reason": one.reason,
            }
            for one in rulings
            if one.warning == warning.id
        ],
    }
