"""Who can act on a warning and was asked: how far each has come, what proves it, and what happens next by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from tocsin.core.area import Point
from tocsin.deliver.escalation import Step
from tocsin.desk.chase import coming_step
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptAnswer, Mail, MailState, PartyLadder, PeerDelivery
from tocsin.desk.stores import Transaction
from tocsin.evidence.receipt import Answer, Grade
from tocsin.exchange.protocol import UNANSWERED, DeliveryState, grade_of
from tocsin.target.register import Venue

LINK = "link:"
_NO_POSITION = frozenset({DeliveryState.COMMITTED, DeliveryState.SENT, DeliveryState.FAILED, *UNANSWERED})


class PartyState(Struct, frozen=True, kw_only=True):
    """One party. `delivery` is the state of the sealed envelope (None for a venue, which has no node).

    `by_link` is the answer of whoever held a link of that party; None if there is none, or if its officer signed one.
    `grade` is that of the link's answer if there is one, else that of `delivery`: it never lends a state more than its own.
    `reason` is what the newest answer gave as one, `letters` are e-mails to its contacts by state. `silent` says that
    asking goes on; `next` is then what is done next, and when.
    """

    warning: str
    party: str
    name: str
    kind: str
    since: datetime
    at: datetime
    delivery: DeliveryState | None
    by_link: Answer | None
    reason: str
    letters: Mapping[MailState, int]
    grade: Grade
    silent: bool
    next: Step | None
    point: Point | None


def witnessed_size(desk: Desk, tx: Transaction) -> int:
    """How many leaves of our log are under a head that a witness of ours cosigned; from there on it is our word alone."""
    heads = (tx.log.last_checkpoint(witnessed_by=name) for name in desk.witnesses)
    return max((head.size for head in heads if head), default=0)


def show_parties(
    tx: Transaction, ladders: Sequence[PartyLadder], venues: Mapping[str, Venue], witnessed: int
) -> tuple[PartyState, ...]:
    """One state per ladder, in their order. `witnessed` is what `witnessed_size` gave."""
    warnings = dict.fromkeys(one.warning for one in ladders)
    answers = {one: tx.chase.answers_of_parties(one) for one in warnings}
    mail = {one: tx.outbox.mail_to_parties(one) for one in warnings}
    return tuple(
        _state(
            ladder,
            tx.chase.peer_delivery(ladder.warning, ladder.party),
            [one for one in answers[ladder.warning] if one.party == ladder.party],
            [one for one in mail[ladder.warning] if one.party == ladder.party],
            venues.get(ladder.party),
            witnessed,
        )
        for ladder in ladders
    )


def _state(
    ladder: PartyLadder,
    delivery: PeerDelivery | None,
    answers: Sequence[KeptAnswer],
    mail: Sequence[Mail],
    venue: Venue | None,
    witnessed: int,
) -> PartyState:
    by_link = next((one for one in reversed(answers) if one.by.startswith(LINK)), None)
    if delivery and delivery.state not in _NO_POSITION:
        by_link = None
    signed = grade_of(delivery.state) if delivery else Grade.E0
    times = [*(one.at for one in answers), *(one.at for one in mail if one.at), ladder.started]
    return PartyState(
        warning=ladder.warning,
        party=ladder.party,
        name=venue.name if venue else ladder.party,
        kind=ladder.kind,
        since=ladder.started,
        at=max([*times, delivery.at] if delivery else times),
        delivery=delivery.state if delivery else None,
        by_link=by_link.answer if by_link else None,
        reason=answers[-1].reason if answers else "",
        letters={state: sum(one.state is state for one in mail) for state in MailState},
        grade=_grade_of_link(by_link, witnessed) if by_link else signed,
        silent=ladder.ended is None,
        next=coming_step(ladder),
        point=venue.point if venue else None,
    )


def _grade_of_link(answer: KeptAnswer, witnessed: int) -> Grade:
    """Somebody pressed, not who: a witness can only show that our record of it existed by then."""
    return Grade.E1 if answer.entry < witnessed else Grade.E0
