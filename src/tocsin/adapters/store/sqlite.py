"""The store in one SQLite file: any number of readers, one writer at a time."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from tocsin.adapters.store.holding import FileHolder
from tocsin.adapters.store.pool import Pool
from tocsin.adapters.store.revision import MOVED, REVISION, check_revision, make_tables, read_revision
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.sqlite_file import SqliteConnection, connect, reading, speaking_of, writing
from tocsin.adapters.store.transaction import SqlTransaction
from tocsin.errors import ConfigError


class SqliteStore:
    """Serves the desk's Store. `make_store` writes the tables, opening checks their revision."""

    is_at_hand = True

    def __init__(self, file: Path, seal: AddressSeal) -> None:
        self._name = file.name
        self._seal = seal
        self._writer = Pool(lambda: connect(file))
        self._readers = Pool(lambda: connect(file, read_only=True))
        self._holder = holder_of(file)
        self._one_writer = threading.Lock()
        try:
            with speaking_of(file), self.read():
                pass
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """All that happens inside commits together, or not at all. Writers wait for each other."""
        with self._one_writer, self._writer.lend() as connection, writing(connection):
            yield self._checked(connection)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """One consistent view; nothing can be changed."""
        with self._readers.lend() as connection, reading(connection):
            yield self._checked(connection)

    def close(self) -> None:
        self._readers.close()
        self._writer.close()
        self._holder.release()

    def _checked(self, connection: SqliteConnection) -> SqlTransaction:
        check_revision(connection, self._name)
        return SqlTransaction(connection, self._seal, self._holder)


class Upgraded(Struct, frozen=True):
    """From which revision to which a store came. `copy` is the file as it was before, None if nothing was to do."""

    before: str
    after: str
    copy: Path | None


def make_store(file: Path) -> None:
    """Write an empty store at that place; ConfigError if something is there already."""
    if file.exists():
        raise ConfigError(f"{file} is there already", hint="choose an empty folder")
    file.touch(mode=0o600)
    with closing(connect(file)) as connection, writing(connection):
        make_tables(connection)


def upgrade_store(file: Path, seal: AddressSeal) -> Upgraded:
    """Bring the store to the newest revision, in one transaction. A copy of it is kept first.

    ConfigError if it is newer, moved or unreadable; StateError while a process serves the node.
    """
    holder = holder_of(file)
    holder.lock()
    try:
        with speaking_of(file), closing(connect(file)) as connection:
            with writing(connection):
                before = read_revision(connection)
                if before is None or before >= REVISION:
                    check_revision(connection, file.name)
                    return Upgraded(REVISION, REVISION, None)
                copy = _keep_copy(file, before)
                _migrate(connection, seal)
            # What the revision sealed must not stay readable in the write-ahead log.
            connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return Upgraded(before, REVISION, copy)
    finally:
        holder.release()


def is_moved(file: Path) -> bool:
    """Whether this store was moved to another place, and is out of use."""
    with speaking_of(file), closing(connect(file, read_only=True)) as connection:
        return read_revision(connection) == MOVED


def holder_of(file: Path) -> FileHolder:
    """Who may send from the store in that file."""
    return FileHolder(file.with_name("serving.lock"))


def _migrate(connection: SqliteConnection, seal: AddressSeal) -> None:
    from tocsin.adapters.store.migrating import migrate  # SQLAlchemy and Alembic: nothing but an upgrade needs them

    migrate(connection, seal)


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
