"""Backups made, returns from one, retired logs, and what was seen of the logs of peers."""

from sqlalchemy import Connection, select

from tocsin.adapters.store.columns import put, record_row
from tocsin.adapters.store.log import SqlLog
from tocsin.adapters.store.tables import backup_attempt, peer_seen, restored, retired_log
from tocsin.desk.continuity import BackupAttempt, PeerSeen, Restored, RetiredLog, read_finding

_RETURNS = select(restored).order_by(restored.c.restored, restored.c.id)


class SqlContinuity:
    """Serves the desk's ContinuityStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_attempt(self, attempt: BackupAttempt) -> None:
        put(self._connection, backup_attempt, record_row(attempt) | {"outcome": attempt.outcome})

    def attempts(self) -> tuple[BackupAttempt, ...]:
        query = select(backup_attempt.c.at, backup_attempt.c.file, backup_attempt.c.problem)
        found = self._connection.execute(query.order_by(backup_attempt.c.at))
        return tuple(BackupAttempt(**row._mapping) for row in found)

    def put_restored(self, restored_: Restored) -> None:
        findings = [one.as_json() for one in restored_.findings]
        put(self._connection, restored, record_row(restored_) | {"findings": findings})

    def returns(self) -> tuple[Restored, ...]:
        rows = self._connection.execute(_RETURNS)
        return tuple(
            Restored(**(dict(row._mapping) | {"findings": tuple(map(read_finding, row.findings))})) for row in rows
        )

    def retired_logs(self) -> tuple[RetiredLog, ...]:
        query = select(retired_log).order_by(retired_log.c.at, retired_log.c.origin)
        return tuple(RetiredLog(**row._mapping) for row in self._connection.execute(query))

    def every_log(self) -> tuple[SqlLog, ...]:
        retired = tuple(SqlLog(self._connection, one.origin) for one in self.retired_logs())
        return (*retired, SqlLog(self._connection))

    def seen_of(self, origin: str) -> PeerSeen | None:
        row = self._connection.execute(select(peer_seen).where(peer_seen.c.origin == origin)).one_or_none()
        return None if row is None else PeerSeen(**row._mapping)

    def put_seen(self, seen: PeerSeen) -> None:
        put(self._connection, peer_seen, record_row(seen))
