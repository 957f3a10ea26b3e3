"""Is there a duty to warn? Five elements, a waiver, clocks; the rule set and its clauses stand with every decision."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from tocsin.assess.grading import GradedReport, are_credible
from tocsin.core.data import read_data
from tocsin.core.threat import Level, Threat
from tocsin.core.window import write_instant
from tocsin.errors import InputError, WaiverError

Truth = Literal[True, False, "uncertain"]
ELEMENTS = ("harm", "directed_at", "credible", "specific", "impending")
RULESETS = ("icd191-2015",)


class Ground(StrEnum):
    """Why a duty may be waived (RULES 1.4)."""

    W1 = "W1"
    W2 = "W2"
    W3 = "W3"
    W4 = "W4"
    W5 = "W5"
    W6 = "W6"


class Waiver(Struct, frozen=True):
    """One ground, said in words; W1 needs the receipt or report that shows it."""

    ground: Ground
    text: str
    evidence: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise WaiverError(f"waiver {self.ground} has no text", hint="say why in words (R9)")
        if self.ground is Ground.W1 and not (self.evidence or "").strip():
            raise WaiverError("waiver W1 has no evidence", hint="name the receipt or report that shows they know (R9)")


class DutyFacts(Struct, frozen=True, kw_only=True):
    """What is held of each element: true, false or uncertain."""

    harm: Truth
    directed_at: Truth
    credible: Truth
    specific: Truth
    impending: Truth
    waiver: Waiver | None = None


class Duty(StrEnum):
    """What the test comes to (DESIGN 6, `duty check`)."""

    ARISES = "arises"
    DISCRETIONARY = "discretionary"
    NOT_MET = "not_met"
    WAIVED = "waived"
    UNDECIDED = "undecided"


class DutyOutcome(Struct, frozen=True, kw_only=True):
    """The outcome with what it rests on. `clocks` are seconds, each from the end of the one before.

    `version` is that of the rule set: a clause corrected later never rewrites an old decision.
    """

    outcome: Duty
    proposed: str
    failed: tuple[str, ...]
    uncertain: tuple[str, ...]
    ruleset: str
    version: str
    clauses: tuple[str, ...]
    clocks: Mapping[str, int]


class Ruleset(Struct, frozen=True):
    """One rule set as data: its clauses in our words, each with its standing, and its numbers."""

    id: str
    data: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Goes up with every change of a clause or a number."""
        return str(self.data["version"])


class Determination(Struct, frozen=True, kw_only=True):
    """The documented decision. `reasons` has one sentence per element; `due` is when each clock ends, UTC.

    `acquired` is when the report came in, `at` when it was determined.
    """

    id: str
    threat: Threat
    outcome: DutyOutcome
    reasons: Mapping[str, str]
    officer: str
    acquired: datetime
    at: datetime
    due: Mapping[str, datetime]
    waiver: Waiver | None = None
    waives: str = ""
    """The determination that this one waives, made by another officer."""
    waived_by: str = ""
    """The determination that waived this one later."""


def read_ruleset(name: str) -> Ruleset:
    """The rule set of that name; InputError names those there are."""
    if name not in RULESETS:
        raise InputError(f"rule set {name!r} is not known", hint="one of " + ", ".join(RULESETS))
    return Ruleset(name, read_data("assess", f"{name}.json"))


def check_duty(facts: DutyFacts, ruleset: Ruleset, *, soon: bool = False) -> DutyOutcome:
    """Apply the test (RULES R2, R5, R7, R9). `soon`: the event is under 48 h away, so the shorter clocks run.

    >>> facts = DutyFacts(harm=True, directed_at=True, credible=True, specific=True, impending="uncertain")
    >>> check_duty(facts, read_ruleset("icd191-2015")).proposed
    'warn'
    """
    failed = tuple(name for name in ELEMENTS if getattr(facts, name) is False)
    uncertain = tuple(name for name in ELEMENTS if getattr(facts, name) == "uncertain")
    clauses = ["R2"]
    if facts.waiver is not None and not failed:
        outcome = Duty.WAIVED
        clauses += ["R9", facts.waiver.ground.value]
    elif failed == ("harm",):
        outcome = Duty.DISCRETIONARY
        clauses.append("R5")
    elif failed:
        outcome = Duty.NOT_MET
    elif uncertain:
        outcome = Duty.UNDECIDED
        clauses.append("R7")
    else:
        outcome = Duty.ARISES
        clauses += ["R3", "R4"]
    clauses.append("R8")
    return DutyOutcome(
        outcome=outcome,
        proposed="warn" if outcome in {Duty.ARISES, Duty.UNDECIDED} else "none",
        failed=failed,
        uncertain=uncertain,
        ruleset=ruleset.id,
        version=ruleset.version,
        clauses=tuple(clauses),
        clocks=dict(ruleset.data["clocks"]["soon" if soon else "standard"]),
    )


def find_facts(
    threat: Threat, basis: Sequence[GradedReport], ruleset: Ruleset, *, at: datetime
) -> tuple[dict[str, Truth], dict[str, str]]:
    """What each element comes to by the rule set's numbers (RULES 1.7), and one sentence why.

    The sentences go into the log, so they never hold the name of a person.
    """
    judged = {
        "harm": _harm(threat, ruleset),
        "directed_at": _directed_at(threat),
        "credible": _credible(basis),
        "specific": _specific(threat, ruleset),
        "impending": _impending(threat, ruleset, at),
    }
    return {name: truth for name, (truth, _) in judged.items()}, {name: why for name, (_, why) in judged.items()}


