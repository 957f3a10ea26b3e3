"""What is to leave the node, addresses sealed. A claim is its holder's until it is settled or the holder is gone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from tocsin.adapters.store.columns import AS_IT_IS, Columns, expanded, insert, instant, micros, put, update
from tocsin.adapters.store.connection import Connection, Row
from tocsin.adapters.store.holding import Holder
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.desk.records import Mail, MailState, Posting
from tocsin.desk.stores import Cell

MAIL, POSTING = Columns(Mail, address=AS_IT_IS), Columns(Posting)

_QUEUED, _HANDED_OVER, _EXPIRED = MailState.QUEUED.value, MailState.HANDED_OVER.value, MailState.EXPIRED.value

_ADD_MAIL = insert("mail", MAIL.names)
_CLAIM_MAIL = MAIL.returning("""
    UPDATE mail SET holder = :holder WHERE key IN (
      SELECT key FROM mail WHERE state = :queued AND due <= :at AND not_after >= :at AND holder IS NULL
      ORDER BY due, key LIMIT :limit
    )
""")
_SETTLE_MAIL = update("mail", MAIL.names, ", holder = NULL WHERE key = :key")
# Handed over stays handed over: a holder that was taken for gone may settle after the one that took its place.
_UNSETTLED = "SELECT key, state FROM mail WHERE key IN (:keys) AND state <> :handed_over"
_MARK_ANSWERED = "UPDATE mail SET answered = :at WHERE key = :key"
_MAIL = MAIL.select("FROM mail WHERE warning = :warning ORDER BY created, key")
_MAIL_TO_PARTIES = MAIL.select("FROM mail WHERE warning = :warning AND party > '' ORDER BY created, key")
_MAIL_BY_TOKEN = MAIL.select("FROM mail WHERE token = :token")
# Counting costs the same however many people a warning went to: whatever changes a state below changes these totals with it.
_ADD_TO_TOTAL = """
    INSERT INTO mail_total (warning, state, mail) VALUES (:warning, :state, :mail)
    ON CONFLICT (warning, state) DO UPDATE SET mail = mail_total.mail + excluded.mail
"""
_TOTALS = "SELECT state, mail FROM mail_total WHERE warning = :warning AND mail > 0"
_COUNT_PEOPLE = """
    SELECT state, count(*), count(answered) FROM mail WHERE warning = :warning AND party = '' GROUP BY state
"""
_FIRST_TIMES = """
    SELECT min(CASE WHEN state = :handed_over THEN at END), min(answered) FROM mail
    WHERE warning = :warning GROUP BY party, recipient ORDER BY party, recipient
"""
_DROP_EXPIRED = """
    UPDATE mail SET state = :expired, at = :at WHERE state = :queued AND not_after < :at AND holder IS NULL
    RETURNING warning
"""
_WITHDRAW = """
    UPDATE mail SET state = :expired, at = :at, detail = :detail
    WHERE warning = :warning AND number < :number AND state = :queued AND holder IS NULL
"""
_NEXT_MAIL = "SELECT min(due) FROM mail WHERE state = :queued AND not_after >= due"
_MAIL_HOLDERS = "SELECT DISTINCT holder FROM mail WHERE holder <> :holder"
_FREE_MAIL = "UPDATE mail SET holder = NULL WHERE holder = :holder"

_PUT_POSTING = put("posting", (*POSTING.names, "holder"), key=("digest",))
_CLAIM_POSTINGS = POSTING.returning("""
    UPDATE posting SET holder = :holder WHERE digest IN (
      SELECT digest FROM posting WHERE delivered IS NULL AND due <= :at AND holder IS NULL
      ORDER BY due, created, digest LIMIT :limit
    )
