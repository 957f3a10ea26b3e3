"""Who works here, and how the node itself goes on: backups, returns, retired logs, every row as it is kept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from tocsin.desk.continuity import BackupAttempt, PeerSeen, Restored, RetiredLog
from tocsin.desk.house import Credential, Draft, DraftState, Officer, Role, Task
from tocsin.desk.stores.log import LogStore


class HouseStore(Protocol):
    """Who works here, with what they sign in, and what waits for them."""

    def put_officer(self, officer: Officer) -> None:
        """Add an officer, or their new state."""

    def officer(self, officer: str) -> Officer | None:
        """By id; None if there never was one."""

    def roles(self, officer: str) -> frozenset[Role]:
        """What somebody who works here may do, by id; none for anybody else. Every act asks, so no address is opened."""

    def officers(self) -> tuple[Officer, ...]:
        """All who work or worked here, by name."""

    def put_credential(self, credential: Credential) -> None:
        """Add a credential, or its new state."""

    def credential(self, digest: str) -> Credential | None:
        """By hex SHA-256 of the secret; None if there is none."""

    def credentials(self, officer: str) -> tuple[Credential, ...]:
        """All of an officer, oldest first."""

    def put_draft(self, draft: Draft) -> None:
        """Add a draft, or its new state."""

    def draft(self, draft: str) -> Draft:
        """NotFoundError if there is none."""

    def drafts(self, state: DraftState | None = None) -> tuple[Draft, ...]:
        """All, or those in that state, oldest first."""

    def put_task(self, task: Task) -> None:
        """Add a task, or its new state."""

    def task(self, task: str) -> Task:
        """NotFoundError if there is none."""

    def open_tasks(self) -> tuple[Task, ...]:
        """All that are not done, oldest first."""


class ContinuityStore(Protocol):
    """Backups made, returns from one, logs retired, and what we saw of the logs of peers."""

    def put_attempt(self, attempt: BackupAttempt) -> None:
        """Keep the newest that was made, and the newest that failed."""

    def attempts(self) -> tuple[BackupAttempt, ...]:
        """At most one that was made and one that failed, the later one last."""

    def put_restored(self, restored: Restored) -> None:
        """Keep a return from a backup, or its new state."""

    def returns(self) -> tuple[Restored, ...]:
        """All returns from a backup, oldest first; most nodes have none."""

    def retired_logs(self) -> tuple[RetiredLog, ...]:
        """All, oldest first."""

    def every_log(self) -> tuple[LogStore, ...]:
        """The retired logs, oldest first and to be read only; the one in use last."""

    def seen_of(self, origin: str) -> PeerSeen | None:
        """The most that we saw of that log; None if we saw nothing."""

    def put_seen(self, seen: PeerSeen) -> None:
        """Remember it."""


Cell = int | str | bytes | None
"""What one column of one row holds, whatever the database."""


class RowStore(Protocol):
    """Every row as it is kept, table by table: for backups, which must not depend on what a table means."""

    def revision(self) -> str:
        """Which form the tables have."""

    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of each table, by its name."""

    def rows(self, table: str) -> Iterator[tuple[Cell, ...]]:
        """All rows, by primary key, never all in memory."""

    def add_rows(self, table: str, rows: Sequence[tuple[Cell, ...]]) -> None:
        """Put back what `rows` gave."""
