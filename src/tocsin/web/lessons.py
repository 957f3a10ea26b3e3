"""What reviews found that has to be done: the open lessons first, each with who has to see to it and until when."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from tocsin.desk.ports import Desk
from tocsin.desk.show_lessons import LessonsPage, show_lessons
from tocsin.web.page import Session, make_router
from tocsin.web.render import render
from tocsin.web.words import write_count


def make_pages(seat: Session) -> APIRouter:
    """`/lessons`."""
    router = make_router()

    @router.get("/lessons")
    def show_all(desk: Annotated[Desk, Depends(seat)]) -> HTMLResponse:
        found = show_lessons(desk)
        return render("lessons.html.j2", desk, found=found, finding=_finding(found))

    return router


def _finding(found: LessonsPage) -> str:
    if not found.open:
        return "No lesson is open here" if found.closed else "No lesson is recorded here"
    late = f", {found.late} of them late" if found.late else ""
    return f"{write_count(len(found.open), 'lesson')} open{late}".capitalize()
