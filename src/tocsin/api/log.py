"""The node's log for everybody (C2SP tlog-tiles), and its service as a witness (C2SP tlog-witness)."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from tocsin.api.caller import Caller, body_as_it_came, takes
from tocsin.api.problem import answers
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import newest_checkpoint, read_tile
from tocsin.desk.show import list_log
from tocsin.desk.witnessing import cosign_for

_REFUSED: dict[str, dict[str, Any]] = {"text/plain": {}}
_COSIGNED: dict[int | str, dict[str, Any]] = answers("text/plain") | {
    400: {"description": "Not a request of C2SP tlog-witness", "content": _REFUSED},
    403: {"description": "Not signed by the log that it names", "content": _REFUSED},
    404: {"description": "A log that is not cosigned here", "content": _REFUSED},
    409: {"description": "Another size was cosigned last; it is the body", "content": {"text/x.tlog.size": {}}},
    422: {"description": "The proof does not hold", "content": _REFUSED},
    503: {"description": "This node came back from a backup and is not reconciled yet", "content": _REFUSED},
}


def add_routes(router: APIRouter, desk: Desk, _wake: Callable[[], None]) -> None:
    """Open to everybody: a leaf is only a blinded commitment."""

    @router.get("/checkpoint", response_class=Response, responses=answers("text/plain"))
    def checkpoint() -> Response:
        return Response(newest_checkpoint(desk), media_type="text/plain; charset=utf-8")

    @router.get("/tile/{path:path}", response_class=Response, responses=answers("application/octet-stream"))
    def tile(path: str) -> Response:
        return Response(read_tile(desk, f"tile/{path}"), media_type="application/octet-stream")

    @router.post("/add-checkpoint", response_class=Response, responses=_COSIGNED, openapi_extra=takes("text/plain"))
    def add_checkpoint(request: Annotated[bytes, Depends(body_as_it_came)]) -> Response:
        answer = cosign_for(desk, request)
        return Response(answer.body, answer.status, media_type=answer.content_type)


def add_desk_routes(router: APIRouter, caller: Caller) -> None:
    """For the desk only: what each leaf is about."""

    @router.get("/v1/log")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_log(desk)
