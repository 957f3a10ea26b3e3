"""What other nodes sent: the list by what is due, and one message with who signed it and what they can prove."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from tocsin.core.window import zone_of
from tocsin.desk.ports import Desk
from tocsin.desk.show_inbox import InboxPage, show_inbox, show_item
from tocsin.web.page import Session, make_router
from tocsin.web.render import render, write_span
from tocsin.web.words import LIFE, OURS, STANDING, write_count


def make_pages(seat: Session) -> APIRouter:
    """`/inbox` and `/inbox/{id}`. Looking is not reading in the sense of a receipt: nothing is sent back by it."""
    router = make_router()

    @router.get("/inbox")
    def show_all(desk: Annotated[Desk, Depends(seat)], before: Annotated[str, Query()] = "") -> HTMLResponse:
        found = show_inbox(desk, before=before)
        return render(
            "inbox.html.j2",
            desk,
            found=found,
            finding=_finding(found, desk),
            before=before,
            life=LIFE,
            standing=STANDING,
            answered=OURS,
        )

    @router.get("/inbox/{item}")
    def show_one(desk: Annotated[Desk, Depends(seat)], item: str) -> HTMLResponse:
        return render("item.html.j2", desk, found=show_item(desk, item), life=LIFE, standing=STANDING, answered=OURS)

    return router


def _finding(found: InboxPage, desk: Desk) -> str:
    zone = zone_of(desk.settings.zone)
    if not found.all_count:
        return f"Nothing came in here as of {found.at.astimezone(zone):%H:%M}. That says nothing about safety."
    if not found.open_count:
        return f"No message waits for an answer as of {found.at.astimezone(zone):%H:%M}"
    asks = f"{write_count(found.open_count, 'message')} {'asks' if found.open_count == 1 else 'ask'}".capitalize()
    if not found.open:
        return f"{asks} for an answer"
    due = found.open[0].respond_by
    one = found.open_count == 1
    if due < found.at:
        return f"{asks} for an answer; {'it' if one else 'the first'} is late by {write_span(found.at - due)}"
    return f"{asks} for an answer{'' if one else ', the first'} by {due.astimezone(zone):%H:%M}"
