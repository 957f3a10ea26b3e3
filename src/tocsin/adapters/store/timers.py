"""What is due when: one row per kind and subject, ordered by time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from tocsin.adapters.store.columns import put, record_row
from tocsin.adapters.store.tables import timer
from tocsin.desk.records import Timer, TimerKind


class SqlTimers:
    """Serves the desk's TimerStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, timer_: Timer) -> None:
        put(self._connection, timer, record_row(timer_))

    def clear(self, kind: TimerKind, subject: str) -> None:
        self._connection.execute(delete(timer).where(timer.c.kind == kind, timer.c.subject == subject))

    def due(self, at: datetime, kinds: Collection[TimerKind], limit: int) -> tuple[Timer, ...]:
        query = (
            select(timer)
            .where(timer.c.due <= at, timer.c.kind.in_(kinds))
            .order_by(timer.c.due, timer.c.kind, timer.c.subject)
            .limit(limit)
        )
        return tuple(Timer(**row._mapping) for row in self._connection.execute(query))

    def next_due(self) -> datetime | None:
        due: datetime | None = self._connection.execute(select(func.min(timer.c.due))).scalar_one()
        return due
