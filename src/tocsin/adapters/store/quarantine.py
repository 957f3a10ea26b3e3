"""What could not be read: state in the open, bytes and the readers' own words sealed."""

from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from tocsin.adapters.store.columns import dump, load, record_row
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.tables import received, unread
from tocsin.desk.records import ENTRY_BYTES, Failure, Reader, Unread
from tocsin.errors import NotFoundError

_SHOWN = tuple(column for column in unread.c if column.name not in {"number", "raw"})


class SqlQuarantine:
    """Serves the desk's QuarantineStore."""

    def __init__(self, connection: Connection, seal: AddressSeal) -> None:
        self._connection = connection
        self._seal = seal

    def add_unread(self, unread_: Unread, raw: bytes | None) -> None:
        number = select(func.coalesce(func.max(unread.c.number), 0) + 1).scalar_subquery()
        sealed = None if raw is None else self._seal.seal_bytes(raw, _bytes_of(unread_.id))
        self._connection.execute(unread.insert().values(number=number, raw=sealed, **self._row(unread_)))

    def put_unread(self, unread_: Unread) -> None:
        change = update(unread).where(unread.c.id == unread_.id).values(**self._row(unread_))
        self._connection.execute(change if unread_.closed is None else change.values(raw=None))

    def unread(self, unread_: str) -> Unread:
        row = self._connection.execute(select(*_SHOWN).where(unread.c.id == unread_)).one_or_none()
        if row is None:
            raise NotFoundError(f"nothing is kept as {unread_!r}", hint="see `tocsin quarantine list`")
        return self._open(row)

    def all_unread(self) -> tuple[Unread, ...]:
        return tuple(map(self._open, self._connection.execute(select(*_SHOWN).order_by(unread.c.number))))

    def waiting(self, reader: Reader, digest: str) -> Unread | None:
        query = select(*_SHOWN).where(unread.c.digest == digest, unread.c.reader == reader, unread.c.closed.is_(None))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else self._open(row)

    def raw(self, unread_: str) -> bytes:
        found = self.unread(unread_)
        if found.reader is Reader.ENVELOPE:
            query = select(received.c.raw).where(received.c.digest == found.digest)
            return bytes(self._connection.execute(query).scalar_one())
        sealed = self._connection.execute(select(unread.c.raw).where(unread.c.id == unread_)).scalar_one()
        if sealed is None:
            raise NotFoundError(f"the bytes of {unread_} are not kept any more", hint=f"they became {found.became}")
        return self._seal.open_bytes(sealed, _bytes_of(unread_))

    def waiting_bytes(self, *, envelopes_of: str | None = None) -> int:
        query = select(func.coalesce(func.sum(unread.c.size + ENTRY_BYTES), 0)).where(unread.c.closed.is_(None))
        if envelopes_of is None:
            query = query.where(unread.c.reader != Reader.ENVELOPE)
        else:
            query = query.where(unread.c.reader == Reader.ENVELOPE, unread.c.source == envelopes_of)
        return int(self._connection.execute(query).scalar_one())

    def _row(self, unread_: Unread) -> dict[str, Any]:
        words = dump(unread_.failures, tuple[Failure, ...])
        return record_row(unread_) | {"failures": self._seal.seal(words, f"unread {unread_.id}")}

    def _open(self, row: Row[Any]) -> Unread:
        words = self._seal.open(row.failures, f"unread {row.id}")
        return Unread(**(dict(row._mapping) | {"failures": load(words, tuple[Failure, ...])}))


def _bytes_of(unread_: str) -> str:
    """The place under which the bytes are sealed, apart from that of the words."""
    return f"unread bytes {unread_}"
