"""What cannot be read is kept as it came, logged by its hash, and given to an officer; nothing of it is taken for true."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.house import Role, Task
from tocsin.desk.ports import Desk
from tocsin.desk.records import ENTRY_BYTES, Failure, Reader, Unread
from tocsin.errors import InputError, TocsinError, VerificationError
from tocsin.evidence.entry import Kind

MAX_KEPT_BYTES = 16 * 1024 * 1024
"""The largest thing that is kept; what is larger is refused and its hash logged."""
MAX_WORDS = 500
FULL = "quarantine"
"""Subject of the task that asks for room."""

Plan = Callable[[Act, datetime], tuple[Outcome, str]]
"""What is left to do with bytes that were read: takes the act and when they first came, gives the outcome and what they became."""


def act_or_keep(
    desk: Desk, may: May, reader: Reader, raw: bytes, plan: Callable[[], Plan], *, once: str = ""
) -> Outcome:
    """Read the bytes and carry out what they ask for, or keep them and raise the reader's InputError.

    What was kept before under the same hash is closed by it, and its first time of arrival counts.
    """
    try:
        planned = plan()
    except InputError as error:
        raise keep_unread(desk, may, reader, raw, error) from None
    with begin(desk, may, once) as act:
        if act.earlier is not None:
            return act.earlier
        return act.result(carry_out(act, reader, raw, planned))


def keep_unread(desk: Desk, may: May, reader: Reader, raw: bytes, error: InputError) -> InputError:
    """Keep the bytes that somebody handed in, in an act of its own; gives the error with the number in its hint.

    Raises AccessError, with nothing kept, for whoever may not do what they tried.
    """
    with begin(desk, may) as act:
        kept = keep(act, reader, sha256(raw), len(raw), error, source=desk.actor, raw=raw)
    told = f"kept as {kept.id}: `tocsin quarantine show {kept.id}`" if kept else "too much to be kept: keep the file"
    add_hint(error, told)
    return error


def keep(
    act: Act,
    reader: Reader,
    digest: str,
    size: int,
    error: TocsinError,
    *,
    source: str,
    raw: bytes | None,
    chained: bool = False,
) -> Unread | None:
    """Keep one arrival within an act: one leaf, and a task if it is new. None if there is no room: then the leaf is all.

    `raw` is None for an envelope, whose bytes the inbox has. The same bytes again are another arrival of the same.
    """
    failure = make_failure(error, act.at)
    found = act.tx.quarantine.waiting(reader, digest)
    if found is not None:
        last = found.failures[-1]
        news = () if (last.code, last.text) == (failure.code, failure.text) else (failure,)
        found = replace(found, last=act.at, arrivals=found.arrivals + 1, failures=(*found.failures, *news))
        act.tx.quarantine.put_unread(found)
    elif raw is None or _has_room(act, size):
        found = Unread(
            id=f"Q-{act.tx.cases.next_number('unread')}",
            reader=reader,
            digest=digest,
            source=source,
            size=size,
            first=act.at,
            last=act.at,
            failures=(failure,),
            chained=chained,
        )
        act.tx.quarantine.add_unread(found, raw)
        open_task(act, f"see why the {reader.value} could not be read, and have it mended or sent again", found.id)
    act.log(
        Kind.REFUSED,
        {
            "act": "read",
            "reader": reader.value,
            "sha256": digest,
            "size": size,
            "reason": failure.code,
            "kept": found.id if found else None,
        },
        subject=found.id if found else FULL,
    )
    return found


def carry_out(act: Act, reader: Reader, raw: bytes, plan: Plan) -> Outcome:
    """Do what was read, as of the first arrival of these bytes, and close what was kept of them."""
    waiting = act.tx.quarantine.waiting(reader, sha256(raw))
    outcome, became = plan(act, waiting.first if waiting else act.at)
    if waiting is not None:
        close(act, waiting, became)
    return outcome


def close(act: Act, unread: Unread, became: str) -> None:
    """It was read after all: say what it became, log when it first came, and finish its task."""
    act.tx.quarantine.put_unread(replace(unread, closed=act.at, became=became))
    body = {"act": "read_again", "kept": unread.id, "sha256": unread.digest, "first": int(unread.first.timestamp())}
    act.log(Kind.ACT, body, subject=unread.id)
    close_tasks(act, unread.id)


def open_task(act: Act, what: str, subject: str) -> None:
    """Ask an officer, once: a task about the same that is still open is enough."""
    if any(one.subject == subject for one in act.tx.house.open_tasks()):
        return
    number = act.tx.cases.next_number("task")
    act.tx.house.put_task(Task(id=f"T-{number}", what=what, subject=subject, role=Role.OFFICER, opened=act.at))


def close_tasks(act: Act, subject: str) -> None:
    """What was asked about it is done, by whoever acts."""
    for task in act.tx.house.open_tasks():
        if task.subject == subject:
            act.tx.house.put_task(replace(task, done=act.at, done_by=act.desk.actor))


def make_failure(error: TocsinError, at: datetime) -> Failure:
    """One reading that failed; the reader's words are cut, for they may quote whatever came, and must be text to be stored."""
    words = str(error)[:MAX_WORDS].encode("utf-8", "backslashreplace").decode()
    return Failure(at, reason_code(error), words)


def add_hint(error: TocsinError, told: str) -> None:
    """Say this too, after what the reader hinted at."""
    error.hint = f"{error.hint}; {told}" if error.hint else told


def reason_code(error: TocsinError) -> str:
    """The reason in one word of ours: the log carries it, and nothing that the reader quoted."""
    return error.step if isinstance(error, VerificationError) else type(error).__name__


def sha256(raw: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(raw).hexdigest()


def _has_room(act: Act, size: int) -> bool:
    if size > MAX_KEPT_BYTES:
        return False
    if act.tx.quarantine.waiting_bytes() + size + ENTRY_BYTES <= act.desk.settings.quarantine_bytes:
        return True
    open_task(act, "quarantine is full: what cannot be read is not kept any more (key quarantine_bytes)", FULL)
    return False
