"""All that a node is, as pieces of a backup: one snapshot of every table, and the log recomputed from its leaves."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from tocsin.desk.access import May
from tocsin.desk.act import begin, look
from tocsin.desk.continuity import BackupAttempt
from tocsin.desk.ports import Desk
from tocsin.desk.records import Timer, TimerKind
from tocsin.desk.stores import Cell, LogStore, RowStore, Transaction
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.checkpoint import read_checkpoint, read_note
from tocsin.evidence.statement import load_json
from tocsin.evidence.tree import leaf_hash, new_hashes, root_hash
from tocsin.exchange.backup import PIECE_BYTES, TABLES, About, Contents, Manifest, Piece

SUFFIX = ".jsonl"
_LEAVES_AT_ONCE = 2000
_ROWS_AT_ONCE = 500


def dump_node(desk: Desk, id_: str, files: Iterable[Piece], version: str) -> Iterator[Piece]:
    """What a backup holds, in order: what it is, the files of the folder, every table, the manifest.

    The head is signed first, so that the backup can show others a head over all its leaves. Raises VerificationError
    (step log) if the stored leaves do not give the stored root: such a store is damaged, and no backup is made of it.
    """
    with begin(desk, May.BACK_UP) as act:
        if act.tx.log.size():
            act.publish_checkpoint()
    with look(desk, May.BACK_UP) as tx:
        about = About(
            id=id_,
            node=desk.settings.name,
            made=desk.clock.now(),
            version=version,
            revision=tx.rows.revision(),
        )
        contents = Contents()
        for piece in chain([about.piece()], files, _dump_rows(tx.rows)):
            contents.add(piece)
            yield piece
        yield make_manifest(tx, about, contents).piece()


def make_manifest(tx: Transaction, about: About, contents: Contents) -> Manifest:
    """The last part, with the log as its leaves give it and not as the tree remembers it."""
    newest = tx.log.last_checkpoint()
    size, root = check_log(tx.log)
    return Manifest(
        about=about, size=size, root=root, checkpoint=newest.note if newest else b"", parts=contents.parts()
    )


def check_log(log: LogStore) -> tuple[int, bytes]:
    """Size and root, recomputed from the leaves. VerificationError (step log) if tree or newest head say otherwise."""
    size = log.size()
    newest = log.last_checkpoint()
    head = read_checkpoint(read_note(newest.note).text) if newest else None
    # Of each level only the last complete subtree is ever read again, so memory does not grow with the log.
    last: dict[int, bytes] = {}

    def read(level: int, _index: int) -> bytes:
        return last[level]

    for index in range(size):
        if index % _LEAVES_AT_ONCE == 0:
            leaves = log.leaves(index, _LEAVES_AT_ONCE)
        added = new_hashes(index, leaf_hash(leaves[index % _LEAVES_AT_ONCE]), read)
        last.update((level, value) for level, _, value in added)
        if head and index + 1 == head.size and root_hash(head.size, read) != head.root:
            raise VerificationError("log", found=f"leaves that give another root at {head.size}", expected="our head")
    root = root_hash(size, read)
    if root != root_hash(size, log.hash) or (head and head.size > size):
        raise VerificationError("log", found=f"{size} leaves that do not fit the tree", expected="the stored tree")
    return size, root


class RowLoader:
    """Puts the rows of a backup into an empty store, in the transaction it was made with."""

    def __init__(self, rows: RowStore) -> None:
        self._rows = rows
        self._path = ""
        self._rest = b""
        self._tables: set[str] = set()

    def take(self, piece: Piece) -> None:
        """The next piece of a table. InputError for rows or columns that this version does not have."""
        if piece.path != self._path:
            self._end_table()
            self._path = piece.path
            head, found, content = piece.content.partition(b"\n")
            self._begin_table(head if found else b"")
        else:
            content = piece.content
        *lines, self._rest = (self._rest + content).split(b"\n")
        table = _table_of(self._path)
        for first in range(0, len(lines), _ROWS_AT_ONCE):
            self._rows.add_rows(table, [_read_row(line) for line in lines[first : first + _ROWS_AT_ONCE]])

    def finish(self) -> None:
        """After the last piece: InputError if a row was cut off, or a table is missing."""
        self._end_table()
        missing = sorted(set(self._rows.tables()) - self._tables)
        if missing:
            raise InputError(f"backup has no table {missing[0]!r}")

    def _end_table(self) -> None:
        if self._rest:
            raise InputError(f"{self._path} ends in the middle of a row")

    def _begin_table(self, head: bytes) -> None:
        table = _table_of(self._path)
        expected = self._rows.tables().get(table)
        found = load_json(head)
        if expected is None or found != list(expected):
            raise InputError(f"{self._path} has columns {found}, expected {list(expected or ())}")
        self._tables.add(table)


def keep_attempt(desk: Desk, at: datetime, *, file: str, problem: str, again: datetime) -> None:
    """Write down what became of a backup, and when the next is due."""
    with begin(desk, May.BACK_UP) as act:
        act.tx.continuity.put_attempt(BackupAttempt(at=at, file=file, problem=problem))
        act.tx.timers.set(Timer(again, TimerKind.BACKUP, ""))


def is_backup_due(desk: Desk) -> bool:
    """Whether a backup is to be made now: the first at once, then as each attempt has set it."""
    if not desk.settings.backup_to:
        return False
    now = desk.clock.now()
    with desk.store.read() as tx:
        return not tx.continuity.attempts() or bool(tx.timers.due(now, (TimerKind.BACKUP,), 1))


def _dump_rows(rows: RowStore) -> Iterator[Piece]:
    for table, columns in rows.tables().items():
        path = f"{TABLES}{table}{SUFFIX}"
        lines = chain([_write_line(list(columns))], map(_write_row, rows.rows(table)))
        yield from cut(path, lines)


def cut(path: str, chunks: Iterable[bytes]) -> Iterator[Piece]:
    """The chunks as pieces of that path, each as full as it may be."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > PIECE_BYTES:
            yield Piece(path, bytes(held[:PIECE_BYTES]))
            del held[:PIECE_BYTES]
    yield Piece(path, bytes(held))


def _write_row(row: tuple[Cell, ...]) -> bytes:
    return _write_line([{"base64": b64encode(one).decode("ascii")} if isinstance(one, bytes) else one for one in row])


def _write_line(value: list[object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _read_row(line: bytes) -> tuple[Cell, ...]:
    return tuple(b64decode(one["base64"], validate=True) if isinstance(one, dict) else one for one in load_json(line))


def _table_of(path: str) -> str:
    return path.removeprefix(TABLES).removesuffix(SUFFIX)
