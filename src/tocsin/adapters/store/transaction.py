"""What one transaction of the store offers the desk, the same on both databases."""

from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from tocsin.adapters.store.cases import SqlCases
from tocsin.adapters.store.chase import SqlChase
from tocsin.adapters.store.columns import add_if_new
from tocsin.adapters.store.continuity import SqlContinuity
from tocsin.adapters.store.holding import Holder
from tocsin.adapters.store.house import SqlHouse
from tocsin.adapters.store.inbox import SqlInbox
from tocsin.adapters.store.log import SqlLog
from tocsin.adapters.store.outbox import SqlOutbox
from tocsin.adapters.store.quarantine import SqlQuarantine
from tocsin.adapters.store.register import SqlRegister
from tocsin.adapters.store.rows import SqlRows
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.tables import act
from tocsin.adapters.store.timers import SqlTimers


class SqlTransaction:
    """Serves the desk's Transaction on one connection."""

    def __init__(self, connection: Connection, seal: AddressSeal, holder: Holder) -> None:
        self._connection = connection
        self._seal = seal
        self._holder = holder

    @cached_property
    def log(self) -> SqlLog:
        return SqlLog(self._connection)

    @cached_property
    def cases(self) -> SqlCases:
        return SqlCases(self._connection)

    @cached_property
    def register(self) -> SqlRegister:
        return SqlRegister(self._connection, self._seal)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._connection, self._seal, self._holder)

    @cached_property
    def chase(self) -> SqlChase:
        return SqlChase(self._connection)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._connection)

    @cached_property
    def house(self) -> SqlHouse:
        return SqlHouse(self._connection, self._seal)

    @cached_property
    def quarantine(self) -> SqlQuarantine:
        return SqlQuarantine(self._connection, self._seal)

    @cached_property
    def continuity(self) -> SqlContinuity:
        return SqlContinuity(self._connection)

    @cached_property
    def rows(self) -> SqlRows:
        return SqlRows(self._connection)

    @cached_property
    def timers(self) -> SqlTimers:
        return SqlTimers(self._connection)

    def done(self, act_: str) -> Any | None:
        return self._connection.execute(select(act.c.result).where(act.c.key == act_)).scalar_one_or_none()

    def remember(self, act_: str, result: Any) -> None:
        add_if_new(self._connection, act, {"key": act_, "result": result})
