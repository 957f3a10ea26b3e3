"""Every row as the database keeps it, whatever the table means: numbers, texts, bytes or nothing."""

from collections.abc import Iterator, Mapping, Sequence

from tocsin.adapters.store.columns import insert
from tocsin.adapters.store.connection import Connection
from tocsin.adapters.store.revision import read_revision
from tocsin.adapters.store.tables import all_rows, all_tables
from tocsin.desk.stores import Cell


class SqlRows:
    """Serves the desk's RowStore for every table of tables.sql; a table added there is in the next backup."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self) -> str:
        return str(read_revision(self._connection))

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        return {name: table.columns for name, table in all_tables().items()}

    def rows(self, table: str) -> Iterator[tuple[Cell, ...]]:
        return all_rows(self._connection, all_tables()[table])

    def add_rows(self, table: str, rows: Sequence[tuple[Cell, ...]]) -> None:
        names = all_tables()[table].columns
        self._connection.run_many(insert(table, names), (dict(zip(names, row, strict=True)) for row in rows))
