"""Connections that stay open for whoever needs one next: opening one costs more than most transactions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from tocsin.adapters.store.connection import Connection
from tocsin.errors import StateError

AT_MOST = 16
"""So many are lent out at a time: a server that answers many people must not use up what a database can serve."""
WAIT_SECONDS = 30.0

C = TypeVar("C", bound=Connection)


class Pool(Generic[C]):
    """Lends connections of one kind, each to one at a time; may be called from any thread."""

    def __init__(self, open_one: Callable[[], C]) -> None:
        self._open_one = open_one
        self._free: list[C] = []
        self._slots = threading.Semaphore(AT_MOST)
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[C]:
        """One that nobody else uses until the end. StateError if none comes free; whatever opening one raises."""
        if not self._slots.acquire(timeout=WAIT_SECONDS):
            raise StateError(f"all {AT_MOST} connections to the store are in use", hint="try again")
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._slots.release()

    def close(self) -> None:
        """Close those that are free now, and each other one when it comes back."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _take(self) -> C:
        while self._free:
            connection = self._free.pop()
            if connection.is_alive():
                return connection
            connection.close()
        return self._open_one()

    def _give_back(self, connection: C) -> None:
        self._free.append(connection)
        if self._closed:
            self.close()
