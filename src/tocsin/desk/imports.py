"""Imports incidents and warnings that others wrote down: all rows of a file or none, the same file twice adds nothing."""

from datetime import datetime
from functools import partial

from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, look
from tocsin.desk.ports import Desk
from tocsin.desk.records import Reader
from tocsin.desk.unread import Plan, act_or_keep, sha256
from tocsin.evidence.entry import Kind
from tocsin.review.incident_files import read_incidents
from tocsin.review.warning_files import read_warnings


def import_incidents(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """Read the file, whatever of the known formats it is, and keep its incidents.

    Raises InputError naming the lines, and nothing imported, if any row cannot be read: then the file is kept in
    quarantine. StateError if an incident is here with other facts.
    """
    plan = partial(plan_incidents, desk, raw)
    return act_or_keep(desk, May.IMPORT_FOREIGN, Reader.INCIDENTS, raw, plan, once=once)


def import_warnings(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """The same for warnings of others. They are kept apart from ours and never sent to anybody."""
    plan = partial(plan_warnings, desk, raw)
    return act_or_keep(desk, May.IMPORT_FOREIGN, Reader.FOREIGN_WARNINGS, raw, plan, once=once)


def plan_incidents(desk: Desk, raw: bytes) -> Plan:
    """Read the whole file; what is left is to keep its rows. InputError with the lines that cannot be read."""
    found = read_incidents(raw, desk.clock.now())

    def keep(act: Act, _first: datetime) -> tuple[Outcome, str]:
        new = act.tx.review.add_incidents(found.incidents)
        return _logged(act, "incidents", found.format, raw, len(found.incidents), new)

    return keep


def plan_warnings(desk: Desk, raw: bytes) -> Plan:
    """Read the whole file; what is left is to keep its rows. InputError with the lines that cannot be read."""
    found = read_warnings(raw, desk.clock.now())

    def keep(act: Act, _first: datetime) -> tuple[Outcome, str]:
        new = act.tx.review.add_foreign_warnings(found.warnings)
        outcome, became = _logged(act, "warnings", found.format, raw, len(found.warnings), new)
        return {**outcome, "left_out": found.left_out}, became

    return keep


def list_imported(desk: Desk) -> list[Outcome]:
    """How many incidents and warnings of others are here, by source. None is no sign that nothing happened."""
    with look(desk, May.LOOK) as tx:
        return [{"kind": kind, "source": source, "count": count} for kind, source, count in tx.review.count_imported()]


def _logged(act: Act, what: str, form: str, raw: bytes, rows: int, new: int) -> tuple[Outcome, str]:
    """One leaf: the file's hash and counts. Nothing of it is logged if it added nothing."""
    if new:
        body = {"act": "import", "what": what, "format": form, "sha256": sha256(raw), "rows": rows, "new": new}
        act.log(Kind.ACT, body, subject="imports")
    return {"imported": what, "format": form, "rows": rows, "new": new}, f"{new} {what}"
