"""Incidents, claims about them, reviews, lessons and proofs over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Response
from pydantic import BaseModel

from tocsin.api.caller import Caller, body_as_it_came, takes
from tocsin.api.problem import answers
from tocsin.core.marking import Audience
from tocsin.desk.account import account_for
from tocsin.desk.claims import record_claims
from tocsin.desk.lessons import list_lessons
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.review import record_incident, review_incident
from tocsin.desk.show import show_incident
from tocsin.review.account_html import write_html


class ClaimsIn(BaseModel):
    """A text, and the claims that a person marked in it (docs/claims.md)."""

    text: str
    marked: dict[str, Any]


def make_router(caller: Caller, _wake: Callable[[], None]) -> APIRouter:
    """For the desk only."""
    router = APIRouter()

    @router.post("/incidents", openapi_extra=takes("application/json"))
    def record(
        desk: Annotated[Desk, Depends(caller)],
        raw: Annotated[bytes, Depends(body_as_it_came)],
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return record_incident(desk, raw, once=idempotency_key)

    @router.get("/incidents/{incident}")
    def show(desk: Annotated[Desk, Depends(caller)], incident: str) -> dict[str, Any]:
        return show_incident(desk, incident)

    @router.get("/lessons")
    def lessons(desk: Annotated[Desk, Depends(caller)]) -> list[dict[str, Any]]:
        return list_lessons(desk)

    @router.post("/incidents/{incident}/claims")
    def claims(
        desk: Annotated[Desk, Depends(caller)],
        incident: str,
        body: ClaimsIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        # Half a character is then refused like any text that is not UTF-8.
        text = body.text.encode("utf-8", "surrogatepass")
        return record_claims(desk, incident, text, body.marked, once=idempotency_key)

    @router.get("/incidents/{incident}/review")
    def review(desk: Annotated[Desk, Depends(caller)], incident: str) -> dict[str, Any]:
        return review_incident(desk, incident)

    @router.post("/incidents/{incident}/account", response_class=Response, responses=answers("text/html"))
    def account(
        desk: Annotated[Desk, Depends(caller)],
        incident: str,
        case: Annotated[bytes, Body(media_type="application/yaml")] = b"",
        reader: Annotated[Audience, Query(alias="for")] = Audience.PUBLIC,
    ) -> Response:
        sheet = account_for(desk, incident, case=case or None, reader=reader)
        return Response(write_html(sheet), media_type="text/html; charset=utf-8")

    @router.get("/warnings/{warning}/bundle", response_class=Response, responses=answers("application/octet-stream"))
    def bundle(desk: Annotated[Desk, Depends(caller)], warning: str, part: str = "all") -> Response:
        return Response(make_warning_bundle(desk, warning, part=part), media_type="application/octet-stream")

    return router
