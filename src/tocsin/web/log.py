"""The log of this node: its leaves, one leaf with its proof, and the witnesses."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from tocsin.desk.ports import Desk
from tocsin.desk.show_log import ShownWitnesses, show_entry, show_log, show_witnesses
from tocsin.errors import NotFoundError
from tocsin.web.page import Session, make_router
from tocsin.web.render import render
from tocsin.web.words import write_count


def make_pages(seat: Session) -> APIRouter:
    """`/log`, `/log/witnesses` and `/log/{n}`."""
    router = make_router()

    @router.get("/log")
    def show_all(desk: Annotated[Desk, Depends(seat)], before: Annotated[str, Query()] = "") -> HTMLResponse:
        found = show_log(desk, before=_number(before) if before else None)
        return render("log.html.j2", desk, found=found, before=before)

    @router.get("/log/witnesses")
    def witnesses(desk: Annotated[Desk, Depends(seat)]) -> HTMLResponse:
        found = show_witnesses(desk)
        return render("witnesses.html.j2", desk, found=found, finding=_finding(found))

    @router.get("/log/{number}")
    def show_one(desk: Annotated[Desk, Depends(seat)], number: str) -> HTMLResponse:
        return render("entry.html.j2", desk, found=show_entry(desk, _number(number)))

    return router


def _number(text: str) -> int:
    """A leaf's number; whatever is none names no leaf."""
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise NotFoundError(f"log has no entry {text[:40]!r}: expected a number from 0")
    return int(text)


def _finding(found: ShownWitnesses) -> str:
    """Whether the log is whole, and on whose word."""
    faults = [one.name for one in found.witnesses if one.fault]
    if found.fault or faults:
        return f"The log does not hold: {found.fault or 'what ' + faults[0] + ' signed does not fit it'}"
    if found.head is None:
        return "The log is empty: nothing was done here yet"
    signed = [one for one in found.witnesses if one.at]
    if not signed:
        return "The log is whole on our word alone: no witness has signed it"
    least = max(one.size for one in signed)
    who = f"{len(signed)} of {write_count(len(found.witnesses), 'witness', 'witnesses')}"
    return f"Signed by {who}: the log is whole up to {least:,} of {found.size:,} entries"
