"""The node's log for everybody (C2SP tlog-tiles), and its service as a witness (C2SP tlog-witness)."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from tocsin.desk.ports import Desk
from tocsin.desk.proofs import newest_checkpoint, read_tile
from tocsin.desk.show import list_log
from tocsin.desk.witnessing import cosign_for


def make_router(desk: Desk, _wake: Callable[[], None]) -> APIRouter:
    """Open to everybody: a leaf is only a blinded commitment."""
    router = APIRouter()

    @router.get("/checkpoint")
    def checkpoint() -> Response:
        return Response(newest_checkpoint(desk), media_type="text/plain; charset=utf-8")

    @router.get("/tile/{path:path}")
    def tile(path: str) -> Response:
        return Response(read_tile(desk, f"tile/{path}"), media_type="application/octet-stream")

    @router.post("/add-checkpoint")
    def add_checkpoint(request: Annotated[bytes, Body(media_type="text/plain")]) -> Response:
        answer = cosign_for(desk, request)
        return Response(answer.body, answer.status, media_type=answer.content_type)

    return router


def make_desk_router(desk: Desk, _wake: Callable[[], None]) -> APIRouter:
    """For the desk only: what each leaf is about."""
    router = APIRouter()

    @router.get("/log")
    def list_all() -> list[dict[str, Any]]:
        return list_log(desk)

    return router
