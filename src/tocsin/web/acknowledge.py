"""`/k/{token}`: the page behind the link in a message. GET shows and records nothing, POST answers.

Mail scanners open links: that is why a GET is never an answer. After an answer the browser is sent back to the same page,
which says what was recorded: a page that is loaded again, or brought back from sleep, presses nothing.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from tocsin.desk.chase import answer_link
from tocsin.desk.ports import Desk
from tocsin.desk.public import show_link
from tocsin.errors import AccessError, InputError, NotFoundError, StateError
from tocsin.evidence.receipt import Answer
from tocsin.web.form import read_form
from tocsin.web.leaf import render_letter, tell
from tocsin.web.security import Sender, sender_of
from tocsin.web.tongue import tongue_of

LONGEST_LINE = 300
NOT_FOR_US = "not for us, or wrong address"
"""Recorded as a question to us, never as a dismissal: that would end the asking of a party that nobody has reached."""

_WRONG = "wrong"
_OF_PARTIES = (
    (Answer.ACTED.value, "acting", ""),
    (Answer.ACKNOWLEDGED.value, "have", "have_note"),
    (_WRONG, "wrong", "wrong_note"),
)
_OF_PEOPLE = ((Answer.READ.value, "read", ""),)
_WORDS = {
    Answer.ACTED: "acting",
    Answer.ACKNOWLEDGED: "have",
    Answer.DISMISSED: "set_aside",
    Answer.READ: "read",
}
_LINES = {"acting": "line_acting", "wrong": "line_wrong"}


def make_pages(desk: Desk, wake: Callable[[], None]) -> APIRouter:
    """Open to whoever holds a link."""
    router = APIRouter(include_in_schema=False)

    @router.get("/k/{token}", response_class=HTMLResponse)
    def show(token: str) -> HTMLResponse:
        return _page(desk, token)

    @router.post("/k/{token}")
    def answer(
        request: Request,
        token: str,
        body: Annotated[bytes, Body(media_type="application/x-www-form-urlencoded")] = b"",
        answer: Annotated[str, Query()] = "",
    ) -> Response:
        # The token is the authority here, so a program or an old phone that does not say where it comes from may answer.
        if sender_of(request, desk.settings) is Sender.OTHERS:
            raise AccessError("this answer was sent by a page of somebody else", hint="open the link in the message")
        form = read_form(body)
        kind, line = _read_answer(form.get("answer", answer), form.get("reason", "").strip())
        try:
            answer_link(desk, token, kind, reason=line)
        except NotFoundError:
            return _unknown(desk)
        except StateError:
            return _page(desk, token, status=409)
        wake()
        return RedirectResponse(f"/k/{token}", 303)

    return router


def _read_answer(word: str, line: str) -> tuple[Answer, str]:
    """The answer that was pressed, and the line that came with it. InputError for one that no button has."""
    if len(line) > LONGEST_LINE:
        raise InputError(f"line has {len(line)} characters, at most {LONGEST_LINE} expected")
    if word == _WRONG:
        return Answer.ASKED, f"{NOT_FOR_US}: {line}" if line else NOT_FOR_US
    try:
        return Answer(word), line
    except ValueError:
        raise InputError(f"answer {word!r} is not known", hint="press one of the buttons on the page") from None


def _page(desk: Desk, token: str, *, status: int = 200) -> HTMLResponse:
    try:
        found = show_link(desk, token)
    except NotFoundError:
        return _unknown(desk)
    tongue = tongue_of(found["language"])
    told = tell(tongue, found)
    return render_letter(
        "link.html.j2",
        desk.settings,
        status=status,
        language=found["language"],
        w=found,
        told=told | {"sent": tongue.tell(found["sent"], found["zone"])},
        buttons=_OF_PARTIES if found["party"] else _OF_PEOPLE,
        longest=LONGEST_LINE,
        given=_given(found),
    )


def _given(found: dict[str, Any]) -> dict[str, str] | None:
    """What was answered by this link, as the page says it: which button, when, with which words, and what may be added."""
    last = found["answer"]
    if last is None:
        return None
    line = last["reason"]
    button = _WORDS.get(Answer(last["answer"]), "not_asked")
    if line.startswith(NOT_FOR_US):
        button, line = "wrong", line.removeprefix(NOT_FOR_US).removeprefix(": ")
    return {
        "button": button,
        "answer": _WRONG if button == "wrong" else last["answer"],
        "at": tongue_of(found["language"]).tell(last["at"], found["zone"]),
        "line": line,
        "ask": _LINES.get(button, ""),
    }


def _unknown(desk: Desk) -> HTMLResponse:
    return render_letter("link_unknown.html.j2", desk.settings, status=404)
