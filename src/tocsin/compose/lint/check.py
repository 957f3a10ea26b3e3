"""Runs every rule over a text, and lets an error pass only by name and with a reason."""

from collections.abc import Mapping, Sequence

from tocsin.compose.lint.comparison import COMPARISON
from tocsin.compose.lint.content import CONTENT
from tocsin.compose.lint.endings import ENDINGS
from tocsin.compose.lint.finding import Finding, Level, Said
from tocsin.compose.lint.form import FORM
from tocsin.errors import InputError, PolicyError

RULES = (*CONTENT, *FORM, *COMPARISON, *ENDINGS)
"""A rule that asks two things stands in it twice, under one id."""


def find_faults(said: Said) -> tuple[Finding, ...]:
    """What every rule finds in this text, in the order of the rules. Takes any text; linear in its length."""
    return tuple(finding for rule in RULES for finding in rule.findings(said))


def check_passes(passes: Mapping[str, str]) -> None:
    """Raises InputError for a pass of a rule that is none, or has no errors, or without a reason."""
    known = {rule.id: rule.instead for rule in RULES if rule.level is Level.ERROR}
    for rule, reason in passes.items():
        if known.get(rule):
            raise InputError(f"pass: {rule} cannot be passed", hint=known[rule])
        if rule not in known:
            raise InputError(f"pass: {rule!r} is no rule with errors", hint="the rules stand in the docs, page lint")
        if not reason.strip():
            raise InputError(f"pass: {rule} has no reason", hint="write why it goes out all the same")


def used_passes(findings: Sequence[Finding], passes: Mapping[str, str]) -> dict[str, str]:
    """The passes that errors among the findings needed, by rule with the reason.

    Raises PolicyError that lists every error without one: all at once, so that nobody has to mend them one by one.
    """
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    refused = [finding for finding in errors if finding.rule not in passes]
    if refused:
        raise PolicyError(
            "the public words are not ready: " + "; ".join(str(finding) for finding in refused),
            hint='mend them, or pass each rule by name: --pass TXT-C4="REASON"; nothing was stored or sent',
        )
    return {finding.rule: passes[finding.rule] for finding in errors}


def write_rules() -> str:
    """The table of the rules for the docs, in Markdown."""
    rows = [
        f"| {rule.id} | {rule.level.value} | {rule.asks} | {', '.join(rule.languages) if rule.languages else 'any'} |"
        for rule in RULES
    ]
    return "\n".join(["| rule | level | asks for | languages |", "| --- | --- | --- | --- |", *rows]) + "\n"
