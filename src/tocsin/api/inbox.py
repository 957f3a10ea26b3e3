"""What other nodes sent, and our answers, over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from tocsin.api.caller import Caller
from tocsin.desk.ports import Desk
from tocsin.desk.respond import open_item, respond
from tocsin.desk.show import list_inbox
from tocsin.evidence.receipt import Answer


class AnswerIn(BaseModel):
    """One answer of an officer. A dismissal needs a reason."""

    answer: Answer
    reason: str = ""
    text: str = ""


def add_routes(router: APIRouter, caller: Caller, wake: Callable[[], None]) -> None:
    """For the desk only."""

    @router.get("/v1/inbox")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_inbox(desk)

    @router.post("/v1/inbox/{item}/read")
    def read(
        desk: Annotated[Desk, Depends(caller)], item: str, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        outcome = open_item(desk, item, once=idempotency_key)
        wake()
        return outcome

    @router.post("/v1/inbox/{item}/answers")
    def answer(
        desk: Annotated[Desk, Depends(caller)],
        item: str,
        body: AnswerIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        outcome = respond(desk, item, body.answer, reason=body.reason, text=body.text, once=idempotency_key)
        wake()
        return outcome
