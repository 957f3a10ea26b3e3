"""`tocsin log`: audit a log, show its newest signed head."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from tocsin.cli.acting import open_desk
from tocsin.cli.output import emit, emit_table, json_option, node_option, read_file
from tocsin.errors import InputError

MAX_FILE_BYTES = 32 * 1024 * 1024


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder by relative path, each read when it is asked for; what begins with a dot is left out."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(f"{folder} is not a folder", hint="give the folder that holds `checkpoint` and `tile/`")
        found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        self._paths = [str(path) for path in sorted(found) if not any(part.startswith(".") for part in path.parts)]
        self._folder = folder

    def __getitem__(self, path: str) -> bytes:
        return read_file(self._folder / path, limit=MAX_FILE_BYTES)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@click.group("log")
def command() -> None:
    """Audit a log; show our own entries and newest signed head."""


@command.command("audit")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--vkey", type=click.Path(path_type=Path), help="file with the log's verifier key")
@json_option
def audit(folder: Path, vkey: Path | None, as_json: bool) -> int:
    """Recompute every checkpoint, tile and entry bundle in FOLDER (C2SP tlog-tiles)."""
    from tocsin.evidence.audit import audit_log
    from tocsin.evidence.checkpoint import read_vkey

    try:
        key = read_vkey(read_file(vkey, limit=4096).decode("ascii")) if vkey else None
    except UnicodeDecodeError:
        raise InputError(f"{vkey} is not a verifier key in ASCII") from None
    found = audit_log(FolderFiles(folder), key)
    result = {
        "origin": found.origin,
        "size": found.size,
        "checkpoints": found.checkpoints,
        "tiles": found.tiles,
        "bad": [{"path": one.path, "why": one.why} for one in found.bad],
        "signature": found.signature,
    }
    lines = [
        f"log {found.origin or 'without a name'}: {found.size} entries, {found.checkpoints} checkpoints, {found.tiles} tiles",
        *(f"BAD  {one.path}: {one.why}" for one in found.bad),
        *([] if found.bad else ["all of it holds together"]),
        f"signature: {found.signature.replace('_', ' ')}",
    ]
    emit(result, as_json=as_json, lines=lines)
    return 1 if found.bad or found.signature == "bad" else 0


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every leaf of our log: kind, time and subject, never the text."""
    from tocsin.desk.show import list_log

    rows = list_log(open_desk(node_folder))
    emit_table(rows, ("entry", "at", "kind", "subject"), as_json=as_json, empty="the log is empty")


@command.command("checkpoint")
@node_option
def checkpoint(node_folder: Path) -> None:
    """Print our newest signed tree head with its cosignatures."""
    from tocsin.desk.proofs import newest_checkpoint

    click.echo(newest_checkpoint(open_desk(node_folder)), nl=False)
