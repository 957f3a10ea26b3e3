"""Column types: instants, spans, closed sets, and nested records as JSON; so a row is a record, field by field."""

import importlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, Dialect, Select, Table, Text, TypeDecorator, bindparam, select

if TYPE_CHECKING:
    from cattrs.preconf.json import JsonConverter

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Span(TypeDecorator[timedelta]):
    """A duration as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else value * _MICROSECOND


class Words(TypeDecorator[str]):
    """A text. What PostgreSQL or UTF-8 cannot hold (NUL, half a surrogate pair) stands as U+FFFD: a peer's reason must not
    be able to stop us from keeping the answer. The signed bytes are kept beside it as they came.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or ("\0" not in value and _is_utf8(value)):
            return value
        return "".join("\ufffd" if one == "\0" or "\ud800" <= one <= "\udfff" else one for one in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value


class Word(TypeDecorator[StrEnum]):
    """A member of a closed set, as its word."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class Nested(TypeDecorator[Any]):
    """A frozen record (or plain JSON value) as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dump(value, self.kind)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else load(value, self.kind)


class Plain(TypeDecorator[Any]):
    """A plain JSON value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> "JsonConverter":
    from cattrs.preconf.json import make_converter  # loaded with the first row that needs it

    return make_converter()


def dump(value: Any, kind: type[Any]) -> str:
    """A frozen record as JSON text."""
    return json.dumps(_converter().unstructure(value, kind), ensure_ascii=False)


def load(text: str, kind: type[Any]) -> Any:
    """The record of that kind in this JSON text."""
    return _converter().structure(json.loads(text), kind)


def record_row(record: Any) -> dict[str, Any]:
    """Column name to value, for a record whose fields are the table's columns."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert the row, or overwrite the one with the same primary key."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(row)), row)


def add_if_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert the row unless one with the same primary key is there; True if it was new."""
    # The row itself is asked for: after an INSERT the drivers do not agree on what they count.
    return connection.execute(_insert_if_new(connection.dialect.name, table, tuple(row)), row).first() is not None


# A statement is built once and then only bound: building it costs more than the database takes to carry it out.


@cache
def find(table: Table, *names: str) -> Select[Any]:
    """The rows whose columns of these names are what is bound to them."""
    return select(table).where(*(table.c[name] == bindparam(name) for name in names))


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    insert = _insert(dialect, table, names)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in names if name not in keys}
    if changed:
        return insert.on_conflict_do_update(index_elements=keys, set_=changed)
    return insert.on_conflict_do_nothing(index_elements=keys)


@cache
def _insert_if_new(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    keys = [column.name for column in table.primary_key]
    return _insert(dialect, table, names).on_conflict_do_nothing(index_elements=keys).returning(*table.primary_key)


def _insert(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    # The dialect is there already: its engine was made. The other one would cost every command 40 ms.
    module = importlib.import_module(f"sqlalchemy.dialects.{dialect}")
    return module.insert(table).values({name: bindparam(name) for name in names})
