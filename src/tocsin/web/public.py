"""`/a/W-7`: what everybody may know of a warning, what to do first, and how to check that it is genuine.

The path is the warning's number, which stands in each message and can be read out over the telephone. It can be guessed,
and that harms nobody: what stands here is TLP:CLEAR and was sent to everybody exposed.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from tocsin.core.language import own_name
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import make_public_bundle
from tocsin.desk.public import read_public_cap, show_public
from tocsin.errors import NotFoundError
from tocsin.web.leaf import render_leaf, tell
from tocsin.web.tongue import tongue_of

_KEPT = {"Cache-Control": "public, max-age=20"}
"""Seconds that a cache on the way may answer for us: thousands open one page, and a withdrawal must show within a minute."""


def make_pages(desk: Desk) -> APIRouter:
    """Open to everybody."""
    router = APIRouter(include_in_schema=False)

    @router.get("/a/{warning}.xml")
    def cap(warning: str) -> Response:
        return Response(read_public_cap(desk, warning), media_type="application/cap+xml", headers=_KEPT)

    @router.get("/a/{warning}.tocsin")
    def proof(warning: str) -> Response:
        as_file = {"Content-Disposition": "attachment"}
        return Response(make_public_bundle(desk, warning), media_type="application/octet-stream", headers=as_file)

    @router.get("/a/{warning}", response_class=HTMLResponse)
    def page(warning: str, lang: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
        try:
            found = show_public(desk, warning, lang)
        except NotFoundError:
            return render_leaf("alert_missing.html.j2", desk.settings, status=404, warning=warning[:40])
        language = found["language"]
        return render_leaf(
            "alert.html.j2",
            desk.settings,
            language=language,
            headers=_KEPT,
            w=found,
            told=tell(tongue_of(language), found),
            spoken=[(one, own_name(one)) for one in found["languages"]],
        )

    return router
