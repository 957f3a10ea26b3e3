"""The store in a PostgreSQL database: any number of processes, one writer at a time over all of them."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tocsin.adapters.store.holding import SessionHolder
from tocsin.adapters.store.pool import Pool
from tocsin.adapters.store.postgresql_server import (
    PostgresqlConnection,
    check_empty,
    check_server,
    connect,
    reading,
    shown,
    speaking_of,
    writing,
)
from tocsin.adapters.store.revision import REVISION, check_revision, make_tables, read_revision
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.transaction import SqlTransaction


class PostgresqlStore:
    """Serves the desk's Store. `make_database` writes the tables, opening checks their revision and the server."""

    is_at_hand = False

    def __init__(self, url: str, seal: AddressSeal) -> None:
        self._name = shown(url)
        self._seal = seal
        self._holder = SessionHolder()
        # The lock makes it one: the session of the one writing connection is what holds our claims (see holding.py).
        self._writer = Pool(lambda: connect(url))
        self._readers = Pool(lambda: connect(url, read_only=True))
        self._one_writer = threading.Lock()
        try:
            with speaking_of(self._name), self._readers.lend() as connection, reading(connection):
                check_server(connection, self._name)
                self._checked(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """All that happens inside commits together, or not at all. Writers of all processes wait for each other."""
        with self._one_writer, speaking_of(self._name), self._writer.lend() as connection, writing(connection):
            yield self._checked(connection)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """One consistent view; nothing can be changed."""
        with speaking_of(self._name), self._readers.lend() as connection, reading(connection):
            yield self._checked(connection)

    def close(self) -> None:
        self._writer.close()
        self._readers.close()

    def _checked(self, connection: PostgresqlConnection) -> SqlTransaction:
        check_revision(connection, self._name)
        return SqlTransaction(connection, self._seal, self._holder)


def make_database(url: str) -> None:
    """Write the tables of an empty store into an empty database; ConfigError if something is there already."""
    name = shown(url)
    with speaking_of(name), closing(connect(url)) as connection, writing(connection):
        check_empty(connection, name)
        make_tables(connection)


def upgrade_database(url: str, seal: AddressSeal) -> tuple[str, str]:
    """Bring the database to the newest revision in one transaction; gives the revision before and after."""
    name = shown(url)
    with speaking_of(name), closing(connect(url)) as connection, writing(connection):
        before = read_revision(connection)
        if before is None or before >= REVISION:
            check_revision(connection, name)
            return REVISION, REVISION
        from tocsin.adapters.store.migrating import migrate  # SQLAlchemy and Alembic: nothing but an upgrade needs them

        migrate(connection, seal)
        return before, REVISION
