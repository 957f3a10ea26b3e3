"""What waits for whoever is at the desk, which warnings are live or on watch, and who is silent."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.desk.records import Item
from tocsin.desk.show_parties import PartyState, show_parties, witnessed_size
from tocsin.desk.stores import Transaction
from tocsin.desk.waiting import Waiting, find_waiting

MOST_SHOWN = 20
"""Of each kind on the page of now: it is read by a tired person; what is left out is counted and linked."""


class PeopleCount(Struct, frozen=True, kw_only=True):
    """E-mails of one warning to people on the register: none of these numbers says that anybody read it but `answered`."""

    registered: int
    queued: int
    handed_over: int
    refused: int
    expired: int
    answered: int


class WarningLine(Struct, frozen=True, kw_only=True):
    """One warning in a list: how many parties that can act were asked, and how many of them have answered."""

    warning: IssuedWarning
    asked: int
    answered: int


class LiveWarning(WarningLine, frozen=True, kw_only=True):
    """A live warning on the page of now, with its people."""

    people: PeopleCount


class Now(Struct, frozen=True, kw_only=True):
    """The state of the desk at `at`. `silent` is the longest first; the counts are of all, not of what is shown."""

    at: datetime
    counts: Mapping[Status, int]
    waiting: tuple[Waiting, ...]
    live: tuple[LiveWarning, ...]
    on_watch: tuple[WarningLine, ...]
    silent: tuple[PartyState, ...]
    silent_count: int
    headlines: Mapping[str, str]
    """Of the warnings that the silent were asked about, by id."""
    items: tuple[Item, ...]
    item_count: int


def show_now(desk: Desk) -> Now:
    """One consistent view of all of it. At most 20 of each kind."""
    with look(desk, May.LOOK) as tx:
        officer = tx.house.officer(desk.actor)
        silent = tx.chase.open_ladders(MOST_SHOWN)
        venues = {one.id: one for one in tx.register.venues()} if silent else {}
        return Now(
            at=desk.clock.now(),
            counts=tx.cases.count_warnings(),
            waiting=find_waiting(desk, tx, officer) if officer else (),
            live=_live(tx),
            on_watch=list_lines(tx, tx.cases.newest_warnings(MOST_SHOWN, status=Status.ON_WATCH)),
            silent=show_parties(tx, silent, venues, witnessed_size(desk, tx)),
            silent_count=tx.chase.count_open_ladders(),
            headlines={one: tx.cases.warning(one).headline for one in {ladder.warning for ladder in silent}},
            items=tx.inbox.open_items(MOST_SHOWN),
            item_count=tx.inbox.count_open_items(),
        )


def count_people(tx: Transaction, warning: str) -> PeopleCount:
    """The counts of one warning; each person on the register who was exposed got one e-mail."""
    found = tx.outbox.count_people(warning)
    by_state = {state.value: count for state, (count, _) in found.items()}
    return PeopleCount(
        registered=sum(by_state.values()), answered=sum(answered for _, answered in found.values()), **by_state
    )


def list_lines(tx: Transaction, warnings: tuple[IssuedWarning, ...]) -> tuple[WarningLine, ...]:
    """Each with how many were asked and answered, counted in one statement."""
    counts = tx.chase.count_ladders([one.id for one in warnings])
    return tuple(WarningLine(warning=one, asked=counts[one.id][0], answered=counts[one.id][1]) for one in warnings)


def _live(tx: Transaction) -> tuple[LiveWarning, ...]:
    lines = list_lines(tx, tx.cases.newest_warnings(MOST_SHOWN, status=Status.LIVE))
    return tuple(
        LiveWarning(
            warning=one.warning, asked=one.asked, answered=one.answered, people=count_people(tx, one.warning.id)
        )
        for one in lines
    )
