"""What time alone brings: windows that end, ladders that climb, envelopes to open, checkpoints to publish."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb

from msgspec.structs import replace

from tocsin.compose.lifecycle import Status as Life
from tocsin.compose.lifecycle import pass_time
from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, begin
from tocsin.desk.chase import climb
from tocsin.desk.matters import seek_owner
from tocsin.desk.ports import Desk
from tocsin.desk.receive import SECOND, open_received
from tocsin.desk.records import Timer, TimerKind
from tocsin.desk.unread import open_task
from tocsin.errors import ConfigError, StateError, TocsinError
from tocsin.evidence.entry import Kind

_OF_WHAT_IS_DUE = (
    TocsinError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What may come of the thing itself. A store or a machine that fails is no fault of it: that is raised, and tried again at once."""
AGAIN = timedelta(minutes=10)
"""Between two tries of what could not be done."""
MAX_PROBLEM = 300
"""Characters of an error that are kept: it may quote whatever came."""


def run_due(desk: Desk) -> int:
    """Do all that is due now, each in a transaction of its own, the earliest first. Gives how many were done."""
    count = 0
    while True:
        with desk.store.read() as tx:
            due = tx.timers.due(desk.clock.now(), tuple(_WORK), 1)
        if not due:
            return count
        begun: Timer | None = None
        try:
            with begin(desk, May.CLOCKWORK) as act:
                # Another process of this node may have done it since: two steps up a ladder would be two messages.
                for timer in act.tx.timers.due(desk.clock.now(), tuple(_WORK), 1):
                    begun = timer
                    _WORK[timer.kind](act, timer.subject)
                    count += 1
        except _OF_WHAT_IS_DUE as error:
            if begun is None or isinstance(error, ConfigError):
                raise
            _put_off(desk, begun, error)  # or it would hold up, for ever, all that is due after it
            count += 1


def _put_off(desk: Desk, timer: Timer, error: Exception) -> None:
    """Something due could not be done, and nothing of it was. What came from a peer is kept as unreadable, if so much of it can be
    read that its place in the chain is known; all else is tried again later, and an officer asked to see to it.
    """
    import structlog  # few commands run the clockwork

    # Of the error only what it is: it may quote what came, and no words of a warning stand in that log.
    name = type(error).__name__
    structlog.get_logger("tocsin").error(
        "could not be done", what=timer.kind.value, subject=timer.subject, problem=name, where=_place_of(error)
    )
    if timer.kind is TimerKind.OPEN:
        fault = StateError(f"could not be taken in: {name}: {str(error)[:MAX_PROBLEM]}")
        with suppress(*_OF_WHAT_IS_DUE), begin(desk, May.CLOCKWORK) as act:
            open_received(act, timer.subject, fault=fault)
            return
    with begin(desk, May.CLOCKWORK) as act:
        act.tx.timers.set(Timer(act.at + AGAIN, timer.kind, timer.subject))
        what = f"{timer.kind.value} of {timer.subject or 'this node'}"
        open_task(act, f"see why this could not be done: {what}: {name}: {str(error)[:MAX_PROBLEM]}", what)


def _place_of(error: Exception) -> str:
    frame = extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def next_due(desk: Desk) -> datetime | None:
    """When something is due next, sending included; None if nothing ever is."""
    with desk.store.read() as tx:
        found = (tx.timers.next_due(), tx.outbox.next_due())
    return min((at for at in found if at is not None), default=None)


def _checkpoint(act: Act, _subject: str) -> None:
    act.publish_checkpoint()


def _lapse(act: Act, subject: str) -> None:
    """A window ends without an incident: on watch, never gone; when the watch ends too: closed, and said so."""
    act.tx.timers.clear(TimerKind.LAPSE, subject)
    if subject.startswith("IN-"):
        item = act.tx.inbox.item(subject)
        status = Life.ON_WATCH if act.at < item.watch_until else Life.CLOSED
        act.tx.inbox.put_item(replace(item, status=status))
        end, digest = item.watch_until, item.digest
    else:
        warning = pass_time(act.tx.cases.warning(subject), act.at)
        act.tx.cases.put_warning(warning)
        status, end, digest = warning.status, warning.watch_until, subject
    body = {"warning": digest, "state": status.value, "because": "the window ended"}
    if status is Life.ON_WATCH:
        body["watch_until"] = write_instant(end)
        act.tx.timers.set(Timer(end + SECOND, TimerKind.LAPSE, subject))
    act.log(Kind.STATE, body, subject=digest)


_WORK: Mapping[TimerKind, Callable[[Act, str], None]] = {
    TimerKind.OPEN: open_received,
    TimerKind.LAPSE: _lapse,
    TimerKind.STEP: climb,
    TimerKind.OWNER: seek_owner,
    TimerKind.CHECKPOINT: _checkpoint,
}
