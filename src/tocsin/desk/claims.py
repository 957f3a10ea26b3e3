"""What others claim about an incident: recorded with who tells it, kept apart from everything that our own log says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tocsin.core.window import Precision, write_instant, zone_of
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptClaim
from tocsin.desk.report import keep_report
from tocsin.errors import InputError, StateError
from tocsin.evidence.entry import Kind
from tocsin.intake.claims import Claim, claim_as_found, read_claims
from tocsin.intake.container import Part
from tocsin.intake.extract import read_alert_text
from tocsin.intake.read_text import read_text
from tocsin.intake.report import Found, Reading, Report, make_report


def record_claims(desk: Desk, incident: str, text: bytes, marked: Mapping[str, Any], *, once: str = "") -> Outcome:
    """Keep the text as a report of kind article and the claims marked in it; one leaf: digest and count, no words.

    The same text with the same marks twice adds nothing. Raises, with nothing stored: NotFoundError for an incident
    that is not here, InputError naming the claim that cannot be read or a text dated later than today, StateError if
    other claims of this text are recorded already.
    """
    words = read_text(text)
    claims = read_claims(words, marked)
    reading = _read_article(desk, words, claims)
    with begin(desk, May.RECORD_CLAIM, once) as act:
        if act.earlier is not None:
            return act.earlier
        act.tx.cases.incident(incident)
        _check_date(claims, act.at)
        report = make_report(text, received=act.at)
        earlier = tuple(one.claim for one in act.tx.cases.claims(incident) if one.report == report.id)
        if earlier and earlier != claims:
            raise StateError(
                f"{len(earlier)} claims of {report.id} are recorded for {incident} with other marks",
                hint=f"see `tocsin incident show {incident}`",
            )
        if not earlier:
            _keep(act, incident, report, claims, reading)
        return act.result({"incident": incident, "report": report.id, "new": not earlier, "claims": len(claims)})


def _read_article(desk: Desk, words: str, claims: tuple[Claim, ...]) -> Reading:
    """What the rules read out of the text stays proposed; the claims are a person's marks."""
    reading = read_alert_text(words, gazetteer=desk.gazetteer(), reference=claims[0].dated)
    marks = tuple(Found(one.words, one.start, one.end, "marked", "confirmed") for one in claims)
    found = tuple(claim_as_found(one) for one in claims)
    return replace(reading, kind="article", claims=found, spans={**reading.spans, "claims": marks})


def _check_date(claims: tuple[Claim, ...], at: datetime) -> None:
    """Nobody can tell, or say, what is yet to come: neither text nor claim may be later than now."""
    dated, zone = claims[0].dated, claims[0].zone
    today = at.astimezone(zone_of(zone)).date()
    if dated > today:
        raise InputError(f"marked claims: the text is dated {dated}, today is {today} in {zone}")
    for number, one in enumerate(claims, 1):
        if one.said is not None and one.said.precision is Precision.MINUTE and one.at > at:
            raise InputError(
                f"marked claims, claims {number}: said at {write_instant(one.at)}, it is {write_instant(at)}"
            )


def _keep(act: Act, incident: str, report: Report, claims: tuple[Claim, ...], reading: Reading) -> None:
    if act.tx.cases.find_report(report.id) is None:
        keep_report(act, report, Part(read_text(report.raw)), reading)
    for number, claim in enumerate(claims, 1):
        act.tx.cases.add_claim(
            KeptClaim(incident=incident, report=report.id, number=number, recorded=act.at, claim=claim)
        )
    body = {"report": report.id, "sha256": report.digest, "incident": incident, "claims": len(claims)}
    act.log(Kind.REPORT, body, subject=report.id)
