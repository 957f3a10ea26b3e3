"""What other nodes sent: envelopes as they came, warnings read out of them, and the chain with each peer."""

from datetime import datetime

from sqlalchemy import Connection, func, literal, select, tuple_, update

from tocsin.adapters.store.columns import Instant, add_if_new, put, record_row
from tocsin.adapters.store.tables import item, link, received, seen
from tocsin.compose.lifecycle import Status
from tocsin.desk.records import Item, PairLink, Received
from tocsin.errors import NotFoundError
from tocsin.exchange.protocol import UNANSWERED

_OPEN = (item.c.status.in_((Status.LIVE, Status.ON_WATCH)), item.c.state.in_(UNANSWERED))
"""It still asks for an answer."""


class SqlInbox:
    """Serves the desk's InboxStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_received(self, received_: Received) -> None:
        self._connection.execute(received.insert(), record_row(received_))

    def received(self, digest: str) -> Received | None:
        row = self._connection.execute(select(received).where(received.c.digest == digest)).one_or_none()
        return None if row is None else Received(**row._mapping)

    def set_opened(self, digest: str, at: datetime, problem: str) -> None:
        change = update(received).where(received.c.digest == digest).values(opened=at, problem=problem)
        self._connection.execute(change)

    def put_item(self, item_: Item) -> None:
        put(self._connection, item, record_row(item_))

    def item(self, item_: str) -> Item:
        row = self._connection.execute(select(item).where(item.c.id == item_)).one_or_none()
        if row is None:
            raise NotFoundError(f"no item {item_!r} in the inbox", hint="see `tocsin inbox list`")
        return Item(**row._mapping)

    def items(self) -> tuple[Item, ...]:
        query = select(item).order_by(item.c.received, item.c.id)
        return tuple(Item(**row._mapping) for row in self._connection.execute(query))

    def newest_items(self, count: int, *, before: str = "") -> tuple[Item, ...]:
        query = select(item).order_by(item.c.received.desc(), item.c.id.desc()).limit(count)
        if before:
            last = self.item(before)
            query = query.where(tuple_(item.c.received, item.c.id) < tuple_(literal(last.received, Instant), last.id))
        return tuple(Item(**row._mapping) for row in self._connection.execute(query))

    def open_items(self, count: int) -> tuple[Item, ...]:
        query = select(item).where(*_OPEN).order_by(item.c.respond_by, item.c.id).limit(count)
        return tuple(Item(**row._mapping) for row in self._connection.execute(query))

    def count_open_items(self) -> int:
        found: int = self._connection.execute(select(func.count()).select_from(item).where(*_OPEN)).scalar_one()
        return found

    def count_items(self) -> int:
        found: int = self._connection.execute(select(func.count()).select_from(item)).scalar_one()
        return found

    def link(self, peer: str, direction: str) -> PairLink | None:
        query = select(link).where(link.c.peer == peer, link.c.direction == direction)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else PairLink(**row._mapping)

    def put_link(self, link_: PairLink) -> None:
        put(self._connection, link, record_row(link_))

    def saw_statement(self, jti: str, keep_until: datetime) -> bool:
        """Was this identifier here before? Remembers it if not."""
        return not add_if_new(self._connection, seen, {"jti": jti, "keep_until": keep_until})
