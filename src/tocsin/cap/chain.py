"""Which messages are in force and which are over, whatever the order in which they came and however often (CAP-4, 5, 11-17).

Everything here is a function of the set of messages: order and number of arrivals cannot change what it gives.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field

from tocsin.cap.alert import Alert, MsgType, Reference, Status
from tocsin.cap.finding import Finding, Level

_ENDS = frozenset({MsgType.UPDATE, MsgType.CANCEL})
_NO_WARNING = frozenset({MsgType.ACK, MsgType.ERROR})
_Known = Mapping[Reference, Sequence[Alert]]
"""Every content of each triple, one at least."""


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
    contents under one triple, is held for a person, and neither supersedes nor cancels anything; but a Cancel whose contents all
    cancel the same ends that, for of the end there is no doubt.
    """
    known = _by_triple(messages)
    twice = {name: contents for name, contents in known.items() if len(contents) > 1}
    unsure = {name for name, contents in twice.items() if not _cancel_the_same(contents)} | set(doubted)
    enders = _find_enders(known, unsure, policy)
    cancelled = _find_cancelled(enders, known)
    held = {*twice, *doubted}
    return tuple(
        Placed(
            message=name,
            standing=_standing(contents, name, held, enders, cancelled, policy, at),
            ended_by=enders.get(name, ()),
            pending=tuple(one for one in _references(contents) if one not in known),
        )
        for name, contents in known.items()
    )


def _cancel_the_same(contents: Sequence[Alert]) -> bool:
    told = {(one.msg_type, one.status, frozenset(one.references)) for one in contents}
    return len(told) == 1 and contents[0].msg_type is MsgType.CANCEL


def find_faults(messages: Iterable[Alert], policy: ChainPolicy) -> tuple[Finding, ...]:
    """What is wrong between messages: one triple with two contents, an end by somebody who may not, references in a ring."""
    known = _by_triple(messages)
    twice = [
        _fault("CAP-05", f"{name.identifier} of {name.sender} came with {len(contents)} contents, expected one")
        for name, contents in known.items()
        if len(contents) > 1
    ]
    named = [
        (name, one)
        for name, contents in known.items()
        for one in _references([alert for alert in contents if alert.msg_type in _ENDS])
        if one in known
    ]
    foreign = [
        _fault("CAP-17", f"{name.identifier} of {name.sender} would end {one.identifier}, which is of {one.sender}")
        for name, one in named
        if not policy.may_end(name.sender, of=one.sender)
    ]
    in_rings = _find_rings(known)
    rings = [
        _fault("CAP-15", f"{name.identifier} names {one.identifier}, which leads back to it")
        for name, one in named
        if _leads_back(one, name, in_rings)
    ]
    return (*twice, *foreign, *rings)


def _by_triple(messages: Iterable[Alert]) -> _Known:
    """Every content of each triple, the triples by time of sending: what has no order of arrival needs one of its own."""
    found: dict[Reference, list[Alert]] = {}
    for alert in messages:
        found.setdefault(triple(alert), []).append(alert)
    # Two that are equal may differ in how they are written, as the offset of a time: the order comes first.
    contents = {name: list(dict.fromkeys(sorted(alike, key=repr))) for name, alike in found.items()}
    return dict(sorted(contents.items(), key=lambda one: (one[0].sent, one[0].sender, one[0].identifier)))


def _references(contents: Iterable[Alert]) -> tuple[Reference, ...]:
    """Each once, of all contents of a triple."""
    return tuple(dict.fromkeys(one for alert in contents for one in alert.references))


def _find_enders(
    known: _Known, unsure: Collection[Reference], policy: ChainPolicy
) -> dict[Reference, tuple[Reference, ...]]:
    """For each message those that name it, may end it, and count: unknown ones, unsure ones and rings do not."""
    found: dict[Reference, tuple[Reference, ...]] = {}
    rings = _find_rings(known)
    for name, contents in known.items():
        alert = contents[0]
        if alert.msg_type not in _ENDS or alert.status is not policy.acted_on or name in unsure:
            continue
        for one in dict.fromkeys(alert.references):
            if _may_end(alert, one, known, policy) and not _leads_back(one, name, rings):
                found[one] = (*found.get(one, ()), name)
    return found


def _may_end(alert: Alert, named: Reference, known: _Known, policy: ChainPolicy) -> bool:
    """An exercise ends nothing that is meant, and the reverse: practice is apart from live."""
    alike = any(one.status is alert.status for one in known.get(named, ()))
    return alike and policy.may_end(alert.sender, of=named.sender)


def _leads_back(named: Reference, name: Reference, rings: Mapping[Reference, Reference]) -> bool:
    """Whether references lead from a message that is named back to the one that names it."""
    return name in rings and rings[name] == rings.get(named)


def _find_rings(known: _Known) -> Mapping[Reference, Reference]:
    """Messages from which references lead back to them, each to one that stands for its ring.

    An earlier message cannot name a later one, so a ring is of one second. Found in two walks, there and back (Kosaraju): linear,
    however many messages name each other.
    """
    onward = {
        name: [one for one in _references(contents) if one.sent == name.sent and one in known]
        for name, contents in known.items()
    }
    onward = {name: named for name, named in onward.items() if named}
    backward: dict[Reference, list[Reference]] = {}
    for name, named in onward.items():
        for one in named:
            backward.setdefault(one, []).append(name)
    rings: dict[Reference, Reference] = {}
    for start in reversed(_walk(onward)):
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name not in rings:
                rings[name] = start
                waiting += backward.get(name, ())
    return rings


def _walk(onward: Mapping[Reference, Sequence[Reference]]) -> list[Reference]:
    """Every message in the order in which all that it leads to was seen."""
    done: list[Reference] = []
    seen: set[Reference] = set()
    for start in onward:
        path = [] if start in seen else [(start, iter(onward[start]))]
        seen.add(start)
        while path:
            name, left = path[-1]
            following = next((one for one in left if one not in seen), None)
            if following is None:
                done.append(name)
                path.pop()
            else:
                seen.add(following)
                path.append((following, iter(onward.get(following, ()))))
    return done


def _standing(
    contents: Sequence[Alert],
    name: Reference,
    held: Collection[Reference],
    enders: Collection[Reference],
    cancelled: Collection[Reference],
    policy: ChainPolicy,
    at: datetime,
) -> Standing:
    alert = contents[0]
    if all(one.msg_type in _NO_WARNING for one in contents):
        return Standing.NO_WARNING
    if all(one.status is not policy.acted_on for one in contents):
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


def _find_cancelled(enders: Mapping[Reference, tuple[Reference, ...]], known: _Known) -> frozenset[Reference]:
    """What was cancelled itself, or whose every successor was: then nothing stands in its place."""
    ends: dict[Reference, list[Reference]] = {}
    for name, by in enders.items():
        for one in by:
            ends.setdefault(one, []).append(name)
    left = {name: len(by) for name, by in enders.items()}
    waiting = [name for name, by in enders.items() if any(known[one][0].msg_type is MsgType.CANCEL for one in by)]
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
