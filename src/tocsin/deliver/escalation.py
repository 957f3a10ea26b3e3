"""What next while nobody has answered: again, and higher up, never silent before an answer."""

from datetime import datetime, timedelta

from msgspec import Struct

from tocsin.errors import InputError


class Rung(Struct, frozen=True):
    """So long after the start, ask these: contacts by order (1, 2, 3), `duty` and `liaison` of a peer, `next` or `all` officers."""

    after: timedelta
    who: tuple[str, ...]


class LadderPolicy(Struct, frozen=True):
    """Rungs in order of time; after the last one it is asked again at this interval, until that instant at the latest."""

    rungs: tuple[Rung, ...]
    again_every: timedelta
    until: datetime

    def __post_init__(self) -> None:
        waits = [rung.after for rung in self.rungs]
        if not waits or waits != sorted(set(waits)) or waits[0] < timedelta(0):
            raise InputError("ladder's rungs are none, or not one after the other")
        if self.again_every <= timedelta(0):
            raise InputError(f"ladder asks again every {self.again_every}, expected more than no time at all")


class Step(Struct, frozen=True):
    """One step of a ladder: its number from 0, when it is due, and who is asked."""

    number: int
    due: datetime
    who: tuple[str, ...]


def venue_policy(until: datetime) -> LadderPolicy:
    """The first contact at once, with the deputy after 15 min, whoever stands higher after 45 min, all each day."""
    rungs = (
        Rung(timedelta(0), ("1",)),
        Rung(timedelta(minutes=15), ("1", "2")),
        Rung(timedelta(minutes=45), ("1", "2", "3")),
    )
    return LadderPolicy(rungs, timedelta(days=1), until)


def peer_policy(response_clock: timedelta, until: datetime) -> LadderPolicy:
    """The envelope itself, the peer's duty desk when its clock (above zero) runs out, our liaison 30 min later, each day."""
    rungs = (
        Rung(timedelta(0), ()),
        Rung(response_clock, ("duty",)),
        Rung(response_clock + timedelta(minutes=30), ("liaison",)),
    )
    return LadderPolicy(rungs, timedelta(days=1), until)


def owner_policy(until: datetime) -> LadderPolicy:
    """For a report that nobody in the house has taken (LESSONS L1): one officer after 2 min, all after 4, each hour again."""
    rungs = (Rung(timedelta(minutes=2), ("next",)), Rung(timedelta(minutes=4), ("all",)))
    return LadderPolicy(rungs, timedelta(hours=1), until)


def next_step(policy: LadderPolicy, started: datetime, done: int, *, ended: bool) -> Step | None:
    """The step after `done` steps; None once somebody of the party answered, or the next would come after `until`.

    Handed over, delivered or read end nothing: only an answer does (receipt.Answer.ends_ladder). A step that is long due,
    because the node was down, keeps its time: the caller takes it at once.
    """
    if ended:
        return None
    if done < len(policy.rungs):
        rung = policy.rungs[done]
        due = started + rung.after
    else:
        rung = policy.rungs[-1]
        due = started + rung.after + policy.again_every * (done - len(policy.rungs) + 1)
    return Step(done, due, rung.who) if due <= policy.until else None


def last_due(policy: LadderPolicy, started: datetime, done: int, at: datetime, *, ended: bool) -> Step | None:
    """The last step whose time has come at `at`: after an outage the missed ones are not all taken. None if none is due."""
    found = None
    while (step := next_step(policy, started, done, ended=ended)) and step.due <= at:
        found, done = step, done + 1
    return found
