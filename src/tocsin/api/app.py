"""Puts the routes together, says who may call them, and turns our errors into answers."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse

from tocsin.api import (
    drafts,
    inbox,
    log,
    mailbox,
    matters,
    people,
    quarantine,
    register,
    rehearsal,
    reports,
    reviews,
    warnings,
)
from tocsin.api.caller import Caller
from tocsin.api.limit import LimitSize
from tocsin.api.problem import REFUSALS, AnswerUnexpected, add_problems
from tocsin.node import Node
from tocsin.web.app import make_pages
from tocsin.web.open_pages import make_open_pages
from tocsin.web.security import SecurityHeaders


class Sender(Protocol):
    """What the API needs of the worker: to be woken after an act, and in a rehearsal to be waited for."""

    def wake(self) -> None:
        """Something new is in the outbox."""

    def settle(self) -> int:
        """Do all that is due now. Gives how many things were done."""


def make_app(node: Node, sender: Sender, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """The application of one node. Peers, witnesses and people reach the open routes, the desk its own with a token."""
    app = FastAPI(
        title=f"Tocsin at {node.desk.settings.name}",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses=dict(REFUSALS),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # what is read here is told to nobody
    )

    @app.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        return "up\n"

    # Routes are tried in this order: what programs call all day comes before the many pages.
    caller = Caller(node.desk)
    _add_desk_routes(app.router, caller, sender)
    for noun in (mailbox, log):
        noun.add_routes(app.router, node.desk, sender.wake)
    app.include_router(make_open_pages(node.desk, sender.wake))
    app.include_router(make_pages(node))
    if node.desk.settings.practice:
        app.include_router(rehearsal.make_router(node.desk, caller, sender.settle), prefix="/rehearsal")
    add_problems(app)
    app.add_middleware(AnswerUnexpected)
    app.add_middleware(LimitSize)
    app.add_middleware(SecurityHeaders, settings=node.desk.settings)
    return app


def _add_desk_routes(router: APIRouter, caller: Caller, sender: Sender) -> None:
    """All on one level: a router inside a router matches each request again."""
    for noun in (warnings, inbox, matters, reports, drafts, register, reviews, people, quarantine):
        noun.add_routes(router, caller, sender.wake)
    log.add_desk_routes(router, caller)