""")
_SETTLE_POSTING = update("posting", POSTING.names, ", holder = NULL WHERE digest = :digest")
_NEXT_POSTING = "SELECT min(due) FROM posting WHERE delivered IS NULL"
_POSTING_HOLDERS = "SELECT DISTINCT holder FROM posting WHERE holder <> :holder"
_FREE_POSTINGS = "UPDATE posting SET holder = NULL WHERE holder = :holder"


class SqlOutbox:
    """Serves the desk's OutboxStore."""

    def __init__(self, connection: Connection, seal: AddressSeal, holder: Holder) -> None:
        self._connection = connection
        self._seal = seal
        self._holder = holder

    def put_mail(self, mail: Sequence[Mail]) -> None:
        self._connection.run_many(_ADD_MAIL, map(self._cells, mail))
        self._add_to_totals(Counter((one.warning, one.state) for one in mail))

    def claim_mail(self, at: datetime, limit: int) -> tuple[Mail, ...]:
        self.release_claims()
        rows = self._connection.rows(_CLAIM_MAIL, holder=self._number, queued=_QUEUED, at=micros(at), limit=limit)
        return tuple(sorted(map(self._mail, rows), key=lambda one: one.key))

    def settle_mail(self, mail: Sequence[Mail]) -> None:
        if not mail:
            return
        statement, values = expanded(_UNSETTLED, keys=[one.key for one in mail])
        before: dict[str, str] = dict(self._connection.rows(statement, **values, handed_over=_HANDED_OVER))
        settled = [one for one in mail if one.key in before]
        self._connection.run_many(_SETTLE_MAIL, map(self._cells, settled))
        changes = Counter((one.warning, one.state) for one in settled)
        changes.subtract((one.warning, MailState(before[one.key])) for one in settled)
        self._add_to_totals(changes)

    def withdraw_mail(self, warning: str, number: int, at: datetime) -> int:
        """What is being sent at this moment cannot be called back: it is followed by the newer one."""
        count = self._connection.run(
            _WITHDRAW,
            expired=_EXPIRED,
            at=micros(at),
            detail=f"replaced by version {number}",
            warning=warning,
            number=number,
            queued=_QUEUED,
        )
        return self._count_expired(Counter({warning: count}))

    def mark_answered(self, key: str, at: datetime) -> None:
        self._connection.run(_MARK_ANSWERED, key=key, at=micros(at))

    def mail(self, warning: str) -> tuple[Mail, ...]:
        return tuple(map(self._mail, self._connection.rows(_MAIL, warning=warning)))

    def mail_by_token(self, token: str) -> Mail | None:
        row = self._connection.row(_MAIL_BY_TOKEN, token=token)
        return None if row is None else self._mail(row)

    def count_mail(self, warning: str) -> Mapping[MailState, int]:
        found: dict[str, int] = dict(self._connection.rows(_TOTALS, warning=warning))
        return {state: found[state] for state in MailState if state in found}

    def mail_to_parties(self, warning: str) -> tuple[Mail, ...]:
        return tuple(map(self._mail, self._connection.rows(_MAIL_TO_PARTIES, warning=warning)))

    def count_people(self, warning: str) -> Mapping[MailState, tuple[int, int]]:
        rows = self._connection.rows(_COUNT_PEOPLE, warning=warning)
        found = {state: (count, answered) for state, count, answered in rows}
        return {state: found.get(state.value, (0, 0)) for state in MailState}

    def first_times(self, warning: str) -> tuple[tuple[datetime | None, datetime | None], ...]:
        rows = self._connection.rows(_FIRST_TIMES, warning=warning, handed_over=_HANDED_OVER)
        return tuple((_instant(at), _instant(answered)) for at, answered in rows)

    def put_posting(self, posting: Posting) -> None:
        self._connection.run(_PUT_POSTING, **POSTING.cells(posting, holder=None))

    def claim_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        self.release_claims()
        rows = self._connection.rows(_CLAIM_POSTINGS, holder=self._number, at=micros(at), limit=limit)
        return tuple(sorted(POSTING.records(rows), key=lambda one: one.created))

    def settle_posting(self, posting: Posting) -> None:
        self._connection.run(_SETTLE_POSTING, **POSTING.cells(posting))

    def drop_expired(self, at: datetime) -> int:
        """What is being sent at this moment is its holder's to settle."""
        rows = self._connection.rows(_DROP_EXPIRED, expired=_EXPIRED, queued=_QUEUED, at=micros(at))
        return self._count_expired(Counter(warning for (warning,) in rows))

    def release_claims(self) -> int:
        return self._release(_MAIL_HOLDERS, _FREE_MAIL) + self._release(_POSTING_HOLDERS, _FREE_POSTINGS)

    def next_due(self) -> datetime | None:
        found = [self._connection.value(_NEXT_MAIL, queued=_QUEUED), self._connection.value(_NEXT_POSTING)]
        return min((instant(at) for at in found if at is not None), default=None)

    @property
    def _number(self) -> int:
        return self._holder.number(self._connection)

    def _release(self, holders: str, free: str) -> int:
        others = [number for (number,) in self._connection.rows(holders, holder=self._number)]
        gone = [one for one in others if self._holder.is_gone(self._connection, one)]
        return sum(self._connection.run(free, holder=one) for one in gone)

    def _count_expired(self, expired: Counter[str]) -> int:
        """What waited and was dropped, by warning. Gives how much that is."""
        queued = {(warning, MailState.QUEUED): -count for warning, count in expired.items()}
        self._add_to_totals(queued | {(warning, MailState.EXPIRED): count for warning, count in expired.items()})
        return expired.total()

    def _add_to_totals(self, changes: Mapping[tuple[str, MailState], int]) -> None:
        """Mail that belongs to no warning is in no total."""
        self._connection.run_many(
            _ADD_TO_TOTAL,
            [
                {"warning": warning, "state": state.value, "mail": count}
                for (warning, state), count in changes.items()
                if warning and count
            ],
        )

    def _cells(self, mail: Mail) -> dict[str, Cell]:
        return MAIL.cells(mail, address=self._seal.seal(mail.address, f"mail {mail.key}"))

    def _mail(self, row: Row) -> Mail:
        fields = MAIL.fields(row)
        fields["address"] = self._seal.open(fields["address"], f"mail {fields['key']}")
        return Mail(**fields)


def _instant(kept: int | None) -> datetime | None:
    return None if kept is None else instant(kept)
