"""Checks one file of CAP: every message in it, by every rule, in one pass over each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from tocsin.cap.block import Block, Message, find_message
from tocsin.cap.contain import find_messages
from tocsin.cap.finding import Finding, Level, Rule, find_place
from tocsin.cap.grammar import SIGNATURES
from tocsin.cap.opening import RefusedError, may_name_a_schema, open_xml
from tocsin.cap.profiles import PROFILES
from tocsin.cap.rules import RULES
from tocsin.errors import InputError

_Dispatch = Mapping[str, tuple[tuple[Rule, ...], Mapping[str, tuple[Rule, ...]]]]
_SIGNATURE = f"{{{SIGNATURES}}}Signature"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found in one message. `entry` counts from 0 in a feed or envelope, None for a message by itself.

    `schema_valid`: would CAP-v1.2.xsd take it; None if it is of another version or no CAP message.
    """

    version: str | None
    schema_valid: bool | None
    findings: tuple[Finding, ...]
    entry: int | None = None

    @property
    def valid(self) -> bool:
        """Whether no finding is an error."""
        return all(one.level is not Level.ERROR for one in self.findings)


def check_cap(raw: bytes, *, profile: str = "cap") -> tuple[Checked, ...]:
    """One Checked for each message in the file, in its order; a file that cannot be opened gives one, with CAP-47 or CAP-48.

    Whatever the bytes are, there is an answer; InputError only for a profile that is none.
    """
    dispatch = _dispatch(profile)
    try:
        root = open_xml(raw)
    except RefusedError as error:
        finding = Finding(rule=error.rule, level=Level.ERROR, path="", line=error.line, message=str(error))
        return (Checked(version=None, schema_valid=False, findings=(finding,)),)
    located = may_name_a_schema(raw)
    message = find_message(root, located=located)
    if message is not None:
        return (_check(message, dispatch, None),)
    found = find_messages(root, located=located)
    if found is None:
        said = f"root element is {str(root.tag)[:80]!r}, expected alert of CAP 1.0, 1.1 or 1.2, a feed or an envelope"
        finding = Finding(rule="CAP-01", level=Level.ERROR, path="", line=1, message=said)
        return (Checked(version=None, schema_valid=None, findings=(finding,)),)
    return tuple(_check(one, dispatch, entry) for entry, one in enumerate(found))


def checked_as_json(checked: Checked, *, file: str) -> dict[str, Any]:
    """The shape of `tocsin cap check --json` (DESIGN 6)."""
    entry = {} if checked.entry is None else {"entry": checked.entry}
    return {
        "file": file,
        **entry,
        "version": checked.version,
        "schema_valid": checked.schema_valid,
        "valid": checked.valid,
        "findings": [
            {"rule": one.rule, "level": one.level.value, "path": one.path, "line": one.line, "message": one.message}
            for one in checked.findings
        ],
    }


@cache
def _dispatch(profile: str) -> _Dispatch:
    """Kind of block to the rules that it always meets and to those by the name of a child; built once for each profile."""
    if profile not in PROFILES:
        raise InputError(f"no profile {profile!r}", hint="one of " + ", ".join(PROFILES))
    rules = (*RULES, *PROFILES[profile])
    return {
        kind: (
            tuple(one for one in rules if one.on == kind and one.needs is None),
            {
                name: tuple(one for one in rules if one.on == kind and one.needs == name)
                for name in {one.needs for one in rules if one.on == kind and one.needs is not None}
            },
        )
        for kind in {one.on for one in rules}
    }


def _check(message: Message, dispatch: _Dispatch, entry: int | None) -> Checked:
    strict = message.version == "1.2"
    findings: list[Finding] = []
    if not strict:
        said = f"CAP {message.version} is read as CAP 1.2: what it has otherwise is mapped"
        findings.append(_located("CAP-01", Level.ADVICE, message.alert.node, said))
    level = Level.ERROR if strict else Level.WARNING
    findings.extend(_located(one.rule, level, one.node, one.message) for one in message.breaches)
    _run(message.alert, dispatch, findings)
    if message.signatures:
        _run_rules(dispatch["alert"][1]["Signature"], message.alert, findings)
    return Checked(
        version=message.version,
        schema_valid=not message.breaches if strict else None,
        findings=tuple(findings),
        entry=entry,
    )


def _run(block: Block, dispatch: _Dispatch, findings: list[Finding]) -> None:
    known = dispatch.get(block.name)
    if known is not None:
        always, by_child = known
        _run_rules(always, block, findings)
        for name in block.leaves:
            if name in by_child:
                _run_rules(by_child[name], block, findings)
    for name, inner in block.blocks.items():
        if known is not None and name in by_child:
            _run_rules(by_child[name], block, findings)
        if name in dispatch:
            for one in inner:
                _run(one, dispatch, findings)


def _run_rules(rules: Sequence[Rule], block: Block, findings: list[Finding]) -> None:
    for one in rules:
        for fault in one.check(block):
            path, line = block.find_place(fault.node)
            findings.append(Finding(one.id, one.level, path, line, fault.message))


def _located(rule: str, level: Level, node: etree._Element, message: str) -> Finding:
    path, line = find_place(node)
    return Finding(rule, level, path, line, message)
