"""What tables a store has: the statements that make them, and every row of each as the database keeps it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

from tocsin.adapters.store.columns import listed
from tocsin.adapters.store.connection import Connection, Dialect
from tocsin.core.data import package_file
from tocsin.desk.stores import Cell

_BYTES = {Dialect.SQLITE: "BLOB", Dialect.POSTGRESQL: "BYTEA"}
_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\)", re.DOTALL)
_COLUMN = re.compile(r'^  "?(\w+)"? (TEXT|INTEGER|BIGINT|BOOLEAN|BYTES)\b', re.MULTILINE)
_KEY = re.compile(r"PRIMARY KEY \(([^)]*)\)")


class Table(Struct, frozen=True):
    """The columns of a table in their order, those of its key, and those that are true or false."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    booleans: frozenset[int]
    """By their number: SQLite keeps 0 and 1 there."""


def table_statements(dialect: Dialect) -> tuple[str, ...]:
    """What makes all tables and indexes of an empty store."""
    text = re.sub(r"\bBYTES\b", _BYTES[dialect], re.sub(r"--.*", "", _text()))
    return tuple(one for part in text.split(";") if (one := part.strip()))


@cache
def all_tables() -> Mapping[str, Table]:
    """Every table by its name; one that is added to tables.sql is in the next backup and the next move."""
    return {name: _table(name, body) for name, body in _TABLE.findall(_text())}


def all_rows(connection: Connection, table: Table) -> Iterator[tuple[Cell, ...]]:
    """All rows in order of their key, each value as it is kept: texts, numbers and bytes, not the records made of them."""
    statement = f"SELECT {listed(table.columns)} FROM {table.name} ORDER BY {listed(table.key)}"  # noqa: S608  # all are from tables.sql
    for row in connection.stream(statement):
        if table.booleans:
            yield tuple(bool(cell) if number in table.booleans else cell for number, cell in enumerate(row))
        else:
            yield row


def _text() -> str:
    return package_file("adapters.store", "tables.sql").decode()


def _table(name: str, body: str) -> Table:
    columns = _COLUMN.findall(body)
    (key,) = _KEY.findall(body)
    return Table(
        name=name,
        columns=tuple(column for column, _ in columns),
        key=tuple(one.strip(' "') for one in key.split(",")),
        booleans=frozenset(number for number, (_, kind) in enumerate(columns) if kind == "BOOLEAN"),
    )
