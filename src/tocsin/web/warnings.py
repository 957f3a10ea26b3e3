"""Our warnings: the list, and one with who has it, what proves it and what happens next."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from tocsin.compose.lifecycle import Status
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.show_warning import show_one_warning, show_warnings
from tocsin.errors import NotFoundError
from tocsin.web.maps import draw_warning, has_leaflet, map_data
from tocsin.web.page import Session, make_router
from tocsin.web.render import render
from tocsin.web.timeline import KEY_KINDS, say_moment
from tocsin.web.words import LIFE, say_next, say_party


def make_pages(seat: Session) -> APIRouter:
    """`/warnings`, `/warnings/{id}` and the bundle of one, to be handed on."""
    router = make_router()

    @router.get("/warnings")
    def show_all(
        desk: Annotated[Desk, Depends(seat)],
        before: Annotated[str, Query()] = "",
        status: Annotated[str, Query()] = "",
    ) -> HTMLResponse:
        chosen = _status(status)
        found = show_warnings(desk, before=before, status=chosen)
        return render("warnings.html.j2", desk, found=found, chosen=chosen, before=before, life=LIFE)

    @router.get("/warnings/{warning}")
    def show_one(desk: Annotated[Desk, Depends(seat)], warning: str) -> HTMLResponse:
        found = show_one_warning(desk, warning)
        return render(
            "warning.html.j2",
            desk,
            found=found,
            picture=draw_warning(found),
            map_data=map_data(found),
            map_moves=has_leaflet(),
            life=LIFE,
            say_party=say_party,
            say_next=say_next,
            say_moment=say_moment,
            names={one.party: one.name for one in found.parties},
            key_kinds=KEY_KINDS,
        )

    @router.get("/warnings/{warning}/bundle")
    def bundle(desk: Annotated[Desk, Depends(seat)], warning: str, part: Annotated[str, Query()] = "all") -> Response:
        raw = make_warning_bundle(desk, warning, part=part)
        headers = {"Content-Disposition": f'attachment; filename="{warning}-{part}.tocsin"'}
        return Response(raw, media_type="application/octet-stream", headers=headers)

    return router


def _status(word: str) -> Status | None:
    if not word:
        return None
    try:
        return Status(word)
    except ValueError:
        raise NotFoundError(f"no state {word!r} of a warning, expected one of {', '.join(Status)}") from None
