"""Matters, the reports that joined them, and the keys by which reports are held against each other."""

from collections.abc import Collection

from tocsin.adapters.store.columns import Columns, expanded, insert, put
from tocsin.adapters.store.connection import Connection
from tocsin.desk.records import Matter
from tocsin.errors import NotFoundError

MATTER = Columns(Matter)

_PUT = put("matter", MATTER.names, key=("id",))
_MATTER = MATTER.select("FROM matter WHERE id = :id")
_MATTER_OF = MATTER.select("FROM matter WHERE id = (SELECT matter FROM joined WHERE report = :report)")
_REPORTS_OF = """
    SELECT joined.report FROM joined JOIN report ON report.id = joined.report
    WHERE joined.matter = :matter ORDER BY report.received, report.id
"""
_JOIN = insert("joined", ("report", "matter"))
_ADD_KEY = insert("likeness", ("key", "report"))
_SHARING = """
    SELECT report, count(*) AS shared FROM likeness WHERE "key" IN (:keys) GROUP BY report
    ORDER BY shared DESC, report LIMIT :most
"""
_RANKED = MATTER.select("""
    FROM matter ORDER BY CASE WHEN imminent AND owner = '' THEN 0 ELSE 1 END, reports DESC, first, id LIMIT :most
""")


class SqlMatters:
    """Serves the desk's MatterStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_matter(self, matter: Matter) -> None:
        self._connection.run(_PUT, **MATTER.cells(matter))

    def matter(self, matter: str) -> Matter:
        row = self._connection.row(_MATTER, id=matter)
        if row is None:
            raise NotFoundError(f"matter {matter} is not here", hint="see `tocsin report list`")
        return MATTER.record(row)

    def join(self, report: str, matter: str, keys: Collection[str]) -> None:
        self._connection.run(_JOIN, report=report, matter=matter)
        self._connection.run_many(_ADD_KEY, ({"key": key, "report": report} for key in keys))

    def matter_of(self, report: str) -> Matter:
        row = self._connection.row(_MATTER_OF, report=report)
        if row is None:
            raise NotFoundError(f"report {report} is not here", hint="see `tocsin report list`")
        return MATTER.record(row)

    def reports_of(self, matter: str) -> tuple[str, ...]:
        return tuple(report for (report,) in self._connection.rows(_REPORTS_OF, matter=matter))

    def sharing(self, keys: Collection[str], most: int) -> tuple[str, ...]:
        if not keys:
            return ()
        statement, values = expanded(_SHARING, keys=sorted(keys))
        return tuple(report for report, _ in self._connection.rows(statement, most=most, **values))

    def ranked(self, most: int) -> tuple[Matter, ...]:
        return MATTER.records(self._connection.rows(_RANKED, most=most))
