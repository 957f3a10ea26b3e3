"""Reports, determinations, warnings with their versions, incidents."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, select

from tocsin.adapters.store.columns import put, record_row
from tocsin.adapters.store.tables import determination, incident, number, report, version, warning
from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.desk.records import KeptReport, KeptVersion
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

    def add_report(self, report_: KeptReport) -> None:
        put(self._connection, report, record_row(report_))

    def report(self, report_: str) -> KeptReport:
        return KeptReport(**self._one(report, report_)._mapping)

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
        row = {"id": warning_.id, "status": warning_.status, "body": replace(warning_, versions=())}
        put(self._connection, warning, row)

    def warning(self, warning_: str) -> IssuedWarning:
        body: IssuedWarning = self._one(warning, warning_).body
        return body

    def warnings(self) -> tuple[IssuedWarning, ...]:
        return self._bodies(warning)

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

    def _one(self, table: Table, key: str) -> Any:
        row = self._connection.execute(select(table).where(table.c.id == key)).one_or_none()
        if row is None:
            noun = "duty" if table is determination else table.name
            raise NotFoundError(f"no {table.name} {key!r} here", hint=f"see `tocsin {noun} list`")
        return row

    def _bodies(self, table: Table) -> tuple[Any, ...]:
        return tuple(row.body for row in self._connection.execute(select(table).order_by(table.c.id)))
