"""Ladders, the state of each warning with each peer, and the answers."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from tocsin.adapters.store.columns import add_if_new, find, put, record_row
from tocsin.adapters.store.tables import answer, ladder, peer_delivery, warning
from tocsin.compose.lifecycle import Status
from tocsin.desk.records import PEOPLE, KeptAnswer, PartyLadder, PeerDelivery
from tocsin.evidence.receipt import Answer

_OPEN = (
    ladder.c.ended.is_(None),
    ladder.c.warning.in_(select(warning.c.id).where(warning.c.status.in_((Status.LIVE, Status.ON_WATCH)))),
)
"""Nobody of that party has answered, and the warning is not over."""


_LAST_ANSWER = find(answer, "warning", "by").order_by(answer.c.at.desc(), answer.c.entry.desc()).limit(1)


class SqlChase:
    """Serves the desk's ChaseStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_ladder(self, ladder_: PartyLadder) -> None:
        put(self._connection, ladder, record_row(ladder_))

    def ladder(self, warning: str, party: str) -> PartyLadder | None:
        query = find(ladder, "warning", "party")
        row = self._connection.execute(query, {"warning": warning, "party": party}).one_or_none()
        return None if row is None else PartyLadder(**row._mapping)

    def ladders(self, warning: str) -> tuple[PartyLadder, ...]:
        query = select(ladder).where(ladder.c.warning == warning).order_by(ladder.c.party)
        return tuple(PartyLadder(**row._mapping) for row in self._connection.execute(query))

    def open_ladders(self, count: int) -> tuple[PartyLadder, ...]:
        query = select(ladder).where(*_OPEN).order_by(ladder.c.started, ladder.c.warning, ladder.c.party).limit(count)
        return tuple(PartyLadder(**row._mapping) for row in self._connection.execute(query))

    def count_open_ladders(self) -> int:
        found: int = self._connection.execute(select(func.count()).select_from(ladder).where(*_OPEN)).scalar_one()
        return found

    def count_ladders(self, warnings: Collection[str]) -> Mapping[str, tuple[int, int]]:
        query = (
            select(ladder.c.warning, func.count().label("asked"), func.count(ladder.c.ended).label("answered"))
            .where(ladder.c.warning.in_(warnings))
            .group_by(ladder.c.warning)
        )
        found = {row.warning: (row.asked, row.answered) for row in self._connection.execute(query)}
        return {one: found.get(one, (0, 0)) for one in warnings}

    def put_peer_delivery(self, delivery: PeerDelivery) -> None:
        put(self._connection, peer_delivery, record_row(delivery))

    def peer_delivery(self, warning: str, peer: str) -> PeerDelivery | None:
        query = select(peer_delivery).where(peer_delivery.c.warning == warning, peer_delivery.c.peer == peer)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else PeerDelivery(**row._mapping)

    def peer_delivery_by(self, *, statement: str = "", envelope: str = "") -> PeerDelivery | None:
        column, value = (peer_delivery.c.statement, statement) if statement else (peer_delivery.c.envelope, envelope)
        row = self._connection.execute(select(peer_delivery).where(column == value)).one_or_none()
        return None if row is None else PeerDelivery(**row._mapping)

    def peer_deliveries(self, warning: str) -> tuple[PeerDelivery, ...]:
        query = select(peer_delivery).where(peer_delivery.c.warning == warning).order_by(peer_delivery.c.peer)
        return tuple(PeerDelivery(**row._mapping) for row in self._connection.execute(query))

    def add_answer(self, answer_: KeptAnswer) -> bool:
        return add_if_new(self._connection, answer, record_row(answer_))

    def answers_of_parties(self, warning: str) -> tuple[KeptAnswer, ...]:
        of_it = (answer.c.warning == warning, answer.c.party != PEOPLE)
        query = select(answer).where(*of_it).order_by(answer.c.at, answer.c.entry)
        return tuple(KeptAnswer(**row._mapping) for row in self._connection.execute(query))

    def count_answers_of_people(self, warning: str) -> Mapping[Answer, int]:
        of_it = (answer.c.warning == warning, answer.c.party == PEOPLE)
        query = select(answer.c.answer, func.count(answer.c.by.distinct())).where(*of_it).group_by(answer.c.answer)
        return {kind: count for kind, count in self._connection.execute(query)}  # noqa: C416  # rows are not pairs to mypy

    def last_answer(self, warning: str, by: str) -> KeptAnswer | None:
        row = self._connection.execute(_LAST_ANSWER, {"warning": warning, "by": by}).one_or_none()
        return KeptAnswer(**row._mapping) if row is not None else None
