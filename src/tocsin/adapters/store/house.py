"""Officers, credentials, drafts and tasks. The address of an officer is sealed."""

from typing import Any

from sqlalchemy import Connection, Row, Table, select

from tocsin.adapters.store.columns import find, put, record_row
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.tables import credential, draft, officer, task
from tocsin.desk.house import Credential, Draft, DraftState, Officer, Role, Task
from tocsin.errors import NotFoundError


class SqlHouse:
    """Serves the desk's HouseStore."""

    def __init__(self, connection: Connection, seal: AddressSeal) -> None:
        self._connection = connection
        self._seal = seal

    def put_officer(self, officer_: Officer) -> None:
        sealed = self._seal.seal(officer_.address, f"officer {officer_.id}")
        put(self._connection, officer, record_row(officer_) | {"address": sealed, "roles": sorted(officer_.roles)})

    def officer(self, officer_: str) -> Officer | None:
        row = self._connection.execute(find(officer, "id"), {"id": officer_}).one_or_none()
        return None if row is None else self._officer(row)

    def officers(self) -> tuple[Officer, ...]:
        return tuple(map(self._officer, self._connection.execute(select(officer).order_by(officer.c.name))))

    def put_credential(self, credential_: Credential) -> None:
        put(self._connection, credential, record_row(credential_))

    def credential(self, digest: str) -> Credential | None:
        row = self._connection.execute(find(credential, "digest"), {"digest": digest}).one_or_none()
        return None if row is None else Credential(**row._mapping)

    def credentials(self, officer_: str) -> tuple[Credential, ...]:
        query = select(credential).where(credential.c.officer == officer_).order_by(credential.c.created)
        return tuple(Credential(**row._mapping) for row in self._connection.execute(query))

    def put_draft(self, draft_: Draft) -> None:
        put(self._connection, draft, record_row(draft_))

    def draft(self, draft_: str) -> Draft:
        return _draft(self._one(draft, draft_))

    def drafts(self, state: DraftState | None = None) -> tuple[Draft, ...]:
        query = select(draft).order_by(draft.c.at, draft.c.id)
        if state is not None:
            query = query.where(draft.c.state == state)
        return tuple(map(_draft, self._connection.execute(query)))

    def put_task(self, task_: Task) -> None:
        put(self._connection, task, record_row(task_))

    def task(self, task_: str) -> Task:
        return Task(**self._one(task, task_)._mapping)

    def open_tasks(self) -> tuple[Task, ...]:
        query = select(task).where(task.c.done.is_(None)).order_by(task.c.opened, task.c.id)
        return tuple(Task(**row._mapping) for row in self._connection.execute(query))

    def _officer(self, row: Row[Any]) -> Officer:
        opened = {
            "address": self._seal.open(row.address, f"officer {row.id}"),
            "roles": frozenset(map(Role, row.roles)),
        }
        return Officer(**(dict(row._mapping) | opened))

    def _one(self, table: Table, key: str) -> Any:
        row = self._connection.execute(select(table).where(table.c.id == key)).one_or_none()
        if row is None:
            raise NotFoundError(f"no {table.name} {key!r} here", hint=f"see `tocsin {table.name} list`")
        return row


def _draft(row: Row[Any]) -> Draft:
    return Draft(**(dict(row._mapping) | {"asked": tuple(row.asked)}))
