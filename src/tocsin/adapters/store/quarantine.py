"""What could not be read: state in the open, bytes and the readers' own words sealed."""

from tocsin.adapters.store.columns import AS_IT_IS, Columns, dump, insert, load, update
from tocsin.adapters.store.connection import Connection, Row
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.desk.records import ENTRY_BYTES, Failure, Reader, Unread
from tocsin.desk.stores import Cell
from tocsin.errors import NotFoundError

UNREAD = Columns(Unread, failures=AS_IT_IS)

_NEXT_NUMBER = "SELECT coalesce(max(number), 0) + 1 FROM unread"
_ADD = insert("unread", ("number", "raw", *UNREAD.names))
_PUT = update("unread", UNREAD.names, "WHERE id = :id")
_DROP_BYTES = "UPDATE unread SET raw = NULL WHERE id = :id"
_ONE = UNREAD.select("FROM unread WHERE id = :id")
_ALL = UNREAD.select("FROM unread ORDER BY number")
_WAITING = UNREAD.select("FROM unread WHERE digest = :digest AND reader = :reader AND closed IS NULL")
_RAW = "SELECT raw FROM unread WHERE id = :id"
_RAW_ENVELOPE = "SELECT raw FROM received WHERE digest = :digest"
_BYTES_OF_ENVELOPES = """
    SELECT coalesce(sum(size + :each), 0) FROM unread WHERE closed IS NULL AND reader = :envelope AND source = :source
"""
_BYTES_OF_OTHERS = """
    SELECT coalesce(sum(size + :each), 0) FROM unread WHERE closed IS NULL AND reader <> :envelope
"""


class SqlQuarantine:
    """Serves the desk's QuarantineStore."""

    def __init__(self, connection: Connection, seal: AddressSeal) -> None:
        self._connection = connection
        self._seal = seal

    def add_unread(self, unread: Unread, raw: bytes | None) -> None:
        number = self._connection.value(_NEXT_NUMBER)
        sealed = None if raw is None else self._seal.seal_bytes(raw, _bytes_of(unread.id))
        self._connection.run(_ADD, number=number, raw=sealed, **self._cells(unread))

    def put_unread(self, unread: Unread) -> None:
        self._connection.run(_PUT, **self._cells(unread))
        if unread.closed is not None:
            self._connection.run(_DROP_BYTES, id=unread.id)

    def unread(self, unread: str) -> Unread:
        row = self._connection.row(_ONE, id=unread)
        if row is None:
            raise NotFoundError(f"nothing is kept as {unread!r}", hint="see `tocsin quarantine list`")
        return self._open(row)

    def all_unread(self) -> tuple[Unread, ...]:
        return tuple(map(self._open, self._connection.rows(_ALL)))

    def waiting(self, reader: Reader, digest: str) -> Unread | None:
        row = self._connection.row(_WAITING, digest=digest, reader=reader.value)
        return None if row is None else self._open(row)

    def raw(self, unread: str) -> bytes:
        found = self.unread(unread)
        if found.reader is Reader.ENVELOPE:
            return bytes(self._connection.value(_RAW_ENVELOPE, digest=found.digest))
        sealed = self._connection.value(_RAW, id=unread)
        if sealed is None:
            raise NotFoundError(f"the bytes of {unread} are not kept any more", hint=f"they became {found.became}")
        return self._seal.open_bytes(sealed, _bytes_of(unread))

    def waiting_bytes(self, *, envelopes_of: str | None = None) -> int:
        counted: dict[str, Cell] = {"each": ENTRY_BYTES, "envelope": Reader.ENVELOPE.value}
        if envelopes_of is None:
            return int(self._connection.value(_BYTES_OF_OTHERS, **counted))
        return int(self._connection.value(_BYTES_OF_ENVELOPES, source=envelopes_of, **counted))

    def _cells(self, unread: Unread) -> dict[str, Cell]:
        words = dump(unread.failures)
        return UNREAD.cells(unread, failures=self._seal.seal(words, f"unread {unread.id}"))

    def _open(self, row: Row) -> Unread:
        fields = UNREAD.fields(row)
        words = self._seal.open(fields["failures"], f"unread {fields['id']}")
        fields["failures"] = load(words, tuple[Failure, ...])
        return Unread(**fields)


def _bytes_of(unread: str) -> str:
    """The place under which the bytes are sealed, apart from that of the words."""
    return f"unread bytes {unread}"
