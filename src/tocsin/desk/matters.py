"""Who has a report in hand: copies of one message are one matter, and one that nobody takes is carried to more and more people."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.threat import Threat
from tocsin.core.window import write_instant
from tocsin.deliver.escalation import LadderPolicy, last_due, next_step, owner_policy
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin, look
from tocsin.desk.house import Officer, Role
from tocsin.desk.notices import find_officers, notify
from tocsin.desk.people import working_officer
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptReport, Logged, Matter, Timer, TimerKind
from tocsin.desk.stores import Transaction
from tocsin.desk.unread import close_tasks, open_task
from tocsin.errors import InputError, NotFoundError
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import peek_claims
from tocsin.intake.container import Part, read_container
from tocsin.intake.corroborate import Sourced, group_by_origin, likeness_keys, source_keys

IMMINENT = timedelta(hours=48)
"""A window that begins within this, or that nobody stated, has no time to wait for an owner."""
ASKED_FOR = timedelta(days=1)
"""So long an owner is looked for."""
JOINED_WITHIN = timedelta(days=3)
"""A copy that comes later than this after the last one is a new matter: whoever had the old one has long closed it."""
MOST_BESIDE = 16
"""Reports that a new one is held against: those that share the most with it."""
MOST_LISTED = 500


class Passed(Struct, frozen=True):
    """To whom a matter was passed within the house, by whom and when; `got` is when they said that they have it."""

    officer: str
    by: str
    at: datetime
    got: datetime | None


def join_matter(act: Act, report: KeptReport, part: Part) -> Matter:
    """Put a new report to the matter that it repeats, or open one; one that is imminent gets its clock. Within an act."""
    sourced = Sourced(report.id, part.text, part.attribution)
    keys = likeness_keys(sourced)
    beside = find_repeats(act.tx, replace(sourced, sources=()), keys)
    imminent = is_imminent(report.threat, act.at)
    open_ones = {found for one in beside if (found := act.tx.matters.matter_of(one)).last >= act.at - JOINED_WITHIN}
    if open_ones:
        found = min(open_ones, key=lambda one: (one.first, one.id))
        matter = replace(
            found,
            first=min(found.first, report.received),
            last=max(found.last, report.received),
            reports=found.reports + 1,
            imminent=found.imminent or imminent,
        )
    else:
        matter = Matter(id=report.id, first=report.received, last=report.received, reports=1, imminent=imminent)
    act.tx.matters.put_matter(matter)
    act.tx.matters.join(report.id, matter.id, keys | source_keys(sourced))
    if matter.imminent and not matter.owner:
        open_task(act, f"take report {matter.id}: nobody has it in hand", matter.id)
        _set_timer(act, matter)
    return matter


def find_repeats(tx: Transaction, report: Sourced, keys: Collection[str]) -> frozenset[str]:
    """Which reports that are here repeat the origin of this one; itself left out."""
    found = (tx.cases.report(one) for one in tx.matters.sharing(keys, MOST_BESIDE) if one != report.report)
    beside = [Sourced(one.id, part.text, part.attribution) for one in found for part in read_container(one.raw)[:1]]
    group = next(group for group in group_by_origin([*beside, report]) if report.report in group)
    return group - {report.report}


def is_imminent(threat: Threat, at: datetime) -> bool:
    """Whether its window is open, begins within 48 hours, or was not stated: what nobody stated may be now."""
    start, end = threat.window.start, threat.window.end
    return (start is None or start <= at + IMMINENT) and (end is None or end >= at)


def take_report(desk: Desk, report: str, *, once: str = "") -> Outcome:
    """The officer has the matter of that report in hand from now on. Whoever had it before has it no longer."""
    with begin(desk, May.TAKE_REPORT, once) as act:
        if act.earlier is not None:
            return act.earlier
        before = act.tx.matters.matter_of(report)
        matter = own(act, before)
        return act.result(show_matter(act.tx, matter) | {"taken_from": _names(act.tx).get(before.owner)})


def own(act: Act, matter: Matter) -> Matter:
    """Write down who has it in hand, and how long nobody had; ends the search for an owner."""
    if matter.owner == act.desk.actor:
        return matter
    body: dict[str, Any] = {"act": "take_report", "report": matter.id}
    if not matter.owner:
        body["without_owner_s"] = int((act.at - matter.first).total_seconds())
    act.log(Kind.ACT, body, subject=matter.id)
    owned = replace(matter, owner=act.desk.actor, owned=act.at)
    act.tx.matters.put_matter(owned)
    act.tx.timers.clear(TimerKind.OWNER, matter.id)
    close_tasks(act, matter.id)
    return owned


def seek_owner(act: Act, subject: str) -> None:
    """Nobody has taken it for so long: the next officer by e-mail, then all of them, each hour again for a day."""
    act.tx.timers.clear(TimerKind.OWNER, subject)
    matter = act.tx.matters.matter(subject)
    step = last_due(_policy(matter), matter.first, matter.asked, act.at, ended=_is_found(matter))
    if step is None:
        _set_timer(act, matter)
        return
    waited = act.at - matter.first
    text = (
        f"Report {matter.id} has no owner\n\nIt came in at {write_instant(matter.first)}, {_minutes(waited)} ago, and nobody has"
        f" it in hand.\nTake it: tocsin report take {matter.id} --as YOUR-NAME\n"
    )
    asked = notify(act, _whom(act, matter, step.who), text, about=f"{matter.id}:{step.number}")
    act.log(
        Kind.ACT,
        {
            "act": "seek_owner",
            "report": matter.id,
            "step": step.number,
            "asked": asked,
            "without_owner_s": int(waited.total_seconds()),
        },
        subject=matter.id,
    )
    moved = replace(matter, asked=step.number + 1)
    act.tx.matters.put_matter(moved)
    _set_timer(act, moved)


def pass_report(desk: Desk, report: str, to: Sequence[str], *, once: str = "") -> Outcome:
    """Tell these officers, by name, that the matter is theirs to know; by e-mail, which names it and says nothing of it.

    InputError if nobody is named or one has no address, NotFoundError if somebody does not work here.
    """
    with begin(desk, May.TAKE_REPORT, once) as act:
        if act.earlier is not None:
            return act.earlier
        matter = act.tx.matters.matter_of(report)
        officers = [_addressed(act.tx, name) for name in dict.fromkeys(to)]
        if not officers:
            raise InputError("nobody is named whom the report is passed to", hint="name officers: --to NAME")
        text = (
            f"Report {matter.id} was passed to you\n\nRead it: tocsin report show {matter.id}\n"
            f"Say that you have it: tocsin report got {matter.id} --as YOUR-NAME\n"
        )
        notify(act, officers, text, about=f"{matter.id}:passed:{int(act.at.timestamp())}")
        body = {"act": "pass_report", "report": matter.id, "to": [one.id for one in officers]}
        act.log(Kind.ACT, body, subject=matter.id)
        return act.result(show_matter(act.tx, matter))


def confirm_receipt(desk: Desk, report: str, *, once: str = "") -> Outcome:
    """The officer says that they have what was passed to them. NotFoundError if nothing was."""
    with begin(desk, May.TAKE_REPORT, once) as act:
        if act.earlier is not None:
            return act.earlier
        matter = act.tx.matters.matter_of(report)
        if not any(one.officer == desk.actor for one in passed_to(act.tx, matter.id)):
            raise NotFoundError(f"report {matter.id} was not passed to you", hint="take it: `tocsin report take`")
        act.log(Kind.ACT, {"act": "got_report", "report": matter.id}, subject=matter.id)
        return act.result(show_matter(act.tx, matter))


def list_matters(desk: Desk) -> list[Outcome]:
    """At most 500, ranked: what is imminent and nobody has in hand first, then what most reports tell, then what came first."""
    with look(desk, May.LOOK) as tx:
        names = _names(tx)
        return [matter_as_json(one, names) for one in tx.matters.ranked(MOST_LISTED)]


def passed_to(tx: Transaction, matter: str) -> tuple[Passed, ...]:
    """To whom it was passed, in order, and since when each has it: by their word, or because they took it."""
    said = [(one, peek_claims(one.statement)) for one in tx.log.entries(kind=Kind.ACT, subject=matter)]
    return tuple(
        Passed(officer, claims["by"], one.at, _got(said, officer, one))
        for one, claims in said
        if claims["act"] == "pass_report"
        for officer in claims["to"]
    )


def show_matter(tx: Transaction, matter: Matter) -> Outcome:
    """One matter with the people it was passed to, as the CLI and the API show it."""
    names = _names(tx)
    passed = [
        {
            "to": names[one.officer],
            "by": names[one.by],
            "at": write_instant(one.at),
            "got": write_instant(one.got) if one.got else None,
        }
        for one in passed_to(tx, matter.id)
    ]
    return {**matter_as_json(matter, names), "passed": passed}


def matter_as_json(matter: Matter, names: Mapping[str, str]) -> Outcome:
    """One matter as a list shows it; its owner by name."""
    return {
        "report": matter.id,
        "received": write_instant(matter.first),
        "last": write_instant(matter.last),
        "reports": matter.reports,
        "imminent": matter.imminent,
        "owner": names.get(matter.owner),
        "owned": write_instant(matter.owned) if matter.owned else None,
    }


def _got(said: Sequence[tuple[Logged, Any]], officer: str, passed: Logged) -> datetime | None:
    return next(
        (
            one.at
            for one, claims in said
            if one.index > passed.index
            and claims["act"] in {"got_report", "take_report"}
            and claims.get("by") == officer
        ),
        None,
    )


def _policy(matter: Matter) -> LadderPolicy:
    return owner_policy(matter.first + ASKED_FOR)


def _is_found(matter: Matter) -> bool:
    return bool(matter.owner) or not matter.imminent


def _set_timer(act: Act, matter: Matter) -> None:
    step = next_step(_policy(matter), matter.first, matter.asked, ended=_is_found(matter))
    if step is not None:
        act.tx.timers.set(Timer(step.due, TimerKind.OWNER, matter.id))


def _whom(act: Act, matter: Matter, who: Sequence[str]) -> Sequence[Officer]:
    """All officers, or the one whose turn it is: by the matter's id, so that it is not always the same one's night."""
    officers = find_officers(act, Role.OFFICER)
    if "all" in who or not officers:
        return officers
    return (officers[zlib.crc32(matter.id.encode()) % len(officers)],)


def _minutes(waited: timedelta) -> str:
    return f"{int(waited.total_seconds() // 60)} min"


def _addressed(tx: Transaction, name: str) -> Officer:
    found = working_officer(tx.house, name)
    if not found.address:
        raise InputError(f"{name} has no e-mail address", hint="tell them yourself, or add an officer with an address")
    return found


def _names(tx: Transaction) -> Mapping[str, str]:
    return {one.id: one.name for one in tx.house.officers()}
