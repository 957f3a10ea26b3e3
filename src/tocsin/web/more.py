"""What else there is at this desk, and who is signed in here."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from tocsin.desk.ports import Desk
from tocsin.web.page import Session, make_router
from tocsin.web.render import render


def make_pages(seat: Session) -> APIRouter:
    """`/more`: open to every role."""
    router = make_router()

    @router.get("/more")
    def more(desk: Annotated[Desk, Depends(seat)]) -> HTMLResponse:
        return render("more.html.j2", desk)

    return router
