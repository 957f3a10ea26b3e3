"""The signed link in a message: GET shows one plain text and records nothing, POST answers."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Body, Query
from fastapi.responses import PlainTextResponse

from tocsin.desk.chase import answer_link, show_link
from tocsin.desk.ports import Desk
from tocsin.errors import InputError
from tocsin.evidence.receipt import Answer

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def make_router(desk: Desk, wake: Callable[[], None]) -> APIRouter:
    """Open to whoever holds a link. Mail scanners open links: that is why a GET is never an answer."""
    router = APIRouter()

    @router.get("/k/{token}", response_class=PlainTextResponse)
    def show(token: str) -> PlainTextResponse:
        return PlainTextResponse(show_link(desk, token), headers=_HEADERS)

    @router.post("/k/{token}", response_class=PlainTextResponse)
    def answer(
        token: str,
        body: Annotated[bytes, Body(media_type="application/x-www-form-urlencoded")] = b"",
        answer: Annotated[str, Query()] = "",
    ) -> PlainTextResponse:
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=4)
        word = form.get("answer", [answer])[0] or Answer.ACKNOWLEDGED.value
        try:
            kind = Answer(word)
        except ValueError:
            raise InputError(f"answer {word!r} is not known") from None
        reason = form.get("reason", [""])[0][:500]
        outcome = answer_link(desk, token, kind, reason=reason)
        wake()
        said = f"Recorded: {outcome['answer']} by link, for warning {outcome['warning']}.\n"
        return PlainTextResponse(said, headers=_HEADERS)

    return router
