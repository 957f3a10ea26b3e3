"""People, venues and gatherings. An import replaces the row of the same id; what holds an address is sealed."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tocsin.adapters.store.columns import dump, load, put
from tocsin.adapters.store.connection import Connection
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.desk.stores import Cell
from tocsin.target.register import Gathering, Person, Venue

_PUT_PERSON = put("person", ("id", "sealed"), key=("id",))
_PUT_VENUE = put("venue", ("id", "sealed"), key=("id",))
_PUT_GATHERING = put("gathering", ("id", "body"), key=("id",))
_PEOPLE = "SELECT id, sealed FROM person ORDER BY id"
_VENUES = "SELECT id, sealed FROM venue ORDER BY id"
_GATHERINGS = "SELECT body FROM gathering ORDER BY id"

P = TypeVar("P", Person, Venue)


class SqlRegister:
    """Serves the desk's RegisterStore."""

    def __init__(self, connection: Connection, seal: AddressSeal) -> None:
        self._connection = connection
        self._seal = seal

    def put_people(self, people: Iterable[Person]) -> int:
        return self._put_sealed(_PUT_PERSON, "person", people)

    def put_venues(self, venues: Iterable[Venue]) -> int:
        return self._put_sealed(_PUT_VENUE, "venue", venues)

    def put_gatherings(self, gatherings: Iterable[Gathering]) -> int:
        rows = ({"id": one.id, "body": dump(one)} for one in gatherings)
        return self._connection.run_many(_PUT_GATHERING, rows)

    def people(self) -> tuple[Person, ...]:
        return self._open_all(_PEOPLE, "person", Person)

    def venues(self) -> tuple[Venue, ...]:
        return self._open_all(_VENUES, "venue", Venue)

    def gatherings(self) -> tuple[Gathering, ...]:
        return tuple(load(body, Gathering) for (body,) in self._connection.rows(_GATHERINGS))

    def _put_sealed(self, statement: str, noun: str, records: Iterable[Person] | Iterable[Venue]) -> int:
        def sealed() -> Iterator[dict[str, Cell]]:
            for one in records:
                yield {"id": one.id, "sealed": self._seal.seal_record(one, f"{noun} {one.id}")}

        return self._connection.run_many(statement, sealed())

    def _open_all(self, statement: str, noun: str, kind: type[P]) -> tuple[P, ...]:
        rows = self._connection.rows(statement)
        return tuple(self._seal.open_record(sealed, kind, f"{noun} {id_}") for id_, sealed in rows)
