"""How a record becomes a row and a row a record, by the types of its fields; and the statements that its columns make."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Generic, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from tocsin.desk.stores import Cell

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RESERVED = frozenset({"by", "index", "key", "left", "order"})
"""Columns that one of the databases reads as words of its own. Only they are quoted: SQLite takes a quoted name that it
does not know for a text, and would answer with it."""

R = TypeVar("R", bound=Struct)
T = TypeVar("T")


def micros(at: datetime) -> int:
    """An aware instant as whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant(kept: int) -> datetime:
    """The UTC instant that `micros` gave."""
    return _EPOCH + timedelta(microseconds=kept)


def dump(value: Struct | tuple[Struct, ...]) -> str:
    """Frozen records as JSON text."""
    return msgspec.json.encode(value).decode()


def load(text: str, kind: type[T]) -> T:
    """The record of that kind in this JSON text."""
    return msgspec.json.decode(text, type=kind)


def dump_plain(value: Any) -> str:
    """A plain JSON value as text."""
    return json.dumps(value, ensure_ascii=False)


class Form(NamedTuple):
    """How a value of one type stands in a column."""

    write: Callable[[Any], Cell]
    read: Callable[[Any], Any]


AS_IT_IS = Form(lambda value: value, lambda value: value)
"""Of a field that is kept in another form, such as sealed: whoever keeps it writes and reads that form."""


class Columns(Generic[R]):
    """The columns of a table that hold the fields of one kind of record, by their names."""

    def __init__(self, kind: type[R], **forms: Form) -> None:
        hints = get_type_hints(kind)
        self.names = kind.__struct_fields__
        self.listed = listed(self.names)
        self._kind = kind
        found = {name: forms.get(name) or _form(hints[name]) for name in self.names}
        # Most fields are texts, numbers and bytes, which stand as they are: only the others cost anything.
        self._forms = [(name, form) for name, form in found.items() if form is not AS_IT_IS]

    def cells(self, record: R, **instead: Cell) -> dict[str, Cell]:
        """The row of that record, column by column; `instead` are columns in another form, and those it has no field for."""
        row = {name: getattr(record, name) for name in self.names}
        for name, form in self._forms:
            row[name] = form.write(row[name])
        row.update(instead)
        return row

    def fields(self, row: Sequence[Any]) -> dict[str, Any]:
        """The fields of the record in a row that `select` gave; one that is kept AS_IT_IS comes so."""
        found = dict(zip(self.names, row, strict=True))
        for name, form in self._forms:
            found[name] = form.read(found[name])
        return found

    def record(self, row: Sequence[Any]) -> R:
        """The record in a row that `select` gave."""
        return self._kind(**self.fields(row))

    def records(self, rows: Iterable[Sequence[Any]]) -> tuple[R, ...]:
        """The record of each row, in their order."""
        return tuple(map(self.record, rows))

    def select(self, rest: str) -> str:
        """The statement that asks for all columns; `rest` begins with FROM."""
        return f"SELECT {self.listed} {rest}"

    def returning(self, change: str) -> str:
        """The statement that changes rows and gives all columns of each."""
        return f"{change} RETURNING {self.listed}"


def listed(names: Iterable[str]) -> str:
    """Names of columns as a statement lists them."""
    return ", ".join(map(_quoted, names))


def insert(table: str, names: Collection[str]) -> str:
    """The statement that adds a row; one that is there already is an error."""
    return f"INSERT INTO {table} ({listed(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608  # names are ours, values come beside


def insert_if_new(table: str, names: Collection[str], *, key: str) -> str:
    """Adds a row unless one with the same key is there; gives the key back if it was new.

    The row itself is asked for: after an INSERT the drivers do not agree on what they count.
    """
    return f"{insert(table, names)} ON CONFLICT ({_quoted(key)}) DO NOTHING RETURNING {_quoted(key)}"


def put(table: str, names: Collection[str], *, key: Collection[str]) -> str:
    """The statement that adds a row, or overwrites the one with the same key."""
    changed = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names if name not in key)
    return f"{insert(table, names)} ON CONFLICT ({listed(key)}) DO UPDATE SET {changed}"


def update(table: str, names: Iterable[str], rest: str) -> str:
    """The statement that sets these columns; `rest` begins with WHERE, or with what is set beside them."""
    return f"UPDATE {table} SET {', '.join(f'{_quoted(name)} = :{name}' for name in names)} {rest}"  # noqa: S608  # as above


def where(*conditions: str) -> str:
    """The WHERE of those that are not empty; nothing if all are."""
    found = " AND ".join(filter(None, conditions))
    return f"WHERE {found}" if found else ""


def expanded(statement: str, **lists: Collection[Cell]) -> tuple[str, dict[str, Cell]]:
    """The statement with one place for each value where a list stands as `(:name)`, and these values. No list is empty."""
    found: dict[str, Cell] = {}
    for name, values in lists.items():
        assert values, "an IN of nothing is not the same on both databases"
        places = {f"{name}_{number}": value for number, value in enumerate(values)}
        statement = statement.replace(f"(:{name})", f"({', '.join(f':{place}' for place in places)})")
        found |= places
    return statement, found


def _quoted(name: str) -> str:
    return f'"{name}"' if name in _RESERVED else name


def _form(hint: Any) -> Form:
    """The form of a field of that type. TypeError for a type that no record of the desk has had so far."""
    if get_origin(hint) in {Union, UnionType}:
        return _optional(hint)
    if hint in _FORMS:
        return _FORMS[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Form(str, hint)
    if get_origin(hint) is frozenset:
        (word,) = get_args(hint)
        return Form(lambda value: dump_plain(sorted(value)), lambda text: frozenset(map(word, json.loads(text))))
    if get_origin(hint) is Mapping:
        return Form(dump_plain, json.loads)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return Form(dump, lambda text: load(text, hint))
    raise TypeError(f"no column holds a {hint}")


def _optional(hint: Any) -> Form:
    (inner,) = (_form(one) for one in get_args(hint) if one is not NoneType)
    if inner is AS_IT_IS:
        return inner
    write, read = inner
    return Form(
        lambda value: None if value is None else write(value), lambda cell: None if cell is None else read(cell)
    )


_FORMS: Mapping[Any, Form] = {
    str: AS_IT_IS,
    int: AS_IT_IS,
    bytes: AS_IT_IS,
    bool: Form(bool, bool),
    datetime: Form(micros, instant),
    timedelta: Form(lambda value: value // _MICROSECOND, lambda kept: timedelta(microseconds=kept)),
    tuple[str, ...]: Form(dump_plain, lambda text: tuple(json.loads(text))),
}
