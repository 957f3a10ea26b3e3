"""What other nodes sent us: what still asks for an answer by when, and one message with whether it is verified."""

from datetime import datetime

from msgspec import Struct

from tocsin.cap.alert import Info
from tocsin.cap.codec import read_alert
from tocsin.core.marking import Audience
from tocsin.desk.access import May, may_read
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.desk.records import Item
from tocsin.errors import TocsinError, VerificationError
from tocsin.evidence.receipt import Grade
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.statement import Statement, peek, verify_presentation
from tocsin.exchange.protocol import UNANSWERED, grade_of

PAGE = 50


class InboxPage(Struct, frozen=True, kw_only=True):
    """What is open, the one due first on top, then everything newest first; `next` is where the older ones begin."""

    at: datetime
    open: tuple[Item, ...]
    open_count: int
    items: tuple[Item, ...]
    all_count: int
    next: str


class ShownItem(Struct, frozen=True, kw_only=True):
    """One message. `key` is the one that signed it, None if it is not verified now; then `fault` says which step failed.

    `info` are its words, None if the reader's role may not see a partner's version. `known_since` is when the key was agreed.
    """

    at: datetime
    item: Item
    info: Info | None
    statement: Statement | None
    key: VerifyKey | None
    known_since: datetime | None
    fault: str
    unanswered: bool
    grade: Grade


def show_inbox(desk: Desk, *, before: str = "") -> InboxPage:
    """Fifty messages, those received before that one or the newest. NotFoundError for an unknown one."""
    with look(desk, May.LOOK) as tx:
        found = tx.inbox.newest_items(PAGE + 1, before=before)
        return InboxPage(
            at=desk.clock.now(),
            open=() if before else tx.inbox.open_items(PAGE),
            open_count=tx.inbox.count_open_items(),
            items=found[:PAGE],
            all_count=tx.inbox.count_items(),
            next=found[PAGE - 1].id if len(found) > PAGE else "",
        )


def show_item(desk: Desk, item: str) -> ShownItem:
    """NotFoundError if there is none. The signature is checked again now, against the agreement as it is now."""
    with look(desk, May.LOOK) as tx:
        found = tx.inbox.item(item)
        officer = tx.house.officer(desk.actor)
    fault, key, statement = "", None, None
    try:
        key = _agreed_key(desk, found)
        statement = verify_presentation(found.statement, key)
    except TocsinError as error:
        fault, key = str(error), None
    agreement = desk.agreements.get(found.peer)
    return ShownItem(
        at=desk.clock.now(),
        item=found,
        info=read_alert(found.cap).infos[0] if may_read(officer, Audience.PARTNER) else None,
        statement=statement,
        key=key,
        known_since=agreement.since if agreement else None,
        fault=fault,
        unanswered=found.state in UNANSWERED,
        grade=grade_of(found.state),
    )


def _agreed_key(desk: Desk, item: Item) -> VerifyKey:
    """The key of the agreement that the message names; VerificationError if the agreement no longer gives it."""
    kid = peek(item.statement).kid
    agreement = desk.agreements.get(item.peer)
    keys = agreement.keys_of(item.peer).signing_keys if agreement else ()
    found = next((key for key in keys if key.kid == kid), None)
    if found is None:
        raise VerificationError("signature", found=f"key {kid}", expected=f"a key of {item.peer} in the agreement")
    return found
