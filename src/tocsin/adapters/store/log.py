"""Leaves, tree hashes, checkpoints and witnessed heads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from tocsin.adapters.store.columns import put, record_row
from tocsin.adapters.store.tables import checkpoint, log_entry, log_hash, witnessed_head
from tocsin.desk.records import KeptCheckpoint, Logged
from tocsin.errors import NotFoundError
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.tree import new_hashes
from tocsin.evidence.witness import Head


class SqlLog:
    """Serves the desk's LogStore. Appending costs O(log n); the tree is never held in memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cache: dict[tuple[int, int], bytes] = {}
        self._size: int | None = None

    def size(self) -> int:
        if self._size is None:
            query = select(func.coalesce(func.max(log_entry.c.index) + 1, 0))
            self._size = self._connection.execute(query).scalar_one()
        return self._size

    def last_at(self) -> datetime | None:
        at: datetime | None = self._connection.execute(select(func.max(log_entry.c.at))).scalar_one()
        return at

    def hash(self, level: int, index: int) -> bytes:
        key = (level, index)
        if key not in self._cache:
            query = select(log_hash.c.hash).where(log_hash.c.level == level, log_hash.c.index == index)
            found = self._connection.execute(query).scalar_one_or_none()
            if found is None:
                raise NotFoundError(f"log has no tree hash at level {level}, index {index}")
            self._cache[key] = found
        return self._cache[key]

    def append(self, entry: Entry, *, kind: Kind, at: datetime, subject: str, disclosures: Mapping[str, str]) -> int:
        index = self.size()
        logged = Logged(
            index=index,
            kind=kind,
            at=at,
            subject=subject,
            statement=entry.statement,
            blind=entry.blind,
            disclosures=dict(disclosures),
        )
        self._connection.execute(log_entry.insert(), record_row(logged))
        added = new_hashes(index, entry.leaf_hash, self.hash)
        self._connection.execute(log_hash.insert(), [{"level": n, "index": i, "hash": h} for n, i, h in added])
        self._cache.update({(n, i): h for n, i, h in added})
        self._size = index + 1
        return index

    def entry(self, index: int) -> Logged:
        row = self._connection.execute(select(log_entry).where(log_entry.c.index == index)).one_or_none()
        if row is None:
            raise NotFoundError(f"log has no entry {index}, it has {self.size()}")
        return Logged(**row._mapping)

    def entries(self, *, kind: Kind | None = None, subject: str | None = None) -> tuple[Logged, ...]:
        query = select(log_entry).order_by(log_entry.c.index)
        if kind is not None:
            query = query.where(log_entry.c.kind == kind)
        if subject is not None:
            query = query.where(log_entry.c.subject == subject)
        return tuple(Logged(**row._mapping) for row in self._connection.execute(query))

    def leaves(self, first: int, count: int) -> tuple[bytes, ...]:
        query = (
            select(log_entry.c.statement, log_entry.c.blind)
            .where(log_entry.c.index >= first, log_entry.c.index < first + count)
            .order_by(log_entry.c.index)
        )
        return tuple(Entry(row.statement, row.blind).leaf for row in self._connection.execute(query))

    def add_checkpoint(self, checkpoint_: KeptCheckpoint) -> None:
        row = record_row(checkpoint_) | {"witnesses": list(checkpoint_.witnesses)}
        put(self._connection, checkpoint, row)

    def set_cosigned(self, size: int, note: bytes, witnesses: tuple[str, ...]) -> None:
        change = update(checkpoint).where(checkpoint.c.size == size).values(note=note, witnesses=list(witnesses))
        self._connection.execute(change)

    def checkpoint(self, *, least: int = 0, witnessed: bool = False) -> KeptCheckpoint | None:
        """The oldest checkpoint that covers `least` leaves; with `witnessed` the oldest that a witness signed."""
        query = select(checkpoint).where(checkpoint.c.size >= least).order_by(checkpoint.c.size)
        for row in self._connection.execute(query):
            if row.witnesses or not witnessed:
                return _kept(row)
        return None

    def last_checkpoint(self, *, witnessed_by: str | None = None) -> KeptCheckpoint | None:
        query = select(checkpoint).order_by(checkpoint.c.size.desc())
        for row in self._connection.execute(query):
            if witnessed_by is None or witnessed_by in row.witnesses:
                return _kept(row)
        return None

    def head_of(self, origin: str) -> Head | None:
        row = self._connection.execute(select(witnessed_head).where(witnessed_head.c.origin == origin)).one_or_none()
        return None if row is None else Head(row.size, row.root)

    def set_head(self, origin: str, head: Head) -> None:
        put(self._connection, witnessed_head, {"origin": origin, "size": head.size, "root": head.root})


def _kept(row: Row[Any]) -> KeptCheckpoint:
    return KeptCheckpoint(size=row.size, at=row.at, note=row.note, witnesses=tuple(row.witnesses))
