"""Puts all pages of a node together, with the files that they load from this node and nowhere else."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.staticfiles import StaticFiles

from tocsin.node import Node
from tocsin.web import inbox, incidents, lessons, log, more, now, warnings
from tocsin.web.page import make_seat
from tocsin.web.session import make_session


def make_pages(node: Node) -> APIRouter:
    """The signed-in pages and the static files. Reading only: no route here changes what a warning is or who has it."""
    router = APIRouter(include_in_schema=False)
    seat = make_seat(make_session(node.desk))
    for noun in (now, warnings, inbox, log, incidents, lessons, more):
        router.include_router(noun.make_pages(seat))

    static = StaticFiles(packages=[("tocsin.web", "static")])

    @router.get("/static/{path:path}")
    async def file(path: str, request: Request) -> Response:
        return await static.get_response(path, request.scope)

    return router
