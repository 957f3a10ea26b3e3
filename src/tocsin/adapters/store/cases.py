"""Reports, determinations, warnings with their versions, incidents and the claims about them."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from msgspec.structs import replace

from tocsin.adapters.store.columns import Columns, dump, insert, load, micros, put, where
from tocsin.adapters.store.connection import Connection, Row
from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.desk.records import KeptClaim, KeptReport, KeptVersion
from tocsin.errors import NotFoundError
from tocsin.review.incident import Incident

REPORT, VERSION, CLAIM = Columns(KeptReport), Columns(KeptVersion), Columns(KeptClaim)

_NEXT_NUMBER = """
    INSERT INTO number (noun, last) VALUES (:noun, 1)
    ON CONFLICT (noun) DO UPDATE SET last = number.last + 1 RETURNING last
"""
_SKIP_NUMBERS = "UPDATE number SET last = last + :count"
_ADD_REPORT = put("report", REPORT.names, key=("id",))
_REPORT = REPORT.select("FROM report WHERE id = :id")
_REPORTS = REPORT.select("FROM report ORDER BY received, id")
_ADD_DETERMINATION = put("determination", ("id", "body"), key=("id",))
_DETERMINATION = "SELECT body FROM determination WHERE id = :id"
_DETERMINATIONS = "SELECT body FROM determination ORDER BY id"
_PUT_WARNING = put("warning", ("id", "status", "issued", "body"), key=("id",))
_WARNING = "SELECT body FROM warning WHERE id = :id"
_BODIES = "SELECT body FROM warning"
_WARNINGS = f"{_BODIES} ORDER BY id"
_ISSUED = "SELECT issued FROM warning WHERE id = :id"
_COUNT_WARNINGS = "SELECT status, count(*) FROM warning GROUP BY status"
_ADD_VERSION = insert("version", VERSION.names)
_VERSIONS = VERSION.select("FROM version WHERE warning = :warning ORDER BY entry")
_ADD_INCIDENT = put("incident", ("id", "body"), key=("id",))
_INCIDENT = "SELECT body FROM incident WHERE id = :id"
_INCIDENTS = "SELECT body FROM incident ORDER BY id"
_ADD_CLAIM = insert("claim", CLAIM.names)
_CLAIMS = CLAIM.select("FROM claim WHERE incident = :incident ORDER BY recorded, report, number")


class SqlCases:
    """Serves the desk's CaseStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, noun: str) -> int:
        found: int = self._connection.value(_NEXT_NUMBER, noun=noun)
        return found

    def skip_numbers(self, count: int) -> None:
        self._connection.run(_SKIP_NUMBERS, count=count)

    def add_report(self, report: KeptReport) -> None:
        self._connection.run(_ADD_REPORT, **REPORT.cells(report))

    def report(self, report: str) -> KeptReport:
        return REPORT.record(self._one("report", _REPORT, report, listed_by="report list"))

    def find_report(self, report: str) -> KeptReport | None:
        row = self._connection.row(_REPORT, id=report)
        return None if row is None else REPORT.record(row)

    def reports(self) -> tuple[KeptReport, ...]:
        return REPORT.records(self._connection.rows(_REPORTS))

    def add_determination(self, determination: Determination) -> None:
        self._connection.run(_ADD_DETERMINATION, id=determination.id, body=dump(determination))

    def determination(self, determination: str) -> Determination:
        return _determination(self._one("determination", _DETERMINATION, determination, listed_by="duty list")[0])

    def determinations(self) -> tuple[Determination, ...]:
        return tuple(load(body, Determination) for (body,) in self._connection.rows(_DETERMINATIONS))

    def put_warning(self, warning: IssuedWarning) -> None:
        """The versions are rows of their own: the body is kept without them."""
        self._connection.run(
            _PUT_WARNING,
            id=warning.id,
            status=warning.status.value,
            issued=micros(warning.issued),
            body=dump(replace(warning, versions=())),
        )

    def warning(self, warning: str) -> IssuedWarning:
        return _warning(self._one("warning", _WARNING, warning, listed_by="warning list")[0])

    def warnings(self) -> tuple[IssuedWarning, ...]:
        return tuple(load(body, IssuedWarning) for (body,) in self._connection.rows(_WARNINGS))

    def newest_warnings(
        self, count: int, *, before: str = "", status: Status | None = None, until: datetime | None = None
    ) -> tuple[IssuedWarning, ...]:
        last = self._one("warning", _ISSUED, before, listed_by="warning list")[0] if before else None
        wanted = where(
            "(issued, id) < (:last, :before)" if before else "",
            "status = :status" if status is not None else "",
            "issued < :until" if until is not None else "",
        )
        rows = self._connection.rows(
            f"{_BODIES} {wanted} ORDER BY issued DESC, id DESC LIMIT :count",
            last=last,
            before=before,
            status=status and status.value,
            until=None if until is None else micros(until),
            count=count,
        )
        return tuple(load(body, IssuedWarning) for (body,) in rows)

    def count_warnings(self) -> Mapping[Status, int]:
        rows = self._connection.rows(_COUNT_WARNINGS)
        found = {Status(word): count for word, count in rows}
        return {status: found.get(status, 0) for status in Status}

    def add_version(self, version: KeptVersion) -> None:
        self._connection.run(_ADD_VERSION, **VERSION.cells(version))

    def versions(self, warning: str) -> tuple[KeptVersion, ...]:
        return VERSION.records(self._connection.rows(_VERSIONS, warning=warning))

    def add_incident(self, incident: Incident) -> None:
        self._connection.run(_ADD_INCIDENT, id=incident.id, body=dump(incident))

    def incident(self, incident: str) -> Incident:
        return load(self._one("incident", _INCIDENT, incident, listed_by="incident list")[0], Incident)

    def incidents(self) -> tuple[Incident, ...]:
        return tuple(load(body, Incident) for (body,) in self._connection.rows(_INCIDENTS))

    def add_claim(self, claim: KeptClaim) -> None:
        self._connection.run(_ADD_CLAIM, **CLAIM.cells(claim))

    def claims(self, incident: str) -> tuple[KeptClaim, ...]:
        return CLAIM.records(self._connection.rows(_CLAIMS, incident=incident))

    def _one(self, noun: str, statement: str, key: str, *, listed_by: str) -> Row:
        row = self._connection.row(statement, id=key)
        if row is None:
            raise NotFoundError(f"no {noun} {key!r} here", hint=f"see `tocsin {listed_by}`")
        return row


# One warning is asked for again and again while it is live, and its body rarely changes: equal bodies are read once.
@lru_cache(maxsize=256)
def _warning(body: str) -> IssuedWarning:
    return load(body, IssuedWarning)


@lru_cache(maxsize=256)
def _determination(body: str) -> Determination:
    return load(body, Determination)
