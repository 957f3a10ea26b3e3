"""From a text to a determination: submit a report, grade it, decide whether there is a duty to warn."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from tocsin.assess.duty import Determination, Waiver, determination_as_claims, determine, waive
from tocsin.assess.grading import Reliability, grade
from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.matters import join_matter, own
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptReport, Reader
from tocsin.desk.unread import Plan, act_or_keep
from tocsin.errors import InputError, StateError
from tocsin.evidence.entry import Kind
from tocsin.intake.confirming import Status
from tocsin.intake.container import CONFLICT, Part, extract_parts
from tocsin.intake.extract import reading_as_json, threats_of
from tocsin.intake.report import Reading, Report, make_report


def submit_report(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """Read the text into a threat with the words it was read from, keep both, log one leaf.

    Raises InputError if the bytes are no text: then they are kept in quarantine. The same bytes twice are one report.
    """
    return act_or_keep(desk, May.SUBMIT_REPORT, Reader.REPORT, raw, partial(plan_report, desk, raw), once=once)


def plan_report(desk: Desk, raw: bytes) -> Plan:
    """Read the text; what is left is to store the report, received when it first came. InputError if it is no text."""
    parts = extract_parts(raw, gazetteer=desk.gazetteer())
    if len(parts) > 1:
        raise InputError(
            f"feed has {len(parts)} entries, a report is one of them", hint="submit the entry that matters"
        )
    part, reading = parts[0]

    def store(act: Act, received: datetime) -> tuple[Outcome, str]:
        report = make_report(raw, received=received)
        known = act.tx.cases.find_report(report.id) is not None
        as_json = reading_as_json(reading, file=report.id)
        if not known:
            kept = keep_report(act, report, part, reading)
            act.log(Kind.REPORT, {"report": kept.id, "sha256": kept.digest}, subject=kept.id)
        matter = act.tx.matters.matter_of(report.id).id
        return {"report": report.id, "new": not known, "joined": matter, "reading": as_json}, report.id

    return store


def keep_report(act: Act, report: Report, part: Part, reading: Reading) -> KeptReport:
    """Keep what came with what was read out of it, and put it to its matter. Within an act, for a report that is new."""
    kept = KeptReport(
        id=report.id,
        received=report.received,
        digest=report.digest,
        raw=report.raw,
        threat=threats_of(reading)[0],
        reading=reading_as_json(reading, file=report.id),
    )
    act.tx.cases.add_report(kept)
    join_matter(act, kept, part)
    return kept


def determine_duty(
    desk: Desk,
    report: str,
    *,
    reliability: str,
    credibility: int,
    once: str = "",
) -> Outcome:
    """Grade the report and apply the duty-to-warn test to its threat; the clocks run from the report's arrival.

    Raises InputError for a grade outside A-F and 1-6.
    """
    try:
        letter = Reliability(reliability)
    except ValueError:
        raise InputError(f"reliability {reliability!r} is not a letter from A to F") from None
    with begin(desk, May.DETERMINE, once) as act:
        if act.earlier is not None:
            return act.earlier
        kept = act.tx.cases.report(report)
        _check_conflict(kept)
        matter = act.tx.matters.matter_of(report)
        if not matter.owner:
            own(act, matter)  # whoever decides on it has it in hand
        determination = determine(
            kept.threat,
            (grade(kept.id, letter, credibility),),
            id=f"D-{act.tx.cases.next_number('determination')}",
            officer=desk.actor,
            acquired=kept.received,
            at=act.at,
        )
        return act.result(_keep(act, determination, report=report))


def _check_conflict(kept: KeptReport) -> None:
    """A message whose status and words disagree is held: nothing is decided on it before a person said which is right."""
    for span in kept.reading["spans"].get(CONFLICT, ()):
        if span["status"] != Status.REJECTED:
            status = span["rule"].removeprefix("C-status-")
            raise StateError(
                f"{kept.id} is conflicting: its status is {status}, its words say “{span['value']}”",
                hint=f"if the words are wrong: tocsin report confirm {kept.id} {CONFLICT} '{span['value']}' --reject",
            )


def waive_duty(desk: Desk, determination: str, waiver: Waiver, *, once: str = "") -> Outcome:
    """A second person waives a duty, on a named ground and in words. No warning goes out on the first determination then.

    Raises WaiverError if the same person determined it or there is no duty to waive.
    """
    with begin(desk, May.WAIVE, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = act.tx.cases.determination(determination)
        id_ = f"D-{act.tx.cases.next_number('determination')}"
        waived = waive(found, waiver, id=id_, officer=desk.actor, at=act.at)
        act.tx.cases.add_determination(replace(found, waived_by=id_))
        return act.result(_keep(act, waived))


def _keep(act: Act, determination: Determination, **more: str) -> Outcome:
    act.tx.cases.add_determination(determination)
    claims = determination_as_claims(determination)
    act.log(Kind.DETERMINATION, claims | more, subject=determination.id)
    return {"determination": determination.id, "at": write_instant(act.at), **claims}
