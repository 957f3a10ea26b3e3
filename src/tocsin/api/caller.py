"""Who calls: the token in the request, and the desk with its holder at it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
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


Caller = Callable[..., Desk]
"""A dependency of a route: gives the desk with the caller at it, or refuses."""


def make_caller(desk: Desk) -> Caller:
    """Reads `Authorization: Bearer TOKEN`. SignInError if it is missing or opens nothing; what it may is the act's to ask."""
    bearer = HTTPBearer(auto_error=False, description="a token from `tocsin token add`")

    def caller(found: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None) -> Desk:
        if found is None:
            raise SignInError(
                "this call needs a token", hint="Authorization: Bearer …; make one with `tocsin token add`"
            )
        return desk_of(desk, found.credentials, CredentialKind.PROGRAM)

    return caller
