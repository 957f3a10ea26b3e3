"""Imports into the register over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header

from tocsin.desk.ports import Desk
from tocsin.desk.register import import_register


def make_router(desk: Desk, _wake: Callable[[], None]) -> APIRouter:
    """For the desk only."""
    router = APIRouter()

    @router.post("/register/{kind}")
    def load(
        kind: str,
        raw: Annotated[bytes, Body(media_type="application/octet-stream")],
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return import_register(desk, kind, raw, once=idempotency_key)

    return router
