"""Moving the time of a practice node. A live node has no such routes."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from tocsin.api.caller import Caller
from tocsin.core.window import parse_instant, write_instant
from tocsin.desk.clockwork import next_due
from tocsin.desk.ports import Desk, MovableClock
from tocsin.errors import ConfigError


class ClockIn(BaseModel):
    """The time to move to, RFC 3339; never earlier than it is."""

    now: str


def make_router(desk: Desk, caller: Caller, settle: Callable[[], int]) -> APIRouter:
    """For the director of an exercise."""
    router = APIRouter(dependencies=[Depends(caller)])

    @router.post("/clock")
    def move(body: ClockIn) -> dict[str, Any]:
        if not isinstance(desk.clock, MovableClock):
            raise ConfigError("this practice node runs on the system's clock")
        desk.clock.move_to(parse_instant(body.now))
        return state(settle())

    @router.post("/settle")
    def settled() -> dict[str, Any]:
        return state(settle())

    def state(done: int) -> dict[str, Any]:
        due = next_due(desk)
        return {"done": done, "now": write_instant(desk.clock.now()), "next_due": write_instant(due) if due else None}

    return router
