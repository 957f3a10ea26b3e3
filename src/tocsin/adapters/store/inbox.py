"""What other nodes sent: envelopes as they came, warnings read out of them, and the chain with each peer."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from tocsin.adapters.store.columns import add_if_new, put, record_row
from tocsin.adapters.store.tables import item, link, received, seen
from tocsin.desk.records import Item, PairLink, Received
from tocsin.errors import NotFoundError


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

    def link(self, peer: str, direction: str) -> PairLink | None:
        query = select(link).where(link.c.peer == peer, link.c.direction == direction)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else PairLink(**row._mapping)

    def put_link(self, link_: PairLink) -> None:
        put(self._connection, link, record_row(link_))

    def saw_statement(self, jti: str, keep_until: datetime) -> bool:
        """Was this identifier here before? Remembers it if not."""
        return not add_if_new(self._connection, seen, {"jti": jti, "keep_until": keep_until})
