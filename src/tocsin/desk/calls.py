"""Calls about a warning that were made outside of this node: entered by hand, and never more than the word of who entered them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.ports import Desk
from tocsin.desk.records import Logged
from tocsin.desk.stores import Transaction
from tocsin.errors import InputError
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import disclosed_values, peek_claims

CALL = "call"
MAX_WHO = 200
MAX_SAID = 2000
CLOCK_SLACK = timedelta(minutes=1)


class Call(Struct, frozen=True, kw_only=True):
    """Who called whom, when, and what was said; `heard_by` is a second person who can say so, empty if there was none."""

    caller: str
    called: str
    at: datetime
    said: str
    heard_by: str = ""

    def __post_init__(self) -> None:
        for name, most in (("caller", MAX_WHO), ("called", MAX_WHO), ("said", MAX_SAID)):
            words = getattr(self, name).strip()
            if not 0 < len(words) <= most:
                raise InputError(f"call: {name} has {len(words)} characters, expected 1 to {most}")
        if len(self.heard_by) > MAX_WHO:
            raise InputError(f"call: heard_by has {len(self.heard_by)} characters, expected at most {MAX_WHO}")


def enter_call(desk: Desk, warning: str, call: Call, *, once: str = "") -> Outcome:
    """Log a call about this warning, with the time of the call apart from the time of entry (LESSONS L45).

    Names and words are hidden fields of the leaf: the log shows that a call was entered, not whose or what. Raises, with
    nothing stored, NotFoundError for a warning that is not here and InputError for a call that lies in the future.
    """
    with begin(desk, May.ENTER_CALL, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = act.tx.cases.warning(warning)
        if call.at > act.at + CLOCK_SLACK:
            raise InputError(f"call was at {write_instant(call.at)}, it is {write_instant(act.at)}")
        body = {"act": CALL, "warning": found.id, "called_at": write_instant(call.at)}
        words = {"caller": call.caller, "called": call.called, "said": call.said, "heard_by": call.heard_by}
        signed = act.log_disclosable(Kind.ACT, body, words, subject=found.id)
        return act.result({**body, **words, "entry": signed.index, "entered": write_instant(act.at), "by": desk.actor})


def list_calls(desk: Desk, warning: str) -> list[Outcome]:
    """Calls entered about this warning, in the order of entry. None is no sign that nobody called."""
    with look(desk, May.LOOK) as tx:
        return [_as_json(one) for one in find_calls(tx, tx.cases.warning(warning).id)]


def find_calls(tx: Transaction, warning: str) -> tuple[Logged, ...]:
    """The leaves of all calls about it, those of retired logs first."""
    return tuple(
        one
        for log in tx.continuity.every_log()
        for one in log.entries(kind=Kind.ACT, subject=warning)
        if peek_claims(one.statement).get("act") == CALL
    )


def words_of(call: Logged) -> Mapping[str, str]:
    """`caller`, `called`, `said`, `heard_by` of the leaf of a call, as they were entered."""
    return disclosed_values(call.disclosures)


def _as_json(call: Logged) -> Outcome:
    claims = peek_claims(call.statement)
    return {
        "warning": claims["warning"],
        "called_at": claims["called_at"],
        "entered": write_instant(call.at),
        "by": claims.get("by"),
        "entry": call.index,
        **words_of(call),
    }
