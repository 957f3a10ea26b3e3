"""Leaves, tree hashes, checkpoints and witnessed heads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Select,
    Table,
    Text,
    bindparam,
    func,
    literal,
    select,
    type_coerce,
    update,
)

from tocsin.adapters.store.columns import put, record_row
from tocsin.adapters.store.tables import (
    checkpoint,
    log_entry,
    log_hash,
    retired_checkpoint,
    retired_entry,
    retired_hash,
    retired_log,
    witnessed_head,
)
from tocsin.desk.continuity import RetiredLog
from tocsin.desk.records import KeptCheckpoint, Logged
from tocsin.errors import NotFoundError
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.tree import new_hashes
from tocsin.evidence.witness import Head

_ASIDE = {log_entry: retired_entry, log_hash: retired_hash, checkpoint: retired_checkpoint}
"""Where the rows of a log go when it is retired."""


_ADD_ENTRY, _ADD_HASH = log_entry.insert(), log_hash.insert()


@dataclass(frozen=True)
class _Questions:
    """What every act asks of the log, built once: building costs more than the database takes to answer."""

    size: Select[Any]
    last_at: Select[Any]
    hash: Select[Any]


@lru_cache(maxsize=8)
def _questions(entry: FromClause, tree: FromClause) -> _Questions:
    return _Questions(
        size=select(func.coalesce(func.max(entry.c.index) + 1, 0)),
        last_at=select(entry.c.at).order_by(entry.c.index.desc()).limit(1),
        hash=select(tree.c.hash).where(tree.c.level == bindparam("at_level"), tree.c.index == bindparam("at_index")),
    )


class SqlLog:
    """Serves the desk's LogStore. Appending costs O(log n); the tree is never held in memory.

    With an `origin` it reads the retired log of that name, which has tables of its own.
    """

    def __init__(self, connection: Connection, origin: str | None = None) -> None:
        self._connection = connection
        self._entry, self._tree, self._heads = (
            live if origin is None else _of(aside, origin) for live, aside in _ASIDE.items()
        )
        self._ask = _questions(self._entry, self._tree)
        self._cache: dict[tuple[int, int], bytes] = {}
        self._size: int | None = None

    def size(self) -> int:
        if self._size is None:
            self._size = self._connection.execute(self._ask.size).scalar_one()
        return self._size

    def last_at(self) -> datetime | None:
        at: datetime | None = self._connection.execute(self._ask.last_at).scalar_one_or_none()
        return at

    def hash(self, level: int, index: int) -> bytes:
        key = (level, index)
        if key not in self._cache:
            found = self._connection.execute(
                self._ask.hash, {"at_level": level, "at_index": index}
            ).scalar_one_or_none()
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
        self._connection.execute(_ADD_ENTRY, record_row(logged))
        added = new_hashes(index, entry.leaf_hash, self.hash)
        self._connection.execute(_ADD_HASH, [{"level": n, "index": i, "hash": h} for n, i, h in added])
        self._cache.update({(n, i): h for n, i, h in added})
        self._size = index + 1
        return index

    def entry(self, index: int) -> Logged:
        row = self._connection.execute(select(self._entry).where(self._entry.c.index == index)).one_or_none()
        if row is None:
            raise NotFoundError(f"log has no entry {index}, it has {self.size()}")
        return Logged(**row._mapping)

    def entries(self, *, kind: Kind | None = None, subject: str | None = None) -> tuple[Logged, ...]:
        query = select(self._entry).order_by(self._entry.c.index)
        if kind is not None:
            query = query.where(self._entry.c.kind == kind)
        if subject is not None:
            query = query.where(self._entry.c.subject == subject)
        return tuple(Logged(**row._mapping) for row in self._connection.execute(query))

    def newest_entries(self, count: int, *, before: int | None = None, subject: str = "") -> tuple[Logged, ...]:
        query = select(self._entry).order_by(self._entry.c.index.desc()).limit(count)
        if before is not None:
            query = query.where(self._entry.c.index < before)
        if subject:
            query = query.where(self._entry.c.subject == subject)
        return tuple(Logged(**row._mapping) for row in self._connection.execute(query))

    def count_entries(self, subject: str) -> int:
        query = select(func.count()).select_from(self._entry).where(self._entry.c.subject == subject)
        found: int = self._connection.execute(query).scalar_one()
        return found

    def leaves(self, first: int, count: int) -> tuple[bytes, ...]:
        query = (
            select(self._entry.c.statement, self._entry.c.blind)
            .where(self._entry.c.index >= first, self._entry.c.index < first + count)
            .order_by(self._entry.c.index)
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
        query = select(self._heads).where(self._heads.c.size >= least).order_by(self._heads.c.size).limit(1)
        if witnessed:
            query = query.where(func.length(self._heads.c.witnesses) > len("[]"))
        return self._head(query)

    def last_checkpoint(self, *, witnessed_by: str | None = None) -> KeptCheckpoint | None:
        query = select(self._heads).order_by(self._heads.c.size.desc()).limit(1)
        if witnessed_by is not None:
            # The column is a JSON list of names; a name stands in it between quotation marks.
            names = type_coerce(self._heads.c.witnesses, Text)
            query = query.where(names.contains(json.dumps(witnessed_by, ensure_ascii=False), autoescape=True))
        return self._head(query)

    def head_of(self, origin: str) -> Head | None:
        row = self._connection.execute(select(witnessed_head).where(witnessed_head.c.origin == origin)).one_or_none()
        return None if row is None else Head(row.size, row.root)

    def set_head(self, origin: str, head: Head) -> None:
        put(self._connection, witnessed_head, {"origin": origin, "size": head.size, "root": head.root})

    def _head(self, query: Select[Any]) -> KeptCheckpoint | None:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return KeptCheckpoint(size=row.size, at=row.at, note=row.note, witnesses=tuple(row.witnesses))

    def retire(self, log: RetiredLog) -> None:
        put(self._connection, retired_log, record_row(log))
        for live, aside in _ASIDE.items():
            moved = select(literal(log.origin), *live.c)
            self._connection.execute(aside.insert().from_select(["origin", *live.c.keys()], moved))
            self._connection.execute(live.delete())
        self._size = None
        self._cache.clear()


def _of(aside: Table, origin: str) -> FromClause:
    """The rows of one retired log, in the form of the live table."""
    columns = [column for column in aside.c if column.name != "origin"]
    return select(*columns).where(aside.c.origin == origin).subquery()
