"""Officers and tasks over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from tocsin.api.caller import Caller
from tocsin.desk.house import Role
from tocsin.desk.people import add_officer, list_officers, retire_officer, set_roles
from tocsin.desk.ports import Desk
from tocsin.desk.tasks import finish_task, list_tasks


class OfficerIn(BaseModel):
    """Somebody who comes: name, roles, and the e-mail at which they are asked."""

    name: str
    roles: list[Role]
    address: str = ""


class RolesIn(BaseModel):
    """All roles that somebody is to have from now on."""

    roles: list[Role]


def add_routes(router: APIRouter, caller: Caller, _wake: Callable[[], None]) -> None:
    """For the desk only; the administrator's own."""

    @router.get("/v1/officers")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_officers(desk)

    @router.post("/v1/officers")
    def add(desk: Annotated[Desk, Depends(caller)], body: OfficerIn) -> dict[str, Any]:
        return add_officer(desk, body.name, body.roles, address=body.address)

    @router.put("/v1/officers/{name}/roles")
    def change(
        desk: Annotated[Desk, Depends(caller)],
        name: str,
        body: RolesIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return set_roles(desk, name, body.roles, once=idempotency_key)

    @router.delete("/v1/officers/{name}")
    def retire(
        desk: Annotated[Desk, Depends(caller)], name: str, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return retire_officer(desk, name, once=idempotency_key)

    @router.get("/v1/tasks")
    def tasks(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_tasks(desk)

    @router.post("/v1/tasks/{task}/done")
    def done(
        desk: Annotated[Desk, Depends(caller)], task: str, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return finish_task(desk, task, once=idempotency_key)
