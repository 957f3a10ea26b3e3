"""`tocsin policy`: what the house has decided beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tocsin.cli.output import emit, json_option, node_option


@click.group("policy")
def command() -> None:
    """See what the house has decided beforehand, and whether it holds together."""


@command.command("show")
@node_option
@json_option
def show(node_folder: Path, as_json: bool) -> None:
    """Show when one person may release alone, and with which templates."""
    from tocsin.desk.policy import policy_as_json
    from tocsin.node import open_policy

    found = policy_as_json(open_policy(node_folder))
    alone = found["alone"]
    lines = [
        f"one person may release alone {alone['after_seconds']} s after a silent second was asked,",
        "  with an approved template, Immediate and Extreme,",
        f"  to at most {alone['most_people']} people on at most {alone['most_area_km2']:g} km²",
        *map(_template_line, found["templates"]),
    ]
    emit(found, as_json=as_json, lines=lines)


def _template_line(one: Mapping[str, Any]) -> str:
    """Whether it may be used alone, and in which languages it goes out without a reader on the day."""
    read = [language for language, reader in one["languages"].items() if reader]
    unread = [language for language in one["languages"] if language not in read]
    parts = [
        f"approved by {one['approved_by']}" if one["usable"] else "not approved",
        *([f"read: {', '.join(read)}"] if read else []),
        *([f"to be confirmed: {', '.join(unread)}"] if unread else []),
    ]
    return f"  template {one['name']}: {'; '.join(parts)}"


@command.command("check")
@node_option
@json_option
def check(node_folder: Path, as_json: bool) -> None:
    """Say what in the policy does not do what its writer may think it does."""
    from tocsin.desk.policy import find_policy_faults
    from tocsin.node import open_policy

    faults = find_policy_faults(open_policy(node_folder))
    emit({"faults": list(faults)}, as_json=as_json, lines=faults or ["the policy holds together"])
    if faults:
        raise click.exceptions.Exit(1)
