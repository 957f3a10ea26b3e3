"""Imports into the register over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header

from tocsin.api.caller import Caller, body_as_it_came, takes
from tocsin.desk.ports import Desk
from tocsin.desk.register import import_register


def add_routes(router: APIRouter, caller: Caller, _wake: Callable[[], None]) -> None:
    """For the desk only."""

    @router.post("/v1/register/{kind}", openapi_extra=takes("application/octet-stream"))
    def load(
        desk: Annotated[Desk, Depends(caller)],
        kind: str,
        raw: Annotated[bytes, Depends(body_as_it_came)],
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return import_register(desk, kind, raw, once=idempotency_key)
