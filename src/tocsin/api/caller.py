"""Who calls: the token in the request, and the desk with its holder at it."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param

from tocsin.desk.house import CredentialKind
from tocsin.desk.people import desk_of
from tocsin.desk.ports import Desk
from tocsin.errors import SignInError


async def body_as_it_came(request: Request) -> bytes:
    """The bytes of the body, whatever its content type says: what cannot be read must reach quarantine whole."""
    return await request.body()


def takes(media_type: str) -> dict[str, Any]:
    """For OpenAPI: the body is of that type and must be there."""
    return {
        "requestBody": {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}, "required": True}
    }


P = ParamSpec("P")
T = TypeVar("T")


class Caller(SecurityBase):
    """A dependency of a route: reads `Authorization: Bearer TOKEN` and gives the desk with its holder at it.

    SignInError if it is missing or opens nothing; what the holder may is the act's to ask.
    """

    def __init__(self, desk: Desk) -> None:
        self.model = HTTPBearer(description="a token from `tocsin token add`")
        self.scheme_name = "HTTPBearer"
        self._desk = desk

    async def __call__(self, request: Request) -> Desk:
        scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
        if scheme.lower() != "bearer" or not token:
            raise SignInError(
                "this call needs a token", hint="Authorization: Bearer …; make one with `tocsin token add`"
            )
        return await read_soon(desk_of, self._desk, token, CredentialKind.PROGRAM)


async def read_soon(read: Callable[Concatenate[Desk, P], T], desk: Desk, *args: P.args, **more: P.kwargs) -> T:
    """What a few rows answer: read on the spot from a file at hand, in a thread where a database must be asked for it.

    Handing a read of a file to a thread and back costs more than the read. Nothing whose cost grows with the store
    comes this way: while it is read, this process answers nobody else.
    """
    if desk.store.is_at_hand:
        return read(desk, *args, **more)
    return await run_in_threadpool(read, desk, *args, **more)
