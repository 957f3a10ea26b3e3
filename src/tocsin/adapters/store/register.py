"""People, venues and gatherings. An import replaces the row of the same id."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, select

from tocsin.adapters.store.columns import put
from tocsin.adapters.store.tables import gathering, person, venue
from tocsin.target.register import Gathering, Person, Venue


class SqlRegister:
    """Serves the desk's RegisterStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_people(self, people: Iterable[Person]) -> int:
        return self._put(person, people)

    def put_venues(self, venues: Iterable[Venue]) -> int:
        return self._put(venue, venues)

    def put_gatherings(self, gatherings: Iterable[Gathering]) -> int:
        return self._put(gathering, gatherings)

    def people(self) -> tuple[Person, ...]:
        return self._all(person)

    def venues(self) -> tuple[Venue, ...]:
        return self._all(venue)

    def gatherings(self) -> tuple[Gathering, ...]:
        return self._all(gathering)

    def _put(self, table: Table, rows: Iterable[Any]) -> int:
        count = 0
        for row in rows:
            put(self._connection, table, {"id": row.id, "body": row})
            count += 1
        return count

    def _all(self, table: Table) -> tuple[Any, ...]:
        return tuple(row.body for row in self._connection.execute(select(table).order_by(table.c.id)))
