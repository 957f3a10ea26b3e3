"""What is to leave the node. A claim is a lease that falls back when its holder is gone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from tocsin.adapters.store.columns import put, record_row
from tocsin.adapters.store.tables import mail, posting
from tocsin.desk.records import Mail, MailState, Posting

LEASE = timedelta(minutes=5)


class SqlOutbox:
    """Serves the desk's OutboxStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_mail(self, mail_: Sequence[Mail]) -> None:
        if mail_:
            self._connection.execute(mail.insert(), [record_row(one) | {"lease": None} for one in mail_])

    def claim_mail(self, at: datetime, limit: int) -> tuple[Mail, ...]:
        free = mail.c.lease.is_(None) | (mail.c.lease < at - LEASE)
        waiting = (
            select(mail.c.key)
            .where(mail.c.state == MailState.QUEUED, mail.c.due <= at, mail.c.not_after >= at, free)
            .order_by(mail.c.due, mail.c.key)
            .limit(limit)
        )
        claim = update(mail).where(mail.c.key.in_(waiting)).values(lease=at).returning(mail)
        return tuple(sorted((_mail(row) for row in self._connection.execute(claim)), key=lambda one: one.key))

    def settle_mail(self, mail_: Sequence[Mail]) -> None:
        for one in mail_:
            change = update(mail).where(mail.c.key == one.key).values(record_row(one) | {"lease": None})
            self._connection.execute(change)

    def mail(self, warning: str) -> tuple[Mail, ...]:
        query = select(mail).where(mail.c.warning == warning).order_by(mail.c.created, mail.c.key)
        return tuple(_mail(row) for row in self._connection.execute(query))

    def mail_by_token(self, token: str) -> Mail | None:
        row = self._connection.execute(select(mail).where(mail.c.token == token)).one_or_none()
        return None if row is None else _mail(row)

    def count_mail(self, warning: str) -> Mapping[MailState, int]:
        query = select(mail.c.state, func.count()).where(mail.c.warning == warning).group_by(mail.c.state)
        return {state: count for state, count in self._connection.execute(query)}  # noqa: C416  # rows are not pairs to mypy

    def put_posting(self, posting_: Posting) -> None:
        put(self._connection, posting, record_row(posting_) | {"lease": None})

    def claim_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        free = posting.c.lease.is_(None) | (posting.c.lease < at - LEASE)
        waiting = (
            select(posting.c.digest)
            .where(posting.c.delivered.is_(None), posting.c.due <= at, free)
            .order_by(posting.c.due, posting.c.created, posting.c.digest)
            .limit(limit)
        )
        claim = update(posting).where(posting.c.digest.in_(waiting)).values(lease=at).returning(posting)
        return tuple(sorted((_posting(row) for row in self._connection.execute(claim)), key=lambda one: one.created))

    def settle_posting(self, posting_: Posting) -> None:
        change = update(posting).where(posting.c.digest == posting_.digest)
        self._connection.execute(change.values(record_row(posting_) | {"lease": None}))

    def drop_expired(self, at: datetime) -> int:
        change = update(mail).where(mail.c.state == MailState.QUEUED, mail.c.not_after < at)
        return self._connection.execute(change.values(state=MailState.EXPIRED, at=at, lease=None)).rowcount

    def release_claims(self) -> int:
        """Claims of a process that is gone: to be called once, before this process claims anything."""
        freed = self._connection.execute(update(mail).where(mail.c.lease.is_not(None)).values(lease=None)).rowcount
        change = update(posting).where(posting.c.lease.is_not(None)).values(lease=None)
        return freed + self._connection.execute(change).rowcount

    def next_due(self) -> datetime | None:
        queued = select(func.min(mail.c.due)).where(mail.c.state == MailState.QUEUED, mail.c.not_after >= mail.c.due)
        waiting = select(func.min(posting.c.due)).where(posting.c.delivered.is_(None))
        found = [self._connection.execute(query).scalar_one() for query in (queued, waiting)]
        return min((at for at in found if at is not None), default=None)


def _mail(row: Row[Any]) -> Mail:
    return Mail(**{name: value for name, value in row._mapping.items() if name != "lease"})


def _posting(row: Row[Any]) -> Posting:
    return Posting(**{name: value for name, value in row._mapping.items() if name != "lease"})
