"""Gathers what one account tells: the warning nearest before an incident, and all that this node knows of both."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tocsin.cap.codec import read_alert
from tocsin.compose.leaks import MIN_LETTERS, HeldBack
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.core.marking import Audience
from tocsin.desk.access import May, may_read
from tocsin.desk.account_record import find_moments, find_parties
from tocsin.desk.act import begin, look
from tocsin.desk.held_back import held_back_of
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import cover_all, prove
from tocsin.desk.records import KeptAnswer
from tocsin.desk.review import RULE
from tocsin.desk.review_counts import count_incident, peers_reached, people_reached
from tocsin.desk.show_parties import LINK, witnessed_size
from tocsin.desk.stores import Transaction
from tocsin.desk.told import told_before, warning_of
from tocsin.errors import AccessError, NotFoundError, PolicyError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer, Grade
from tocsin.review.account import make_account
from tocsin.review.casebook import case_as_json, read_case
from tocsin.review.facts import (
    Accounted,
    CaseDelays,
    Counted,
    Facts,
    IssuedWords,
    Lead,
    Measure,
    Ruled,
    ToPeers,
)
from tocsin.review.incident import Incident
from tocsin.review.matching import Match, ReviewedWarning, Told, find_matches
from tocsin.review.sheet import Sheet
from tocsin.review.timeline import build_timeline
from tocsin.review.told import ToldClaim
from tocsin.track_record.lead import Reached, Since
from tocsin.track_record.rates import FEW, write_false_alarms


def account_for(desk: Desk, incident: str, *, case: bytes | None = None, reader: Audience = Audience.PUBLIC) -> Sheet:
    """The account of the incident for one reader; `case` is a documented case whose delays stand beside ours.

    Raises NotFoundError if no warning came before the incident: there is nothing to account for yet; AccessError, logged,
    for a reader who sees more than the actor; PolicyError if what is to be held back from that reader is not known.
    """
    cover_all(desk)
    _check_reader(desk, reader)
    with look(desk, May.LOOK) as tx:
        found = tx.cases.incident(incident)
        warnings = told_before(tx, found.start)
        if not warnings:
            raise NotFoundError(f"no warning was issued before {incident}", hint="nothing issued here is no all-clear")
        if reader.sees_less_than(Audience.PARTNER):
            warnings = tuple(one for one in warnings if one.told is Told.PUBLIC)
        told = {one.id: one for one in warnings}
        # Rows of one warning keep their order: that of the public stands before that of peers.
        matches = sorted(
            find_matches(found, warnings, RULE, desk.outlines()), key=lambda one: one.delay_hours_from_issue
        )
        nearest = told[matches[0].warning]
        issued = tx.cases.warning(warning_of(nearest.id))
        held_back = _held_back(tx, issued, found, reader)
        proof = prove(desk, tx, issued.id)
        claims = _claims(tx, incident)
        names = _names(tx, reader)
        answers = {one.entry: one for one in tx.chase.answers_of_parties(issued.id)}
        moments = find_moments(tx, issued, found, answers, names, reader)
        facts = Facts(
            node=desk.settings.sender_name or desk.settings.name,
            exercise=desk.settings.exercise if desk.settings.practice else "",
            generated=desk.clock.now(),
            zone=desk.settings.zone,
            reader=reader,
            incident=found,
            warning=_accounted(tx, issued, nearest, found, reader),
            threat=nearest.threat,
            match=matches[0],
            others=tuple(matches[1:]),
            to_peers=_to_peers(nearest, told, matches),
            rule=RULE,
            timeline=build_timeline(moments, proof, claims),
            proof=proof,
            counted=tuple(_counted(row) for row in count_incident(tx, warnings, found, RULE, desk.outlines())),
            leads=_leads(tx, issued, found),
            mail={state.value: count for state, count in tx.outbox.count_mail(issued.id).items()},
            parties=find_parties(desk, tx, issued.id, names),
            measures=tuple(
                _measure(one, names, witnessed_size(desk, tx)) for one in answers.values() if one.answer is Answer.ACTED
            ),
            rulings=_rulings(tx, incident),
            lessons=tuple(one for one in tx.lessons.lessons() if one.incident == incident or one.closed is None),
            names=names,
            case=_case_delays(case) if case else None,
            claims=claims,
        )
    return make_account(facts, held_back)


def _check_reader(desk: Desk, reader: Audience) -> None:
    """Nobody makes an account of more than they may read themselves."""
    with look(desk, May.LOOK) as tx:
        if may_read(tx.house.officer(desk.actor), reader):
            return
    with begin(desk, May.PROVE) as act:
        act.log(Kind.REFUSED, {"act": "prove", "reason": "access"}, subject=desk.actor)
    raise AccessError(
        f"{desk.actor} may not read what is for {reader.value} readers", hint="make it for `partner` or `public`"
    )


def _held_back(tx: Transaction, issued: IssuedWarning, incident: Incident, reader: Audience) -> tuple[HeldBack, ...]:
    """Phrases of the drafts of the warning and of those ruled on, and every person named. Closed if the first is not here."""
    warnings = {issued.id, *(warning_of(one.warning) for one in tx.review.rulings(incident.id))}
    drafts = [one for one in tx.house.drafts() if one.warning in warnings]
    if issued.id not in {one.warning for one in drafts} and reader is not Audience.INTERNAL:
        raise PolicyError(
            f"{issued.id} was issued without a draft: what it held back is not known",
            hint="make the account for `internal` readers",
        )
    phrases = [one for draft in drafts for one in held_back_of(draft.order)]
    persons = dict.fromkeys(
        name for name in (*issued.threat.persons, *incident.persons) if sum(map(str.isalpha, name)) >= MIN_LETTERS
    )
    return (*phrases, *(HeldBack(f"person {n}", name) for n, name in enumerate(persons, 1)))


def _to_peers(
    nearest: ReviewedWarning, told: Mapping[str, ReviewedWarning], matches: Sequence[Match]
) -> ToPeers | None:
    """What peers had been told of the same warning; None if none was, or if that is not for this reader."""
    for match in matches:
        one = told[match.warning]
        if one.chain == nearest.chain and one.told is Told.PRIVATE:
            return ToPeers(threat=one.threat, until=_last(one), match=match)
    return None


def _last(told: ReviewedWarning) -> datetime:
    """The last second of its window."""
    assert told.window.end is not None, "a warning of ours has an end"
    return told.window.end - timedelta(seconds=1)


def _accounted(
    tx: Transaction, issued: IssuedWarning, told: ReviewedWarning, incident: Incident, reader: Audience
) -> Accounted:
    """The public version first, each as it was in force when it happened: what was said afterwards warned nobody.

    Of a version that was signed for several peers the words stand once.
    """
    alerts = [(one.audience, read_alert(one.cap)) for one in tx.cases.versions(issued.id)]
    versions = {audience: alert for audience, alert in alerts if alert.sent <= incident.start}
    shown = [one for one in reversed(Audience) if one in versions and not reader.sees_less_than(one)]
    infos = {one: versions[one].infos[0] for one in shown}
    return Accounted(
        id=issued.id,
        issued=issued.issued,
        expires=_last(told),
        status=issued.status.value,
        words=tuple(
            IssuedWords(
                audience=one,
                headline=info.headline or info.event,
                description=info.description or "",
                instruction=info.instruction or "",
            )
            for one, info in infos.items()
        ),
    )


def _names(tx: Transaction, reader: Audience) -> Mapping[str, str]:
    """Of officers and venues by id; the public sees ids."""
    if reader is Audience.PUBLIC:
        return {}
    people = {one.id: one.name for one in tx.house.officers()} if reader is Audience.INTERNAL else {}
    return people | {one.id: one.name for one in tx.register.venues()}


def _claims(tx: Transaction, incident: str) -> tuple[ToldClaim, ...]:
    """What others claim about it, in the order in which it was recorded."""
    return tuple(
        ToldClaim(claim=one.claim, report=one.report, digest=tx.cases.report(one.report).digest, number=one.number)
        for one in tx.cases.claims(incident)
    )


def _counted(row: Mapping[str, Any]) -> Counted:
    events, warnings = row["pod"]["of"], row["far"]["of"]
    spans = [
        f"{name}: {share['interval']['method']} interval {share['interval']['low']:.2f} to {share['interval']['high']:.2f}."
        for name, share in (("Incidents", row["pod"]), ("Warnings", row["far"]))
        if share["of"] >= FEW and share["interval"]
    ]
    apart = [
        f"{row[name]} {name.replace('_', ' ')}" for name in ("averted", "unverifiable", "after_the_fact") if row[name]
    ]
    if apart:
        spans.append(f"Counted in neither: {', '.join(apart)}.")
    return Counted(
        told=row["told"],
        late_allowed=row["late_allowed"],
        warned_of=(row["event_hits"], events),
        without_hit=(row["no_known_event"], warnings),
        false_alarms=write_false_alarms(row["partial"]),
        spans=tuple(spans),
    )


def _leads(tx: Transaction, issued: IssuedWarning, incident: Incident) -> tuple[Lead, ...]:
    """Of this warning and this incident, whatever the rule says of them."""
    reached = Reached(issued=issued.issued, recipients=(*people_reached(tx, issued.id), *peers_reached(tx, issued.id)))
    return tuple(
        Lead(
            since=since.value,
            at=reached.first(since),
            before=None
            if since is Since.ISSUE
            else (sum(at <= incident.start for at in reached.all_of(since)), len(reached.recipients)),
        )
        for since in Since
    )


def _measure(answer: KeptAnswer, names: Mapping[str, str], witnessed: int) -> Measure:
    ours = Grade.E1 if answer.entry < witnessed else Grade.E0
    return Measure(
        at=answer.at,
        party=names.get(answer.party, answer.party),
        words=answer.text or answer.reason,
        grade=ours if answer.by.startswith(LINK) else answer.answer.grade,
    )


def _rulings(tx: Transaction, incident: str) -> tuple[Ruled, ...]:
    return tuple(
        Ruled(warning=one.warning, by=one.by, judged=one.judged, ruled=one.ruled, reason=one.reason)
        for one in tx.review.rulings(incident)
    )


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
