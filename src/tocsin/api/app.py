"""Puts the routes together, says who may call them, and turns our errors into answers."""

import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from tocsin.api import inbox, links, log, mailbox, register, rehearsal, reports, reviews, warnings
from tocsin.errors import (
    AccessError,
    ClockError,
    ConfigError,
    DeliveryError,
    InputError,
    NotFoundError,
    PolicyError,
    StateError,
    TocsinError,
    VerificationError,
)
from tocsin.node import Node

MAX_BODY_BYTES = 64 * 1024 * 1024

_STATUS: tuple[tuple[type[TocsinError], int], ...] = (
    (NotFoundError, 404),
    (AccessError, 403),
    (InputError, 422),
    (VerificationError, 422),
    (PolicyError, 409),
    (StateError, 409),
    (ClockError, 409),
    (DeliveryError, 502),
    (ConfigError, 500),
)


class Sender(Protocol):
    """What the API needs of the worker: to be woken after an act, and in a rehearsal to be waited for."""

    def wake(self) -> None:
        """Something new is in the outbox."""

    def settle(self) -> int:
        """Do all that is due now. Gives how many things were done."""


def make_app(node: Node, sender: Sender, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """The application of one node. Peers, witnesses and people reach the open routes, the desk its own with a token."""
    app = FastAPI(title=f"Tocsin at {node.desk.settings.name}", docs_url=None, redoc_url=None, lifespan=lifespan)

    def check_token(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {node.api_token}".encode()):
            raise AccessError(
                "this call needs the desk's token", hint="Authorization: Bearer, from keys/api of the node"
            )

    for noun in (mailbox, links, log):
        app.include_router(noun.make_router(node.desk, sender.wake))
    desk_only = [Depends(check_token)]
    for noun in (reports, warnings, inbox, register, reviews):
        app.include_router(noun.make_router(node.desk, sender.wake), prefix="/v1", dependencies=desk_only)
    app.include_router(log.make_desk_router(node.desk, sender.wake), prefix="/v1", dependencies=desk_only)
    if node.desk.settings.practice:
        app.include_router(rehearsal.make_router(node.desk, sender.settle), prefix="/rehearsal", dependencies=desk_only)

    @app.get("/healthz", response_class=PlainTextResponse)
    def healthz() -> str:
        return "up\n"

    @app.exception_handler(TocsinError)
    def say_error(_request: Request, error: TocsinError) -> JSONResponse:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
        return JSONResponse({"error": str(error), "hint": error.hint, "kind": type(error).__name__}, status)

    @app.middleware("http")
    async def limit_size(request: Request, call_next: Callable) -> JSONResponse:  # type: ignore[type-arg]  # starlette's own type
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES or "transfer-encoding" in request.headers:
            return JSONResponse(
                {"error": f"body of {length} bytes, at most {MAX_BODY_BYTES} expected", "hint": None}, 413
            )
        answer: JSONResponse = await call_next(request)
        return answer

    return app
