"""What one transaction of the store offers the desk, the same on both databases."""

import json
from functools import cached_property
from typing import Any

from tocsin.adapters.store.cases import SqlCases
from tocsin.adapters.store.chase import SqlChase
from tocsin.adapters.store.columns import dump_plain, insert_if_new
from tocsin.adapters.store.connection import Connection
from tocsin.adapters.store.continuity import SqlContinuity
from tocsin.adapters.store.holding import Holder
from tocsin.adapters.store.house import SqlHouse
from tocsin.adapters.store.inbox import SqlInbox
from tocsin.adapters.store.lessons import SqlLessons
from tocsin.adapters.store.log import SqlLog
from tocsin.adapters.store.matters import SqlMatters
from tocsin.adapters.store.outbox import SqlOutbox
from tocsin.adapters.store.quarantine import SqlQuarantine
from tocsin.adapters.store.register import SqlRegister
from tocsin.adapters.store.review import SqlReview
from tocsin.adapters.store.rows import SqlRows
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.timers import SqlTimers

_DONE = "SELECT result FROM act WHERE key = :key"
_REMEMBER = insert_if_new("act", ("key", "result"), key="key")


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
    def matters(self) -> SqlMatters:
        return SqlMatters(self._connection)

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
    def review(self) -> SqlReview:
        return SqlReview(self._connection)

    @cached_property
    def lessons(self) -> SqlLessons:
        return SqlLessons(self._connection)

    @cached_property
    def rows(self) -> SqlRows:
        return SqlRows(self._connection)

    @cached_property
    def timers(self) -> SqlTimers:
        return SqlTimers(self._connection)

    def done(self, act: str) -> Any | None:
        found = self._connection.value(_DONE, key=act)
        return None if found is None else json.loads(found)

    def remember(self, act: str, result: Any) -> None:
        self._connection.row(_REMEMBER, key=act, result=dump_plain(result))
