"""Who calls: the token in the request, and the desk with its holder at it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

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


Caller = Callable[..., Awaitable[Desk]]
"""A dependency of a route: gives the desk with the caller at it, or refuses."""
P = ParamSpec("P")
T = TypeVar("T")


def make_caller(desk: Desk) -> Caller:
    """Reads `Authorization: Bearer TOKEN`. SignInError if it is missing or opens nothing; what it may is the act's to ask."""
    bearer = HTTPBearer(auto_error=False, description="a token from `tocsin token add`")

    async def caller(found: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None) -> Desk:
        if found is None:
            raise SignInError(
                "this call needs a token", hint="Authorization: Bearer …; make one with `tocsin token add`"
            )
        return await read_soon(desk_of, desk, found.credentials, CredentialKind.PROGRAM)

    return caller


async def read_soon(read: Callable[Concatenate[Desk, P], T], desk: Desk, *args: P.args, **more: P.kwargs) -> T:
    """What a few rows answer: read on the spot from a file at hand, in a thread where a database must be asked for it.

    Handing a read of a file to a thread and back costs more than the read. Nothing whose cost grows with the store
    comes this way: while it is read, this process answers nobody else.
    """
    if desk.store.is_at_hand:
        return read(desk, *args, **more)
    return await run_in_threadpool(read, desk, *args, **more)
