"""What waits in quarantine: list it, show it safely, read it again."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.desk.access import May, may_read
from tocsin.desk.act import Act, Outcome, begin, look
from tocsin.desk.imports import plan_incidents, plan_warnings
from tocsin.desk.ports import Desk
from tocsin.desk.receive import open_again
from tocsin.desk.records import Reader, Unread
from tocsin.desk.register import plan_import
from tocsin.desk.report import plan_report
from tocsin.desk.review import plan_incident
from tocsin.desk.stores import Transaction
from tocsin.desk.unread import Plan, add_hint, carry_out, close, make_failure
from tocsin.errors import AccessError, InputError, TocsinError
from tocsin.evidence.entry import Kind

EXCERPT_BYTES = 400
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that are not shown as they are: controls, turns of direction, separators, what has no character."""


def list_quarantine(desk: Desk) -> list[Outcome]:
    """All that could not be read, by number; `became` says what was read after all. None waiting is no all-clear."""
    with look(desk, May.LOOK) as tx:
        return [_line(one) for one in tx.quarantine.all_unread()]


def show_quarantined(desk: Desk, unread: str) -> Outcome:
    """One of them: every reason, and its first bytes with all that could deceive the eye escaped.

    Nobody knows its marking: words and bytes are None for whoever may not read internal versions.
    """
    with look(desk, May.LOOK) as tx:
        found = tx.quarantine.unread(unread)
        cleared = _may_read(tx, desk)
        kept = found.closed is None or found.reader is Reader.ENVELOPE
        reasons = [
            {"at": write_instant(one.at), "code": one.code, "text": one.text if cleared else None}
            for one in found.failures
        ]
        excerpt = escape(tx.quarantine.raw(unread)[:EXCERPT_BYTES]) if kept and cleared else None
        return {**_line(found), "reasons": reasons, "excerpt": excerpt}


def raw_quarantined(desk: Desk, unread: str) -> bytes:
    """The bytes as they came: they may be hostile. AccessError for whoever may not read internal versions."""
    with look(desk, May.LOOK) as tx:
        found = tx.quarantine.unread(unread)
        if _may_read(tx, desk):
            return tx.quarantine.raw(unread)
    with begin(desk, May.LOOK) as act:
        act.log(Kind.REFUSED, {"act": "look", "kept": found.id, "reason": "access"}, subject=desk.actor)
    raise AccessError(f"{unread} has no marking yet", hint="whoever reads internal versions may see it")


def retry_quarantined(desk: Desk, unread: str) -> Outcome:
    """Read it again. What it asks for happens now, but as of its first arrival; what was read already happens no more.

    Raises the reader's error, with the new reason kept and logged, if it still cannot be read.
    """
    with look(desk, May.RETRY) as tx:
        found = tx.quarantine.unread(unread)
        if found.closed is not None:
            return _line(found)
        raw = tx.quarantine.raw(unread)
    planned = _read(desk, found, raw)
    with begin(desk, May.RETRY) as act:
        found = act.tx.quarantine.unread(unread)
        if found.closed is not None:  # by somebody else, while we read
            return _line(found)
        error = _carry_out(act, found, raw, planned)
        if error is None:
            return _line(act.tx.quarantine.unread(unread))
    add_hint(error, f"still kept as {unread}")
    raise error


def escape(raw: bytes) -> str:
    r"""The bytes as one line that shows what they are: UTF-8 where it is, and nothing that acts on a terminal or an eye.

    >>> escape(b"a\x1b[2J\xff \xe2\x80\xae\n")
    'a\\x1b[2J\\xff \\u202e\\x0a'
    """
    return "".join(map(_escape, raw.decode("utf-8", "surrogateescape")))


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if char != "\\" and unicodedata.category(char) not in _HIDDEN:
        return char
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _read(desk: Desk, found: Unread, raw: bytes) -> Plan | InputError | None:
    """The reading, outside of any transaction, for it may take a while; None for an envelope: the act opens it."""
    if found.reader is Reader.ENVELOPE:
        return None
    try:
        return _READ[found.reader](desk, raw)
    except InputError as error:
        return error


def _carry_out(act: Act, found: Unread, raw: bytes, planned: Plan | InputError | None) -> TocsinError | None:
    error: TocsinError | None = None
    if isinstance(planned, InputError):
        error = planned
    elif planned is None:
        opened = open_again(act, found)
        error, found = opened.error, replace(found, chained=opened.chained)
        if error is None:
            close(act, found, opened.became)
    else:
        carry_out(act, found.reader, raw, planned)
    if error is not None:
        failure = make_failure(error, act.at)
        act.tx.quarantine.put_unread(replace(found, failures=(*found.failures, failure)))
        body = {"act": "retry", "kept": found.id, "sha256": found.digest, "reason": failure.code}
        act.log(Kind.REFUSED, body, subject=found.id)
    return error


def _may_read(tx: Transaction, desk: Desk) -> bool:
    return may_read(tx.house.officer(desk.actor), Audience.INTERNAL)


def _line(one: Unread) -> Outcome:
    return {
        "kept": one.id,
        "reader": one.reader.value,
        "from": one.source or None,
        "sha256": one.digest,
        "size": one.size,
        "first": write_instant(one.first),
        "last": write_instant(one.last),
        "arrivals": one.arrivals,
        "reason": one.failures[-1].code,
        "closed": write_instant(one.closed) if one.closed else None,
        "became": one.became or None,
    }


_READ: Mapping[Reader, Callable[[Desk, bytes], Plan]] = {
    Reader.REPORT: plan_report,
    Reader.PEOPLE: partial(plan_import, Reader.PEOPLE),
    Reader.VENUES: partial(plan_import, Reader.VENUES),
    Reader.GATHERINGS: partial(plan_import, Reader.GATHERINGS),
    Reader.INCIDENT: plan_incident,
    Reader.INCIDENTS: plan_incidents,
    Reader.FOREIGN_WARNINGS: plan_warnings,
}
