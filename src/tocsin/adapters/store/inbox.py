"""What other nodes sent: envelopes as they came, warnings read out of them, and the chain with each peer."""

from collections.abc import Collection
from datetime import datetime

from tocsin.adapters.store.columns import Columns, expanded, insert, insert_if_new, micros, put
from tocsin.adapters.store.connection import Connection
from tocsin.compose.lifecycle import Status
from tocsin.desk.records import Item, PairLink, Received
from tocsin.errors import NotFoundError
from tocsin.exchange.protocol import UNANSWERED

RECEIVED, ITEM, LINK = Columns(Received), Columns(Item), Columns(PairLink)

_OPEN, _STILL_ASKS = expanded(
    "FROM item WHERE status IN (:not_over) AND state IN (:unanswered)",
    not_over=(Status.LIVE.value, Status.ON_WATCH.value),
    unanswered=sorted(state.value for state in UNANSWERED),
)
"""It still asks for an answer."""

_ADD_RECEIVED = insert("received", RECEIVED.names)
_RECEIVED = RECEIVED.select("FROM received WHERE digest = :digest")
_SET_OPENED = "UPDATE received SET opened = :opened, problem = :problem WHERE digest = :digest"
_PUT_ITEM = put("item", ITEM.names, key=("id",))
_ITEM = ITEM.select("FROM item WHERE id = :id")
_ITEMS = ITEM.select("FROM item ORDER BY received, id")
_ADD_REFERENCE = insert("item_reference", ("item", "message"))
_RELATED = ITEM.select("""
    FROM item WHERE peer = :peer AND (
      message = :message
      OR message IN (SELECT r.message FROM item_reference r JOIN item i ON i.id = r.item WHERE i.peer = :peer AND i.message = :message)
      OR id IN (SELECT item FROM item_reference WHERE message = :message)
    ) ORDER BY received, id
""")
_UNOPENED = RECEIVED.select("FROM received WHERE peer = :peer AND opened IS NULL ORDER BY received, digest")
_NEWEST_ITEMS = ITEM.select("FROM item ORDER BY received DESC, id DESC LIMIT :count")
_NEWEST_ITEMS_BEFORE = ITEM.select(
    "FROM item WHERE (received, id) < (:received, :id) ORDER BY received DESC, id DESC LIMIT :count"
)
_OPEN_ITEMS = ITEM.select(f"{_OPEN} ORDER BY respond_by, id LIMIT :count")
_COUNT_OPEN_ITEMS = f"SELECT count(*) {_OPEN}"
_COUNT_ITEMS = "SELECT count(*) FROM item"
_LINK = LINK.select("FROM link WHERE peer = :peer AND direction = :direction")
_PUT_LINK = put("link", LINK.names, key=("peer", "direction"))
_SAW_STATEMENT = insert_if_new("seen", ("jti", "keep_until"), key="jti")


class SqlInbox:
    """Serves the desk's InboxStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_received(self, received: Received) -> None:
        self._connection.run(_ADD_RECEIVED, **RECEIVED.cells(received))

    def received(self, digest: str) -> Received | None:
        row = self._connection.row(_RECEIVED, digest=digest)
        return None if row is None else RECEIVED.record(row)

    def set_opened(self, digest: str, at: datetime, problem: str) -> None:
        self._connection.run(_SET_OPENED, digest=digest, opened=micros(at), problem=problem)

    def put_item(self, item: Item) -> None:
        self._connection.run(_PUT_ITEM, **ITEM.cells(item))

    def item(self, item: str) -> Item:
        row = self._connection.row(_ITEM, id=item)
        if row is None:
            raise NotFoundError(f"no item {item!r} in the inbox", hint="see `tocsin inbox list`")
        return ITEM.record(row)

    def items(self) -> tuple[Item, ...]:
        return ITEM.records(self._connection.rows(_ITEMS))

    def add_references(self, item: str, messages: Collection[str]) -> None:
        self._connection.run_many(_ADD_REFERENCE, [{"item": item, "message": one} for one in messages])

    def related_items(self, peer: str, message: str) -> tuple[Item, ...]:
        return ITEM.records(self._connection.rows(_RELATED, peer=peer, message=message))

    def unopened(self, peer: str) -> tuple[Received, ...]:
        return RECEIVED.records(self._connection.rows(_UNOPENED, peer=peer))

    def newest_items(self, count: int, *, before: str = "") -> tuple[Item, ...]:
        if not before:
            return ITEM.records(self._connection.rows(_NEWEST_ITEMS, count=count))
        last = self.item(before)
        rows = self._connection.rows(_NEWEST_ITEMS_BEFORE, received=micros(last.received), id=last.id, count=count)
        return ITEM.records(rows)

    def open_items(self, count: int) -> tuple[Item, ...]:
        return ITEM.records(self._connection.rows(_OPEN_ITEMS, count=count, **_STILL_ASKS))

    def count_open_items(self) -> int:
        found: int = self._connection.value(_COUNT_OPEN_ITEMS, **_STILL_ASKS)
        return found

    def count_items(self) -> int:
        found: int = self._connection.value(_COUNT_ITEMS)
        return found

    def link(self, peer: str, direction: str) -> PairLink | None:
        row = self._connection.row(_LINK, peer=peer, direction=direction)
        return None if row is None else LINK.record(row)

    def put_link(self, link: PairLink) -> None:
        self._connection.run(_PUT_LINK, **LINK.cells(link))

    def saw_statement(self, jti: str, keep_until: datetime) -> bool:
        """Was this identifier here before? Remembers it if not."""
        return self._connection.row(_SAW_STATEMENT, jti=jti, keep_until=micros(keep_until)) is None
