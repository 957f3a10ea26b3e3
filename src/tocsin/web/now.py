"""The first page: what waits for whoever sits here, what is live, who is silent."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from tocsin.compose.lifecycle import Status
from tocsin.core.window import zone_of
from tocsin.desk.access import May
from tocsin.desk.ports import Desk
from tocsin.desk.show_frame import show_frame
from tocsin.desk.show_now import Now, show_now
from tocsin.web.page import Session, make_router
from tocsin.web.render import render, write_span
from tocsin.web.words import say_next, say_party, write_count


def make_pages(seat: Session) -> APIRouter:
    """`/` and `/now`. A role that may not look is led to what it may see: arriving here is no refused attempt."""
    router = make_router()

    @router.get("/")
    def arrive() -> RedirectResponse:
        return RedirectResponse("/now", 303)

    @router.get("/now")
    def now(desk: Annotated[Desk, Depends(seat)]) -> Response:
        if May.LOOK not in show_frame(desk).looks:
            return RedirectResponse("/more", 303)
        found = show_now(desk)
        return render(
            "now.html.j2",
            desk,
            now=found,
            finding=_finding(found, desk),
            lede=_lede(found),
            say_party=say_party,
            say_next=say_next,
        )

    return router


def _finding(now: Now, desk: Desk) -> str:
    """The state and the gap in two sentences; an empty desk never sounds like safety (L54)."""
    noun = "exercise warning" if desk.settings.practice else "warning"
    live, watched = now.counts[Status.LIVE], now.counts[Status.ON_WATCH]
    if not live and not watched:
        when = now.at.astimezone(zone_of(desk.settings.zone))
        return f"Nothing issued here is in force as of {when:%H:%M}. That says nothing about safety."
    state = f"{write_count(live, noun)} {'is' if live == 1 else 'are'} live".capitalize()
    state += f", {write_count(watched)} on watch" if watched else ""
    return f"{state}. {_gap(now).capitalize()}."


def _gap(now: Now) -> str:
    silent = now.silent_count
    if silent:
        return f"{write_count(silent)} who could act {'has' if silent == 1 else 'have'} not answered"
    if any(one.asked for one in (*now.live, *now.on_watch)):
        return "all who were asked have answered"
    return "nobody who can act was asked"


def _lede(now: Now) -> str:
    if not now.waiting:
        return "Nothing waits for you."
    count = len(now.waiting)
    first = now.waiting[0].due
    waits = f"{write_count(count, 'thing')} {'waits' if count == 1 else 'wait'} for you".capitalize()
    if first is None:
        return f"{waits}; no clock runs on {'it' if count == 1 else 'them'}."
    when = f"is late by {write_span(now.at - first)}" if first < now.at else f"is due in {write_span(first - now.at)}"
    return f"{waits}; {'it' if count == 1 else 'the first'} {when}."
