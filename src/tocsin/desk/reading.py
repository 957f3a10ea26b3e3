"""An officer decides on what was read out of a report: confirm, change, reject; every decision is logged with who took it."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.matters import find_repeats, show_matter
from tocsin.desk.ports import Desk
from tocsin.errors import PolicyError, StateError
from tocsin.evidence.entry import Kind
from tocsin.intake.confirming import as_case, change, confirm, confirm_all, reject, threat_by
from tocsin.intake.container import read_container
from tocsin.intake.corroborate import Sourced, likeness_keys, source_keys
from tocsin.intake.proposals import add_proposals, known_labels, marking_of

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


def suggest_values(desk: Desk, report: str, *, once: str = "") -> Outcome:
    """Ask the house's other reader what the rules may have missed; what it proposes waits for a person, each by name.

    Raises StateError if there is no reader, PolicyError if it is on a host that the policy does not name or the text is
    marked stricter than the policy allows, DeliveryError if it does not answer: then nothing is stored.
    """
    if desk.reader is None:
        raise StateError("this node has no other reader", hint="see keys reader_url and reader_model of tocsin.toml")
    with look(desk, May.CONFIRM_READING) as tx:
        text = read_container(tx.cases.report(report).raw)[0].text
    _check_reader(desk, text)
    proposals = desk.reader.propose(text, known_labels())
    with begin(desk, May.CONFIRM_READING, once) as act:
        if act.earlier is not None:
            return act.earlier
        kept = act.tx.cases.report(report)
        found = add_proposals(kept.reading, text, proposals, reader=desk.reader.name)
        act.tx.cases.add_report(replace(kept, reading=found.reading))
        act.log(Kind.ACT, {"act": "suggested", "report": report, "added": found.added}, subject=report)
        return act.result(
            {"report": report, "added": found.added, "dropped": list(found.dropped), "reading": found.reading}
        )


def _check_reader(desk: Desk, text: str) -> None:
    """Before anything leaves: is it there that it may go, and may this text go there?"""
    rule, host = desk.policy.reader, urlsplit(desk.settings.reader_url).hostname or ""
    if host not in {"localhost", "127.0.0.1", "::1", *rule.hosts}:
        raise PolicyError(
            f"reader is at {host}, which policy.toml does not name",
            hint='[reader] hosts = ["…"]; or run it on this machine',
        )
    marking = marking_of(text)
    if marking.strictness > rule.marking.strictness:
        raise PolicyError(f"text is marked {marking.value}, the reader may see up to {rule.marking.value}")


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
            "unread": list(part.unread),
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
