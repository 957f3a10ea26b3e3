"""What reports are about, over HTTP: the ranked list, and who has what in hand."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from tocsin.api.caller import Caller
from tocsin.desk.matters import confirm_receipt, list_matters, pass_report, take_report
from tocsin.desk.ports import Desk


class PassIn(BaseModel):
    """Officers by name."""

    to: list[str]


def add_routes(router: APIRouter, caller: Caller, wake: Callable[[], None]) -> None:
    """For the desk only."""

    @router.get("/v1/reports")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_matters(desk)

    @router.post("/v1/reports/{report}/take")
    def take(
        desk: Annotated[Desk, Depends(caller)], report: str, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return take_report(desk, report, once=idempotency_key)

    @router.post("/v1/reports/{report}/pass")
    def pass_on(
        desk: Annotated[Desk, Depends(caller)],
        report: str,
        body: PassIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        outcome = pass_report(desk, report, body.to, once=idempotency_key)
        wake()
        return outcome

    @router.post("/v1/reports/{report}/got")
    def got(
        desk: Annotated[Desk, Depends(caller)], report: str, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return confirm_receipt(desk, report, once=idempotency_key)
