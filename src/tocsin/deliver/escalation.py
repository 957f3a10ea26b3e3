"""What next while nobody of a party has answered: again, and higher up, never silent before an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rung:
    """So long after the start, ask these: contacts by order (1, 2, 3), or `duty` and `liaison` of a peer."""

    after: timedelta
    who: tuple[str, ...]


@dataclass(frozen=True)
class LadderPolicy:
    """Rungs in order of time; after the last one it is asked again at this interval, until the end."""

    rungs: tuple[Rung, ...]
    again_every: timedelta
    until: datetime


@dataclass(frozen=True)
class Step:
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
    """The envelope itself, the peer's duty desk when its clock runs out, our liaison 30 min later, then each day."""
    rungs = (
        Rung(timedelta(0), ()),
        Rung(response_clock, ("duty",)),
        Rung(response_clock + timedelta(minutes=30), ("liaison",)),
    )
    return LadderPolicy(rungs, timedelta(days=1), until)


def next_step(policy: LadderPolicy, started: datetime, done: int, *, ended: bool) -> Step | None:
    """The step after `done` steps; None once somebody of the party answered, or the warning and its watch are over.

    Handed over, delivered or read end nothing: only an answer does (receipt.Answer.ends_ladder).
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
