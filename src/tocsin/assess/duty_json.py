"""Reads the facts of `tocsin duty check` from JSON, strictly, and writes the outcome."""

from collections.abc import Mapping
from typing import Any

from tocsin.assess.duty import ELEMENTS, DutyFacts, DutyOutcome, Ground, Truth, Waiver
from tocsin.errors import InputError, WaiverError, did_you_mean
from tocsin.evidence.statement import load_json

MAX_BYTES = 1024 * 1024
_KEYS = (*ELEMENTS, "waiver")


def read_duty_facts(raw: bytes) -> DutyFacts:
    """`{harm, directed_at, credible, specific, impending, waiver?}`; each true, false or "uncertain".

    Raises InputError for anything else (WaiverError for a waiver without what it demands), naming the key.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(f"facts have {len(raw)} bytes, at most {MAX_BYTES} expected")
    if not raw.strip():
        raise InputError("facts are empty", hint="expected one JSON object with " + ", ".join(ELEMENTS))
    found = load_json(raw, "facts")
    if not isinstance(found, dict):
        raise InputError(f"facts are {type(found).__name__}, expected one object")
    _check_keys(found, _KEYS, "facts")
    missing = [name for name in ELEMENTS if name not in found]
    if missing:
        raise InputError(f"facts: {missing[0]!r} is missing", hint='say true, false or "uncertain" for each element')
    values = {name: _truth(name, found[name]) for name in ELEMENTS}
    return DutyFacts(**values, waiver=_waiver(found["waiver"]) if found.get("waiver") is not None else None)


def outcome_as_json(outcome: DutyOutcome) -> dict[str, Any]:
    """As `tocsin duty check --json` prints it."""
    return {
        "outcome": outcome.outcome.value,
        "proposed": outcome.proposed,
        "failed": list(outcome.failed),
        "uncertain": list(outcome.uncertain),
        "ruleset": outcome.ruleset,
        "clauses": list(outcome.clauses),
        "clocks": dict(outcome.clocks),
    }


def _truth(name: str, value: object) -> Truth:
    if value is True or value is False:
        return value
    if value == "uncertain" and isinstance(value, str):
        return "uncertain"
    raise InputError(f"facts: {name} is {value!r}", hint='expected true, false or "uncertain"')


def _waiver(found: object) -> Waiver:
    if not isinstance(found, dict):
        raise WaiverError(f"waiver is {found!r}, expected an object with ground and text")
    _check_keys(found, ("ground", "text", "evidence"), "waiver")
    ground = found.get("ground")
    if not isinstance(ground, str) or ground not in set(Ground):
        raise WaiverError(f"waiver: ground is {ground!r}", hint="one of " + ", ".join(Ground))
    for name in ("text", "evidence"):
        if found.get(name) is not None and not isinstance(found[name], str):
            raise WaiverError(f"waiver: {name} is {found[name]!r}, expected a text")
    return Waiver(Ground(ground), found.get("text") or "", found.get("evidence"))


def _check_keys(found: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    for key in found:
        if key not in known:
            hint = did_you_mean(key, known, "known: " + ", ".join(known))
            raise InputError(f"{what}: unknown key {key!r}", hint=hint)
