"""Drafts over HTTP: one person writes, another releases."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from tocsin.api.caller import Caller
from tocsin.desk.confirming import confirm_language
from tocsin.desk.drafts import draft_warning, hold_draft, list_drafts, preview_draft, release_alone, release_draft
from tocsin.desk.ports import Desk


class ReleaseIn(BaseModel):
    """How many people the releaser read that it goes to; another number by now means look again."""

    people: int
    alone: bool = False


class ConfirmIn(BaseModel):
    """The hex SHA-256 of the words that were read, as the preview gives it."""

    sha256: str


class HoldIn(BaseModel):
    """Why it must not go out."""

    reason: str


def add_routes(router: APIRouter, caller: Caller, wake: Callable[[], None]) -> None:
    """For the desk only. The body of a draft is an order, in the JSON of `tocsin warning draft`."""

    @router.post("/v1/drafts")
    def draft(
        desk: Annotated[Desk, Depends(caller)], body: dict[str, Any], idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        outcome = draft_warning(desk, body, once=idempotency_key)
        wake()
        return outcome

    @router.get("/v1/drafts")
    def list_all(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_drafts(desk)

    @router.get("/v1/drafts/{draft}/preview")
    def preview(desk: Annotated[Desk, Depends(caller)], draft: str) -> dict[str, Any]:
        return preview_draft(desk, draft)

    @router.post("/v1/drafts/{draft}/release")
    def release(
        desk: Annotated[Desk, Depends(caller)],
        draft: str,
        body: ReleaseIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        act = release_alone if body.alone else release_draft
        outcome = act(desk, draft, people=body.people, once=idempotency_key)
        wake()
        return outcome

    @router.post("/v1/drafts/{draft}/languages/{language}/confirm")
    def confirm(
        desk: Annotated[Desk, Depends(caller)],
        draft: str,
        language: str,
        body: ConfirmIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return confirm_language(desk, draft, language, body.sha256, once=idempotency_key)

    @router.post("/v1/drafts/{draft}/hold")
    def hold(
        desk: Annotated[Desk, Depends(caller)], draft: str, body: HoldIn, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return hold_draft(desk, draft, body.reason, once=idempotency_key)
