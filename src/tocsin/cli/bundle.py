"""`tocsin bundle`: make and verify proofs that need no node."""

from pathlib import Path
from typing import Any

import click

from tocsin.cli.acting import as_option, open_desk
from tocsin.cli.output import emit, json_option, node_option, read_file, say, write_file
from tocsin.errors import VerificationError


@click.group("bundle")
def command() -> None:
    """Make and verify proofs that need no node."""


@command.command("make")
@click.argument("warning")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--part", type=click.Choice(["warning", "delivery", "answers", "all"]), default="all", show_default=True)
@as_option
@node_option
def make(warning: str, out: Path, part: str, as_name: str, node_folder: Path) -> None:
    """Write what our log proves about WARNING into the file OUT: public words, hashes of the rest."""
    from tocsin.desk.proofs import make_warning_bundle

    raw = make_warning_bundle(open_desk(node_folder, as_name), warning, part=part)
    write_file(out, raw)
    say(f"{out}: {len(raw)} bytes; check it with `tocsin bundle verify {out}`")


@command.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--policy", type=click.Path(path_type=Path), help="keys that you trust, and how many witnesses you ask for"
)
@json_option
def verify(file: Path, policy: Path | None, as_json: bool) -> int:
    """Prove FILE step by step, with no node and no network; say what is proved and what is not."""
    from tocsin.compose.fields import derive_fields
    from tocsin.core.window import write_instant
    from tocsin.evidence.bundle import read_bundle, read_policy
    from tocsin.evidence.verify import verify_bundle

    raw = read_file(file)
    trusted = read_policy(read_file(policy)) if policy else None
    try:
        found = verify_bundle(read_bundle(raw), derive_fields=derive_fields, policy=trusted)
    except VerificationError as error:
        failed = {"step": error.step, "found": error.found, "expected": error.expected}
        result = _result(file, verified=False, failed=failed)
        emit(
            result,
            as_json=as_json,
            lines=[f"REFUSED  step {error.step}: found {error.found}, expected {error.expected}"],
        )
        return 1
    result = _result(file, verified=True) | {
        "proved": [
            {"text": one.text, "by": one.by, "at": write_instant(one.at), "grade": one.grade.value}
            for one in found.proved
        ],
        "not_proved": [{"text": text} for text in found.not_proved],
        "keys": [{"name": k.name, "fingerprint": k.fingerprint, "trust": k.trust} for k in found.keys],
    }
    lines = [f"proved   {one.text} ({one.grade.value}: {one.grade.sentence})" for one in found.proved]
    lines += [f"NOT proved  {text}" for text in found.not_proved]
    emit(result, as_json=as_json, lines=lines)
    return 0


def _result(file: Path, *, verified: bool, failed: dict[str, str] | None = None) -> dict[str, Any]:
    return {"file": str(file), "verified": verified, "proved": [], "not_proved": [], "failed": failed, "keys": []}
