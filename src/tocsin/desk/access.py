"""Who may do what at this desk, and who may read which version. Every act asks here, and nowhere else."""

from collections.abc import Mapping
from enum import StrEnum

from tocsin.core.marking import Audience
from tocsin.desk.house import Officer, Role
from tocsin.desk.stores import HouseStore
from tocsin.errors import AccessError

NODE = ""
"""The actor that is no person: the node itself, by its clock, its sender, or what reaches it from outside."""


class May(StrEnum):
    """All that can be done at a desk. The value completes the sentence `P-3 may not …`."""

    SUBMIT_REPORT = "submit a report"
    TAKE_REPORT = "take a report in hand or pass it on"
    CONFIRM_READING = "decide on what was read out of a report"
    DETERMINE = "determine a duty to warn"
    WAIVE = "waive a duty to warn"
    IMPORT_REGISTER = "import into the register"
    DRAFT = "draft a warning"
    ISSUE = "issue a warning alone in an exercise"
    REVISE = "draft a change or an end of a warning"
    HOLD = "hold a draft"
    RELEASE = "release a warning"
    RELEASE_ALONE = "release a warning alone"
    OPEN_ITEM = "open a warning that came in"
    ANSWER = "answer a warning that came in"
    ENTER_CALL = "enter a call about a warning"
    RECORD_INCIDENT = "record an incident"
    RECORD_CLAIM = "record a claim"
    IMPORT_FOREIGN = "import incidents and warnings of others"
    RULE = "confirm or override a verdict"
    KEEP_LESSONS = "add or close a lesson"
    PROVE = "make proofs and accounts"
    FINISH_TASK = "finish a task"
    RETRY = "read again what was kept in quarantine"
    MANAGE_PEOPLE = "manage people, roles and tokens"
    BACK_UP = "make a backup"
    RECONCILE = "compare a restored log with what others saw"
    GO_ON = "go on after a restore without every answer, or retire the log"
    LOOK = "look at reports, warnings and incidents"
    LOOK_AT_LOG = "look at the log"
    LOOK_AT_PEOPLE = "look at people and roles"
    SIGN_IN = "sign people in"
    RECEIVE = "take in what peers and links bring"
    SEND = "send what waits"
    CLOCKWORK = "do what time brings"


_EVERYBODY_WITHIN = frozenset(Role) - {Role.REPORTER}

GRANTS: Mapping[May, frozenset[Role]] = {
    May.SUBMIT_REPORT: frozenset({Role.REPORTER, Role.OFFICER}),
    May.TAKE_REPORT: frozenset({Role.OFFICER, Role.ANALYST}),
    May.CONFIRM_READING: frozenset({Role.OFFICER, Role.ANALYST}),
    May.DETERMINE: frozenset({Role.OFFICER}),
    May.WAIVE: frozenset({Role.WAIVER_AUTHORITY}),
    May.IMPORT_REGISTER: frozenset({Role.OFFICER}),
    May.DRAFT: frozenset({Role.OFFICER}),
    May.ISSUE: frozenset({Role.OFFICER}),
    May.REVISE: frozenset({Role.OFFICER}),
    May.HOLD: frozenset({Role.RELEASER}),
    May.RELEASE: frozenset({Role.RELEASER}),
    May.RELEASE_ALONE: frozenset({Role.OFFICER}),
    May.OPEN_ITEM: frozenset({Role.OFFICER}),
    May.ANSWER: frozenset({Role.OFFICER}),
    May.ENTER_CALL: frozenset({Role.OFFICER, Role.RELEASER}),
    May.RECORD_INCIDENT: frozenset({Role.OFFICER, Role.ANALYST}),
    May.RECORD_CLAIM: frozenset({Role.OFFICER, Role.ANALYST}),
    May.IMPORT_FOREIGN: frozenset({Role.OFFICER, Role.ANALYST}),
    May.RULE: frozenset({Role.OFFICER, Role.ANALYST}),
    May.KEEP_LESSONS: frozenset({Role.OFFICER, Role.ANALYST, Role.AUDITOR}),
    May.PROVE: frozenset({Role.OFFICER, Role.RELEASER, Role.ANALYST, Role.AUDITOR}),
    May.FINISH_TASK: frozenset({Role.OFFICER, Role.RELEASER, Role.AUDITOR}),
    May.RETRY: frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    May.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    May.BACK_UP: frozenset({Role.ADMINISTRATOR}),
    May.RECONCILE: frozenset({Role.ADMINISTRATOR}),
    May.GO_ON: frozenset({Role.ADMINISTRATOR}),
    May.LOOK: _EVERYBODY_WITHIN - {Role.ADMINISTRATOR},
    May.LOOK_AT_LOG: _EVERYBODY_WITHIN,
    May.LOOK_AT_PEOPLE: _EVERYBODY_WITHIN,
}
"""Roles that may; what stands here for nobody is done by the node alone."""

BY_THE_NODE = frozenset(
    {
        May.SIGN_IN,
        May.RECEIVE,
        May.SEND,
        May.CLOCKWORK,
        May.BACK_UP,
        May.RECONCILE,
        May.LOOK,
        May.LOOK_AT_LOG,
        May.LOOK_AT_PEOPLE,
    }
)
"""What needs no person. Looking is here because whoever can run commands in the node's folder can read its files."""

AFTER_RESTORE = frozenset({May.RECONCILE, May.GO_ON})
"""All that a node does that came back from a backup and does not know yet what others saw of its log."""

READS: Mapping[Role, Audience] = {
    Role.REPORTER: Audience.PUBLIC,
    Role.OFFICER: Audience.INTERNAL,
    Role.RELEASER: Audience.INTERNAL,
    Role.WAIVER_AUTHORITY: Audience.INTERNAL,
    Role.ANALYST: Audience.PARTNER,
    Role.AUDITOR: Audience.INTERNAL,
    Role.ADMINISTRATOR: Audience.PUBLIC,
}
"""The strictest version that each role reads."""


def find_denial(house: HouseStore, actor: str, may: May) -> AccessError | None:
    """Why the actor may not, or None. The first officer of an empty house is let in by the node itself."""
    if actor == NODE:
        if may in BY_THE_NODE or (may is May.MANAGE_PEOPLE and not house.officers()):
            return None
        return AccessError(f"nobody is named who would {may.value}", hint="say who acts: --as NAME")
    officer = house.officer(actor)
    if officer is None or officer.left is not None:
        return AccessError(f"{actor} does not work here", hint="see `tocsin officer list`")
    allowed = GRANTS.get(may, frozenset())
    if officer.roles & allowed:
        return None
    roles = ", ".join(sorted(allowed)) or "none: the node does it by itself"
    return AccessError(f"{officer.name} may not {may.value}", hint=f"roles that may: {roles}")


def may_read(officer: Officer | None, audience: Audience) -> bool:
    """Whether that version is theirs to read; None is the node's own command line."""
    if officer is None:
        return True
    return any(not READS[role].sees_less_than(audience) for role in officer.roles)
