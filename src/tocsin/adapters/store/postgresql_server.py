"""Connections to one PostgreSQL database, and what it must be to hold a store."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from re import compile as pattern
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import Error, IsolationLevel, errors, sql
from psycopg.conninfo import conninfo_to_dict

from tocsin.adapters.store.connection import Connection, Dialect, Row
from tocsin.desk.stores import Cell
from tocsin.errors import ConfigError

OLDEST_SERVER = 15
WRITER_LOCK = 0x746F6373696E  # "tocsin": the advisory lock of the one writer
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE = (
    "-c synchronous_commit=on "  # what was acknowledged survives a power cut
    "-c idle_in_transaction_session_timeout=300s "  # a stopped process must not keep all writers out
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"  # a lost host frees its claims
)
_READ_ONLY = " -c default_transaction_read_only=on"
_ROWS_AT_ONCE = 5000
_NAME = pattern(r"(?<!:):([a-z]\w*)")  # not the second half of a cast, `::int`


class PostgresqlConnection(Connection):
    """Plain SQL on psycopg, which prepares what it is asked again. What it says of errors holds no values of rows."""

    dialect = Dialect.POSTGRESQL

    def __init__(self, driver: "psycopg.Connection[Row]") -> None:
        self.driver = driver

    def stream(self, sql: str) -> Iterator[Row]:
        """A cursor of the server, inside a transaction; so many rows come at a time."""
        with self.driver.cursor("stream") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            yield from cursor.execute(_translated(sql))

    def copy_in(self, table: str, names: Iterable[str], rows: Iterable[Row]) -> None:
        """Add these rows, the fastest way there is."""
        listed = sql.SQL(", ").join(map(sql.Identifier, names))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed)
        with self.driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def is_alive(self) -> bool:
        """Asks the server, which may have been restarted since."""
        try:
            self.driver.execute("SELECT 1")
        except Error:
            return False
        return True

    def close(self) -> None:
        """The server lets go of what this session holds."""
        self.driver.close()

    def _execute(self, sql: str, values: Mapping[str, Cell]) -> Any:
        try:
            return self.driver.execute(_translated(sql), values)
        except Error as error:
            raise _without_values(error) from None

    def _execute_many(self, sql: str, rows: Iterable[Mapping[str, Cell]]) -> None:
        try:
            with self.driver.cursor() as cursor:
                cursor.executemany(_translated(sql), rows)
        except Error as error:
            raise _without_values(error) from None


def connect(url: str, *, read_only: bool = False) -> PostgresqlConnection:
    """A connection to that database, as this store needs it; the server is asked when it is opened."""
    options = _SAFE + (_READ_ONLY if read_only else "")
    driver = psycopg.connect(**parameters(url), options=options, client_encoding="utf8", autocommit=True)
    if read_only:
        driver.isolation_level = IsolationLevel.REPEATABLE_READ
    return PostgresqlConnection(driver)


def parameters(url: str) -> dict[str, Any]:
    """What the URL says of the way to the database, and that over a network the server must prove who it is."""
    if not url.startswith("postgresql://"):
        raise _no_url()
    try:
        found = conninfo_to_dict(url)
    except Error:  # what it says may quote the password
        raise _no_url() from None
    if found.get("host") not in _LOOPBACK:
        # By itself libpq falls back to plain text over a network; at a socket of this machine it ignores the mode.
        found.setdefault("sslmode", "verify-full")
    return {name: value for name, value in found.items() if name != "options"}


@contextmanager
def writing(connection: PostgresqlConnection) -> Iterator[PostgresqlConnection]:
    """The transaction of the one writer: all others wait, in every process, until it ends.

    At READ COMMITTED each statement sees all that was committed before it, so also what the writer before us wrote; at a
    higher level the view would be the one from before the wait.
    """
    with connection.driver.transaction():
        connection.value("SELECT pg_advisory_xact_lock(:key)", key=WRITER_LOCK)
        yield connection


@contextmanager
def reading(connection: PostgresqlConnection) -> Iterator[PostgresqlConnection]:
    """One consistent view, from the first statement on, if the connection is `read_only`."""
    with connection.driver.transaction():
        yield connection


@contextmanager
def speaking_of(name: str) -> Iterator[None]:
    """Turns a server that is away, or a database that is no store, into a ConfigError without password."""
    try:
        yield
    except (errors.OperationalError, errors.InterfaceError) as error:
        raise ConfigError(
            f"store {name} does not answer: {first_line(error)}", hint="is the server up, and the key store right?"
        ) from None
    except errors.UndefinedTable as error:
        raise ConfigError(
            f"database {name} holds no store: {first_line(error)}", hint="move a node there with `tocsin node move`"
        ) from None


_SERVER = """
    SELECT current_setting('server_version_num')::int / 10000, current_setting('fsync'),
      datlocprovider::text || '/' || datcollate, pg_encoding_to_char(encoding)
    FROM pg_database WHERE datname = current_database()
"""


def check_server(connection: Connection, name: str) -> None:
    """ConfigError unless server and database keep what we need: version, byte order of texts, UTF-8, writes to the disk."""
    ((version, fsync, collation, encoding),) = connection.rows(_SERVER)
    if version < OLDEST_SERVER:
        raise ConfigError(f"store {name} is on PostgreSQL {version}, expected {OLDEST_SERVER} or later")
    if fsync != "on":
        raise ConfigError(f"store {name} has fsync {fsync!r}, expected 'on': a power cut would lose warnings")
    if (collation, encoding) not in {("c/C", "UTF8"), ("c/POSIX", "UTF8")}:
        raise ConfigError(
            f"store {name} has collation {collation!r} and encoding {encoding!r}, expected 'c/C' and 'UTF8'",
            hint="CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER libc",
        )


def check_empty(connection: Connection, name: str) -> None:
    """ConfigError unless the database has no table at all, and is one we can use."""
    check_server(connection, name)
    tables = connection.value("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
    if tables:
        raise ConfigError(
            f"database {name} holds {tables} tables, expected none",
            hint="name an empty database; what a move that was cut off left there has never been in use",
        )


def shown(url: str) -> str:
    """The URL as it may be shown: without password."""
    try:
        found = urlsplit(url)
    except ValueError:
        raise _no_url() from None
    user, at, host = found.netloc.rpartition("@")
    return f"postgresql://{user.partition(':')[0]}{at}{host}{found.path}"


def first_line(error: Error) -> str:
    """What the server says first; its detail may hold values of a row."""
    return error.diag.message_primary or str(error).partition("\n")[0]


def _without_values(error: Error) -> Error:
    """A violated constraint names the values of the row in its detail; the message alone does not."""
    return type(error)(first_line(error))


def _no_url() -> ConfigError:
    return ConfigError("key store is no postgresql:// URL", hint="postgresql://USER@HOST/DATABASE")


@lru_cache(maxsize=1024)
def _translated(statement: str) -> bytes:
    """`:name` as psycopg has it. In bytes: then it need not be told that the text is none that was put together."""
    return _NAME.sub(r"%(\1)s", statement.replace("%", "%%")).encode()
