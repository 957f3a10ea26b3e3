"""From a text to a determination: submit a report, grade it, decide whether there is a duty to warn."""

from datetime import datetime
from functools import partial

from msgspec.structs import replace

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
from tocsin.intake.container import CONFLICT, FEED, Part, extract_parts, split_reports
from tocsin.intake.extract import reading_as_json, threats_of
from tocsin.intake.report import Reading, Report, make_report

MOST_AT_ONCE = 250
"""Entries of a feed that one act stores: it holds the store for some seconds, and a warning must not wait for longer."""


def submit_report(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """Read the text into a threat with the words it was read from, keep both, log one leaf.

    Of a feed each entry is a report of its own, all of them in one act; its outcome names them under `reports`.
    Raises InputError if the bytes are no text, or a feed of which one entry cannot be read: then they are kept in
    quarantine as a whole. The same bytes twice are one report, and so is the same entry in a later feed.
    """
    return act_or_keep(desk, May.SUBMIT_REPORT, Reader.REPORT, raw, partial(plan_report, desk, raw), once=once)


def plan_report(desk: Desk, raw: bytes) -> Plan:
    """Read the text, or each entry of a feed; what is left is to store them, received when they first came.

    InputError if it is no text, or one of the entries cannot be read.
    """
    reports = split_reports(raw)
    if len(reports) > MOST_AT_ONCE:
        raise InputError(
            f"feed has {len(reports)} entries, at most {MOST_AT_ONCE} expected", hint="submit the newest of them"
        )
    gazetteer = desk.gazetteer()
    read = [(one, *extract_parts(one, gazetteer=gazetteer)[0]) for one in reports]

    def store(act: Act, received: datetime) -> tuple[Outcome, str]:
        stored = [_store(act, make_report(one, received=received), part, reading) for one, part, reading in read]
        if read[0][1].kind != FEED:
            return stored[0], stored[0]["report"]
        # Readings of a thousand entries are no answer: `report show` has each.
        reports = [{key: one[key] for key in ("report", "new", "joined")} for one in stored]
        return {"reports": reports}, ", ".join(dict.fromkeys(one["report"] for one in stored))

    return store


def _store(act: Act, report: Report, part: Part, reading: Reading) -> Outcome:
    """Keep and log a report unless it is here already."""
    known = act.tx.cases.find_report(report.id) is not None
    if not known:
        kept = keep_report(act, report, part, reading)
        act.log(Kind.REPORT, {"report": kept.id, "sha256": kept.digest}, subject=kept.id)
    matter = act.tx.matters.matter_of(report.id).id
    as_json = reading_as_json(reading, file=report.id)
    return {"report": report.id, "new": not known, "joined": matter, "reading": as_json}


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
