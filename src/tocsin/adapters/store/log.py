"""Leaves, tree hashes, checkpoints and witnessed heads."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from tocsin.adapters.store.columns import Columns, dump_plain, insert, instant, put, where
from tocsin.adapters.store.connection import Connection, Row
from tocsin.desk.continuity import RetiredLog
from tocsin.desk.records import KeptCheckpoint, Logged
from tocsin.desk.stores import Cell
from tocsin.errors import NotFoundError
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.tree import new_hashes
from tocsin.evidence.witness import Head

LOGGED, CHECKPOINT, RETIRED = Columns(Logged), Columns(KeptCheckpoint), Columns(RetiredLog)
_HASH = ("level", "index", "hash")

_LAST = 'SELECT "index", at FROM log_entry ORDER BY "index" DESC LIMIT 1'
_TREE_HASH = 'SELECT hash FROM log_hash WHERE level = :level AND "index" = :index'
_ADD_ENTRY = insert("log_entry", LOGGED.names)
_ADD_HASH = insert("log_hash", _HASH)
_ENTRY = LOGGED.select('FROM log_entry WHERE "index" = :index')
_COUNT_ENTRIES = "SELECT count(*) FROM log_entry WHERE subject = :subject"
_LEAVES = (
    'SELECT statement, blind FROM log_entry WHERE "index" >= :first AND "index" < :first + :count ORDER BY "index"'
)
_PUT_CHECKPOINT = put("checkpoint", CHECKPOINT.names, key=("size",))
_SET_COSIGNED = "UPDATE checkpoint SET note = :note, witnesses = :witnesses WHERE size = :size"
_COVERING = CHECKPOINT.select("FROM checkpoint WHERE size >= :least ORDER BY size LIMIT 1")
_WITNESSED = CHECKPOINT.select("FROM checkpoint WHERE size >= :least AND witnesses <> '[]' ORDER BY size LIMIT 1")
_NEWEST = CHECKPOINT.select("FROM checkpoint ORDER BY size DESC LIMIT 1")
# The column is a JSON list of names; a name stands in it between quotation marks. Both databases have `replace` and know
# capital letters from small ones there, which SQLite's LIKE does not.
_NEWEST_OF = CHECKPOINT.select(
    "FROM checkpoint WHERE replace(witnesses, :name, '') <> witnesses ORDER BY size DESC LIMIT 1"
)
_HEAD = "SELECT size, root FROM witnessed_head WHERE origin = :origin"
_PUT_HEAD = put("witnessed_head", ("origin", "size", "root"), key=("origin",))
_PUT_RETIRED = put("retired_log", RETIRED.names, key=("origin",))
_SET_ASIDE = (
    """INSERT INTO retired_entry (origin, "index", kind, at, subject, statement, blind, disclosures)
      SELECT :origin, "index", kind, at, subject, statement, blind, disclosures FROM log_entry""",
    """INSERT INTO retired_hash (origin, level, "index", hash) SELECT :origin, level, "index", hash FROM log_hash""",
    """INSERT INTO retired_checkpoint (origin, size, at, note, witnesses)
      SELECT :origin, size, at, note, witnesses FROM checkpoint""",
)
_BEGIN_ANEW = ("DELETE FROM log_entry", "DELETE FROM log_hash", "DELETE FROM checkpoint")
_RETIRED_ROWS = {
    "FROM log_entry": "FROM (SELECT * FROM retired_entry WHERE origin = :origin) AS log_entry",
    "FROM log_hash": "FROM (SELECT * FROM retired_hash WHERE origin = :origin) AS log_hash",
    "FROM checkpoint": "FROM (SELECT * FROM retired_checkpoint WHERE origin = :origin) AS checkpoint",
}
"""What stands in a question in the place of the log in use, if it is asked of a retired one."""


class SqlLog:
    """Serves the desk's LogStore. Appending costs O(log n); the tree is never held in memory.

    With an `origin` it reads the retired log of that name, which has tables of its own.
    """

    def __init__(self, connection: Connection, origin: str | None = None) -> None:
        self._connection = connection
        self._origin = origin
        self._cache: dict[tuple[int, int], bytes] = {}
        self._last: tuple[int, datetime | None] | None = None

    def size(self) -> int:
        return self._end()[0]

    def last_at(self) -> datetime | None:
        return self._end()[1]

    def hash(self, level: int, index: int) -> bytes:
        key = (level, index)
        if key not in self._cache:
            found = self._ask(_TREE_HASH, level=level, index=index)
            if not found:
                raise NotFoundError(f"log has no tree hash at level {level}, index {index}")
            self._cache[key] = found[0][0]
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
        self._connection.run(_ADD_ENTRY, **LOGGED.cells(logged))
        added = new_hashes(index, entry.leaf_hash, self.hash)
        self._connection.run_many(_ADD_HASH, [{"level": n, "index": i, "hash": h} for n, i, h in added])
        self._cache.update({(n, i): h for n, i, h in added})
        self._last = (index + 1, at)
        return index

    def entry(self, index: int) -> Logged:
        found = self._ask(_ENTRY, index=index)
        if not found:
            raise NotFoundError(f"log has no entry {index}, it has {self.size()}")
        return LOGGED.record(found[0])

    def entries(self, *, kind: Kind | None = None, subject: str | None = None) -> tuple[Logged, ...]:
        wanted = where("kind = :kind" if kind is not None else "", "subject = :subject" if subject is not None else "")
        statement = LOGGED.select(f'FROM log_entry {wanted} ORDER BY "index"')
        return LOGGED.records(self._ask(statement, kind=kind and kind.value, subject=subject))

    def newest_entries(self, count: int, *, before: int | None = None, subject: str = "") -> tuple[Logged, ...]:
        wanted = where('"index" < :before' if before is not None else "", "subject = :subject" if subject else "")
        statement = LOGGED.select(f'FROM log_entry {wanted} ORDER BY "index" DESC LIMIT :count')
        return LOGGED.records(self._ask(statement, count=count, before=before, subject=subject))

    def count_entries(self, subject: str) -> int:
        found: int = self._ask(_COUNT_ENTRIES, subject=subject)[0][0]
        return found

    def leaves(self, first: int, count: int) -> tuple[bytes, ...]:
        found = self._ask(_LEAVES, first=first, count=count)
        return tuple(Entry(statement, blind).leaf for statement, blind in found)

    def add_checkpoint(self, checkpoint: KeptCheckpoint) -> None:
        self._connection.run(_PUT_CHECKPOINT, **CHECKPOINT.cells(checkpoint))

    def set_cosigned(self, size: int, note: bytes, witnesses: tuple[str, ...]) -> None:
        self._connection.run(_SET_COSIGNED, size=size, note=note, witnesses=dump_plain(witnesses))

    def checkpoint(self, *, least: int = 0, witnessed: bool = False) -> KeptCheckpoint | None:
        """The oldest checkpoint that covers `least` leaves; with `witnessed` the oldest that a witness signed."""
        return _head(self._ask(_WITNESSED if witnessed else _COVERING, least=least))

    def last_checkpoint(self, *, witnessed_by: str | None = None) -> KeptCheckpoint | None:
        if witnessed_by is None:
            return _head(self._ask(_NEWEST))
        return _head(self._ask(_NEWEST_OF, name=dump_plain(witnessed_by)))

    def head_of(self, origin: str) -> Head | None:
        row = self._connection.row(_HEAD, origin=origin)
        return None if row is None else Head(*row)

    def set_head(self, origin: str, head: Head) -> None:
        self._connection.run(_PUT_HEAD, origin=origin, size=head.size, root=head.root)

    def retire(self, log: RetiredLog) -> None:
        self._connection.run(_PUT_RETIRED, **RETIRED.cells(log))
        for statement in _SET_ASIDE:
            self._connection.run(statement, origin=log.origin)
        for statement in _BEGIN_ANEW:
            self._connection.run(statement)
        self._last = None
        self._cache.clear()

    def _end(self) -> tuple[int, datetime | None]:
        """How many leaves there are, and when the newest one was logged."""
        if self._last is None:
            found = self._ask(_LAST)
            self._last = (found[0][0] + 1, instant(found[0][1])) if found else (0, None)
        return self._last

    def _ask(self, statement: str, **values: Cell) -> list[Row]:
        if self._origin is None:
            return self._connection.rows(statement, **values)
        return self._connection.rows(_of_retired(statement), origin=self._origin, **values)


@cache
def _of_retired(statement: str) -> str:
    """The same question about a retired log: its rows stand in the place of those of the log in use."""
    for live, retired in _RETIRED_ROWS.items():
        statement = statement.replace(live, retired)
    return statement


def _head(found: list[Row]) -> KeptCheckpoint | None:
    return CHECKPOINT.record(found[0]) if found else None
