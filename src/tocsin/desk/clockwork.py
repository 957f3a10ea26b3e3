"""What time alone brings: windows that end, ladders that climb, envelopes to open, checkpoints to publish."""

from collections.abc import Callable, Mapping
from datetime import datetime

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
from tocsin.evidence.entry import Kind


def run_due(desk: Desk) -> int:
    """Do all that is due now, each in a transaction of its own, the earliest first. Gives how many were done."""
    count = 0
    while True:
        with desk.store.read() as tx:
            due = tx.timers.due(desk.clock.now(), tuple(_WORK), 1)
        if not due:
            return count
        with begin(desk, May.CLOCKWORK) as act:
            # Another process of this node may have done it since: two steps up a ladder would be two messages.
            for timer in act.tx.timers.due(desk.clock.now(), tuple(_WORK), 1):
                _WORK[timer.kind](act, timer.subject)
                count += 1


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
