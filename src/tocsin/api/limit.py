"""Refuses a request whose body is too long, or does not say how long it is, before any of it is read."""

import json
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024 * 1024


class LimitSize:
    """ASGI middleware. A body without a length could go on for ever: it is answered 413 as one that is too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers: dict[bytes, bytes] = dict(scope["headers"])
            length = headers.get(b"content-length", b"0")
            if not length.isdigit() or int(length) > MAX_BODY_BYTES or b"transfer-encoding" in headers:
                await _refuse(
                    send, f"body of {length.decode('ascii', 'replace')} bytes, at most {MAX_BODY_BYTES} expected"
                )
                return
        await self._app(scope, receive, send)


async def _refuse(send: Send, error: str) -> None:
    body = json.dumps({"error": error, "hint": None}).encode()
    start: dict[str, Any] = {
        "type": "http.response.start",
        "status": 413,
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
