"""Makes sealed backups of a node while it runs, keeps the older ones whole, and says when there is none."""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from tocsin.core.window import write_instant
from tocsin.desk.backup import cut, dump_node, keep_attempt
from tocsin.desk.restored import find_held_back
from tocsin.errors import ConfigError, StateError, TocsinError
from tocsin.exchange.backup import FILES, PIECE_BYTES, Piece, read_public, seal_backup
from tocsin.node import STORE_FILE, Node

SUFFIX = ".tocsin-backup"
MAX_FILE_BYTES = 16 * 1024 * 1024
"""A file of the node's folder; what is larger does not belong there."""
TRY_AGAIN = timedelta(minutes=1)
KEEP_ALL, KEEP_HOURLY, KEEP_DAILY = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
_STAMP = "%Y%m%dT%H%M%SZ"


def make_backup(node: Node) -> Path:
    """A new backup in `backup_to`, checked before it gets its name; then those are pruned that the rule lets go.

    Raises ConfigError if the folder cannot take it, StateError if another is being made or the node is not reconciled,
    VerificationError if the stored log is damaged. Whatever happens, the older backups stay as they are.
    """
    settings = node.desk.settings
    folder = _backup_folder(node)
    target = folder / f"{settings.name}-{node.desk.clock.now().strftime(_STAMP)}{SUFFIX}"
    to = read_public(settings.backup_key)
    id_ = node.desk.entropy(16).hex()
    pieces = dump_node(node.desk, id_, _read_files(node.folder), version("tocsin"))
    partial = folder / f".{settings.name}.partial"
    try:
        with _unfinished(partial) as out:
            sums = [_write(out, chunk) for chunk in seal_backup(pieces, to, id_)]
            out.flush()
            os.fsync(out.fileno())
            _check_written(partial, sums)
            partial.replace(target)
        _sync_folder(folder)
        _prune(settings.name, folder, node.desk.clock.now())
    except OSError as error:
        raise ConfigError(f"backup cannot be kept in {folder}: {error.strerror}", hint=_HINT) from None
    return target


def back_up(node: Node) -> None:
    """One backup of `tocsin serve`: its outcome is written down and logged, and the next one is set."""
    import structlog  # `node check` asks this module too, and logs nothing

    log = structlog.get_logger("tocsin")
    at = node.desk.clock.now()
    every = node.desk.settings.backup_every
    made, problem = None, ""
    try:
        made = make_backup(node)
    except Exception as error:  # noqa: BLE001  # whatever it is: warnings go on being sent, and the failure is kept and said
        problem = str(error) if isinstance(error, TocsinError) else repr(error)
    if made is None:
        log.error("backup failed", problem=problem)
        keep_attempt(node.desk, at, file="", problem=problem, again=at + min(every, TRY_AGAIN))
    else:
        log.info("backup made", file=made.name, bytes=made.stat().st_size)
        keep_attempt(node.desk, at, file=made.name, problem="", again=at + every)


def find_gaps(node: Node) -> tuple[str, ...]:
    """What `tocsin node check` says of backups and restore: nothing if the newest is as young as the settings promise."""
    settings = node.desk.settings
    held_back = find_held_back(node.desk)
    gaps = [] if held_back is None else [f"{held_back}: run `tocsin node reconcile`"]
    if not settings.backup_to:
        return (*gaps, "no backup is made: a lost disk loses everything (keys backup_to, backup_key)")
    with node.desk.store.read() as tx:
        last = tx.continuity.attempts()[-1:]
    gaps += [f"the last backup failed at {write_instant(one.at)}: {one.problem}" for one in last if one.problem]
    newest = max(find_backups(Path(settings.backup_to), settings.name), default=None)
    if newest is None:
        return (*gaps, f"there is no backup in {settings.backup_to} yet")
    age = node.desk.clock.now() - newest[0]
    if age > settings.backup_every:
        gaps.append(
            f"the newest backup is {int(age.total_seconds())} s old, one every "
            f"{int(settings.backup_every.total_seconds())} s is promised: is `tocsin serve` running?"
        )
    return tuple(gaps)


