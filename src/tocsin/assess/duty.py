"""Is there a duty to warn? Five elements, a waiver, clocks; the rule set and its clauses stand with every decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from tocsin.assess.grading import GradedReport, are_credible
from tocsin.core.data import read_data
from tocsin.core.threat import Level, Threat
from tocsin.core.window import write_instant
from tocsin.errors import InputError, WaiverError

Truth = Literal[True, False, "uncertain"]
ELEMENTS = ("harm", "directed_at", "credible", "specific", "impending")
RULESETS = ("icd191-2015",)
_HARMLESS = frozenset({"civil_unrest", "cyber", "property_damage", "vandalism"})


class Ground(StrEnum):
    """Why a duty may be waived (RULES 1.4)."""

    W1 = "W1"
    W2 = "W2"
    W3 = "W3"
    W4 = "W4"
    W5 = "W5"
    W6 = "W6"


@dataclass(frozen=True)
class Waiver:
    """One ground, said in words; W1 needs the receipt or report that shows it."""

    ground: Ground
    text: str
    evidence: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise WaiverError(f"waiver {self.ground} has no text", hint="say why in words (R9)")
        if self.ground is Ground.W1 and not (self.evidence or "").strip():
            raise WaiverError("waiver W1 has no evidence", hint="name the receipt or report that shows they know (R9)")


@dataclass(frozen=True, kw_only=True)
class DutyFacts:
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


@dataclass(frozen=True, kw_only=True)
class DutyOutcome:
    """The outcome with what it rests on. `clocks` are seconds, each from the end of the one before."""

    outcome: Duty
    proposed: str
    failed: tuple[str, ...]
    uncertain: tuple[str, ...]
    ruleset: str
    clauses: tuple[str, ...]
    clocks: Mapping[str, int]


@dataclass(frozen=True)
class Ruleset:
    """One rule set as data: id, version, clause ids, numbers."""

    id: str
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Determination:
    """The documented decision. `reasons` has one sentence per element; `due` is when each clock ends, UTC."""

    id: str
    threat: Threat
    outcome: DutyOutcome
    reasons: Mapping[str, str]
    officer: str
    acquired: datetime
    at: datetime
    due: Mapping[str, datetime]
    ground: str = ""
    waiver_text: str = ""


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
    elif failed == ("harm",) and not uncertain:
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
        clauses=tuple(clauses),
        clocks=dict(ruleset.data["clocks"]["soon" if soon else "standard"]),
    )


def find_facts(
    threat: Threat, basis: Sequence[GradedReport], ruleset: Ruleset, *, at: datetime
) -> tuple[dict[str, Truth], dict[str, str]]:
    """What each element comes to by the rule set's numbers (RULES 1.7), and one sentence why."""
    facts: dict[str, Truth] = {}
    reasons: dict[str, str] = {}

    def hold(element: str, truth: Truth, reason: str) -> None:
        facts[element], reasons[element] = truth, reason

    _harm(threat, hold)
    named = (*threat.targets, *threat.persons, *(place.name for place in threat.places))
    hold(
        "directed_at", bool(named) or "uncertain", f"directed at {', '.join(named)}" if named else "no object is stated"
    )
    believed = are_credible(tuple(basis))
    grades = ", ".join(f"{one.reliability}{one.credibility}" for one in basis) or "no graded report"
    hold("credible", "uncertain" if believed is None else believed, f"graded {grades}")
    _specific(threat, ruleset, hold)
    _impending(threat, ruleset, at, hold)
    return facts, reasons


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
        ground=waiver.ground.value if waiver else "",
        waiver_text=waiver.text if waiver else "",
    )


def determination_as_claims(determination: Determination) -> dict[str, Any]:
    """As it is logged and shown; names of persons never stand in it."""
    outcome = determination.outcome
    return {
        "determination": determination.id,
        "outcome": outcome.outcome.value,
        "proposed": outcome.proposed,
        "failed": list(outcome.failed),
        "uncertain": list(outcome.uncertain),
        "reasons": dict(determination.reasons),
        "ruleset": outcome.ruleset,
        "clauses": list(outcome.clauses),
        "officer": determination.officer,
        "acquired": write_instant(determination.acquired),
        "due": {clock: write_instant(at) for clock, at in determination.due.items()},
        "waiver": {"ground": determination.ground, "text": determination.waiver_text} if determination.ground else None,
    }


def _harm(threat: Threat, hold: Any) -> None:
    harmful = [one for one in threat.methods if one not in _HARMLESS]
    if harmful:
        hold("harm", True, f"feared: {', '.join(harmful)}, which kill or gravely injure")
    elif threat.methods:
        hold("harm", False, f"feared: {', '.join(threat.methods)}, which alone bring no duty about (R5)")
    else:
        hold("harm", "uncertain", "no method is stated")


def _specific(threat: Threat, ruleset: Ruleset, hold: Any) -> None:
    window, most = threat.window, timedelta(days=ruleset.data["specific_window_days"])
    fine = [place.name for place in threat.places if place.level not in {Level.REGION, Level.COUNTRY}]
    stated = {
        "a kind of target": bool(threat.targets or threat.persons),
        f"a place no wider than a city ({', '.join(fine)})": bool(fine),
        "a time of at most 14 days": bool(window.start and window.end and window.end - window.start <= most),
        "a method": any(one != "unspecified_attack" for one in threat.methods),
    }
    held = [name for name, is_stated in stated.items() if is_stated]
    hold("specific", len(held) >= 2, f"stated: {', '.join(held) or 'nothing exact'} (two of four are needed)")


def _impending(threat: Threat, ruleset: Ruleset, at: datetime, hold: Any) -> None:
    start, most = threat.window.start, timedelta(days=ruleset.data["impending_days"])
    if start is None:
        hold("impending", "uncertain", "no time is stated")
    elif threat.window.end is not None and threat.window.end <= at:
        hold("impending", False, f"the time stated ended {write_instant(threat.window.end)}")
    else:
        hold("impending", start - at <= most, f"the time stated begins {write_instant(start)}")
