"""People, venues and gatherings. An import replaces the row of the same id; what holds an address is sealed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, select

from tocsin.adapters.store.columns import put
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.tables import gathering, person, venue
from tocsin.target.register import Gathering, Person, Venue


class SqlRegister:
    """Serves the desk's RegisterStore."""

    def __init__(self, connection: Connection, seal: AddressSeal) -> None:
        self._connection = connection
        self._seal = seal

    def put_people(self, people: Iterable[Person]) -> int:
        return self._put_sealed(person, people)

    def put_venues(self, venues: Iterable[Venue]) -> int:
        return self._put_sealed(venue, venues)

    def put_gatherings(self, gatherings: Iterable[Gathering]) -> int:
        count = 0
        for one in gatherings:
            put(self._connection, gathering, {"id": one.id, "body": one})
            count += 1
        return count

    def people(self) -> tuple[Person, ...]:
        return self._open_all(person, Person)

    def venues(self) -> tuple[Venue, ...]:
        return self._open_all(venue, Venue)

    def gatherings(self) -> tuple[Gathering, ...]:
        query = select(gathering).order_by(gathering.c.id)
        return tuple(row.body for row in self._connection.execute(query))

    def _put_sealed(self, table: Table, rows: Iterable[Any]) -> int:
        count = 0
        for row in rows:
            put(
                self._connection,
                table,
                {"id": row.id, "sealed": self._seal.seal_record(row, f"{table.name} {row.id}")},
            )
            count += 1
        return count

    def _open_all(self, table: Table, kind: type[Any]) -> tuple[Any, ...]:
        rows = self._connection.execute(select(table).order_by(table.c.id))
        return tuple(self._seal.open_record(row.sealed, kind, f"{table.name} {row.id}") for row in rows)
