"""Puts the pages together that need no sign-in: the public page of a warning, the signed link, and the way in."""

from collections.abc import Callable

from fastapi import APIRouter

from tocsin.desk.ports import Desk
from tocsin.web import acknowledge, public, sign_in


def make_open_pages(desk: Desk, wake: Callable[[], None]) -> APIRouter:
    """Open to everybody; what each route may do is bounded by what it was given: a number, a link, a password."""
    router = APIRouter(include_in_schema=False)
    router.include_router(public.make_pages(desk))
    router.include_router(acknowledge.make_pages(desk, wake))
    router.include_router(sign_in.make_pages(desk))
    return router
