"""Who holds a claim on what is to be sent, and whether that process is still there."""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from tocsin.adapters.store.connection import Connection
from tocsin.errors import StateError


class Holder(Protocol):
    """One process that sends. A claim carries its number; nobody has the same number twice."""

    def number(self, connection: Connection) -> int:
        """Our number; from now on others can see that we are there. StateError if only one may send, and it is another."""

    def is_gone(self, connection: Connection, other: int) -> bool:
        """Whether the process of that number has ended. Never true of one that could still be sending."""


class FileHolder:
    """The only process that sends from a SQLite file: it holds an exclusive lock on a file beside it until it ends.

    The system lets go of the lock with the process, however it ends. So whoever has it knows that all others are gone.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._number = _new_number()
        self._descriptor: int | None = None

    def number(self, connection: Connection) -> int:
        """Ours, once we have the lock; StateError if another process has it."""
        self.lock()
        return self._number

    def is_gone(self, connection: Connection, other: int) -> bool:
        """True of everybody but us: while we have the lock nobody else has it."""
        self.lock()
        return other != self._number

    def lock(self) -> None:
        """Become the one that sends. StateError, with the number of the process, if another is."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise StateError(
                f"process {found} serves the node in {self._file.parent}, expected none",
                hint="stop it first; a node that several processes serve needs PostgreSQL (`tocsin node move`)",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock; whoever is next frees what we had claimed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class SessionHolder:
    """One of several processes that send from a PostgreSQL database: its session holds an advisory lock on its number.

    The server lets go of the lock with the session: when the process ends, or when it can no longer be reached.
    """

    def __init__(self) -> None:
        self._known: tuple[Connection, int] | None = None

    def number(self, connection: Connection) -> int:
        """That of this connection's session, which locks it when it is first asked for; a new session has a new one."""
        if self._known is None or self._known[0] is not connection:
            number = _new_number()
            connection.value("SELECT pg_advisory_lock(:number)", number=number)
            self._known = (connection, number)
        return self._known[1]

    def is_gone(self, connection: Connection, other: int) -> bool:
        """Whether nobody locks that number; if so we lock it ourselves until our transaction ends."""
        # A session that has the lock already gets it again: our own number must not be asked for.
        if other == self.number(connection):
            return False
        return bool(connection.value("SELECT pg_try_advisory_xact_lock(:number)", number=other))


def _new_number() -> int:
    return int.from_bytes(os.urandom(8), "big") >> 1
