"""Afterwards: what happened, which warning said so and how nearly, by which rule, and the account to hand on."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from tocsin.desk.account import account_for
from tocsin.desk.ports import Desk
from tocsin.desk.show_incident import ShownIncident, show_incident, show_incidents
from tocsin.review.account_html import write_html
from tocsin.review.finding import VERSIONS, draw_review_map, make_title
from tocsin.review.strip_svg import draw_strip
from tocsin.web.page import Session, make_router
from tocsin.web.render import render


def make_pages(seat: Session) -> APIRouter:
    """`/incidents`, `/incidents/{id}` and the account of one as a file."""
    router = make_router()

    @router.get("/incidents")
    def show_all(desk: Annotated[Desk, Depends(seat)]) -> HTMLResponse:
        return render("incidents.html.j2", desk, found=show_incidents(desk))

    @router.get("/incidents/{incident}")
    def show_one(desk: Annotated[Desk, Depends(seat)], incident: str) -> HTMLResponse:
        found = show_incident(desk, incident)
        strip, picture = _pictures(found, desk)
        return render(
            "incident.html.j2",
            desk,
            found=found,
            finding=_finding(found),
            strip=strip,
            picture=picture,
            versions=VERSIONS,
        )

    @router.get("/incidents/{incident}/account")
    def account(desk: Annotated[Desk, Depends(seat)], incident: str) -> HTMLResponse:
        # A file, not a page: it opens without this node, so it brings a style block of its own, which no page here may.
        headers = {"Content-Disposition": f'attachment; filename="{incident}.html"'}
        return HTMLResponse(write_html(account_for(desk, incident)), headers=headers)

    return router


def _finding(found: ShownIncident) -> str:
    if not found.judged:
        return "No warning was issued here before it"
    return make_title(found.judged[0].match, found.incident)


def _pictures(found: ShownIncident, desk: Desk) -> tuple[str, str]:
    """The line of time and the map of the warning nearest before the incident; empty where there is none."""
    if not found.judged:
        return "", ""
    nearest = found.judged[0]
    strip = draw_strip(
        issued=nearest.warning.issued, window_end=nearest.until, incident=found.incident.start, zone=desk.settings.zone
    )
    return strip, draw_review_map(nearest.told.threat, found.incident, found.rule)
