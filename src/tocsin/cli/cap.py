"""`tocsin cap`: is a CAP message right, and if not, where?"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import each_file, expand, json_option, read_file, say

if TYPE_CHECKING:
    from tocsin.cap.check import Checked

PROFILES = ("cap", "google", "ipaws", "cap-au", "cap-cp")
MANY = 200
"""Files between two lines that say how far it is."""


@click.group("cap")
def command() -> None:
    """Is a CAP message right? Checks CAP 1.0, 1.1 and 1.2, feeds and envelopes, by numbered rules."""


@command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--profile", type=click.Choice(PROFILES), default="cap", show_default=True, help="whose rules besides CAP's"
)
@json_option
def check(files: tuple[Path, ...], profile: str, as_json: bool) -> None:
    """Check each message in each FILE: one finding a line. A folder stands for its files. Exit 1 if any has an error."""
    from tocsin.cap.check import NOTHING, check_cap, checked_as_json
    from tocsin.cap.opening import MAX_BYTES

    paths = expand(files)
    done = 0

    def show(path: Path) -> int:
        nonlocal done
        checked = check_cap(read_file(path, limit=MAX_BYTES), profile=profile) or (NOTHING,)
        for one in checked:
            if as_json:
                print(json.dumps(checked_as_json(one, file=str(path)), ensure_ascii=False))
            else:
                print("\n".join(_lines(one, path)))
        done += 1
        if done % MANY == 0:
            say(f"{done} of {len(paths)} files")
        return 0 if all(one.valid for one in checked) else 1

    raise click.exceptions.Exit(each_file(paths, as_json=as_json, show=show))


def _lines(checked: "Checked", path: Path) -> Iterable[str]:
    """Each line is understood alone: file, entry and line, path, level, rule, what was found."""
    entry = "" if checked.entry is None else f" entry {checked.entry}"
    for one in checked.findings:
        place = f"{path}:{one.line}{entry}" if one.line else f"{path}{entry}"
        where = f" {one.path}" if one.path else ""
        yield f"{place}:{where} {one.level} {one.rule}: {one.message}"
    if checked.version and checked.valid:
        yield f"{path}{entry}: valid CAP {checked.version}, no error in {len(checked.findings)} findings"
