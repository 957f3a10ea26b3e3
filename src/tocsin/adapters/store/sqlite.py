"""The store in one SQLite file: WAL, synchronous=FULL, one writer at a time."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError

from tocsin.adapters.store.holding import FileHolder
from tocsin.adapters.store.revision import MOVED, REVISION, check_revision, make_tables, migrate, read_revision
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.transaction import SqlTransaction
from tocsin.errors import ConfigError, StateError

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "busy_timeout=10000")


class SqliteStore:
    """Serves the desk's Store. `make_store` writes the tables, opening checks their revision."""

    def __init__(self, file: Path, seal: AddressSeal) -> None:
        self._name = file.name
        self._seal = seal
        self._engine = open_engine(file)
        self._holder = holder_of(file)
        self._one_writer = threading.Lock()
        try:
            with speaking_of(file), self._engine.connect() as connection:
                check_revision(connection, self._name)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """All that happens inside commits together, or not at all. Writers wait for each other."""
        with self._one_writer, writing(self._engine) as connection:
            check_revision(connection, self._name)
            yield SqlTransaction(connection, self._seal, self._holder)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """One consistent view; nothing can be changed."""
        with self._engine.connect() as connection, connection.begin():
            check_revision(connection, self._name)
            yield SqlTransaction(connection, self._seal, self._holder)

    def close(self) -> None:
        self._engine.dispose()
        self._holder.release()


@dataclass(frozen=True)
class Upgraded:
    """From which revision to which a store came. `copy` is the file as it was before, None if nothing was to do."""

    before: str
    after: str
    copy: Path | None


def make_store(file: Path) -> None:
    """Write an empty store at that place; ConfigError if something is there already."""
    if file.exists():
        raise ConfigError(f"{file} is there already", hint="choose an empty folder")
    file.touch(mode=0o600)
    engine = open_engine(file)
    with writing(engine) as connection:
        make_tables(connection)
    engine.dispose()


def upgrade_store(file: Path, seal: AddressSeal) -> Upgraded:
    """Bring the store to the newest revision, in one transaction. A copy of it is kept first.

    ConfigError if it is newer, moved or unreadable; StateError while a process serves the node.
    """
    engine, holder = open_engine(file), holder_of(file)
    holder.lock()
    try:
        with speaking_of(file), writing(engine) as connection:
            before = read_revision(connection)
            if before is None or before >= REVISION:
                check_revision(connection, file.name)
                return Upgraded(REVISION, REVISION, None)
            copy = _keep_copy(file, before)
            migrate(connection, seal)
        with engine.connect() as connection:
            # What the revision sealed must not stay readable in the write-ahead log.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Upgraded(before, REVISION, copy)
    finally:
        engine.dispose()
        holder.release()


def is_moved(file: Path) -> bool:
    """Whether this store was moved to another place, and is out of use."""
    engine = open_engine(file)
    try:
        with speaking_of(file), engine.connect() as connection:
            return read_revision(connection) == MOVED
    finally:
        engine.dispose()


def holder_of(file: Path) -> FileHolder:
    """Who may send from the store in that file."""
    return FileHolder(file.with_name("serving.lock"))


def open_engine(file: Path) -> Engine:
    """Connections to that file, as this store needs them. ConfigError if it is not there."""
    if not file.is_file():
        raise ConfigError(f"store {file.name} is not in {file.parent}", hint="make a node with `tocsin node init`")
    engine = create_engine(
        f"sqlite+pysqlite:///{file}", connect_args={"check_same_thread": False}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that has the write lock from its first moment."""
    with engine.connect().execution_options(tocsin_write=True) as connection:
        try:
            transaction = connection.begin()
        except OperationalError as error:
            raise StateError(
                f"the store cannot be written now: {error.orig}", hint="another process writes; try again"
            ) from None
        with transaction:
            yield connection


@contextmanager
def speaking_of(file: Path) -> Iterator[None]:
    """Turns what the driver says of a file that is no store into a ConfigError."""
    try:
        yield
    except DatabaseError as error:
        raise ConfigError(
            f"store {file} cannot be read: {error.orig}", hint="restore it from a backup; nothing was changed"
        ) from None


def _keep_copy(file: Path, revision: str) -> Path:
    """A copy of the last committed state beside the file, on the disk before anything is changed."""
    copy = file.with_name(f"{file.name}.{revision}")
    if copy.exists():
        raise ConfigError(f"{copy} is there already", hint="move it away: it would be the copy of this store")
    unfinished = copy.with_name(copy.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.rename(copy)
    return copy


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: _begin says when and how
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a read that turns into a write later could fail half-way.
    writes = connection.get_execution_options().get("tocsin_write")
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
