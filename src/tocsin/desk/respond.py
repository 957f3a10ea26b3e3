"""What the warned desk does with an item of its inbox: open it, and answer with a key that its sender can check."""

from typing import Any

from msgspec.structs import replace

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.outgoing import KEEP_AFTER_WATCH, pair_claims, post_statement
from tocsin.desk.ports import Desk
from tocsin.desk.records import Item
from tocsin.errors import InputError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer, make_answer
from tocsin.exchange.protocol import DeliveryState, next_state

OFFICER_ANSWERS = (
    Answer.READ,
    Answer.ACKNOWLEDGED,
    Answer.ACTED,
    Answer.PASSED_ON,
    Answer.ASKED,
    Answer.DISMISSED,
)
"""What a person may answer; `delivered` and `unreadable` are the machine's."""


def open_item(desk: Desk, item: str, *, once: str = "") -> Outcome:
    """An officer opens the warning for the first time: a signed `read` goes back. Opening it again sends nothing."""
    with begin(desk, May.OPEN_ITEM, once) as act:
        if act.earlier is not None:
            return act.earlier
        kept = act.tx.inbox.item(item)
        if kept.state is DeliveryState.DELIVERED:
            kept = _answer(act, kept, Answer.READ, {})
        return act.result(item_as_json(kept))


def respond(desk: Desk, item: str, answer: Answer, *, reason: str = "", text: str = "", once: str = "") -> Outcome:
    """Sign an answer with the officer's role key, log it, and send it to the warning's sender.

    Raises InputError for an answer that a person cannot give, or a dismissal without a reason.
    """
    if answer not in OFFICER_ANSWERS:
        raise InputError(
            f"answer {answer.value!r} is not an officer's", hint="one of " + ", ".join(a.value for a in OFFICER_ANSWERS)
        )
    if answer is Answer.DISMISSED and not reason:
        raise InputError("a dismissal without a reason", hint="say why with --reason, e.g. provocation")
    with begin(desk, May.ANSWER, once) as act:
        if act.earlier is not None:
            return act.earlier
        body = {"reason": reason, "text": text} if reason or text else {}
        kept = _answer(act, act.tx.inbox.item(item), answer, body)
        return act.result(item_as_json(kept))


def item_as_json(item: Item) -> Outcome:
    """One item of the inbox as the CLI and the API show it."""
    return {
        "item": item.id,
        "from": item.peer,
        "headline": item.headline,
        "received": write_instant(item.received),
        "expires": write_instant(item.expires),
        "watch_until": write_instant(item.watch_until),
        "status": item.status.value,
        "state": item.state.value,
        "standing": item.standing.value,
        "ended_by": item.ended_by or None,
        "respond_by": write_instant(item.respond_by),
    }


def _answer(act: Act, item: Item, answer: Answer, body: dict[str, Any]) -> Item:
    (role,) = act.desk.keys.roles
    exp = int((item.watch_until + KEEP_AFTER_WATCH).timestamp())
    pair = pair_claims(act, item.peer, exp=exp)
    claims = make_answer(answer, warning=item.digest, role=role, **body) | pair
    signed = act.log_as(role, Kind.RESPONSE, claims, subject=item.digest)
    post_statement(act, item.peer, signed, purpose="answer", warning=item.digest, seq=pair["seq"], cap=None)
    moved = replace(item, state=next_state(item.state, answer))
    act.tx.inbox.put_item(moved)
    return moved
