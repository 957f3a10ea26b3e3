"""Every row as the database keeps it, whatever the table means: numbers, texts, bytes or nothing."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnClause, Connection, TableClause, TypeDecorator, column, select, table, text

from tocsin.adapters.store.tables import metadata
from tocsin.desk.stores import Cell

_ROWS_AT_ONCE = 1000


class SqlRows:
    """Serves the desk's RowStore for every table of tables.py; a table added there is in the next backup."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self) -> str:
        found: str = self._connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        return found

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        return {one.name: tuple(one.c.keys()) for one in metadata.sorted_tables}

    def rows(self, table_: str) -> Iterator[tuple[Cell, ...]]:
        keys: list[ColumnClause[Cell]] = [column(key.name) for key in metadata.tables[table_].primary_key]
        query = select(_plain(table_)).order_by(*keys)
        streamed = self._connection.execution_options(yield_per=_ROWS_AT_ONCE)
        for row in streamed.execute(query):
            yield tuple(row)

    def add_rows(self, table_: str, rows: Sequence[tuple[Cell, ...]]) -> None:
        plain = _plain(table_)
        names = plain.c.keys()
        self._connection.execute(plain.insert(), [dict(zip(names, row, strict=True)) for row in rows])


def _plain(name: str) -> TableClause:
    """The table with the types of the database in place of ours: what is read is what stands there."""
    columns = metadata.tables[name].c
    plain = [one.type.impl_instance if isinstance(one.type, TypeDecorator) else one.type for one in columns]
    return table(name, *(column(one.name, kind) for one, kind in zip(columns, plain, strict=True)))
