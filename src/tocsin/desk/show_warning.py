"""One warning of ours: its words as far as the reader may see them, who has it, what happened, what is proved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from tocsin.assess.duty import Determination
from tocsin.cap.alert import Info
from tocsin.cap.codec import read_alert
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.core.marking import Audience
from tocsin.desk.access import May, may_read
from tocsin.desk.act import look
from tocsin.desk.house import Officer
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptVersion, Logged
from tocsin.desk.show_log import Seen, check_entry
from tocsin.desk.show_now import PeopleCount, WarningLine, count_people, list_lines
from tocsin.desk.show_parties import PartyState, show_parties, witnessed_size
from tocsin.desk.stores import Transaction
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer, Grade
from tocsin.evidence.statement import disclosed_values, peek_claims

PAGE = 50
MOST_MOMENTS = 200


class WarningsPage(Struct, frozen=True, kw_only=True):
    """Warnings, newest first, and how many there are in each state; `next` is the warning after which the older ones come."""

    at: datetime
    counts: Mapping[Status, int]
    lines: tuple[WarningLine, ...]
    next: str


class ShownVersion(Struct, frozen=True, kw_only=True):
    """One version. `info` are its words, or None if the reader's role may not see them: then nothing of it is here."""

    audience: Audience
    tlp: str
    peer: str
    number: int
    entry: int
    info: Info | None


class LoggedMoment(Struct, frozen=True, kw_only=True):
    """One leaf about a warning, for print: the open claims, never a disclosed field; `by` names the person, if one acted."""

    entry: int
    at: datetime
    kind: Kind
    claims: Mapping[str, Any]
    by: str
    grade: Grade


class ShownWarning(Struct, frozen=True, kw_only=True):
    """All of one page. `moments` are the newest 200 in the order of time, `left_out` says how many came before those.

    `seen` are witnesses who saw the public version's leaf, checked now; `fault` says what does not hold. `issued_by` are drafter and releaser, by name.
    `addressed` of `can_act` parties were addressed at issue; `because` is the reason that the
    officer gave for it: words of the house, so they are empty for whoever does not read the strictest version.
    """

    at: datetime
    warning: IssuedWarning
    determination: Determination
    public: Info
    versions: tuple[ShownVersion, ...]
    parties: tuple[PartyState, ...]
    people: PeopleCount
    moments: tuple[LoggedMoment, ...]
    left_out: int
    seen: tuple[Seen, ...]
    fault: str
    log_size: int
    issued_by: tuple[str, str]
    addressed: int
    can_act: int
    because: str


def show_warnings(desk: Desk, *, before: str = "", status: Status | None = None) -> WarningsPage:
    """Fifty warnings, those issued before that one or the newest, all or in that state. NotFoundError for an unknown one."""
    with look(desk, May.LOOK) as tx:
        found = tx.cases.newest_warnings(PAGE + 1, before=before, status=status)
        return WarningsPage(
            at=desk.clock.now(),
            counts=tx.cases.count_warnings(),
            lines=list_lines(tx, found[:PAGE]),
            next=found[PAGE - 1].id if len(found) > PAGE else "",
        )


def show_one_warning(desk: Desk, warning: str) -> ShownWarning:
    """NotFoundError if there is none. What the reader's role may not read is not in it."""
    with look(desk, May.LOOK) as tx:
        found = tx.cases.warning(warning)
        officer = tx.house.officer(desk.actor)
        kept = tx.cases.versions(warning)
        public = [one for one in kept if one.audience is Audience.PUBLIC][-1]
        witnessed = witnessed_size(desk, tx)
        logged = tx.log.newest_entries(MOST_MOMENTS, subject=warning)
        issued = _issue_of(tx, warning)
        names = {one.id: one.name for one in tx.house.officers()}
        ladders = tx.chase.ladders(warning)
        venues = {one.id: one for one in tx.register.venues()} if ladders else {}
        seen, fault = check_entry(desk, tx, tx.log.entry(public.entry))
        return ShownWarning(
            at=desk.clock.now(),
            warning=found,
            determination=tx.cases.determination(found.determination),
            public=read_alert(public.cap).infos[0],
            versions=tuple(_version(one, officer) for one in kept),
            parties=show_parties(tx, ladders, venues, witnessed),
            people=count_people(tx, warning),
            moments=tuple(_moment(one, names, witnessed) for one in reversed(logged)),
            left_out=tx.log.count_entries(warning) - len(logged),
            seen=seen,
            fault=fault,
            log_size=tx.log.size(),
            issued_by=(names.get(issued["drafted_by"], ""), names.get(issued["released_by"], "")),
            addressed=issued["addressed"],
            can_act=issued["can_act"],
            because=str(issued["because"]) if may_read(officer, Audience.INTERNAL) else "",
        )


def _version(kept: KeptVersion, officer: Officer | None) -> ShownVersion:
    return ShownVersion(
        audience=kept.audience,
        tlp=kept.audience.default_tlp.value,
        peer=kept.peer,
        number=kept.number,
        entry=kept.entry,
        info=read_alert(kept.cap).infos[0] if may_read(officer, kept.audience) else None,
    )


def _issue_of(tx: Transaction, warning: str) -> Mapping[str, Any]:
    """What the leaf says that the warning went live by, its hidden reason included: the first change of its state."""
    first = tx.log.entries(kind=Kind.STATE, subject=warning)[0]
    return {**peek_claims(first.statement), **disclosed_values(first.disclosures)}


def _moment(logged: Logged, names: Mapping[str, str], witnessed: int) -> LoggedMoment:
    claims = peek_claims(logged.statement)
    ours = Grade.E1 if logged.index < witnessed else Grade.E0
    return LoggedMoment(
        entry=logged.index,
        at=logged.at,
        kind=logged.kind,
        claims=claims,
        by=names.get(str(claims.get("by", "")), ""),
        grade=Answer(claims["answer"]).grade if logged.kind in {Kind.RECEIPT, Kind.RESPONSE} else ours,
    )
