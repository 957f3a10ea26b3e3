"""Warnings over HTTP: look first, then issue; draft a change or an end; see who has it and what proves it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from tocsin.api.caller import Caller, read_soon
from tocsin.compose.revision import Change
from tocsin.core.window import parse_instant
from tocsin.desk.calls import Call, enter_call, list_calls
from tocsin.desk.changes import draft_revision, preview_revision
from tocsin.desk.order import order_from_json
from tocsin.desk.ports import Desk
from tocsin.desk.show import list_warnings, show_warning
from tocsin.desk.warn import issue_warning, preview_warning


class CallIn(BaseModel):
    """A call that was made outside of the product; `at` in RFC 3339 with a zone."""

    caller: str
    called: str
    at: str
    said: str
    heard_by: str = ""


def make_router(caller: Caller, wake: Callable[[], None]) -> APIRouter:
    """For the desk only. The body is an order, in the JSON of `tocsin warning issue --order`."""
    router = APIRouter(prefix="/warnings")

    @router.post("/preview")
    def preview(desk: Annotated[Desk, Depends(caller)], body: dict[str, Any]) -> dict[str, Any]:
        return preview_warning(desk, order_from_json(body))

    @router.post("")
    def issue(
        desk: Annotated[Desk, Depends(caller)], body: dict[str, Any], idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        outcome = issue_warning(desk, order_from_json(body), once=idempotency_key)
        wake()
        return outcome

    @router.post("/{warning}/calls")
    def enter(
        desk: Annotated[Desk, Depends(caller)],
        warning: str,
        body: CallIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        call = Call(**body.model_dump(exclude={"at"}), at=parse_instant(body.at))
        return enter_call(desk, warning, call, once=idempotency_key)

    @router.get("/{warning}/calls")
    def calls(desk: Annotated[Desk, Depends(caller)], warning: str) -> list[dict[str, Any]]:
        return list_calls(desk, warning)

    @router.post("/{warning}/{change}/preview")
    def preview_change(
        desk: Annotated[Desk, Depends(caller)], warning: str, change: Change, body: dict[str, Any]
    ) -> dict[str, Any]:
        return preview_revision(desk, change, warning, body)

    @router.post("/{warning}/{change}")
    def draft_change(
        desk: Annotated[Desk, Depends(caller)],
        warning: str,
        change: Change,
        body: dict[str, Any],
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        outcome = draft_revision(desk, change, warning, body, once=idempotency_key)
        wake()
        return outcome

    @router.get("")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_warnings(desk)

    @router.get("/{warning}")
    async def show(desk: Annotated[Desk, Depends(caller)], warning: str) -> dict[str, Any]:
        return await read_soon(show_warning, desk, warning)

    return router