def find_backups(folder: Path, name: str) -> tuple[tuple[datetime, Path], ...]:
    """The whole backups of that node there, by the time in their names, oldest first."""
    wanted = re.compile(rf"{re.escape(name)}-([0-9]{{8}}T[0-9]{{6}}Z){re.escape(SUFFIX)}")
    matches = ((wanted.fullmatch(path.name), path) for path in folder.iterdir()) if folder.is_dir() else ()
    found = [(datetime.strptime(m[1], _STAMP).replace(tzinfo=UTC), path) for m, path in matches if m]
    return tuple(sorted(found))


def plan_pruning(times: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Which backups may go: kept are all of the last hour, the newest of each hour for a day, of each day for 30 days.

    The newest of all is always kept, and so is one that seems to come from the future: the clock may be wrong.
    """
    kept: dict[object, datetime] = {}
    ordered = sorted(times)
    for at in ordered:
        age = now - at
        if age <= KEEP_ALL:
            kept[at] = at
        elif age <= KEEP_HOURLY:
            kept[at.date(), at.hour] = at
        elif age <= KEEP_DAILY:
            kept[at.date()] = at
    return frozenset(ordered[:-1]) - frozenset(kept.values())


_HINT = "free some space or name another folder (key backup_to); the older backups are whole"


def _backup_folder(node: Node) -> Path:
    settings = node.desk.settings
    if not settings.backup_to:
        raise ConfigError("no backup is made: backup_to is empty", hint="name a folder on another disk in tocsin.toml")
    folder = Path(settings.backup_to)
    if not folder.is_dir():
        raise ConfigError(f"backup_to {folder} is not a folder", hint="is the disk mounted?")
    if folder.resolve().is_relative_to(node.folder.resolve()):
        raise ConfigError(f"backup_to {folder} lies in the node's own folder", hint="name one on another disk")
    return folder


def _read_files(folder: Path) -> Iterator[Piece]:
    """Every file of the node's folder but the store, which is dumped row by row, and what only serves the moment."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(STORE_FILE) or path.suffix in {".log", ".new"} or not path.is_file():
            continue
        if path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigError(
                f"{path} is a link or larger than {MAX_FILE_BYTES} bytes", hint="it does not belong there"
            )
        raw = path.read_bytes()
        yield from cut(FILES + name, (raw[n : n + PIECE_BYTES] for n in range(0, len(raw), PIECE_BYTES)))


@contextmanager
def _unfinished(partial: Path) -> Iterator[BinaryIO]:
    """The unfinished file, ours alone; gone again if it stays unfinished. What a killed process left is written over."""
    with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not partial.exists() or partial.stat().st_ino != os.fstat(out.fileno()).st_ino:
                raise BlockingIOError  # it got its name between our two calls: it is a finished backup by now
        except BlockingIOError:
            raise StateError("another backup is being made", hint="wait for it") from None
        out.truncate()
        try:
            yield out
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _write(out: BinaryIO, chunk: bytes) -> tuple[int, bytes]:
    out.write(chunk)
    return len(chunk), hashlib.sha256(chunk).digest()


def _check_written(file: Path, sums: Iterable[tuple[int, bytes]]) -> None:
    """What the disk gives back is what was sealed. (What it says can be checked only where the secret is.)"""
    with file.open("rb") as again:
        for length, digest in sums:
            if hashlib.sha256(again.read(length)).digest() != digest:
                raise ConfigError(f"{file.parent} gave back other bytes than were written", hint="use another disk")
        if again.read(1):
            raise ConfigError(f"{file.parent} gave back more bytes than were written", hint="use another disk")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(name: str, folder: Path, now: datetime) -> None:
    found = dict(find_backups(folder, name))
    for at in plan_pruning(found, now):
        found[at].unlink(missing_ok=True)
