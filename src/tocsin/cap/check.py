"""Checks one file of CAP: every message in it, by every rule, in one pass over each."""

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tocsin.cap.block import Block, Message
from tocsin.cap.contain import CONTAINERS, find_messages
from tocsin.cap.finding import HANDLING, Finding, Level, Rule, Spot
from tocsin.cap.opening import RefusedError, find_traits, open_xml
from tocsin.cap.profiles import PROFILES
from tocsin.cap.rules import RULES
from tocsin.errors import InputError

_KEPT = 256
"""Sets of names that a block may have, for which the rules are kept: messages of one sender have the same ones."""
_Together = tuple[Callable[[Block], object] | None, tuple[Rule, ...]]
"""Rules that stand one after the other and ask the same of a block first."""
_WORDS = frozenset(word for one in RULES for word in one.words)
MAX_FINDINGS = 1_000
"""Of one message."""


class Checked(Struct, frozen=True, kw_only=True):
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


NOTHING = Checked(
    version=None,
    schema_valid=None,
    findings=(Finding(rule="CAP-01", level=Level.ADVICE, path="", line=1, message="no CAP message in it"),),
)
"""Of a feed or envelope without a message: that there is none is told, not left out."""


def check_cap(raw: bytes, *, profile: str = "cap") -> tuple[Checked, ...]:
    """One Checked for each message in the file, in its order; a file that cannot be opened gives one, with CAP-47 or CAP-48.

    Whatever the bytes are, there is an answer; InputError only for a profile that is none.
    """
    _all_rules(profile)
    try:
        root = open_xml(raw)
    except RefusedError as error:
        finding = Finding(rule=error.rule, level=Level.ERROR, path="", line=error.line, message=str(error))
        return (Checked(version=None, schema_valid=False, findings=(finding,)),)
    checked = tuple(_check(message, profile, entry) for entry, message in find_messages(root, find_traits(raw)))
    if root.tag in CONTAINERS or (checked and checked[0].entry is None):
        return checked
    return _tell_root(str(root.tag)[:80], checked)


def _tell_root(tag: str, checked: tuple[Checked, ...]) -> tuple[Checked, ...]:
    """A root that nobody knows is told once; that is an error if it carries no message."""
    if not checked:
        said = f"root element is {tag!r}, expected alert of CAP 1.0, 1.1 or 1.2, or something that holds one"
        finding = Finding(rule="CAP-01", level=Level.ERROR, path="", line=1, message=said)
        return (Checked(version=None, schema_valid=None, findings=(finding,)),)
    said = f"root element is {tag!r}, which is no feed or envelope that is known here: the messages in it are looked at"
    finding = Finding(rule="CAP-01", level=Level.ADVICE, path="", line=1, message=said)
    return (replace(checked[0], findings=(finding, *checked[0].findings)), *checked[1:])


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
def _all_rules(profile: str) -> tuple[Rule, ...]:
    if profile not in PROFILES:
        raise InputError(f"no profile {profile!r}", hint="one of " + ", ".join(PROFILES))
    return (*RULES, *PROFILES[profile])


class _Findings:
    """What was found so far. Past MAX_FINDINGS only the first of each rule and level is added: a file of millions of faults
    gets an answer in time, and no error is lost by that.
    """

    def __init__(self) -> None:
        self.all: list[Finding] = []
        self._told: set[tuple[str, Level]] = set()
        self.of_grammar: frozenset[tuple[str, str, str]] = frozenset()
        self.left_out = 0

    def add(self, rule: str, level: Level, spot: Spot, message: str) -> None:
        if len(self.all) >= MAX_FINDINGS:
            if (rule, level) in self._told or any((one.rule, one.level) == (rule, level) for one in self.all):
                self._told.add((rule, level))
                self.left_out += 1
                return
            self._told.add((rule, level))
        path, line = spot.find()
        if not (self.of_grammar and (rule, path, message) in self.of_grammar):
            self.all.append(Finding(rule, level, path, line, message))


def _check(message: Message, profile: str, entry: int | None) -> Checked:
    alert, strict = message.alert, message.version == "1.2"
    found = _Findings()
    if not strict:
        said = f"CAP {message.version} is read as CAP 1.2: what it has otherwise is mapped"
        found.add("CAP-01", Level.ADVICE, alert.at(), said)
    level = Level.ERROR if strict else Level.WARNING
    for breach in message.breaches:
        found.add(breach.rule, level, breach.spot, breach.message)
    if message.breaches:
        found.of_grammar = frozenset((one.rule, one.path, one.message) for one in found.all)
    _run(alert, profile, found)
    if found.left_out:
        said = f"{found.left_out} more findings of the rules above are left out"
        found.all.append(Finding("CAP-48", Level.ADVICE, "alert", 0, said))
    return Checked(
        version=message.version,
        schema_valid=not message.breaches if strict else None,
        findings=tuple(found.all),
        entry=entry,
    )


def _run(block: Block, profile: str, found: _Findings) -> None:
    names: tuple[str, ...] = (*block.leaves, *block.paired, *block.blocks)
    words: tuple[str, ...] = ()
    if block.name == "alert":  # what anybody may write is not kept
        words = tuple([word if (word := block.text(name)) in _WORDS else "" for name in HANDLING])
        names = (*names, "Signature") if block.signatures else names
    for when, several in _find_rules(profile, block.name, names, words):
        if when is None or when(block):
            for one in several:
                faults = one.check(block)
                if faults:
                    for fault in faults:
                        found.add(one.id, one.level, fault.spot, fault.message)
    for alike in block.blocks.values():
        for inner in alike:
            _run(inner, profile, found)


@lru_cache(maxsize=_KEPT)
def _find_rules(profile: str, kind: str, names: tuple[str, ...], words: tuple[str, ...]) -> tuple[_Together, ...]:
    """The rules that a block of that kind with children of these names meets: first those that need none of them."""
    met = [
        one
        for one in _all_rules(profile)
        if one.on == kind
        and not {*one.lacks} & {*names}
        and (one.where is None or words[HANDLING.index(one.where)] in one.words)
    ]
    ordered = [one for name in dict.fromkeys((None, *names)) for one in met if one.needs == name]
    return tuple((when, tuple(same)) for when, same in groupby(ordered, key=lambda one: one.when))
