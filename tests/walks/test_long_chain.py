"""A chain with more messages than are looked at together: what is named ends, and what is over never comes back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from tests.walks.conftest import World

from tocsin.cap.alert import Alert, Category, Certainty, Info, MsgType, Scope, Severity, Status, Urgency
from tocsin.cap.chain import Standing, triple
from tocsin.cap.codec import write_alert
from tocsin.cap.values import write_message
from tocsin.compose.lifecycle import Status as Life
from tocsin.desk import inbox_chain
from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.records import Item
from tocsin.exchange.protocol import DeliveryState

START = datetime(2024, 3, 7, tzinfo=UTC)
MANY = 12


def message(number: int, kind: MsgType = MsgType.ALERT, names: Sequence[Alert] = ()) -> Alert:
    info = Info(
        categories=(Category.SECURITY,),
        event="Threat",
        headline="h",
        urgency=Urgency.EXPECTED,
        severity=Severity.SEVERE,
        certainty=Certainty.LIKELY,
        expires=START + timedelta(days=30),
    )
    return Alert(
        identifier=f"m{number}",
        sender="embassy.example",
        sent=START + timedelta(minutes=number),
        status=Status.EXERCISE,
        msg_type=kind,
        scope=Scope.PUBLIC,
        note="walk",
        references=tuple(map(triple, names)),
        infos=(info,),
    )


def standings(world: World, arrivals: Sequence[Alert]) -> dict[str, Standing]:
    with begin(world.city.node, May.CLOCKWORK) as act:
        for number, alert in enumerate(arrivals):
            item = Item(
                id=f"IN-{alert.identifier}",
                peer="embassy.example",
                digest=f"d{alert.identifier}",
                envelope=f"e{alert.identifier}",
                received=START + timedelta(days=1, seconds=number),
                cap=write_alert(alert),
                statement=b"",
                headline="h",
                expires=START + timedelta(days=30),
                watch_until=START + timedelta(days=31),
                status=Life.LIVE,
                state=DeliveryState.DELIVERED,
                respond_by=START + timedelta(days=2),
                entry=number,
                message=write_message(triple(alert)),
            )
            act.tx.inbox.put_item(item)
            inbox_chain.place_item(act, item, alert)
        return {one.identifier: act.tx.inbox.item(f"IN-{one.identifier}").standing for one in arrivals}


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_chain, "MOST_ITEMS", 4)


def test_a_cancel_of_more_than_are_looked_at_ends_each_of_them(world: World) -> None:
    alerts = [message(number) for number in range(MANY)]
    found = standings(world, [*alerts, message(MANY, MsgType.CANCEL, alerts)])
    assert [found[one.identifier] for one in alerts] == [Standing.CANCELLED] * MANY


def test_of_updates_that_name_all_before_them_only_the_last_is_in_force(world: World) -> None:
    made = [message(0)]
    for number in range(1, MANY):
        made.append(message(number, MsgType.UPDATE, made))
    found = standings(world, made)
    assert [name for name, one in found.items() if one is Standing.IN_FORCE] == [made[-1].identifier]


def test_a_first_message_that_comes_last_brings_back_none_of_a_long_chain(world: World) -> None:
    made = [message(0)]
    for number in range(1, MANY):
        made.append(message(number, MsgType.UPDATE, made[-1:]))
    found = standings(world, [*made[1:], made[0]])
    assert [name for name, one in found.items() if one is Standing.IN_FORCE] == [made[-1].identifier]
