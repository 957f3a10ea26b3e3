"""What the house has decided beforehand: when one person may release alone, and with which words. Default: never."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct, field

from tocsin.compose.template import Template, shipped_templates
from tocsin.core.language import LANGUAGES
from tocsin.core.marking import Tlp, parse_tlp
from tocsin.errors import ConfigError, InputError, did_you_mean


class AloneRule(Struct, frozen=True, kw_only=True):
    """The one way round four eyes (LESSONS L46): Immediate, Extreme, an approved template, below both caps, and nobody answers."""

    after: timedelta = timedelta(seconds=120)
    """How long the second person must have been silent after being asked."""
    most_people: int = 0
    most_area_km2: float = 0.0


class ReaderRule(Struct, frozen=True, kw_only=True):
    """Which texts another reader may see, and where it may be: this machine, or one of these hosts (DESIGN 8)."""

    hosts: tuple[str, ...] = ()
    marking: Tlp = Tlp.AMBER
    """The strictest marking of a text that is shown to it; a text without one counts as TLP:AMBER."""


class Policy(Struct, frozen=True, kw_only=True):
    """`approved` holds the digest of each approved template and who approved it, by name; `readers` who read which language of it."""

    alone: AloneRule = AloneRule()
    reader: ReaderRule = ReaderRule()
    approved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    readers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)

    def is_approved(self, name: str) -> bool:
        """Whether the template of that name is the very file that somebody approved."""
        found = self.templates.get(name)
        return found is not None and name in self.approved and self.approved[name][0] == found.digest

    def read_languages(self, name: str) -> frozenset[str]:
        """The languages of that template that a named reader has read, letter for letter as they are now."""
        return frozenset(self.readers.get(name, {})) if self.is_approved(name) else frozenset()


MAX_BYTES = 256 * 1024
MOST = 10**9
_ALONE = {"after_seconds": int, "most_people": int, "most_area_km2": (int, float)}
_READER = {"hosts": list, "marking": str}
_APPROVAL = {"sha256": str, "approved_by": str}
_APPROVAL_MAY = _APPROVAL | {"readers": dict}


def read_policy(text: str, templates: Mapping[str, Template]) -> Policy:
    """The policy in this TOML text. ConfigError names the key, what was found and what was expected."""
    if len(text) > MAX_BYTES:
        raise ConfigError(f"policy.toml has {len(text)} characters, at most {MAX_BYTES} expected")
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"policy.toml is not TOML: {error}") from None
    _check(found, {"alone": dict, "reader": dict, "template": dict}, "policy.toml")
    alone = found.get("alone", {})
    _check(alone, _ALONE, "policy.toml, alone")
    approvals = found.get("template", {})
    for name, one in approvals.items():
        _check(one, _APPROVAL_MAY, f"policy.toml, template {name}")
        if not set(_APPROVAL) <= set(one):
            raise ConfigError(f"policy.toml, template {name}: expected sha256 and approved_by")
        _check(one.get("readers", {}), dict.fromkeys(LANGUAGES, str), f"policy.toml, template {name}, readers")
    default = AloneRule()
    rule = AloneRule(
        after=timedelta(seconds=alone["after_seconds"]) if "after_seconds" in alone else default.after,
        most_people=alone.get("most_people", default.most_people),
        most_area_km2=alone.get("most_area_km2", default.most_area_km2),
    )
    if rule.after < timedelta(seconds=60):
        raise ConfigError(f"policy.toml: after_seconds is {alone['after_seconds']}, expected 60 at least")
    approved = {name: (one["sha256"], one["approved_by"]) for name, one in approvals.items()}
    return Policy(
        alone=rule,
        reader=_read_reader(found.get("reader", {})),
        approved=approved,
        readers={name: one.get("readers", {}) for name, one in approvals.items()},
        templates=templates,
    )


def _read_reader(found: Any) -> ReaderRule:
    _check(found, _READER, "policy.toml, reader")
    hosts = found.get("hosts", [])
    if not all(isinstance(one, str) and one for one in hosts):
        raise ConfigError(f"policy.toml, reader: hosts is {hosts!r}, expected names of hosts")
    try:
        marking = parse_tlp(found.get("marking", ReaderRule().marking.value))
    except InputError as error:
        raise ConfigError(f"policy.toml, reader: {error}", hint=error.hint) from None
    return ReaderRule(hosts=tuple(hosts), marking=marking)


def policy_as_json(policy: Policy) -> dict[str, Any]:
    """The policy as the CLI and the API show it."""
    return {
        "alone": {
            "after_seconds": int(policy.alone.after.total_seconds()),
            "most_people": policy.alone.most_people,
            "most_area_km2": policy.alone.most_area_km2,
        },
        "reader": {"hosts": list(policy.reader.hosts), "marking": policy.reader.marking.value},
        "templates": [
            {
                "name": name,
                "sha256": one.digest,
                "usable": policy.is_approved(name),
                "approved_by": policy.approved[name][1] if name in policy.approved else None,
                "languages": {
                    language: policy.readers.get(name, {}).get(language) if policy.is_approved(name) else None
                    for language in one.languages
                },
            }
            for name, one in sorted(policy.templates.items())
        ],
    }


def find_policy_faults(policy: Policy) -> tuple[str, ...]:
    """What in the policy does not do what its writer may think it does."""
    shipped = shipped_templates()  # ours are there to be used, with a reader for each language, whether approved or not
    faults = [
        f"template {name} was approved as {digest[:12]}…, the file is {policy.templates[name].digest[:12]}…"
        if name in policy.templates
        else f"template {name} is approved but there is no templates/{name}.json"
        for name, (digest, _) in sorted(policy.approved.items())
        if not policy.is_approved(name)
    ]
    faults += [
        f"template {name} is not approved: sha256 {one.digest}"
        for name, one in sorted(policy.templates.items())
        if name not in policy.approved and one != shipped.get(name)
    ]
    faults += [
        f"template {name} has a reader for {language!r} and no words in it"
        for name, readers in sorted(policy.readers.items())
        for language in sorted(readers)
        if name in policy.templates and language not in policy.templates[name].languages
    ]
    usable = any(policy.is_approved(name) for name in policy.approved)
    if usable and not (policy.alone.most_people and policy.alone.most_area_km2):
        faults.append("most_people or most_area_km2 is 0: nobody can release alone")
    return tuple(faults)


def _check(found: Any, expected: Mapping[str, Any], where: str) -> None:
    if not isinstance(found, dict):
        raise ConfigError(f"{where}: found {found!r}, expected a table")
    for key, value in found.items():
        if key not in expected:
            raise ConfigError(f"{where}: unknown key {key!r}", hint=did_you_mean(key, expected))
        if isinstance(value, bool) or not isinstance(value, expected[key]):
            raise ConfigError(f"{where}: {key} is {value!r}")
        if isinstance(value, int | float) and not 0 <= value <= MOST:  # NaN fails the comparison too
            raise ConfigError(f"{where}: {key} is {str(value)[:60]}, expected 0 to {MOST}")
