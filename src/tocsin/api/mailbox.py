"""Where peers put their envelopes: `/in/{token}`, answered with the signed `delivered`; and `seen`, for one that lost its disk."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from tocsin.api.caller import body_as_it_came, takes
from tocsin.api.problem import answers
from tocsin.desk.peer_logs import tell_seen
from tocsin.desk.ports import Desk
from tocsin.desk.receive import receive_envelope


def add_routes(router: APIRouter, desk: Desk, wake: Callable[[], None]) -> None:
    """Open to whoever knows the token that the exchange agreement gave to one peer."""

    @router.post(
        "/in/{token}",
        response_class=Response,
        responses=answers("application/jwt"),
        openapi_extra=takes("application/octet-stream"),
    )
    def receive(token: str, raw: Annotated[bytes, Depends(body_as_it_came)]) -> Response:
        receipt = receive_envelope(desk, token, raw)
        wake()
        return Response(receipt, media_type="application/jwt")

    @router.post("/in/{token}/seen", response_class=Response, responses=answers("application/json"))
    def seen(token: str) -> Response:
        return Response(tell_seen(desk, token), media_type="application/json")
