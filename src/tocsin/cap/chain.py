"""Which messages are in force and which are over, whatever the order in which they came and however often (CAP-4, 5, 11-17).

Everything here is a function of the set of messages: order and number of arrivals cannot change what it gives.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field

from tocsin.cap.alert import Alert, MsgType, Reference, Status
from tocsin.cap.finding import Finding, Level

_ENDS = frozenset({MsgType.UPDATE, MsgType.CANCEL})
_NO_WARNING = frozenset({MsgType.ACK, MsgType.ERROR})


class Standing(StrEnum):
    """Where one message stands. Only what is in force is shown as a warning."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ENDS = "ends"
    """A Cancel: it ends what it names and warns of nothing itself."""
    HELD = "held"
    """A person must look: its words and its status disagree, or it came with two contents."""
    NO_WARNING = "no_warning"
    """An Ack or an Error."""
    NOT_ACTED_ON = "not_acted_on"
    """Its status is another than the one that counts here."""


class ChainPolicy(Struct, frozen=True, kw_only=True):
    """What the standard leaves to whoever receives.

    `acted_on` is the one status that counts: Actual, but Exercise on a practice node. `delegates` gives for each sender those
    who may also end its messages (CAP-17: the standard does not say who may; without this everybody could). `valid_for`
    is how long a message counts from `sent` that does not say when it expires (CAP-28).
    """

    acted_on: Status = Status.ACTUAL
    delegates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    valid_for: timedelta = timedelta(hours=24)

    def may_end(self, sender: str, of: str) -> bool:
        """Whether that sender may supersede or cancel a message of the other."""
        return sender == of or sender in self.delegates.get(of, frozenset())


class Placed(Struct, frozen=True, kw_only=True):
    """One message in its chain. `ended_by` are those that supersede or cancel it, `pending` what it names and is not known."""

    message: Reference
    standing: Standing
    ended_by: tuple[Reference, ...] = ()
    pending: tuple[Reference, ...] = ()


def triple(alert: Alert) -> Reference:
    """What identifies a message: sender, identifier and instant of sending (CAP-4)."""
    return Reference(alert.sender, alert.identifier, alert.sent)


def place(
    messages: Iterable[Alert], policy: ChainPolicy, at: datetime, *, doubted: Collection[Reference] = ()
) -> tuple[Placed, ...]:
    """Each message once, by time of sending, with where it stands at that instant.

    `doubted` are messages whose words disagree with their status (LESSONS L2). What is doubted, or came with two
    contents under one triple, is held for a person, and neither supersedes nor cancels anything.
    """
    by_triple = _by_triple(messages)
    known = {name: contents[0] for name, contents in by_triple.items()}
    held = {name for name, contents in by_triple.items() if len(contents) > 1} | set(doubted)
    enders = _find_enders(known, held, policy)
    cancelled = _find_cancelled(enders, known)
    return tuple(
        Placed(
            message=name,
            standing=_standing(alert, name, held, enders, cancelled, policy, at),
            ended_by=enders.get(name, ()),
            pending=tuple(one for one in alert.references if one not in known),
        )
        for name, alert in known.items()
    )


def find_faults(messages: Iterable[Alert], policy: ChainPolicy) -> tuple[Finding, ...]:
    """What is wrong between messages: one triple with two contents, an end by somebody who may not, references in a ring."""
    by_triple = _by_triple(messages)
    known = {name: contents[0] for name, contents in by_triple.items()}
    twice = [
        _fault("CAP-05", f"{name.identifier} of {name.sender} came with {len(contents)} contents, expected one")
        for name, contents in by_triple.items()
        if len(contents) > 1
    ]
    named = [
        (name, alert, one)
        for name, alert in known.items()
        if alert.msg_type in _ENDS
        for one in alert.references
        if one in known
    ]
    foreign = [
        _fault("CAP-17", f"{alert.identifier} of {alert.sender} would end {one.identifier}, which is of {one.sender}")
        for _, alert, one in named
        if not policy.may_end(alert.sender, of=one.sender)
    ]
    rings = [
        _fault("CAP-15", f"{alert.identifier} names {one.identifier}, which leads back to it")
        for name, alert, one in named
        if _leads_back(one, name, known)
    ]
    return (*twice, *foreign, *rings)


