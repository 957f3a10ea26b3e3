"""Reports, determinations, warnings with their versions, incidents and the claims about them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, literal, select, tuple_, update

from tocsin.adapters.store.columns import Instant, find, put, record_row
from tocsin.adapters.store.tables import claim, determination, incident, number, report, version, warning
from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.desk.records import KeptClaim, KeptReport, KeptVersion
from tocsin.errors import NotFoundError
from tocsin.review.incident import Incident


class SqlCases:
    """Serves the desk's CaseStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, noun: str) -> int:
        last = self._connection.execute(select(number.c.last).where(number.c.noun == noun)).scalar_one_or_none() or 0
        put(self._connection, number, {"noun": noun, "last": last + 1})
        return last + 1

    def skip_numbers(self, count: int) -> None:
        self._connection.execute(update(number).values(last=number.c.last + count))

    def add_report(self, report_: KeptReport) -> None:
        put(self._connection, report, record_row(report_))

    def report(self, report_: str) -> KeptReport:
        return KeptReport(**self._one(report, report_)._mapping)

    def find_report(self, report_: str) -> KeptReport | None:
        row = self._connection.execute(find(report, "id"), {"id": report_}).one_or_none()
        return None if row is None else KeptReport(**row._mapping)

    def reports(self) -> tuple[KeptReport, ...]:
        query = select(report).order_by(report.c.received, report.c.id)
        return tuple(KeptReport(**row._mapping) for row in self._connection.execute(query))

    def add_determination(self, determination_: Determination) -> None:
        put(self._connection, determination, {"id": determination_.id, "body": determination_})

    def determination(self, determination_: str) -> Determination:
        body: Determination = self._one(determination, determination_).body
        return body

    def determinations(self) -> tuple[Determination, ...]:
        return self._bodies(determination)

    def put_warning(self, warning_: IssuedWarning) -> None:
        """The versions are rows of their own: the body is kept without them."""
        row = {
            "id": warning_.id,
            "status": warning_.status,
            "issued": warning_.issued,
            "body": replace(warning_, versions=()),
        }
        put(self._connection, warning, row)

    def warning(self, warning_: str) -> IssuedWarning:
        body: IssuedWarning = self._one(warning, warning_).body
        return body

    def warnings(self) -> tuple[IssuedWarning, ...]:
        return self._bodies(warning)

    def newest_warnings(
        self, count: int, *, before: str = "", status: Status | None = None, until: datetime | None = None
    ) -> tuple[IssuedWarning, ...]:
        query = select(warning.c.body).order_by(warning.c.issued.desc(), warning.c.id.desc()).limit(count)
        if before:
            row = self._one(warning, before)
            query = query.where(tuple_(warning.c.issued, warning.c.id) < tuple_(literal(row.issued, Instant), row.id))
        if status is not None:
            query = query.where(warning.c.status == status)
        if until is not None:
            query = query.where(warning.c.issued < until)
        return tuple(self._connection.execute(query).scalars())

    def count_warnings(self) -> Mapping[Status, int]:
        query = select(warning.c.status, func.count().label("found")).group_by(warning.c.status)
        found = {row.status: row.found for row in self._connection.execute(query)}
        return {status: found.get(status, 0) for status in Status}

    def add_version(self, version_: KeptVersion) -> None:
        self._connection.execute(version.insert(), record_row(version_))

    def versions(self, warning_: str) -> tuple[KeptVersion, ...]:
        query = select(version).where(version.c.warning == warning_).order_by(version.c.entry)
        return tuple(KeptVersion(**row._mapping) for row in self._connection.execute(query))

    def add_incident(self, incident_: Incident) -> None:
        put(self._connection, incident, {"id": incident_.id, "body": incident_})

    def incident(self, incident_: str) -> Incident:
        body: Incident = self._one(incident, incident_).body
        return body

    def incidents(self) -> tuple[Incident, ...]:
        return self._bodies(incident)

    def add_claim(self, claim_: KeptClaim) -> None:
        self._connection.execute(claim.insert(), record_row(claim_))

    def claims(self, incident_: str) -> tuple[KeptClaim, ...]:
        query = select(claim).where(claim.c.incident == incident_)
        rows = self._connection.execute(query.order_by(claim.c.recorded, claim.c.report, claim.c.number))
        return tuple(KeptClaim(**row._mapping) for row in rows)

    def _one(self, table: Table, key: str) -> Any:
        row = self._connection.execute(find(table, "id"), {"id": key}).one_or_none()
        if row is None:
            noun = "duty" if table is determination else table.name
            raise NotFoundError(f"no {table.name} {key!r} here", hint=f"see `tocsin {noun} list`")
        return row

    def _bodies(self, table: Table) -> tuple[Any, ...]:
        return tuple(row.body for row in self._connection.execute(select(table).order_by(table.c.id)))
