"""What the API answers when it refuses: one shape for every error, ours and those of the framework."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.errors import (
    AccessError,
    ClockError,
    ConfigError,
    DeliveryError,
    InputError,
    NotFoundError,
    PolicyError,
    SignInError,
    StateError,
    TocsinError,
    VerificationError,
)


class Problem(BaseModel):
    """Thing, found and expected in one sentence; what to do next, if we know; which of our errors it is."""

    error: str
    hint: str | None = None
    kind: str


STATUS: tuple[tuple[type[TocsinError], int], ...] = (
    (NotFoundError, 404),
    (SignInError, 401),
    (AccessError, 403),
    (InputError, 422),
    (VerificationError, 422),
    (PolicyError, 409),
    (StateError, 409),
    (ClockError, 409),
    (DeliveryError, 502),
    (ConfigError, 500),
)

REFUSALS: Mapping[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "Nobody knows who calls"},
    403: {"model": Problem, "description": "The caller's roles may not do this; the refusal is logged"},
    404: {"model": Problem, "description": "Nothing of that name is here"},
    409: {
        "model": Problem,
        "description": "Refused by policy, or does not fit the state; nothing stored, nothing sent",
    },
    413: {"model": Problem, "description": "The body is too long, or does not say how long it is"},
    422: {"model": Problem, "description": "The request cannot be read; what was sent may be kept in quarantine"},
}
"""For OpenAPI: the answers that any route may give beside its own."""


def answers(media_type: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: the route's own answer is of that type."""
    return {200: {"description": "The thing itself", "content": {media_type: {}}}}


def add_problems(app: FastAPI) -> None:
    """Turn every error into a Problem."""

    @app.exception_handler(TocsinError)
    def ours(_request: Request, error: TocsinError) -> JSONResponse:
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
        return _say(status, str(error), type(error).__name__, error.hint)

    @app.exception_handler(RequestValidationError)
    def unreadable(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = " ".join(str(part) for part in first["loc"])
        return _say(422, f"{where}: {first['msg'].lower()}", "InputError", "the shapes stand in /openapi.json")

    @app.exception_handler(HTTPException)
    def framework(_request: Request, error: HTTPException) -> JSONResponse:
        return _say(error.status_code, error.detail.lower(), "HTTPException", None, error.headers)


_TELL_THEM = "whether the act was carried out is not known: look before you repeat it; the node's log has the error"


class AnswerUnexpected:
    """ASGI middleware: what nobody foresaw is answered in the same shape and with the headers of every answer, and raised on.

    The answer tells nothing of the error, which may hold a name or an address: whoever runs the node finds it in the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] == "http" and not started:
                kind = type(error).__name__
                await _say(500, "this node met an error that it did not expect", kind, _TELL_THEM)(scope, receive, send)
            raise


def _say(
    status: int, error: str, kind: str, hint: str | None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(Problem(error=error, hint=hint, kind=kind).model_dump(), status, dict(headers or {}))
