"""Officers, credentials, drafts and tasks. The address of an officer is sealed."""

import json

from tocsin.adapters.store.columns import AS_IT_IS, Columns, put
from tocsin.adapters.store.connection import Connection, Row
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.desk.house import Credential, Draft, DraftState, Officer, Role, Task
from tocsin.errors import NotFoundError

OFFICER = Columns(Officer, address=AS_IT_IS)
CREDENTIAL, DRAFT, TASK = Columns(Credential), Columns(Draft), Columns(Task)

_PUT_OFFICER = put("officer", OFFICER.names, key=("id",))
_OFFICER = OFFICER.select("FROM officer WHERE id = :id")
_ROLES = 'SELECT roles FROM officer WHERE id = :id AND "left" IS NULL'
_OFFICERS = OFFICER.select("FROM officer ORDER BY name")
_PUT_CREDENTIAL = put("credential", CREDENTIAL.names, key=("digest",))
_CREDENTIAL = CREDENTIAL.select("FROM credential WHERE digest = :digest")
_CREDENTIALS = CREDENTIAL.select("FROM credential WHERE officer = :officer ORDER BY created")
_PUT_DRAFT = put("draft", DRAFT.names, key=("id",))
_DRAFT = DRAFT.select("FROM draft WHERE id = :id")
_DRAFTS = DRAFT.select("FROM draft ORDER BY at, id")
_DRAFTS_IN = DRAFT.select("FROM draft WHERE state = :state ORDER BY at, id")
_PUT_TASK = put("task", TASK.names, key=("id",))
_TASK = TASK.select("FROM task WHERE id = :id")
_OPEN_TASKS = TASK.select("FROM task WHERE done IS NULL ORDER BY opened, id")


class SqlHouse:
    """Serves the desk's HouseStore."""

    def __init__(self, connection: Connection, seal: AddressSeal) -> None:
        self._connection = connection
        self._seal = seal

    def put_officer(self, officer: Officer) -> None:
        sealed = self._seal.seal(officer.address, f"officer {officer.id}")
        self._connection.run(_PUT_OFFICER, **OFFICER.cells(officer, address=sealed))

    def officer(self, officer: str) -> Officer | None:
        row = self._connection.row(_OFFICER, id=officer)
        return None if row is None else self._officer(row)

    def roles(self, officer: str) -> frozenset[Role]:
        found = self._connection.value(_ROLES, id=officer)
        return frozenset() if found is None else frozenset(map(Role, json.loads(found)))

    def officers(self) -> tuple[Officer, ...]:
        return tuple(map(self._officer, self._connection.rows(_OFFICERS)))

    def put_credential(self, credential: Credential) -> None:
        self._connection.run(_PUT_CREDENTIAL, **CREDENTIAL.cells(credential))

    def credential(self, digest: str) -> Credential | None:
        row = self._connection.row(_CREDENTIAL, digest=digest)
        return None if row is None else CREDENTIAL.record(row)

    def credentials(self, officer: str) -> tuple[Credential, ...]:
        return CREDENTIAL.records(self._connection.rows(_CREDENTIALS, officer=officer))

    def put_draft(self, draft: Draft) -> None:
        self._connection.run(_PUT_DRAFT, **DRAFT.cells(draft))

    def draft(self, draft: str) -> Draft:
        return DRAFT.record(self._one("draft", _DRAFT, draft, listed_by="warning drafts"))

    def drafts(self, state: DraftState | None = None) -> tuple[Draft, ...]:
        if state is None:
            return DRAFT.records(self._connection.rows(_DRAFTS))
        return DRAFT.records(self._connection.rows(_DRAFTS_IN, state=state.value))

    def put_task(self, task: Task) -> None:
        self._connection.run(_PUT_TASK, **TASK.cells(task))

    def task(self, task: str) -> Task:
        return TASK.record(self._one("task", _TASK, task, listed_by="task list"))

    def open_tasks(self) -> tuple[Task, ...]:
        return TASK.records(self._connection.rows(_OPEN_TASKS))

    def _officer(self, row: Row) -> Officer:
        fields = OFFICER.fields(row)
        fields["address"] = self._seal.open(fields["address"], f"officer {fields['id']}")
        return Officer(**fields)

    def _one(self, noun: str, statement: str, key: str, *, listed_by: str) -> Row:
        row = self._connection.row(statement, id=key)
        if row is None:
            raise NotFoundError(f"no {noun} {key!r} here", hint=f"see `tocsin {listed_by}`")
        return row
