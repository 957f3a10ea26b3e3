"""Every store gives lists in pages: the newest first, each once, counted without reading them all."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.sqlite import SqliteStore, make_store
from tocsin.compose.lifecycle import ClosedBy, IssuedWarning, Status
from tocsin.core.marking import Audience
from tocsin.core.threat import Threat
from tocsin.core.window import Entropy
from tocsin.desk.records import Item, KeptCheckpoint, Mail, MailState, PartyLadder
from tocsin.desk.stores import Store
from tocsin.errors import NotFoundError
from tocsin.evidence.entry import Entry, Kind
from tocsin.exchange.protocol import DeliveryState

AT = datetime(2024, 3, 7, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    make_store(tmp_path / "tocsin.db")
    found = SqliteStore(tmp_path / "tocsin.db", AddressSeal(os.urandom(32)))
    yield found
    found.close()


def warning(number: int, *, hours: int, status: Status = Status.LIVE) -> IssuedWarning:
    issued = AT + hours * HOUR
    return IssuedWarning(
        id=f"W-{number}",
        determination="D-1",
        headline="Avoid crowds",
        threat=Threat(),
        issued=issued,
        expires=issued + 48 * HOUR,
        watch_until=issued + 400 * HOUR,
        versions=(),
        status=status,
        closed_by=ClosedBy.WATCH_ENDED if status is Status.CLOSED else None,
        number=1,
    )


def item(number: int, *, hours: int, state: DeliveryState, status: Status = Status.LIVE) -> Item:
    return Item(
        id=f"IN-{number}",
        peer="city.example",
        digest=f"digest {number}",
        envelope=f"envelope {number}",
        received=AT + hours * HOUR,
        cap=b"",
        statement=b"",
        headline="Avoid crowds",
        expires=AT + 48 * HOUR,
        watch_until=AT + 400 * HOUR,
        status=status,
        state=state,
        respond_by=AT + (10 - hours) * HOUR,
        entry=number,
    )


def ladder(warning_: str, party: str, *, hours: int, ended: bool = False) -> PartyLadder:
    return PartyLadder(
        warning=warning_,
        party=party,
        kind="venue",
        started=AT + hours * HOUR,
        done=1,
        until=AT + 400 * HOUR,
        response_clock=HOUR,
        ended=AT if ended else None,
        ended_by="acknowledged" if ended else "",
    )


def mail(key: str, *, party: str, state: MailState, answered: bool = False) -> Mail:
    return Mail(
        key=key,
        warning="W-1",
        number=1,
        audience=Audience.PUBLIC,
        party=party,
        recipient=key,
        address=f"{key}@people.example",
        step=0,
        token=f"token of {key}",
        created=AT,
        not_after=AT + HOUR,
        due=AT,
        state=state,
        answered=AT if answered else None,
    )


def test_pages_of_warnings_join_without_a_gap_or_a_repeat_even_of_one_instant(store: Store) -> None:
    with store.write() as tx:
        for number in range(1, 24):
            tx.cases.put_warning(warning(number, hours=number // 4))
    seen: list[str] = []
    with store.read() as tx:
        while page := tx.cases.newest_warnings(5, before=seen[-1] if seen else ""):
            seen += [one.id for one in page]
    assert sorted(seen) == sorted(f"W-{number}" for number in range(1, 24))
    assert len(seen) == len(set(seen))
    assert seen[:4] == ["W-23", "W-22", "W-21", "W-20"]


def test_a_warning_that_changes_its_state_keeps_its_place_and_leaves_the_other_list(store: Store) -> None:
    with store.write() as tx:
        for number in range(1, 4):
            tx.cases.put_warning(warning(number, hours=number))
        tx.cases.put_warning(replace(warning(2, hours=2), status=Status.ON_WATCH))
    with store.read() as tx:
        assert [one.id for one in tx.cases.newest_warnings(9)] == ["W-3", "W-2", "W-1"]
        assert [one.id for one in tx.cases.newest_warnings(9, status=Status.LIVE)] == ["W-3", "W-1"]
        assert tx.cases.count_warnings() == {Status.LIVE: 2, Status.ON_WATCH: 1, Status.CLOSED: 0}


def test_no_page_begins_after_a_warning_or_message_that_is_not_here(store: Store) -> None:
    with store.read() as tx:
        with pytest.raises(NotFoundError):
            tx.cases.newest_warnings(5, before="W-9")
        with pytest.raises(NotFoundError):
            tx.inbox.newest_items(5, before="IN-9")


def test_the_silent_are_those_of_warnings_that_are_not_over_the_longest_asked_first(store: Store) -> None:
    with store.write() as tx:
        tx.cases.put_warning(warning(1, hours=1))
        tx.cases.put_warning(warning(2, hours=2, status=Status.ON_WATCH))
        tx.cases.put_warning(warning(3, hours=3, status=Status.CLOSED))
        for one in (
            ladder("W-1", "V1", hours=3),
            ladder("W-1", "V2", hours=1, ended=True),
            ladder("W-2", "V1", hours=2),
            ladder("W-3", "V1", hours=0),
        ):
            tx.chase.put_ladder(one)
    with store.read() as tx:
        assert [(one.warning, one.party) for one in tx.chase.open_ladders(9)] == [("W-2", "V1"), ("W-1", "V1")]
        assert tx.chase.count_open_ladders() == 2
        assert tx.chase.count_ladders(["W-1", "W-9"]) == {"W-1": (2, 1), "W-9": (0, 0)}


def test_an_open_message_is_one_without_an_answer_the_one_due_first_on_top(store: Store) -> None:
    with store.write() as tx:
        tx.inbox.put_item(item(1, hours=1, state=DeliveryState.DELIVERED))
        tx.inbox.put_item(item(2, hours=2, state=DeliveryState.READ))
        tx.inbox.put_item(item(3, hours=3, state=DeliveryState.ACKNOWLEDGED))
        tx.inbox.put_item(item(4, hours=4, state=DeliveryState.ASKED, status=Status.CLOSED))
    with store.read() as tx:
        assert [one.id for one in tx.inbox.open_items(9)] == ["IN-2", "IN-1"]
        assert (tx.inbox.count_open_items(), tx.inbox.count_items()) == (2, 4)
        assert [one.id for one in tx.inbox.newest_items(2)] == ["IN-4", "IN-3"]
        assert [one.id for one in tx.inbox.newest_items(9, before="IN-3")] == ["IN-2", "IN-1"]


def test_people_and_those_who_can_act_are_never_counted_together(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail(
            [
                mail("p1", party="", state=MailState.HANDED_OVER, answered=True),
                mail("p2", party="", state=MailState.HANDED_OVER),
                mail("p3", party="", state=MailState.REFUSED),
                mail("v1", party="V1", state=MailState.HANDED_OVER, answered=True),
            ]
        )
    with store.read() as tx:
        assert tx.outbox.count_people("W-1") == {
            MailState.QUEUED: (0, 0),
            MailState.HANDED_OVER: (2, 1),
            MailState.REFUSED: (1, 0),
            MailState.EXPIRED: (0, 0),
        }
        assert [one.key for one in tx.outbox.mail_to_parties("W-1")] == ["v1"]


def test_entries_come_newest_first_up_to_a_number_or_of_a_subject(store: Store, entropy: Entropy) -> None:
    with store.write() as tx:
        for number in range(5):
            subject = "W-1" if number % 2 else "W-2"
            tx.log.append(Entry(b"%d" % number, entropy(32)), kind=Kind.ACT, at=AT, subject=subject, disclosures={})
    with store.read() as tx:
        assert [one.index for one in tx.log.newest_entries(2)] == [4, 3]
        assert [one.index for one in tx.log.newest_entries(9, before=3)] == [2, 1, 0]
        assert [one.index for one in tx.log.newest_entries(9, subject="W-1")] == [3, 1]
        assert (tx.log.count_entries("W-1"), tx.log.count_entries("W-9")) == (2, 0)


def test_a_head_counts_as_signed_by_a_witness_only_under_its_whole_name(store: Store) -> None:
    with store.write() as tx:
        tx.log.add_checkpoint(KeptCheckpoint(size=1, at=AT, note=b"a", witnesses=("city.example/witness",)))
        tx.log.add_checkpoint(KeptCheckpoint(size=2, at=AT, note=b"b", witnesses=("old_city.example/witness",)))
        tx.log.add_checkpoint(KeptCheckpoint(size=3, at=AT, note=b"c"))
    with store.read() as tx:
        found = {
            name: tx.log.last_checkpoint(witnessed_by=name)
            for name in (
                "city.example/witness",
                "old_city.example/witness",
                "city.example",
                "%",
                "oldxcity.example/witness",
            )
        }
        assert [head.size if head else 0 for head in found.values()] == [1, 2, 0, 0, 0]
        assert (head.size if (head := tx.log.last_checkpoint()) else 0) == 3
        assert (head.size if (head := tx.log.checkpoint(least=2, witnessed=True)) else 0) == 2
        assert tx.log.checkpoint(least=3, witnessed=True) is None
