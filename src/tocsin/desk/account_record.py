"""What an account tells of the record: each leaf about the warning as one sentence, and how far each party was reached."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.compose.revision import Change
from tocsin.core.marking import Audience
from tocsin.core.window import parse_instant
from tocsin.desk.calls import CALL, find_calls, words_of
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptAnswer, Logged
from tocsin.desk.show_parties import LINK, PartyState, show_parties, witnessed_size
from tocsin.desk.stores import LogStore, Transaction
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer, Grade
from tocsin.evidence.statement import peek_claims
from tocsin.review.facts import Party
from tocsin.review.incident import Incident
from tocsin.review.timeline import Moment

Names = Mapping[str, str]


def find_moments(
    tx: Transaction,
    warning: IssuedWarning,
    incident: Incident,
    answers: Mapping[int, KeptAnswer],
    names: Names,
    reader: Audience,
) -> tuple[Moment, ...]:
    """What our own log says, each with the grade that a log alone (or with a witness) gives; and the incident.

    What others signed is not here: that comes from the proof alone. `answers` are those of parties by their leaf.
    """
    determination = tx.cases.determination(warning.determination)
    entered = next((one.at for one in tx.log.entries(kind=Kind.INCIDENT, subject=incident.id)), None)
    found = [
        Moment(at=determination.acquired, text="a report came in", by="report", grade=Grade.E0),
        Moment(
            at=determination.at,
            text=f"duty to warn by {determination.outcome.ruleset}: {determination.outcome.outcome.value}",
            by="determination",
            grade=Grade.E0,
        ),
        Moment(
            at=incident.start,
            text="incident:",
            quote=incident.summary or incident.place.name,
            by="incident",
            logged=entered,
            grade=Grade.E0,
        ),
    ]
    for log in tx.continuity.every_log():
        found += _moments_of(log, warning, answers, names)
    found += [_call(one, names, reader) for one in find_calls(tx, warning.id)]
    return tuple(dict.fromkeys(found))


def find_parties(desk: Desk, tx: Transaction, warning: str, names: Names) -> tuple[Party, ...]:
    """Everybody who was asked, and what each came to."""
    ladders = tx.chase.ladders(warning)
    venues = {one.id: one for one in tx.register.venues()} if ladders else {}
    signed = {
        one.party: one.answer for one in tx.chase.answers_of_parties(warning) if not one.by.startswith(LINK)
    }  # the newest is last
    states = show_parties(tx, ladders, venues, witnessed_size(desk, tx))
    return tuple(_party(one, signed.get(one.party), names) for one in states)


def _party(state: PartyState, signed: Answer | None, names: Names) -> Party:
    """What was signed is the answer itself, never the state of the delivery: `not answered` is signed by nobody."""
    answer = state.by_link or signed
    letters = ", ".join(f"{count} {one.value.replace('_', ' ')}" for one, count in state.letters.items() if count)
    return Party(
        name=names.get(state.party, state.party),
        grade=state.grade,
        answer=answer.value.replace("_", " ") if answer else "",
        reason=state.reason,
        signed=state.by_link is None and signed is not None,
        letters=letters,
    )


def _moments_of(
    log: LogStore, warning: IssuedWarning, answers: Mapping[int, KeptAnswer], names: Names
) -> Iterator[Moment]:
    entries = log.entries(subject=warning.id)
    # A head covers every leaf before it: the first that no witness saw divides them.
    seen = bisect_left(entries, True, key=lambda one: log.checkpoint(least=one.index + 1, witnessed=True) is None)
    for number, logged in enumerate(entries):
        say = _WORDS.get(logged.kind)
        if say is None:
            continue
        claims = peek_claims(logged.statement)
        if claims.get("act") == CALL:
            continue
        party = str(claims.get("party") or "")
        answer = answers.get(logged.index)
        yield Moment(
            at=logged.at,
            text=say({**claims, "party": names.get(party, party)}, warning),
            quote=answer.reason if answer is not None else "",
            by=logged.kind.value,
            grade=Grade.E1 if number < seen else Grade.E0,
        )


def _call(logged: Logged, names: Names, reader: Audience) -> Moment:
    """What whoever entered it says: nobody signed it, and no log can make it more."""
    claims, words = peek_claims(logged.statement), words_of(logged)
    by = names.get(str(claims.get("by")), str(claims.get("by")))
    text, quote = f"a call outside of this node, as {by} entered it; whose, and its words, are not for this reader", ""
    if not reader.sees_less_than(Audience.PARTNER):
        heard = f"heard by {words['heard_by']}" if words["heard_by"] else "heard by nobody else"
        text = f"as {by} entered it, {words['caller']} called {words['called']}, {heard}, and said:"
        quote = words["said"]
    return Moment(
        at=parse_instant(str(claims["called_at"])),
        text=text,
        quote=quote,
        by=CALL,
        logged=logged.at,
        grade=Grade.E0,
    )


def _state(claims: Mapping[str, Any], warning: IssuedWarning) -> str:
    if "change" in claims:
        return f"warning {warning.id}: {_CHANGED[Change(claims['change'])]}, version {claims['version']}"
    became = {
        Status.LIVE: f"warning {warning.id} issued",
        Status.ON_WATCH: f"warning {warning.id}: its window ended without an incident, it went on watch",
        Status.CLOSED: f"warning {warning.id}: its watch ended, it was closed",
    }
    return became[Status(claims["state"])]


_CHANGED = {
    Change.UPDATE: "updated",
    Change.EXTEND: "extended",
    Change.EASE: "ended, for it was over",
    Change.CANCEL: "cancelled, for it was wrong",
}


def _chunk(claims: Mapping[str, Any], _warning: IssuedWarning) -> str:
    return f"{claims['handed_over']} of {claims['rows']} e-mails handed over to the mail server"


def _pressed(claims: Mapping[str, Any], _warning: IssuedWarning) -> str:
    who = claims["party"] or "somebody among the people"
    return f"{who} answered by link: “{claims['answer'].replace('_', ' ')}”"


def _act(claims: Mapping[str, Any], _warning: IssuedWarning) -> str:
    if claims["act"] != "escalate":
        return f"{claims['act'].replace('_', ' ')}"
    return f"asked {claims['party']} for an answer, step {claims['step'] + 1}"


_WORDS: Mapping[Kind, Callable[[Mapping[str, Any], IssuedWarning], str]] = {
    Kind.STATE: _state,
    Kind.CHUNK: _chunk,
    Kind.ACKNOWLEDGEMENTS: _pressed,
    Kind.ACT: _act,
    Kind.ENVELOPE: lambda claims, _warning: f"the sealed partner version was put on its way to {claims['aud']}",
    Kind.REFUSED: lambda claims, _warning: f"refused: {str(claims['act']).replace('_', ' ')}",
}
