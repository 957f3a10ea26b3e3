"""Incidents, reviews and proofs over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Response

from tocsin.desk.ports import Desk
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.review import record_incident, review_incident, write_review


def make_router(desk: Desk, _wake: Callable[[], None]) -> APIRouter:
    """For the desk only."""
    router = APIRouter()

    @router.post("/incidents")
    def record(
        body: Annotated[dict[str, Any], Body()], idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return record_incident(desk, body, once=idempotency_key)

    @router.get("/incidents/{incident}/review")
    def review(incident: str) -> dict[str, Any]:
        return review_incident(desk, incident)

    @router.post("/incidents/{incident}/account", response_class=Response)
    def account(incident: str, case: Annotated[bytes, Body(media_type="application/yaml")] = b"") -> Response:
        return Response(write_review(desk, incident, case=case or None), media_type="text/html; charset=utf-8")

    @router.get("/warnings/{warning}/bundle", response_class=Response)
    def bundle(warning: str, part: str = "all") -> Response:
        return Response(make_warning_bundle(desk, warning, part=part), media_type="application/octet-stream")

    return router
