"""From a text to a determination: submit a report, grade it, decide whether there is a duty to warn."""

from tocsin.assess.duty import Waiver, determination_as_claims, determine
from tocsin.assess.grading import Reliability, grade
from tocsin.core.window import write_instant
from tocsin.desk.act import Outcome, begin
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptReport
from tocsin.errors import InputError
from tocsin.evidence.entry import Kind
from tocsin.intake.extract import read_alert_text, reading_as_json, threats_of
from tocsin.intake.read_text import read_text
from tocsin.intake.report import make_report


def submit_report(desk: Desk, raw: bytes, *, once: str = "") -> Outcome:
    """Read the text into a threat with the words it was read from, keep both, log one leaf.

    Raises InputError, with nothing stored, if the bytes are no text. The same bytes twice are one report.
    """
    text = read_text(raw)
    reading = read_alert_text(text, gazetteer=desk.gazetteer())
    threats = threats_of(reading)
    with begin(desk, once) as act:
        if act.earlier is not None:
            return act.earlier
        report = make_report(raw, received=act.at)
        known = [kept for kept in act.tx.cases.reports() if kept.id == report.id]
        as_json = reading_as_json(reading, file=report.id)
        if not known:
            act.tx.cases.add_report(
                KeptReport(
                    id=report.id,
                    received=act.at,
                    digest=report.digest,
                    raw=raw,
                    threat=threats[0],
                    reading=as_json,
                )
            )
            act.log(Kind.REPORT, {"report": report.id, "sha256": report.digest}, subject=report.id)
        return act.result({"report": report.id, "new": not known, "reading": as_json})


def determine_duty(
    desk: Desk,
    report: str,
    *,
    reliability: str,
    credibility: int,
    officer: str = "",
    waiver: Waiver | None = None,
    once: str = "",
) -> Outcome:
    """Grade the report and apply the duty-to-warn test to its threat; the clocks run from the report's arrival.

    Raises InputError for a grade outside A-F and 1-6, WaiverError for a waiver without what it demands.
    """
    try:
        letter = Reliability(reliability)
    except ValueError:
        raise InputError(f"reliability {reliability!r} is not a letter from A to F") from None
    with begin(desk, once) as act:
        if act.earlier is not None:
            return act.earlier
        kept = act.tx.cases.report(report)
        determination = determine(
            kept.threat,
            (grade(kept.id, letter, credibility),),
            id=f"D-{act.tx.cases.next_number('determination')}",
            officer=officer or desk.settings.officer,
            acquired=kept.received,
            at=act.at,
            waiver=waiver,
        )
        act.tx.cases.add_determination(determination)
        claims = determination_as_claims(determination)
        act.log(Kind.DETERMINATION, {**claims, "report": report}, subject=determination.id)
        return act.result({"determination": determination.id, "at": write_instant(act.at), **claims})
