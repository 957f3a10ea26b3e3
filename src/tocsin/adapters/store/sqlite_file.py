"""Connections to one SQLite file: WAL, synchronous=FULL, the write lock from the first moment of a write."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tocsin.adapters.store.connection import Connection, Dialect, Row
from tocsin.desk.stores import Cell
from tocsin.errors import ConfigError, StateError

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "busy_timeout=10000")
_STATEMENTS = 256
"""So many are kept ready by the driver: more than the store has."""


class SqliteConnection(Connection):
    """Plain SQL on the driver of the standard library, which takes `:name` as it is."""

    dialect = Dialect.SQLITE

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.driver = driver

    def stream(self, sql: str) -> Iterator[Row]:
        """The driver fetches row by row."""
        for row in self.driver.execute(sql):  # noqa: UP028  # `yield from` would close the cursor, maybe after its file
            yield row

    def is_alive(self) -> bool:
        """A file does not hang up."""
        return True

    def close(self) -> None:
        """The last one to close empties the write-ahead log."""
        self.driver.close()

    def _execute(self, sql: str, values: Mapping[str, Cell]) -> Any:
        return self.driver.execute(sql, values)

    def _execute_many(self, sql: str, rows: Iterable[Mapping[str, Cell]]) -> None:
        self.driver.executemany(sql, rows)


def connect(file: Path, *, read_only: bool = False) -> SqliteConnection:
    """A connection to that file, as this store needs it. ConfigError if the file is not there."""
    if not file.is_file():
        raise ConfigError(f"store {file.name} is not in {file.parent}", hint="make a node with `tocsin node init`")
    # The driver must not begin by itself: `writing` and `reading` say when and how.
    driver = sqlite3.connect(file, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS)
    try:
        for pragma in (*_PRAGMAS, *(["query_only=ON"] if read_only else [])):
            driver.execute(f"PRAGMA {pragma}")
    except BaseException:
        driver.close()
        raise
    return SqliteConnection(driver)


@contextmanager
def writing(connection: SqliteConnection) -> Iterator[SqliteConnection]:
    """A transaction that has the write lock from its first moment: a read that turns into a write could fail half-way."""
    try:
        connection.driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise StateError(
            f"the store cannot be written now: {error}", hint="another process writes; try again"
        ) from None
    try:
        yield connection
        connection.driver.execute("COMMIT")
    finally:
        _undo(connection)


@contextmanager
def reading(connection: SqliteConnection) -> Iterator[SqliteConnection]:
    """One consistent view, from the first statement on."""
    connection.driver.execute("BEGIN")
    try:
        yield connection
    finally:
        _undo(connection)


@contextmanager
def speaking_of(file: Path) -> Iterator[None]:
    """Turns what the driver says of a file that is no store into a ConfigError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise ConfigError(
            f"store {file} cannot be read: {error}", hint="restore it from a backup; nothing was changed"
        ) from None


def _undo(connection: SqliteConnection) -> None:
    """Roll back what is not committed; after some faults SQLite has done so by itself."""
    if connection.driver.in_transaction:
        connection.driver.execute("ROLLBACK")
