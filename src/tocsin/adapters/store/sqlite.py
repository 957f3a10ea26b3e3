"""The store in one SQLite file: WAL, synchronous=FULL, one writer at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError

from tocsin.adapters.store.cases import SqlCases
from tocsin.adapters.store.chase import SqlChase
from tocsin.adapters.store.columns import add_if_new
from tocsin.adapters.store.inbox import SqlInbox
from tocsin.adapters.store.log import SqlLog
from tocsin.adapters.store.outbox import SqlOutbox
from tocsin.adapters.store.register import SqlRegister
from tocsin.adapters.store.tables import act, metadata
from tocsin.adapters.store.timers import SqlTimers
from tocsin.errors import ConfigError

REVISION = "0001"
"""Newest Alembic revision; a test compares it and the tables it makes with tables.py."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "busy_timeout=10000")


class SqlTransaction:
    """Serves the desk's Transaction on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def log(self) -> SqlLog:
        return SqlLog(self._connection)

    @cached_property
    def cases(self) -> SqlCases:
        return SqlCases(self._connection)

    @cached_property
    def register(self) -> SqlRegister:
        return SqlRegister(self._connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._connection)

    @cached_property
    def chase(self) -> SqlChase:
        return SqlChase(self._connection)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._connection)

    @cached_property
    def timers(self) -> SqlTimers:
        return SqlTimers(self._connection)

    def done(self, act_: str) -> Any | None:
        return self._connection.execute(select(act.c.result).where(act.c.key == act_)).scalar_one_or_none()

    def remember(self, act_: str, result: Any) -> None:
        add_if_new(self._connection, act, {"key": act_, "result": result})


class SqliteStore:
    """Serves the desk's Store. `make_store` writes the tables, opening checks their revision."""

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            raise ConfigError(f"store {file.name} is not in {file.parent}", hint="make a node with `tocsin node init`")
        self._engine = create_engine(f"sqlite+pysqlite:///{file}", connect_args={"check_same_thread": False})
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        self._one_writer = threading.Lock()
        self._check_revision(file)

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """All that happens inside commits together, or not at all. Writers wait for each other."""
        with (
            self._one_writer,
            self._engine.connect().execution_options(tocsin_write=True) as connection,
            connection.begin(),
        ):
            yield SqlTransaction(connection)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """One consistent view; nothing can be changed."""
        with self._engine.connect() as connection, connection.begin():
            yield SqlTransaction(connection)

    def close(self) -> None:
        self._engine.dispose()

    def _check_revision(self, file: Path) -> None:
        try:
            with self._engine.connect() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        except DatabaseError as error:
            raise ConfigError(
                f"store {file} cannot be read: {error.orig}", hint="restore it from a backup; nothing was changed"
            ) from None
        if found != REVISION:
            raise ConfigError(f"store {file} is at revision {found!r}, this version expects {REVISION!r}")


def make_store(file: Path) -> None:
    """Write an empty store at that place; ConfigError if something is there already."""
    if file.exists():
        raise ConfigError(f"{file} is there already", hint="choose an empty folder")
    file.touch(mode=0o600)
    engine = create_engine(f"sqlite+pysqlite:///{file}")
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    with engine.connect().execution_options(tocsin_write=True) as connection, connection.begin():
        metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
    engine.dispose()


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: _begin says when and how
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a read that turns into a write later could fail half-way.
    writes = connection.get_execution_options().get("tocsin_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
