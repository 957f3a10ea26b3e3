"""What is due when: one row per kind and subject, ordered by time."""

from collections.abc import Collection
from datetime import datetime

from tocsin.adapters.store.columns import Columns, expanded, instant, micros, put
from tocsin.adapters.store.connection import Connection
from tocsin.desk.records import Timer, TimerKind

TIMER = Columns(Timer)

_SET = put("timer", TIMER.names, key=("kind", "subject"))
_CLEAR = "DELETE FROM timer WHERE kind = :kind AND subject = :subject"
_DUE = TIMER.select("FROM timer WHERE due <= :at AND kind IN (:kinds) ORDER BY due, kind, subject LIMIT :limit")
_NEXT_DUE = "SELECT min(due) FROM timer"


class SqlTimers:
    """Serves the desk's TimerStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, timer: Timer) -> None:
        self._connection.run(_SET, **TIMER.cells(timer))

    def clear(self, kind: TimerKind, subject: str) -> None:
        self._connection.run(_CLEAR, kind=kind.value, subject=subject)

    def due(self, at: datetime, kinds: Collection[TimerKind], limit: int) -> tuple[Timer, ...]:
        if not kinds:
            return ()
        statement, values = expanded(_DUE, kinds=[kind.value for kind in kinds])
        return TIMER.records(self._connection.rows(statement, at=micros(at), limit=limit, **values))

    def next_due(self) -> datetime | None:
        due = self._connection.value(_NEXT_DUE)
        return None if due is None else instant(due)
