"""Where peers put their envelopes: `/in/{token}`, answered with the signed `delivered`."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Response

from tocsin.desk.ports import Desk
from tocsin.desk.receive import receive_envelope


def make_router(desk: Desk, wake: Callable[[], None]) -> APIRouter:
    """Open to whoever knows the token that the exchange agreement gave to one peer."""
    router = APIRouter()

    @router.post("/in/{token}")
    def receive(token: str, raw: Annotated[bytes, Body(media_type="application/octet-stream")]) -> Response:
        receipt = receive_envelope(desk, token, raw)
        wake()
        return Response(receipt, media_type="application/jwt")

    return router
