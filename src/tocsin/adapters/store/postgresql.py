"""The store in a PostgreSQL database: any number of processes, one writer at a time over all of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Error as DriverError
from psycopg import errors
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from tocsin.adapters.store.holding import SessionHolder
from tocsin.adapters.store.revision import REVISION, check_revision, make_tables, migrate, read_revision
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.transaction import SqlTransaction
from tocsin.errors import ConfigError

OLDEST_SERVER = 15
WRITER_LOCK = 0x746F6373696E  # "tocsin": the advisory lock of the one writer
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE = (
    "-c synchronous_commit=on "  # what was acknowledged survives a power cut
    "-c idle_in_transaction_session_timeout=300s "  # a stopped process must not keep all writers out
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"  # a lost host frees its claims
)


class PostgresqlStore:
    """Serves the desk's Store. `make_database` writes the tables, opening checks their revision and the server."""

    def __init__(self, url: str, seal: AddressSeal) -> None:
        self._name = shown(url)
        self._seal = seal
        self._holder = SessionHolder()
        # The session of the one writing connection is what holds our claims (see holding.py).
        self._writer = open_engine(url, pool_size=1, max_overflow=0)
        self._readers = open_engine(url, isolation_level="REPEATABLE READ", read_only=True)
        self._one_writer = threading.Lock()
        try:
            with speaking_of(self._name), self._readers.begin() as connection:
                check_server(connection, self._name)
                check_revision(connection, self._name)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """All that happens inside commits together, or not at all. Writers of all processes wait for each other."""
        with self._one_writer, speaking_of(self._name), writing(self._writer) as connection:
            check_revision(connection, self._name)
            yield SqlTransaction(connection, self._seal, self._holder)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """One consistent view; nothing can be changed."""
        with speaking_of(self._name), self._readers.begin() as connection:
            check_revision(connection, self._name)
            yield SqlTransaction(connection, self._seal, self._holder)

    def close(self) -> None:
        self._writer.dispose()
        self._readers.dispose()


def make_database(url: str) -> None:
    """Write the tables of an empty store into an empty database; ConfigError if something is there already."""
    engine, name = open_engine(url), shown(url)
    try:
        with speaking_of(name), writing(engine) as connection:
            check_empty(connection, name)
            make_tables(connection)
    finally:
        engine.dispose()


def upgrade_database(url: str, seal: AddressSeal) -> tuple[str, str]:
    """Bring the database to the newest revision in one transaction; gives the revision before and after."""
    engine, name = open_engine(url), shown(url)
    try:
        with speaking_of(name), writing(engine) as connection:
            before = read_revision(connection)
            if before is None or before >= REVISION:
                check_revision(connection, name)
                return REVISION, REVISION
            migrate(connection, seal)
            return before, REVISION
    finally:
        engine.dispose()


def open_engine(url: str, *, read_only: bool = False, **options: Any) -> Engine:
    """Connections to that database, as this store needs them. What they say of errors holds no values of rows."""
    engine = create_engine(
        _driver_url(url),
        connect_args={
            "options": _SAFE + (" -c default_transaction_read_only=on" if read_only else ""),
            "client_encoding": "utf8",
        },
        pool_pre_ping=True,
        hide_parameters=True,
        **options,
    )
    event.listen(engine, "handle_error", _hide_values)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The transaction of the one writer: all others wait, in every process, until it ends.

    At READ COMMITTED each statement sees all that was committed before it, so also what the writer before us wrote; at a
    higher level the view would be the one from before the wait.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
        yield connection


@contextmanager
def speaking_of(name: str) -> Iterator[None]:
    """Turns a server that is away, or a database that is no store, into a ConfigError without password."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise ConfigError(
            f"store {name} does not answer: {_first_line(error.orig)}",
            hint="is the server up, and the key store right?",
        ) from None
    except ProgrammingError as error:
        if not isinstance(error.orig, errors.UndefinedTable):
            raise
        raise ConfigError(
            f"database {name} holds no store: {_first_line(error.orig)}",
            hint="move a node there with `tocsin node move`",
        ) from None


def check_server(connection: Connection, name: str) -> None:
    """ConfigError unless server and database keep what we need: version, byte order of texts, UTF-8, writes to the disk."""
    query = text(
        "SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync,"
        " datlocprovider::text || '/' || datcollate AS collation, pg_encoding_to_char(encoding) AS encoding"
        " FROM pg_database WHERE datname = current_database()"
    )
    found = connection.execute(query).one()
    if found.version < OLDEST_SERVER:
        raise ConfigError(f"store {name} is on PostgreSQL {found.version}, expected {OLDEST_SERVER} or later")
    if found.fsync != "on":
        raise ConfigError(f"store {name} has fsync {found.fsync!r}, expected 'on': a power cut would lose warnings")
    if (found.collation, found.encoding) not in {("c/C", "UTF8"), ("c/POSIX", "UTF8")}:
        raise ConfigError(
            f"store {name} has collation {found.collation!r} and encoding {found.encoding!r}, expected 'c/C' and 'UTF8'",
            hint="CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER libc",
        )


def check_empty(connection: Connection, name: str) -> None:
    """ConfigError unless the database has no table at all, and is one we can use."""
    check_server(connection, name)
    tables = inspect(connection).get_table_names()
    if tables:
        raise ConfigError(
            f"database {name} holds {len(tables)} tables, expected none",
            hint="name an empty database; what a move that was cut off left there has never been in use",
        )


def shown(url: str) -> str:
    """The URL as it may be shown: without password."""
    return _driver_url(url).set(drivername="postgresql", password=None, query={}).render_as_string()


def _driver_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("key store is no postgresql:// URL", hint="postgresql://USER@HOST/DATABASE") from None
    host = parsed.host or parsed.query.get("host")
    if host not in _LOOPBACK and "sslmode" not in parsed.query:
        # By itself libpq falls back to plain text over a network; at a socket of this machine it ignores the mode.
        parsed = parsed.update_query_dict({"sslmode": "verify-full"})
    return parsed.set(drivername="postgresql+psycopg")


def _hide_values(context: ExceptionContext) -> None:
    """A violated constraint names the values of the row in its detail; the message alone does not."""
    found = context.original_exception
    if isinstance(found, errors.IntegrityError):
        raise IntegrityError(context.statement, None, type(found)(_first_line(found)), hide_parameters=True)


def _first_line(error: BaseException | None) -> str:
    primary = error.diag.message_primary if isinstance(error, DriverError) else None
    return primary or str(error).partition("\n")[0]
