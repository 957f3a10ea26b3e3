"""An officer decides on what was read out of a report: confirm, change, reject; every decision is logged with who took it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.matters import find_repeats, show_matter
from tocsin.desk.ports import Desk
from tocsin.evidence.entry import Kind
from tocsin.intake.confirming import as_case, change, confirm, confirm_all, reject, threat_by
from tocsin.intake.container import read_container
from tocsin.intake.corroborate import Sourced, likeness_keys, source_keys

Decide = Callable[[Mapping[str, Any]], dict[str, Any]]


def confirm_value(desk: Desk, report: str, field: str, value: str, *, once: str = "") -> Outcome:
    """Confirm one value. InputError if the reading does not hold it, NotFoundError if there is no such report."""
    return _decide(
        desk, report, f"confirmed {field}", lambda reading: confirm(reading, field, value, by=desk.actor), once
    )


def confirm_reading(desk: Desk, report: str, *, once: str = "") -> Outcome:
    """Confirm every value that nobody has decided on."""
    return _decide(desk, report, "confirmed all", lambda reading: confirm_all(reading, by=desk.actor), once)


def change_value(desk: Desk, report: str, field: str, value: str, new: str, *, once: str = "") -> Outcome:
    """Put `new` in the place of a value that was read wrong (`intake.confirming.change` says how it is written)."""
    return _decide(
        desk, report, f"changed {field}", lambda reading: change(reading, field, value, new, by=desk.actor), once
    )


def reject_value(desk: Desk, report: str, field: str, value: str, *, once: str = "") -> Outcome:
    """Take out a value that the text does not say; no determination made from now on has it."""
    return _decide(
        desk, report, f"rejected {field}", lambda reading: reject(reading, field, value, by=desk.actor), once
    )


def show_report(desk: Desk, report: str) -> Outcome:
    """One report with its reading, the status of each value, who has it in hand, and which others repeat the same origin.

    What repeats it is no second witness: ten copies of one message count once.
    """
    with look(desk, May.LOOK) as tx:
        kept = tx.cases.report(report)
        part = read_container(kept.raw)[0]
        sourced = Sourced(kept.id, part.text, part.attribution)
        matter = tx.matters.matter_of(report)
        repeats = find_repeats(tx, sourced, likeness_keys(sourced) | source_keys(sourced))
        return {
            "report": kept.id,
            "received": write_instant(kept.received),
            "sha256": kept.digest,
            "reading": dict(kept.reading),
            "matter": show_matter(tx, matter),
            "repeats": sorted((repeats | set(tx.matters.reports_of(matter.id))) - {report}),
        }


def export_report(desk: Desk, report: str) -> tuple[dict[str, Any], bytes]:
    """The corrected reading as a case for `tocsin bench intake`, and the bytes it was read from."""
    with look(desk, May.LOOK) as tx:
        kept = tx.cases.report(report)
        return as_case(kept.reading, kept.id), kept.raw


def _decide(desk: Desk, report: str, act_: str, decide: Decide, once: str) -> Outcome:
    with begin(desk, May.CONFIRM_READING, once) as act:
        if act.earlier is not None:
            return act.earlier
        kept = act.tx.cases.report(report)
        reading = decide(kept.reading)
        act.tx.cases.add_report(replace(kept, reading=reading, threat=threat_by(reading, kept.threat)))
        # What was decided on may name people and places: the leaf says that it was, and by whom.
        act.log(Kind.ACT, {"act": act_, "report": report}, subject=report)
        return act.result({"report": report, "decided": act_, "reading": reading})
