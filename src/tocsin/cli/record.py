"""`tocsin record`: how often warnings were right."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.acting import open_desk
from tocsin.cli.output import emit, expand, json_option, node_option, read_file, say

if TYPE_CHECKING:
    from tocsin.review.chunks import FinishedChunks


@click.group("record")
def command() -> None:
    """See how often warnings were right."""


@command.command("count")
@click.option(
    "--warnings", "warnings", type=click.Path(path_type=Path), multiple=True, help="file or folder of warnings"
)
@click.option("--incidents", type=click.Path(path_type=Path), multiple=True, help="file or folder of incidents")
@click.option("--warned", metavar="METHOD", multiple=True, help="count only warnings of this method, such as tornado")
@click.option("--happened", metavar="METHOD", multiple=True, help="count only incidents of this method")
@node_option
@json_option
def count(
    warnings: tuple[Path, ...],
    incidents: tuple[Path, ...],
    warned: tuple[str, ...],
    happened: tuple[str, ...],
    node_folder: Path,
    as_json: bool,
) -> None:  # click's way
    """Count hits, misses and warnings with no known event among many warnings and incidents of others.

    Files are read as `warning import` and `incident import` read them, and not stored; without any, what was imported counts.
    Long work can be stopped (Ctrl-C): the same command goes on where it was.
    """
    from tocsin.desk.bulk import BulkWork, count_in_bulk
    from tocsin.track_record.bulk_record import write_record

    work = BulkWork(
        warnings=map(read_file, expand(warnings)) if warnings else None,
        incidents=map(read_file, expand(incidents)) if incidents else None,
        warned=frozenset(warned),
        happened=frozenset(happened),
    )
    found = count_in_bulk(open_desk(node_folder), work, keep=lambda digest: _keep(node_folder, digest), tell=say)
    lines = [f"{found['warnings']} warnings in {found['versions']} versions, {found['incidents']} incidents"]
    lines += [line for one in found["records"] for line in write_record(one)]
    emit(found, as_json=as_json, lines=lines)


@contextmanager
def _keep(folder: Path, work: str) -> Iterator["FinishedChunks"]:
    """What is finished lies in the node's folder until all is."""
    from tocsin.node import keep_chunks

    file = folder / f"count-{work[:16]}.pairs"
    with keep_chunks(file, work) as finished:
        yield finished
    file.unlink()
