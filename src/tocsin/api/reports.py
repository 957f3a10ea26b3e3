"""Reports and determinations over HTTP."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from tocsin.api.caller import Caller, body_as_it_came, takes
from tocsin.assess.duty import Ground, Waiver
from tocsin.desk.ports import Desk
from tocsin.desk.reading import change_value, confirm_value, reject_value, show_report, suggest_values
from tocsin.desk.report import determine_duty, submit_report, waive_duty


class WaiverIn(BaseModel):
    """Why nobody is to be warned: one of W1 to W6, in words, with the evidence that W1 demands."""

    ground: Ground
    text: str
    evidence: str | None = None


class DecisionIn(BaseModel):
    """One value that was read. `new` takes its place; `reject` takes it out; neither confirms it."""

    field: str
    value: str
    new: str | None = None
    reject: bool = False


class DeterminationIn(BaseModel):
    """How far the report is to be believed: A to F for its source, 1 to 6 for what it says."""

    reliability: str
    credibility: int


def add_routes(router: APIRouter, caller: Caller, _wake: Callable[[], None]) -> None:
    """For the desk only."""

    @router.post("/v1/reports", openapi_extra=takes("text/plain"))
    def submit(
        desk: Annotated[Desk, Depends(caller)],
        raw: Annotated[bytes, Depends(body_as_it_came)],
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return submit_report(desk, raw, once=idempotency_key)

    @router.get("/v1/reports/{report}")
    def show(desk: Annotated[Desk, Depends(caller)], report: str) -> dict[str, Any]:
        return show_report(desk, report)

    @router.post("/v1/reports/{report}/reading")
    def decide(
        desk: Annotated[Desk, Depends(caller)],
        report: str,
        body: DecisionIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        if body.reject:
            return reject_value(desk, report, body.field, body.value, once=idempotency_key)
        if body.new is not None:
            return change_value(desk, report, body.field, body.value, body.new, once=idempotency_key)
        return confirm_value(desk, report, body.field, body.value, once=idempotency_key)

    @router.post("/v1/reports/{report}/suggestions")
    def suggest(
        desk: Annotated[Desk, Depends(caller)], report: str, idempotency_key: Annotated[str, Header()] = ""
    ) -> dict[str, Any]:
        return suggest_values(desk, report, once=idempotency_key)

    @router.post("/v1/reports/{report}/determination")
    def determine(
        desk: Annotated[Desk, Depends(caller)],
        report: str,
        body: DeterminationIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        return determine_duty(
            desk, report, reliability=body.reliability, credibility=body.credibility, once=idempotency_key
        )

    @router.post("/v1/determinations/{determination}/waiver")
    def waive(
        desk: Annotated[Desk, Depends(caller)],
        determination: str,
        body: WaiverIn,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        waiver = Waiver(ground=body.ground, text=body.text, evidence=body.evidence)
        return waive_duty(desk, determination, waiver, once=idempotency_key)
