"""What all desk pages have in common: who sits at the desk, and what a refused or missing page says."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute

from tocsin.desk.access import GRANTS, May
from tocsin.desk.ports import Desk
from tocsin.errors import AccessError, NotFoundError, SignInError, TocsinError
from tocsin.web.render import render

Session = Callable[..., Desk]
"""A dependency of a route: gives the desk with the signed-in person at it, or sends them to sign in."""


def make_router() -> APIRouter:
    """A router whose routes are pages: not in the API's description, errors told as a page that helps."""
    return APIRouter(route_class=_Page, include_in_schema=False, default_response_class=HTMLResponse)


def make_seat(session: Session) -> Session:
    """The same dependency, which remembers the desk for the page that tells an error."""

    def seat(request: Request, desk: Annotated[Desk, Depends(session)]) -> Desk:
        request.state.desk = desk
        return desk

    return seat


class _Page(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handle_or_say(request: Request) -> Response:
            try:
                answer: Response = await handle(request)
            except SignInError:
                raise
            except TocsinError as error:
                if not hasattr(request.state, "desk"):
                    raise
                return _say(request.state.desk, error)
            return answer

        return handle_or_say


def _say(desk: Desk, error: TocsinError) -> HTMLResponse:
    if isinstance(error, AccessError):
        who = sorted(role.value.replace("_", " ") for role in GRANTS[May.LOOK])
        return render("denied.html.j2", desk, status=403, message=str(error), who=who)
    if isinstance(error, NotFoundError):
        return render("missing.html.j2", desk, status=404, message=str(error))
    return render("failed.html.j2", desk, status=500, message=str(error), hint=error.hint)
