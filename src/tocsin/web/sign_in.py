"""Signing in and out, and the link that works once with which somebody sets their password."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from tocsin.desk.ports import Desk
from tocsin.desk.sign_in import LEAST_PASSWORD, MOST_PASSWORD, set_password, show_link, sign_in, sign_out
from tocsin.errors import AccessError, InputError, SignInError, TocsinError
from tocsin.web.form import read_form
from tocsin.web.leaf import render_leaf
from tocsin.web.security import check_own_form
from tocsin.web.session import HOME, SIGN_IN, drop_cookie, local_path, read_cookie, set_cookie

Form = Annotated[bytes, Body(media_type="application/x-www-form-urlencoded")]


def make_pages(desk: Desk) -> APIRouter:
    """Open to everybody; each form must come from a page of this node."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN, response_class=HTMLResponse)
    def show(next: str = HOME) -> HTMLResponse:  # noqa: A002  # the name stands in the address
        return _sign_in_page(desk, next)

    @router.post(SIGN_IN)
    def enter(request: Request, body: Form = b"") -> Response:
        form = read_form(body)
        name, where = form.get("name", "").strip(), form.get("next", HOME)
        try:
            check_own_form(request, desk.settings)
            secret = sign_in(desk, name, form.get("password", ""))
        except AccessError as error:
            return _sign_in_page(desk, where, name=name, error=error)
        return _seated(desk, local_path(where), secret)

    @router.post("/sign-out")
    def leave(request: Request) -> Response:
        check_own_form(request, desk.settings)
        sign_out(desk, read_cookie(request, desk.settings))
        answer = RedirectResponse(SIGN_IN, 303)
        drop_cookie(answer, desk.settings)
        return answer

    @router.get("/first/{link}", response_class=HTMLResponse)
    def first(link: str) -> HTMLResponse:
        return _first_page(desk, link)

    @router.post("/first/{link}")
    def set_first(request: Request, link: str, body: Form = b"") -> Response:
        try:
            check_own_form(request, desk.settings)
            secret = set_password(desk, link, read_form(body).get("password", ""))
        except (AccessError, InputError) as error:
            return _first_page(desk, link, error=error)
        return _seated(desk, HOME, secret)

    return router


def _seated(desk: Desk, where: str, secret: str) -> Response:
    answer = RedirectResponse(where, 303)
    set_cookie(answer, desk.settings, secret)
    return answer


def _sign_in_page(desk: Desk, where: str, *, name: str = "", error: TocsinError | None = None) -> HTMLResponse:
    return render_leaf(
        "sign_in.html.j2",
        desk.settings,
        status=_status(error),
        next=local_path(where),
        name=name,
        problem=str(error or ""),
        hint=error.hint if error else "",
    )


def _first_page(desk: Desk, link: str, *, error: TocsinError | None = None) -> HTMLResponse:
    try:
        name = show_link(desk, link)
    except SignInError:
        return render_leaf("first.html.j2", desk.settings, status=404, name="")
    return render_leaf(
        "first.html.j2",
        desk.settings,
        status=_status(error),
        name=name,
        problem=str(error or ""),
        hint=error.hint if error else "",
        least=LEAST_PASSWORD,
        most=MOST_PASSWORD,
    )


def _status(error: TocsinError | None) -> int:
    if error is None:
        return 200
    if isinstance(error, SignInError):
        return 401
    return 403 if isinstance(error, AccessError) else 422
