"""One connection to a store: plain SQL with named values, the same text for both databases wherever it can be the same."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from tocsin.desk.stores import Cell
from tocsin.errors import StateError

Row = tuple[Any, ...]


class Dialect(StrEnum):
    """Whose SQL is spoken, where the two must differ."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Connection(ABC):
    """Carries statements out. In the text a value stands as `:name`, and comes only ever beside it, never in it.

    A text that PostgreSQL or UTF-8 cannot hold (NUL, half a surrogate pair) has U+FFFD there, in what is written and in
    what is looked for: a peer's reason must not be able to stop us from keeping the answer. The signed bytes are kept
    beside it as they came.
    """

    dialect: Dialect
    driver: Any

    def rows(self, sql: str, /, **values: Cell) -> list[Row]:
        """All rows that the statement gives."""
        found: list[Row] = self._execute(sql, _clean(values)).fetchall()
        return found

    def row(self, sql: str, /, **values: Cell) -> Row | None:
        """The one row, None if there is none. StateError if there are more, which no key of ours allows."""
        found: list[Row] = self._execute(sql, _clean(values)).fetchall()
        if len(found) > 1:
            raise StateError(f"the store holds {len(found)} rows for one, expected at most 1: {sql}")
        return found[0] if found else None

    def value(self, sql: str, /, **values: Cell) -> Any:
        """The first column of the one row; None if there is no row."""
        found = self.row(sql, **values)
        return None if found is None else found[0]

    def run(self, sql: str, /, **values: Cell) -> int:
        """Carry out what gives no rows. Gives how many were changed."""
        count: int = self._execute(sql, _clean(values)).rowcount
        return count

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Cell]]) -> int:
        """The same statement for each of these sets of values, which may be more than memory holds. Gives how many."""
        count = 0

        def cleaned() -> Iterator[Mapping[str, Cell]]:
            nonlocal count
            for values in rows:
                count += 1
                yield _clean(values)

        self._execute_many(sql, cleaned())
        return count

    @abstractmethod
    def stream(self, sql: str) -> Iterator[Row]:
        """All rows that the statement gives, never all in memory."""

    @abstractmethod
    def is_alive(self) -> bool:
        """Whether it can still be used. Asked between transactions."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it; what was not committed is undone."""

    @abstractmethod
    def _execute(self, sql: str, values: Mapping[str, Cell]) -> Any: ...

    @abstractmethod
    def _execute_many(self, sql: str, rows: Iterable[Mapping[str, Cell]]) -> None: ...


def _clean(values: Mapping[str, Cell]) -> dict[str, Cell]:
    return {name: _words(value) if isinstance(value, str) else value for name, value in values.items()}


def _words(value: str) -> str:
    if "\0" not in value and (value.isascii() or _is_utf8(value)):
        return value
    return "".join("\ufffd" if one == "\0" or "\ud800" <= one <= "\udfff" else one for one in value)


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
