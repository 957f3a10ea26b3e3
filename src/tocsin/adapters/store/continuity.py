"""Backups made, returns from one, retired logs, and what was seen of the logs of peers."""

import json

from tocsin.adapters.store.columns import Columns, Form, dump_plain, put
from tocsin.adapters.store.connection import Connection
from tocsin.adapters.store.log import RETIRED, SqlLog
from tocsin.desk.continuity import BackupAttempt, PeerSeen, Restored, RetiredLog, read_finding

_FINDINGS = Form(
    lambda findings: dump_plain([one.as_json() for one in findings]),
    lambda text: tuple(map(read_finding, json.loads(text))),
)
ATTEMPT, RESTORED, SEEN = Columns(BackupAttempt), Columns(Restored, findings=_FINDINGS), Columns(PeerSeen)

_PUT_ATTEMPT = put("backup_attempt", ("outcome", *ATTEMPT.names), key=("outcome",))
_ATTEMPTS = ATTEMPT.select("FROM backup_attempt ORDER BY at")
_PUT_RESTORED = put("restored", RESTORED.names, key=("id",))
_RETURNS = RESTORED.select("FROM restored ORDER BY restored, id")
_RETIRED_LOGS = RETIRED.select("FROM retired_log ORDER BY at, origin")
_SEEN_OF = SEEN.select("FROM peer_seen WHERE origin = :origin")
_PUT_SEEN = put("peer_seen", SEEN.names, key=("origin",))


class SqlContinuity:
    """Serves the desk's ContinuityStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_attempt(self, attempt: BackupAttempt) -> None:
        self._connection.run(_PUT_ATTEMPT, **ATTEMPT.cells(attempt, outcome=attempt.outcome))

    def attempts(self) -> tuple[BackupAttempt, ...]:
        return ATTEMPT.records(self._connection.rows(_ATTEMPTS))

    def put_restored(self, restored: Restored) -> None:
        self._connection.run(_PUT_RESTORED, **RESTORED.cells(restored))

    def returns(self) -> tuple[Restored, ...]:
        return RESTORED.records(self._connection.rows(_RETURNS))

    def retired_logs(self) -> tuple[RetiredLog, ...]:
        return RETIRED.records(self._connection.rows(_RETIRED_LOGS))

    def every_log(self) -> tuple[SqlLog, ...]:
        retired = tuple(SqlLog(self._connection, one.origin) for one in self.retired_logs())
        return (*retired, SqlLog(self._connection))

    def seen_of(self, origin: str) -> PeerSeen | None:
        row = self._connection.row(_SEEN_OF, origin=origin)
        return None if row is None else SEEN.record(row)

    def put_seen(self, seen: PeerSeen) -> None:
        self._connection.run(_PUT_SEEN, **SEEN.cells(seen))
