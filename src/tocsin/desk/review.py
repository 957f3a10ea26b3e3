"""Afterwards: record an incident, match it to every warning before it, and write the account."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tocsin.cap.codec import read_alert
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.core.marking import Audience
from tocsin.core.window import up_to_expires, write_instant
from tocsin.desk.act import Outcome, begin
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import cover_all, prove
from tocsin.desk.stores import Transaction
from tocsin.errors import NotFoundError
from tocsin.evidence.entry import Kind
from tocsin.review.account import Account, CaseDelays, ScoreRow, WarnedText, write_account
from tocsin.review.casebook import case_as_json, read_case
from tocsin.review.incident import Incident, read_incident
from tocsin.review.matching import Match, MatchRule, ReviewedWarning, find_matches
from tocsin.review.timeline import Moment, build_timeline
from tocsin.track_record.scores import tabulate

RULE = MatchRule()
LATE_ALLOWED = (("not at all", timedelta(0)), ("30 days", timedelta(days=30)))


def record_incident(desk: Desk, found: Mapping[str, Any], *, once: str = "") -> Outcome:
    """Store what happened and log it. Raises InputError, with nothing stored, for an incident that cannot be read."""
    read_incident(found, id="I-0")
    with begin(desk, once) as act:
        if act.earlier is not None:
            return act.earlier
        incident = read_incident(found, id=f"I-{act.tx.cases.next_number('incident')}")
        act.tx.cases.add_incident(incident)
        body = {"incident": incident.id, "start": write_instant(incident.start), "status": incident.status.value}
        act.log(Kind.INCIDENT, body, subject=incident.id)
        act.publish_checkpoint()
        return act.result({"incident": incident.id, "start": write_instant(incident.start)})


def review_incident(desk: Desk, incident: str) -> Outcome:
    """The verdict on every warning issued before the incident, and the counts with and without lateness."""
    with desk.store.read() as tx:
        found = tx.cases.incident(incident)
        warnings = _warnings_before(tx, found)
        matches = find_matches(found, warnings, RULE)
        return {
            "incident": incident,
            "rule": RULE.id,
            "matches": [match_as_json(match) for match in matches],
            "tables": [_row_as_json(row) for row in _score(warnings, found)],
        }


def write_review(desk: Desk, incident: str, *, case: bytes | None = None) -> str:
    """The account of the incident as one HTML file; `case` is a documented case whose delays stand beside ours.

    Raises NotFoundError if no warning came before the incident: there is nothing to account for yet.
    """
    cover_all(desk)
    with desk.store.read() as tx:
        found = tx.cases.incident(incident)
        warnings = _warnings_before(tx, found)
        if not warnings:
            raise NotFoundError(f"no warning was issued before {incident}", hint="nothing issued here is no all-clear")
        match = min(find_matches(found, warnings, RULE), key=lambda one: one.delay_hours_from_issue)
        issued = tx.cases.warning(match.warning)
        proof = prove(desk, tx, issued.id)
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
                timeline=build_timeline(_moments(tx, issued, found), proof),
                proof=proof,
                scores=_score(warnings, found),
                counts={state.value: count for state, count in tx.outbox.count_mail(issued.id).items()},
                case=_case_delays(case) if case else None,
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


def _warnings_before(tx: Transaction, incident: Incident) -> tuple[ReviewedWarning, ...]:
    """Issued before it. The window is that of the message: from its sending to its expiry, to the second."""
    return tuple(
        ReviewedWarning(
            id=one.id,
            threat=one.threat,
            issued=one.issued.replace(microsecond=0),
            window=replace(
                up_to_expires(one.issued.replace(microsecond=0), one.expires.replace(microsecond=0)),
                zone=one.threat.window.zone,
            ),
        )
        for one in tx.cases.warnings()
        if one.issued < incident.start
    )


def _score(warnings: tuple[ReviewedWarning, ...], incident: Incident) -> tuple[ScoreRow, ...]:
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


def _row_as_json(row: ScoreRow) -> Outcome:
    return {name: getattr(row, name) for name in ScoreRow.__dataclass_fields__}


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
    for logged in tx.log.entries(subject=warning.id):
        text = _SAID.get(logged.kind)
        if text is None:
            continue
        witnessed = tx.log.checkpoint(least=logged.index + 1, witnessed=True) is not None
        words = text if logged.kind is not Kind.STATE else _state_words(warning, logged.at)
        moments.append(Moment(at=logged.at, text=words, by=logged.kind.value, grade="E1" if witnessed else "E0"))
    return list(dict.fromkeys(moments))


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
