"""What is to leave the node, addresses sealed. A claim is its holder's until it is settled or the holder is gone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, func, select, update

from tocsin.adapters.store.columns import find, put, record_row
from tocsin.adapters.store.holding import Holder
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.tables import mail, posting
from tocsin.desk.records import Mail, MailState, Posting

_MARK_ANSWERED = update(mail).where(mail.c.key == bindparam("of_key")).values(answered=bindparam("answered"))


class SqlOutbox:
    """Serves the desk's OutboxStore."""

    def __init__(self, connection: Connection, seal: AddressSeal, holder: Holder) -> None:
        self._connection = connection
        self._seal = seal
        self._holder = holder

    def put_mail(self, mail_: Sequence[Mail]) -> None:
        if mail_:
            self._connection.execute(mail.insert(), [self._row(one) for one in mail_])

    def claim_mail(self, at: datetime, limit: int) -> tuple[Mail, ...]:
        self.release_claims()
        waiting = (
            select(mail.c.key)
            .where(mail.c.state == MailState.QUEUED, mail.c.due <= at, mail.c.not_after >= at, mail.c.holder.is_(None))
            .order_by(mail.c.due, mail.c.key)
            .limit(limit)
        )
        claim = update(mail).where(mail.c.key.in_(waiting)).values(holder=self._number).returning(mail)
        return tuple(sorted((self._mail(row) for row in self._connection.execute(claim)), key=lambda one: one.key))

    def settle_mail(self, mail_: Sequence[Mail]) -> None:
        for one in mail_:
            # Handed over stays handed over: a holder that was taken for gone may settle after the one that took its place.
            change = update(mail).where(mail.c.key == one.key, mail.c.state != MailState.HANDED_OVER)
            self._connection.execute(change.values(self._row(one)))

    def mark_answered(self, key: str, at: datetime) -> None:
        self._connection.execute(_MARK_ANSWERED, {"of_key": key, "answered": at})

    def mail(self, warning: str) -> tuple[Mail, ...]:
        query = select(mail).where(mail.c.warning == warning).order_by(mail.c.created, mail.c.key)
        return tuple(self._mail(row) for row in self._connection.execute(query))

    def mail_by_token(self, token: str) -> Mail | None:
        row = self._connection.execute(find(mail, "token"), {"token": token}).one_or_none()
        return None if row is None else self._mail(row)

    def count_mail(self, warning: str) -> Mapping[MailState, int]:
        query = select(mail.c.state, func.count()).where(mail.c.warning == warning).group_by(mail.c.state)
        return {state: count for state, count in self._connection.execute(query)}  # noqa: C416  # rows are not pairs to mypy

    def mail_to_parties(self, warning: str) -> tuple[Mail, ...]:
        query = select(mail).where(mail.c.warning == warning, mail.c.party > "").order_by(mail.c.created, mail.c.key)
        return tuple(self._mail(row) for row in self._connection.execute(query))

    def count_people(self, warning: str) -> Mapping[MailState, tuple[int, int]]:
        query = (
            select(mail.c.state, func.count().label("found"), func.count(mail.c.answered).label("answered"))
            .where(mail.c.warning == warning, mail.c.party == "")
            .group_by(mail.c.state)
        )
        found = {row.state: (row.found, row.answered) for row in self._connection.execute(query)}
        return {state: found.get(state, (0, 0)) for state in MailState}

    def put_posting(self, posting_: Posting) -> None:
        put(self._connection, posting, record_row(posting_) | {"holder": None})

    def claim_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        self.release_claims()
        waiting = (
            select(posting.c.digest)
            .where(posting.c.delivered.is_(None), posting.c.due <= at, posting.c.holder.is_(None))
            .order_by(posting.c.due, posting.c.created, posting.c.digest)
            .limit(limit)
        )
        claim = update(posting).where(posting.c.digest.in_(waiting)).values(holder=self._number).returning(posting)
        return tuple(sorted((_posting(row) for row in self._connection.execute(claim)), key=lambda one: one.created))

    def settle_posting(self, posting_: Posting) -> None:
        change = update(posting).where(posting.c.digest == posting_.digest)
        self._connection.execute(change.values(record_row(posting_) | {"holder": None}))

    def drop_expired(self, at: datetime) -> int:
        """What is being sent at this moment is its holder's to settle."""
        change = update(mail).where(mail.c.state == MailState.QUEUED, mail.c.not_after < at, mail.c.holder.is_(None))
        return self._connection.execute(change.values(state=MailState.EXPIRED, at=at)).rowcount

    def release_claims(self) -> int:
        return self._release(mail) + self._release(posting)

    def next_due(self) -> datetime | None:
        queued = select(func.min(mail.c.due)).where(mail.c.state == MailState.QUEUED, mail.c.not_after >= mail.c.due)
        waiting = select(func.min(posting.c.due)).where(posting.c.delivered.is_(None))
        found = [self._connection.execute(query).scalar_one() for query in (queued, waiting)]
        return min((at for at in found if at is not None), default=None)

    @property
    def _number(self) -> int:
        return self._holder.number(self._connection)

    def _release(self, table: Table) -> int:
        column = table.c.holder
        query = select(column).where(column.is_not(None), column != self._number).distinct()
        others = self._connection.execute(query).scalars().all()
        gone = [one for one in others if self._holder.is_gone(self._connection, one)]
        if not gone:
            return 0
        return self._connection.execute(update(table).where(column.in_(gone)).values(holder=None)).rowcount

    def _row(self, one: Mail) -> dict[str, Any]:
        return record_row(one) | {"address": self._seal.seal(one.address, f"mail {one.key}"), "holder": None}

    def _mail(self, row: Row[Any]) -> Mail:
        values = {name: value for name, value in row._mapping.items() if name != "holder"}
        return Mail(**values | {"address": self._seal.open(row.address, f"mail {row.key}")})


def _posting(row: Row[Any]) -> Posting:
    return Posting(**{name: value for name, value in row._mapping.items() if name != "holder"})