def determine(
    threat: Threat,
    basis: Sequence[GradedReport],
    *,
    id: str,  # noqa: A002  # the field's name
    officer: str,
    acquired: datetime,
    at: datetime,
    waiver: Waiver | None = None,
    ruleset: str = "icd191-2015",
) -> Determination:
    """The test on a threat, with its reasons and clocks. The clocks run from acquisition, not from the review (R8)."""
    rules = read_ruleset(ruleset)
    facts, reasons = find_facts(threat, basis, rules, at=at)
    start = threat.window.start
    soon = start is not None and start - acquired < timedelta(hours=rules.data["soon_hours"])
    outcome = check_duty(DutyFacts(**facts, waiver=waiver), rules, soon=soon)
    due: dict[str, datetime] = {}
    end = acquired
    for clock, seconds in outcome.clocks.items():
        end += timedelta(seconds=seconds)
        due[clock] = end
    return Determination(
        id=id,
        threat=threat,
        outcome=outcome,
        reasons=reasons,
        officer=officer,
        acquired=acquired,
        at=at,
        due=due,
        waiver=waiver,
    )


def waive(
    found: Determination,
    waiver: Waiver,
    *,
    id: str,  # noqa: A002  # the field's name
    officer: str,
    at: datetime,
) -> Determination:
    """The decision, by another officer than the one who determined it, that a duty which arose or is undecided is waived.

    Raises WaiverError if there is nothing to waive, or if one person would do both (RULES R10). The clocks stay those of `found`.
    """
    if found.outcome.outcome not in {Duty.ARISES, Duty.UNDECIDED}:
        raise WaiverError(f"{found.id} came out {found.outcome.outcome.value}: there is no duty to waive")
    if officer == found.officer:
        raise WaiverError(f"{found.id} is your own determination", hint="another waiver authority decides (R10)")
    facts: dict[str, Truth] = {name: "uncertain" if name in found.outcome.uncertain else True for name in ELEMENTS}
    outcome = check_duty(DutyFacts(**facts, waiver=waiver), read_ruleset(found.outcome.ruleset))
    return replace(
        found,
        id=id,
        outcome=replace(outcome, clocks=found.outcome.clocks),
        officer=officer,
        at=at,
        waiver=waiver,
        waives=found.id,
    )


def determination_as_claims(determination: Determination) -> dict[str, Any]:
    """As it is logged and shown; names of persons never stand in it."""
    outcome, waiver = determination.outcome, determination.waiver
    return {
        "determination": determination.id,
        "outcome": outcome.outcome.value,
        "proposed": outcome.proposed,
        "failed": list(outcome.failed),
        "uncertain": list(outcome.uncertain),
        "reasons": dict(determination.reasons),
        "ruleset": outcome.ruleset,
        "ruleset_version": outcome.version,
        "clauses": list(outcome.clauses),
        "officer": determination.officer,
        "acquired": write_instant(determination.acquired),
        "due": {clock: write_instant(at) for clock, at in determination.due.items()},
        "waives": determination.waives or None,
        "waiver": None
        if waiver is None
        else {"ground": waiver.ground.value, "text": waiver.text, "evidence": waiver.evidence},
    }


_Judged = tuple[Truth, str]


def _harm(threat: Threat, ruleset: Ruleset) -> _Judged:
    without_harm = ruleset.data["no_duty_methods"]
    harmful = [one for one in threat.methods if one not in without_harm]
    if harmful:
        return True, f"feared: {_listed(harmful)}, which can kill or gravely injure"
    if threat.methods:
        return False, f"feared: {_listed(threat.methods)}, which alone bring no duty about (R5)"
    return "uncertain", "no method is stated"


def _directed_at(threat: Threat) -> _Judged:
    named = [*(tag.replace("_", " ") for tag in threat.targets), *(place.name for place in threat.places)]
    if threat.persons:
        named.insert(0, "a named person" if len(threat.persons) == 1 else f"{len(threat.persons)} named persons")
    return (True, f"directed at {', '.join(named)}") if named else ("uncertain", "no object is stated")


def _credible(basis: Sequence[GradedReport]) -> _Judged:
    believed = are_credible(tuple(basis))
    grades = ", ".join(f"{one.reliability}{one.credibility}" for one in basis)
    return "uncertain" if believed is None else believed, f"graded {grades}" if grades else "no report is graded"


def _specific(threat: Threat, ruleset: Ruleset) -> _Judged:
    window, days = threat.window, ruleset.data["specific_window_days"]
    fine = [place.name for place in threat.places if place.level not in {Level.REGION, Level.COUNTRY}]
    stated = {
        "who or what": bool(threat.targets or threat.persons),
        f"a place no wider than a city ({', '.join(fine)})": bool(fine),
        f"a time of at most {days} days": bool(
            window.start and window.end and window.end - window.start <= timedelta(days=days)
        ),
        "a method": any(one != "unspecified_attack" for one in threat.methods),
    }
    held = [name for name, is_stated in stated.items() if is_stated]
    return len(held) >= 2, f"stated: {', '.join(held) or 'nothing exact'} (two of four are needed)"


def _impending(threat: Threat, ruleset: Ruleset, at: datetime) -> _Judged:
    start, end, days = threat.window.start, threat.window.end, ruleset.data["impending_days"]
    if end is not None and end <= at:
        return False, f"the time stated ended {write_instant(end)}"
    if start is None:
        return "uncertain", "no beginning is stated"
    soon = start - at <= timedelta(days=days)
    return soon, f"the time stated begins {write_instant(start)} (impending: within {days} days)"


def _listed(tags: Sequence[str]) -> str:
    return ", ".join(tag.replace("_", " ") for tag in tags)