def _by_triple(messages: Iterable[Alert]) -> dict[Reference, list[Alert]]:
    """Every content of each triple, the triples by time of sending: what has no order of arrival needs one of its own."""
    found: dict[Reference, list[Alert]] = {}
    for alert in messages:
        contents = found.setdefault(triple(alert), [])
        if alert not in contents:
            contents.append(alert)
    for contents in found.values():
        contents.sort(key=repr)
    return dict(sorted(found.items(), key=lambda one: (one[0].sent, one[0].sender, one[0].identifier)))


def _find_enders(
    known: Mapping[Reference, Alert], held: Collection[Reference], policy: ChainPolicy
) -> dict[Reference, tuple[Reference, ...]]:
    """For each message those that name it, may end it, and count: unknown ones, held ones and rings do not."""
    found: dict[Reference, tuple[Reference, ...]] = {}
    for name, alert in known.items():
        if alert.msg_type not in _ENDS or alert.status is not policy.acted_on or name in held:
            continue
        for one in dict.fromkeys(alert.references):
            if _may_end(alert, known.get(one), policy) and not _leads_back(one, name, known):
                found[one] = (*found.get(one, ()), name)
    return found


def _may_end(alert: Alert, named: Alert | None, policy: ChainPolicy) -> bool:
    """An exercise ends nothing that is meant, and the reverse: practice is apart from live."""
    return named is not None and named.status is alert.status and policy.may_end(alert.sender, of=named.sender)


def _leads_back(start: Reference, to: Reference, known: Mapping[Reference, Alert]) -> bool:
    """Whether references lead from `start` to `to`. An earlier message cannot name a later one, so only one second is walked."""
    if start.sent < to.sent:
        return False
    waiting, seen = [start], {start}
    while waiting:
        name = waiting.pop()
        if name == to:
            return True
        alert = known.get(name)
        news = {one for one in alert.references if one.sent == to.sent} - seen if alert else set()
        seen |= news
        waiting += news
    return False


def _standing(
    alert: Alert,
    name: Reference,
    held: Collection[Reference],
    enders: Collection[Reference],
    cancelled: Collection[Reference],
    policy: ChainPolicy,
    at: datetime,
) -> Standing:
    if alert.msg_type in _NO_WARNING:
        return Standing.NO_WARNING
    if alert.status is not policy.acted_on:
        return Standing.NOT_ACTED_ON
    if name in enders:
        return Standing.CANCELLED if name in cancelled else Standing.SUPERSEDED
    if name in held:
        return Standing.HELD
    if alert.msg_type is MsgType.CANCEL:
        return Standing.ENDS
    return Standing.IN_FORCE if at <= expires_at(alert, policy) else Standing.EXPIRED


def expires_at(alert: Alert, policy: ChainPolicy) -> datetime:
    """The last instant at which the message counts: the latest of its blocks, or what the policy says if one does not say."""
    ends = [info.expires for info in alert.infos]
    stated = [one for one in ends if one is not None]
    if ends and len(stated) == len(ends):
        return max(stated)
    return max([alert.sent + policy.valid_for, *stated])


def _find_cancelled(
    enders: Mapping[Reference, tuple[Reference, ...]], known: Mapping[Reference, Alert]
) -> frozenset[Reference]:
    """What was cancelled itself, or whose every successor was: then nothing stands in its place."""
    ends: dict[Reference, list[Reference]] = {}
    for name, by in enders.items():
        for one in by:
            ends.setdefault(one, []).append(name)
    left = {name: len(by) for name, by in enders.items()}
    waiting = [name for name, by in enders.items() if any(known[one].msg_type is MsgType.CANCEL for one in by)]
    found = set(waiting)
    while waiting:
        for name in ends.get(waiting.pop(), ()):
            left[name] -= 1
            if not left[name] and name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _fault(rule: str, message: str) -> Finding:
    return Finding(rule=rule, level=Level.ERROR, path="alert/references", line=0, message=message)
