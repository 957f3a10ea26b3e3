"""Ladders, the state of each warning with each peer, and the answers."""

from collections.abc import Collection, Mapping

from tocsin.adapters.store.columns import Columns, expanded, insert_if_new, put
from tocsin.adapters.store.connection import Connection
from tocsin.compose.lifecycle import Status
from tocsin.desk.records import PEOPLE, KeptAnswer, PartyLadder, PeerDelivery
from tocsin.evidence.receipt import Answer

LADDER, DELIVERY, ANSWER = Columns(PartyLadder), Columns(PeerDelivery), Columns(KeptAnswer)

_OPEN = """
    FROM ladder WHERE ended IS NULL AND warning IN (SELECT id FROM warning WHERE status IN (:live, :on_watch))
"""
"""Nobody of that party has answered, and the warning is not over."""
_NOT_OVER = {"live": Status.LIVE.value, "on_watch": Status.ON_WATCH.value}

_PUT_LADDER = put("ladder", LADDER.names, key=("warning", "party"))
_LADDER = LADDER.select("FROM ladder WHERE warning = :warning AND party = :party")
_LADDERS = LADDER.select("FROM ladder WHERE warning = :warning ORDER BY party")
_OPEN_LADDERS = LADDER.select(f"{_OPEN} ORDER BY started, warning, party LIMIT :count")
_COUNT_OPEN_LADDERS = f"SELECT count(*) {_OPEN}"
_COUNT_LADDERS = "SELECT warning, count(*), count(ended) FROM ladder WHERE warning IN (:warnings) GROUP BY warning"
_PUT_DELIVERY = put("peer_delivery", DELIVERY.names, key=("warning", "peer", "number"))
_DELIVERY = DELIVERY.select("FROM peer_delivery WHERE warning = :warning AND peer = :peer ORDER BY number DESC LIMIT 1")
_DELIVERY_BY_STATEMENT = DELIVERY.select("FROM peer_delivery WHERE statement = :statement")
_DELIVERY_BY_ENVELOPE = DELIVERY.select("FROM peer_delivery WHERE envelope = :envelope")
_DELIVERIES = DELIVERY.select("""
    FROM peer_delivery WHERE warning = :warning AND number = (
      SELECT max(number) FROM peer_delivery newer WHERE newer.warning = :warning AND newer.peer = peer_delivery.peer
    ) ORDER BY peer
""")
_ADD_ANSWER = insert_if_new("answer", ANSWER.names, key="digest")
_OF_PARTIES = ANSWER.select("FROM answer WHERE warning = :warning AND party <> :people ORDER BY at, entry")
_COUNT_OF_PEOPLE = """
    SELECT answer, count(DISTINCT "by") FROM answer WHERE warning = :warning AND party = :people GROUP BY answer
"""
# `+at` keeps SQLite from walking all answers of the warning in the order of the index that has `at`.
_LAST_ANSWER = ANSWER.select(
    'FROM answer WHERE warning = :warning AND "by" = :by ORDER BY +at DESC, entry DESC LIMIT 1'
)


class SqlChase:
    """Serves the desk's ChaseStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_ladder(self, ladder: PartyLadder) -> None:
        self._connection.run(_PUT_LADDER, **LADDER.cells(ladder))

    def ladder(self, warning: str, party: str) -> PartyLadder | None:
        row = self._connection.row(_LADDER, warning=warning, party=party)
        return None if row is None else LADDER.record(row)

    def ladders(self, warning: str) -> tuple[PartyLadder, ...]:
        return LADDER.records(self._connection.rows(_LADDERS, warning=warning))

    def open_ladders(self, count: int) -> tuple[PartyLadder, ...]:
        return LADDER.records(self._connection.rows(_OPEN_LADDERS, count=count, **_NOT_OVER))

    def count_open_ladders(self) -> int:
        found: int = self._connection.value(_COUNT_OPEN_LADDERS, **_NOT_OVER)
        return found

    def count_ladders(self, warnings: Collection[str]) -> Mapping[str, tuple[int, int]]:
        if not warnings:
            return {}
        statement, values = expanded(_COUNT_LADDERS, warnings=warnings)
        rows = self._connection.rows(statement, **values)
        found = {warning: (asked, answered) for warning, asked, answered in rows}
        return {one: found.get(one, (0, 0)) for one in warnings}

    def put_peer_delivery(self, delivery: PeerDelivery) -> None:
        self._connection.run(_PUT_DELIVERY, **DELIVERY.cells(delivery))

    def peer_delivery(self, warning: str, peer: str) -> PeerDelivery | None:
        row = self._connection.row(_DELIVERY, warning=warning, peer=peer)
        return None if row is None else DELIVERY.record(row)

    def peer_delivery_by(self, *, statement: str = "", envelope: str = "") -> PeerDelivery | None:
        if statement:
            row = self._connection.row(_DELIVERY_BY_STATEMENT, statement=statement)
        else:
            row = self._connection.row(_DELIVERY_BY_ENVELOPE, envelope=envelope)
        return None if row is None else DELIVERY.record(row)

    def peer_deliveries(self, warning: str) -> tuple[PeerDelivery, ...]:
        return DELIVERY.records(self._connection.rows(_DELIVERIES, warning=warning))

    def add_answer(self, answer: KeptAnswer) -> bool:
        return self._connection.row(_ADD_ANSWER, **ANSWER.cells(answer)) is not None

    def answers_of_parties(self, warning: str) -> tuple[KeptAnswer, ...]:
        return ANSWER.records(self._connection.rows(_OF_PARTIES, warning=warning, people=PEOPLE))

    def count_answers_of_people(self, warning: str) -> Mapping[Answer, int]:
        rows = self._connection.rows(_COUNT_OF_PEOPLE, warning=warning, people=PEOPLE)
        return {Answer(word): count for word, count in rows}

    def last_answer(self, warning: str, by: str) -> KeptAnswer | None:
        row = self._connection.row(_LAST_ANSWER, warning=warning, by=by)
        return None if row is None else ANSWER.record(row)
