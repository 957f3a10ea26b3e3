"""Asking again and higher up until somebody of each party answers; and what an answer does."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import timedelta

from msgspec.structs import replace

from tocsin.compose.lifecycle import IssuedWarning
from tocsin.compose.lifecycle import Status as Life
from tocsin.deliver.escalation import LadderPolicy, Step, last_due, next_step, peer_policy, venue_policy
from tocsin.deliver.fanout import Addressee
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.outgoing import address
from tocsin.desk.ports import Desk
from tocsin.desk.public import answered_by, find_answer, find_mail
from tocsin.desk.records import PEOPLE, KeptAnswer, Mail, PartyLadder, Timer, TimerKind
from tocsin.errors import InputError, StateError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer
from tocsin.target.register import Venue

NO_CLOCK = timedelta(0)
LINK_ANSWERS = (Answer.READ, Answer.ACKNOWLEDGED, Answer.ACTED, Answer.ASKED, Answer.DISMISSED)


def start_ladders(act: Act, warning: IssuedWarning, venues: Sequence[Venue], peers: Sequence[str]) -> None:
    """One ladder per party that can act: each venue with a contact, each peer addressed."""
    for venue in venues:
        if venue.contacts:
            _start(act, warning, venue.id, "venue", NO_CLOCK)
    for peer in peers:
        clock = act.desk.agreements[peer].response_clock
        _start(act, warning, peer, "peer", clock)


def climb(act: Act, subject: str) -> None:
    """Take the next step of a ladder whose time has come, and set the timer of the one after it."""
    warning_id, party = subject.split("|", 1)
    warning = act.tx.cases.warning(warning_id)
    ladder = act.tx.chase.ladder(warning_id, party)
    act.tx.timers.clear(TimerKind.STEP, subject)
    if ladder is None or ladder.ended is not None or warning.status is Life.CLOSED:
        return
    step = last_due(_policy(ladder), ladder.started, ladder.done, act.at, ended=False)
    if step is None:
        _set_timer(act, ladder)
        return
    to = _whom(act, ladder, step.who)
    # The first step of a peer's ladder is the envelope itself, which the issue has already queued.
    if to:
        address(act, warning, to, step=step.number)
    act.log(
        Kind.ACT,
        {"act": "escalate", "warning": warning.id, "party": party, "step": step.number, "asked": len(to)},
        subject=warning.id,
    )
    moved = replace(ladder, done=step.number + 1)
    act.tx.chase.put_ladder(moved)
    _set_timer(act, moved)


def answer_link(desk: Desk, token: str, answer: Answer, *, reason: str = "") -> Outcome:
    """Record the answer of whoever holds the link: somebody pressed, not who. Ends that party's ladder.

    The same answer by the same link twice in a row is one answer, unless a new `reason` comes with it. Raises
    NotFoundError for a token that opens nothing, InputError for an answer a link cannot give, StateError if the warning
    is closed.
    """
    if answer not in LINK_ANSWERS:
        raise InputError(f"answer {answer.value!r} cannot be given by link", hint="one of " + ", ".join(LINK_ANSWERS))
    with begin(desk, May.RECEIVE) as act:
        mail = find_mail(act.tx, token)
        by = answered_by(mail)
        last = find_answer(act.tx, mail)
        if last is not None and last.answer is answer and reason in {"", last.reason}:
            return _link_outcome(mail, answer, ended=False)
        warning = act.tx.cases.warning(mail.warning)
        if warning.status is Life.CLOSED:
            raise StateError(f"warning {warning.id} is closed", hint="nothing more is asked of you")
        row = hashlib.sha256(act.desk.entropy(16) + mail.key.encode()).hexdigest()
        signed = act.log(
            Kind.ACKNOWLEDGEMENTS,
            {"warning": warning.id, "party": mail.party, "answer": answer.value, "rows": [row]},
            subject=warning.id,
        )
        act.tx.outbox.mark_answered(mail.key, act.at)
        act.tx.chase.add_answer(
            KeptAnswer(
                digest=hashlib.sha256(signed.statement).hexdigest(),
                warning=warning.id,
                party=mail.party or PEOPLE,
                answer=answer,
                at=act.at,
                by=by,
                reason=reason,
                text="",
                entry=signed.index,
            )
        )
        return _link_outcome(mail, answer, ended=end_ladder(act, warning.id, mail.party, answer, warning.number))


def _link_outcome(mail: Mail, answer: Answer, *, ended: bool) -> Outcome:
    return {"warning": mail.warning, "answer": answer.value, "party": mail.party, "ladder_ended": ended}


def end_ladder(act: Act, warning: str, party: str, answer: Answer, number: int) -> bool:
    """Stop chasing that party, and only that one, if the answer to version `number` is one that ends a ladder. True if it did.

    An answer to a version older than the one that is asked about ends nothing: they have not said that they know the new one.
    """
    ladder = act.tx.chase.ladder(warning, party)
    if ladder is None or ladder.ended is not None or not answer.ends_ladder or number < ladder.number:
        return False
    act.tx.chase.put_ladder(replace(ladder, ended=act.at, ended_by=answer.value))
    act.tx.timers.clear(TimerKind.STEP, f"{warning}|{party}")
    return True


def ask_anew(act: Act, warning: IssuedWarning, told: Collection[str]) -> None:
    """Every party is asked about the new version, also one that answered the last; `told` have it by mail already."""
    for ladder in act.tx.chase.ladders(warning.id):
        first_done = ladder.kind == "peer" or ladder.party in told
        act.tx.chase.put_ladder(
            replace(
                ladder,
                number=warning.number,
                started=act.at,
                done=1 if first_done else 0,
                until=warning.watch_until,
                ended=None,
                ended_by="",
            )
        )
        climb(act, f"{warning.id}|{ladder.party}")


def ask_longer(act: Act, warning: IssuedWarning) -> None:
    """Who has answered is not asked again; the others go on where they are, until the new end."""
    for ladder in act.tx.chase.ladders(warning.id):
        if ladder.ended is None:
            moved = replace(ladder, until=warning.watch_until)
            act.tx.chase.put_ladder(moved)
            _set_timer(act, moved)


def ask_no_more(act: Act, warning: IssuedWarning) -> None:
    """The warning is over: no further step. Whoever has not answered has not: nothing here says that they did."""
    for ladder in act.tx.chase.ladders(warning.id):
        act.tx.timers.clear(TimerKind.STEP, f"{warning.id}|{ladder.party}")
        if ladder.ended is None:
            act.tx.chase.put_ladder(replace(ladder, until=act.at))


def _start(act: Act, warning: IssuedWarning, party: str, kind: str, response_clock: timedelta) -> None:
    ladder = PartyLadder(
        warning=warning.id,
        party=party,
        kind=kind,
        started=act.at,
        done=0,
        until=warning.watch_until,
        response_clock=response_clock,
        number=warning.number,
    )
    act.tx.chase.put_ladder(ladder)
    climb(act, f"{warning.id}|{party}")


def coming_step(ladder: PartyLadder) -> Step | None:
    """What happens next by itself while nobody of that party answers; None if somebody has, or asking has ended."""
    return next_step(_policy(ladder), ladder.started, ladder.done, ended=ladder.ended is not None)


def _set_timer(act: Act, ladder: PartyLadder) -> None:
    step = coming_step(ladder)
    if step is not None:
        act.tx.timers.set(Timer(step.due, TimerKind.STEP, f"{ladder.warning}|{ladder.party}"))


def _policy(ladder: PartyLadder) -> LadderPolicy:
    if ladder.kind == "venue":
        return venue_policy(ladder.until)
    return peer_policy(ladder.response_clock, ladder.until)


def _whom(act: Act, ladder: PartyLadder, who: Sequence[str]) -> list[Addressee]:
    """The addresses behind a rung's words."""
    if ladder.kind == "venue":
        venue = next((one for one in act.tx.register.venues() if one.id == ladder.party), None)
        contacts = venue.contacts if venue else ()
        return [
            Addressee(ladder.party, f"{ladder.party}-{contact.order}", contact.email)
            for contact in contacts
            if str(contact.order) in who
        ]
    terms = act.desk.agreements[ladder.party].terms
    found = {"duty": terms.duty.get(ladder.party), "liaison": act.desk.settings.liaison}
    return [Addressee(ladder.party, f"{ladder.party}-{one}", address) for one in who if (address := found[one])]
