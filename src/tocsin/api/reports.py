"""Reports and determinations over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header
from pydantic import BaseModel

from tocsin.assess.duty import Ground, Waiver
from tocsin.desk.ports import Desk
from tocsin.desk.report import determine_duty, submit_report


class WaiverIn(BaseModel):
    """Why nobody is to be warned: one of W1 to W6, in words, with the evidence that W1 demands."""

    ground: Ground
    text: str
    evidence: str | None = None


class DeterminationIn(BaseModel):
    """How far the report is to be believed, and who says so."""

    reliability: str
    credibility: int
    officer: str = ""
    waiver: WaiverIn | None = None


def make_router(desk: Desk, _wake: Callable[[], None]) -> APIRouter:
    """For the desk only."""
    router = APIRouter()

    @router.post("/reports")
    def submit(
        raw: Annotated[bytes, Body(media_type="text/plain")], idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return submit_report(desk, raw, once=idempotency_key)

    @router.post("/reports/{report}/determination")
    def determine(report: str, body: DeterminationIn, idempotency_key: Annotated[str, Header()] = "") -> dict[str, Any]:
        asked = body.waiver
        waiver = Waiver(ground=asked.ground, text=asked.text, evidence=asked.evidence) if asked else None
        return determine_duty(
            desk,
            report,
            reliability=body.reliability,
            credibility=body.credibility,
            officer=body.officer,
            waiver=waiver,
            once=idempotency_key,
        )

    return router
