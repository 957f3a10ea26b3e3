"""What could not be read, over HTTP: list, show, take the bytes, read again."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from tocsin.api.caller import Caller
from tocsin.api.problem import answers
from tocsin.desk.ports import Desk
from tocsin.desk.quarantine import list_quarantine, raw_quarantined, retry_quarantined, show_quarantined

_AS_A_FILE = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""The bytes may be hostile: no browser is to open or to guess them."""


def add_routes(router: APIRouter, caller: Caller, wake: Callable[[], None]) -> None:
    """For the desk only."""

    @router.get("/v1/quarantine")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_quarantine(desk)

    @router.get("/v1/quarantine/{kept}")
    def show(desk: Annotated[Desk, Depends(caller)], kept: str) -> dict[str, Any]:
        return show_quarantined(desk, kept)

    @router.get("/v1/quarantine/{kept}/raw", response_class=Response, responses=answers("application/octet-stream"))
    def raw(desk: Annotated[Desk, Depends(caller)], kept: str) -> Response:
        return Response(raw_quarantined(desk, kept), media_type="application/octet-stream", headers=_AS_A_FILE)

    @router.post("/v1/quarantine/{kept}/retry")
    def retry(desk: Annotated[Desk, Depends(caller)], kept: str) -> dict[str, Any]:
        outcome = retry_quarantined(desk, kept)
        wake()
        return outcome
