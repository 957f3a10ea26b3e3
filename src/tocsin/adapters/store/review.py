"""Incidents and warnings of others, as they were imported, and what people ruled on verdicts."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from tocsin.adapters.store.columns import Columns, dump, insert, load, micros
from tocsin.adapters.store.connection import Connection
from tocsin.desk.records import KeptRuling
from tocsin.desk.stores import Cell
from tocsin.errors import NotFoundError, StateError
from tocsin.review.incident import Incident
from tocsin.review.matching import ReviewedWarning

RULING = Columns(KeptRuling)

_ADD = insert("imported", ("kind", "id", "source", "at", "body"))
_OF_SOURCE = "SELECT id, body FROM imported WHERE kind = :kind AND source = :source"
_ONE = "SELECT body FROM imported WHERE kind = :kind AND id = :id"
_BETWEEN = "SELECT body FROM imported WHERE kind = :kind AND at >= :first AND at < :last ORDER BY at, id"
_COUNT = "SELECT source, count(*) FROM imported WHERE kind = :kind GROUP BY source ORDER BY source"
_ADD_RULING = insert("ruling", RULING.names)
_RULINGS = RULING.select("FROM ruling WHERE incident = :incident ORDER BY warning, number")

_INCIDENT, _WARNING = "incident", "warning"
_R = TypeVar("_R", Incident, ReviewedWarning)


class SqlReview:
    """Serves the desk's ReviewStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_incidents(self, incidents: Sequence[Incident]) -> int:
        return self._add(_INCIDENT, Incident, [(one, one.start) for one in incidents])

    def add_foreign_warnings(self, warnings: Sequence[ReviewedWarning]) -> int:
        return self._add(_WARNING, ReviewedWarning, [(one, one.issued) for one in warnings])

    def imported_incident(self, incident: str) -> Incident:
        return self._one(_INCIDENT, Incident, incident)

    def foreign_warning(self, warning: str) -> ReviewedWarning:
        return self._one(_WARNING, ReviewedWarning, warning)

    def imported_incidents(self, first: datetime, last: datetime) -> tuple[Incident, ...]:
        return self._between(_INCIDENT, Incident, first, last)

    def foreign_warnings(self, first: datetime, last: datetime) -> tuple[ReviewedWarning, ...]:
        return self._between(_WARNING, ReviewedWarning, first, last)

    def count_imported(self) -> tuple[tuple[str, str, int], ...]:
        return tuple(
            (kind, source, count)
            for kind in (_INCIDENT, _WARNING)
            for source, count in self._connection.rows(_COUNT, kind=kind)
        )

    def add_ruling(self, ruling: KeptRuling) -> None:
        self._connection.run(_ADD_RULING, **RULING.cells(ruling))

    def rulings(self, incident: str) -> tuple[KeptRuling, ...]:
        return RULING.records(self._connection.rows(_RULINGS, incident=incident))

    def _add(self, kind: str, record: type[_R], records: Sequence[tuple[_R, datetime]]) -> int:
        here: dict[str, str] = {}
        for source in sorted({_source(one.id) for one, _ in records}):
            here |= dict(self._connection.rows(_OF_SOURCE, kind=kind, source=source))
        new: list[dict[str, Cell]] = []
        for one, at in records:
            body = dump(one)
            if one.id not in here:
                new.append({"kind": kind, "id": one.id, "source": _source(one.id), "at": micros(at), "body": body})
            # A record may have got a field since that row was written: what counts is what it says.
            elif here[one.id] != body and load(here[one.id], record) != one:
                raise StateError(
                    f"{kind} {one.id} is here with other facts than the file has",
                    hint="nothing of the file was imported",
                )
        return self._connection.run_many(_ADD, new) if new else 0

    def _one(self, kind: str, record: type[_R], name: str) -> _R:
        body = self._connection.value(_ONE, kind=kind, id=name)
        if body is None:
            raise NotFoundError(f"no {kind} {name!r} here", hint="see `tocsin match sources`")
        return load(body, record)

    def _between(self, kind: str, record: type[_R], first: datetime, last: datetime) -> tuple[_R, ...]:
        rows = self._connection.rows(_BETWEEN, kind=kind, first=micros(first), last=micros(last))
        return tuple(load(body, record) for (body,) in rows)


def _source(name: str) -> str:
    return name.partition(":")[0]
