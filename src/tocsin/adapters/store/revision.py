"""At which revision a store is, and whether this version can work with it."""

from tocsin.adapters.store.connection import Connection
from tocsin.adapters.store.tables import table_statements
from tocsin.errors import ConfigError

REVISION = "0013"
"""Newest Alembic revision; a test compares it, and the tables it makes, with tables.sql."""

ARRIVING = "arriving"
"""A store that another one is being copied into. Nobody opens it before the other one is out of use."""

MOVED = "moved"
"""A store that was copied to another place and is out of use for ever: two of one node would fork its log."""

_MAKE = """
    CREATE TABLE alembic_version (
      version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    )
"""


def make_tables(connection: Connection, revision: str = REVISION) -> None:
    """All tables of an empty store, at the newest revision."""
    for statement in table_statements(connection.dialect):
        connection.run(statement)
    connection.run(_MAKE)
    connection.run("INSERT INTO alembic_version VALUES (:revision)", revision=revision)


def read_revision(connection: Connection) -> str | None:
    """The revision as it stands in the store."""
    found: str | None = connection.value("SELECT version_num FROM alembic_version")
    return found


def set_revision(connection: Connection, revision: str) -> None:
    """Mark the store, without changing its tables."""
    connection.run("UPDATE alembic_version SET version_num = :revision", revision=revision)


def check_revision(connection: Connection, name: str) -> None:
    """ConfigError unless the store is at the newest revision. Asked in every transaction: a store may be upgraded or moved
    while a process has it open, and that process must not write what the others no longer read.
    """
    found = read_revision(connection)
    if found == REVISION:
        return
    if found == MOVED:
        raise ConfigError(f"store {name} was moved and is out of use", hint="tocsin.toml names the new one (key store)")
    if found == ARRIVING:
        raise ConfigError(
            f"store {name} is one half of a move that was cut off",
            hint="the node's SQLite file is still the store; empty the database and move again",
        )
    if found is None or found < REVISION:
        raise ConfigError(
            f"store {name} is at revision {found!r}, this version expects {REVISION!r}",
            hint="stop the node, then `tocsin node upgrade`",
        )
    raise ConfigError(
        f"store {name} is at revision {found!r}, this version knows none after {REVISION!r}",
        hint="install the version of tocsin that wrote it, or a later one",
    )
