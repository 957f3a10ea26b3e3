"""Afterwards: record an incident, match it to every warning before it, and write the account."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from tocsin.cap.codec import read_alert
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.core.marking import Audience
from tocsin.core.window import up_to_expires, write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, look
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import cover_all, prove
from tocsin.desk.records import Reader
from tocsin.desk.review_counts import LATE_ALLOWED, count_incident
from tocsin.desk.stores import Transaction
from tocsin.desk.unread import Plan, act_or_keep
from tocsin.errors import NotFoundError
from tocsin.evidence.entry import Kind
from tocsin.review.account import Account, CaseDelays, ScoreRow, WarnedText, write_account
from tocsin.review.casebook import case_as_json, read_case
from tocsin.review.incident import Incident, read_incident_file
from tocsin.review.matching import Match, MatchRule, ReviewedWarning, find_matches
from tocsin.review.timeline import Moment, build_timeline
from tocsin.review.told import ToldClaim
from tocsin.track_record.scores import tabulate

RULE = MatchRule()


def record_incident(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """Store what happened (JSON) and log it. Raises InputError if it cannot be read: then it is kept in quarantine."""
    return act_or_keep(desk, May.RECORD_INCIDENT, Reader.INCIDENT, raw, partial(plan_incident, desk, raw), once=once)


def plan_incident(_desk: Desk, raw: bytes) -> Plan:
    """Read the incident; what is left is to number and store it. InputError if it cannot be read."""
    found = read_incident_file(raw)

    def store(act: Act, _first: datetime) -> tuple[Outcome, str]:
        incident = replace(found, id=f"I-{act.tx.cases.next_number('incident')}")
        act.tx.cases.add_incident(incident)
        body = {"incident": incident.id, "start": write_instant(incident.start), "status": incident.status.value}
        act.log(Kind.INCIDENT, body, subject=incident.id)
        act.publish_checkpoint()
        return {"incident": incident.id, "start": write_instant(incident.start)}, incident.id

    return store


def review_incident(desk: Desk, incident: str) -> Outcome:
    """The verdict on every warning issued before the incident, and the counts, rates and lead times with and without lateness."""
    with look(desk, May.LOOK) as tx:
        found = tx.cases.incident(incident)
        warnings = warnings_before(tx, found)
        matches = find_matches(found, warnings, RULE, desk.outlines())
        return {
            "incident": incident,
            "rule": RULE.id,
            "matches": [match_as_json(match) for match in matches],
            "tables": count_incident(tx, warnings, found, RULE, desk.outlines()),
        }


def write_review(desk: Desk, incident: str, *, case: bytes | None = None) -> str:
    """The account of the incident as one HTML file; `case` is a documented case whose delays stand beside ours.

    Raises NotFoundError if no warning came before the incident: there is nothing to account for yet.
    """
    cover_all(desk)
    with look(desk, May.LOOK) as tx:
        found = tx.cases.incident(incident)
        warnings = warnings_before(tx, found)
        if not warnings:
            raise NotFoundError(f"no warning was issued before {incident}", hint="nothing issued here is no all-clear")
        match = min(find_matches(found, warnings, RULE, desk.outlines()), key=lambda one: one.delay_hours_from_issue)
        issued = tx.cases.warning(match.warning)
        proof = prove(desk, tx, issued.id)
        claims = _told(tx, incident)
        settings = desk.settings
        return write_account(
            Account(
                node=settings.sender_name or settings.name,
                exercise=settings.exercise if settings.practice else "",
                generated=desk.clock.now(),
                zone=settings.zone,
                incident=found,
                warning=_public_words(tx, issued),
                threat=issued.threat,
                match=match,
                rule=RULE,
                timeline=build_timeline(_moments(tx, issued, found), proof, claims),
                proof=proof,
                scores=score(warnings, found),
                counts={state.value: count for state, count in tx.outbox.count_mail(issued.id).items()},
                case=_case_delays(case) if case else None,
                claims=claims,
            )
        )


def match_as_json(match: Match) -> Outcome:
    """One verdict as the CLI and the API show it."""
    facets = ("place", "time", "target", "actor", "method", "person", "overall")
    return {
        "warning": match.warning,
        "incident": match.incident,
        **{name: getattr(match, name).value for name in facets},
        "class": match.class_,
        "distance_km": match.distance_km,
        "delay_hours_from_issue": match.delay_hours_from_issue,
        "delay_hours_from_window_end": match.delay_hours_from_window_end,
    }


def warnings_before(tx: Transaction, incident: Incident) -> tuple[ReviewedWarning, ...]:
    """Every warning issued before it, as a review sees it."""
    return tuple(as_reviewed(one) for one in tx.cases.warnings() if one.issued < incident.start)


def as_reviewed(warning: IssuedWarning) -> ReviewedWarning:
    """The window is that of the message: from its sending to its expiry, to the second."""
    issued, expires = (at.replace(microsecond=0) for at in (warning.issued, warning.expires))
    return ReviewedWarning(
        id=warning.id,
        threat=warning.threat,
        issued=issued,
        window=replace(up_to_expires(issued, expires), zone=warning.threat.window.zone),
    )


def score(warnings: tuple[ReviewedWarning, ...], incident: Incident) -> tuple[ScoreRow, ...]:
    """The counts of one incident under the same rule with no lateness allowed and with 30 days: opposite records at times."""
    rows = []
    for words, late in LATE_ALLOWED:
        table = tabulate(warnings, (incident,), replace(RULE, max_late=late))
        rows.append(
            ScoreRow(
                late_allowed=words,
                event_hits=table.event_hits,
                misses=table.misses,
                warning_hits=table.warning_hits,
                no_known_event=table.false_alarms,
            )
        )
    return tuple(rows)


def _public_words(tx: Transaction, warning: IssuedWarning) -> WarnedText:
    version = next(one for one in tx.cases.versions(warning.id) if one.audience is Audience.PUBLIC)
    info = read_alert(version.cap).infos[0]
    return WarnedText(
        id=warning.id,
        headline=info.headline or info.event,
        description=info.description or "",
        instruction=info.instruction or "",
        issued=warning.issued,
        expires=warning.expires,
        status=warning.status.value,
    )


def _moments(tx: Transaction, warning: IssuedWarning, incident: Incident) -> list[Moment]:
    """What our own log says, each with the grade that a log alone (or with a witness) gives."""
    determination = tx.cases.determination(warning.determination)
    moments = [
        Moment(at=determination.acquired, text="a report came in", by="report", grade="E0"),
        Moment(
            at=determination.at,
            text=f"duty to warn by {determination.outcome.ruleset}: {determination.outcome.outcome.value}",
            by="determination",
            grade="E0",
        ),
        Moment(at=incident.start, text=f"incident: {incident.summary or incident.place.name}", by="incident"),
    ]
    for log, logged in ((each, one) for each in tx.continuity.every_log() for one in each.entries(subject=warning.id)):
        text = _SAID.get(logged.kind)
        if text is None:
            continue
        witnessed = log.checkpoint(least=logged.index + 1, witnessed=True) is not None
        words = text if logged.kind is not Kind.STATE else _state_words(warning, logged.at)
        moments.append(Moment(at=logged.at, text=words, by=logged.kind.value, grade="E1" if witnessed else "E0"))
    return list(dict.fromkeys(moments))


def _told(tx: Transaction, incident: str) -> tuple[ToldClaim, ...]:
    """What others claim about it, in the order in which it was recorded."""
    return tuple(
        ToldClaim(claim=one.claim, report=one.report, digest=tx.cases.report(one.report).digest, number=one.number)
        for one in tx.cases.claims(incident)
    )


def _state_words(warning: IssuedWarning, at: datetime) -> str:
    if at <= warning.expires:
        return f"warning {warning.id} issued"
    if at <= warning.watch_until:
        return f"warning {warning.id}: its window ended without an incident, it went on watch"
    return f"warning {warning.id}: its watch ended, it was closed"


_SAID = {
    Kind.STATE: "",
    Kind.ENVELOPE: "the sealed partner version was put on its way to the peer",
}


def _case_delays(raw: bytes) -> CaseDelays | None:
    """The public warning of the case against its first event: the pair that a public record can be held against."""
    case = case_as_json(read_case(raw))
    pairs = [one for one in case["pairs"] if one["delay_hours_from_window_end"] is not None]
    if not pairs:
        return None
    pair = pairs[-1]
    return CaseDelays(
        slug=case["slug"],
        warning=pair["warning"],
        from_issue=pair["delay_hours_from_issue"],
        from_window_end=pair["delay_hours_from_window_end"],
    )
