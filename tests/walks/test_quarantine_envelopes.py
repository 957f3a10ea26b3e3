"""An envelope that could not be opened waits with its first time of arrival, and stops nothing that comes after it."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.readers.files import CAP

from tocsin.cap import codec
from tocsin.desk import receive
from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.clockwork import AGAIN, run_due
from tocsin.desk.outgoing import pair_claims, post_statement
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk, MovableClock
from tocsin.desk.quarantine import list_quarantine, raw_quarantined, retry_quarantined, show_quarantined
from tocsin.desk.receive import receive_envelope
from tocsin.desk.records import Timer, TimerKind
from tocsin.desk.show import list_inbox
from tocsin.desk.tasks import list_tasks
from tocsin.errors import InputError, StateError, TocsinError, VerificationError
from tocsin.evidence.entry import Kind
from tocsin.exchange.envelope import MAX_ENVELOPE_BYTES
from tocsin.exchange.peers import Terms
from tocsin.node import agree, make_node, move_rehearsal_clock, open_node

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
EMBASSY, CITY = "embassy.example", "city.example"
TERMS = Terms(response_clock=timedelta(minutes=60), duty={}, liaison={})


@dataclass
class World:
    """embassy.example and city.example, which agreed on each other's keys."""

    embassy: Desk
    city: Desk
    folders: tuple[Path, Path]

    def send(self, cap: bytes | None = CAP, **changes: Any) -> str:
        """The embassy signs, logs and seals; the city takes it in and opens it. Gives the envelope's hash."""
        raw = self.sealed(cap, **changes)
        receive_envelope(self.city, self.token, raw)
        run_due(self.city)
        return hashlib.sha256(raw).hexdigest()

    def sealed(self, cap: bytes | None = CAP, **changes: Any) -> bytes:
        with begin(self.embassy, May.SEND) as act:
            pair = pair_claims(act, CITY, exp=int((START + timedelta(days=30)).timestamp()))
            claims = {
                "cap_sha256": hashlib.sha256(cap or b"").hexdigest(),
                "valid_until": "2024-03-09T14:00:00Z",
                "watch_until": "2024-03-23T14:00:00Z",
            }
            signed = act.log(Kind.WARNING, claims | pair | changes, subject="W-1")
            posting = post_statement(act, CITY, signed, purpose="warning", warning="W-1", seq=pair["seq"], cap=cap)
        return posting.raw

    @property
    def officer(self) -> Desk:
        """The city's desk with its officer at it."""
        return self.city.acting(officer_named(self.city, "officer").id, "named")

    @property
    def token(self) -> str:
        return self.city.agreements[EMBASSY].mailboxes[CITY]

    def change_the_embassys_key(self) -> None:
        """The embassy signs with a new key, of which the city does not know yet."""
        (self.folders[0] / "keys/node").write_text("practice:" + os.urandom(32).hex() + "\n")
        self._open()

    def tell_the_city(self) -> None:
        """A new agreement, with the new key in it."""
        agree(*self.folders, terms=TERMS, since=START)
        self._open()

    def pass_time(self, **span: float) -> None:
        for desk in (self.embassy, self.city):
            assert isinstance(desk.clock, MovableClock)
            desk.clock.move_to(desk.clock.now() + timedelta(**span))

    def answers(self, digest: str) -> int:
        """How many answers to that envelope the city signed: `delivered` is one, `unreadable` another."""
        with self.city.store.read() as tx:
            return len(tx.log.entries(kind=Kind.RECEIPT, subject=digest))

    def _open(self) -> None:
        self.close()
        self.embassy, self.city = (open_node(folder, {}).desk for folder in self.folders)

    def close(self) -> None:
        self.embassy.store.close()
        self.city.store.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    folders = (tmp_path / EMBASSY, tmp_path / CITY)
    for folder in folders:
        make_node(folder, {"name": folder.name, "practice": True, "exercise": "walk"})
        move_rehearsal_clock(folder).move_to(START)
    agree(*folders, terms=TERMS, since=START)
    embassy, city = (open_node(folder, {}).desk for folder in folders)
    add_officer(city, "officer", ["administrator", "officer"])
    found = World(embassy, city, folders)
    yield found
    found.close()


def test_what_can_be_opened_never_sees_the_quarantine(world: World) -> None:
    world.send()

    assert [one["item"] for one in list_inbox(world.city)] == ["IN-1"]
    assert list_quarantine(world.city) == []


def test_an_envelope_by_an_unknown_key_is_kept_once_and_never_shown_as_a_warning(world: World) -> None:
    world.change_the_embassys_key()
    digest = world.send()

    assert list_inbox(world.city) == []
    found = show_quarantined(world.city, "Q-1")
    assert (found["reader"], found["from"], found["sha256"]) == ("envelope", EMBASSY, digest)
    assert found["reasons"][0]["code"] == "signature"
    assert hashlib.sha256(raw_quarantined(world.city, "Q-1")).hexdigest() == digest
    assert [one["subject"] for one in list_tasks(world.city)] == ["Q-1"]
    assert world.answers(digest) == 2


def test_the_same_envelope_again_is_one_arrival_and_one_receipt(world: World) -> None:
    world.change_the_embassys_key()
    raw = world.sealed()
    receipts = {receive_envelope(world.city, world.token, raw) for _ in range(3)}
    run_due(world.city)

    assert len(receipts) == 1
    assert len(list_quarantine(world.city)) == 1


def test_with_the_new_key_it_is_opened_as_of_its_arrival(world: World) -> None:
    world.change_the_embassys_key()
    digest = world.send()
    world.tell_the_city()
    world.pass_time(hours=2)

    assert retry_quarantined(world.officer, "Q-1")["became"] == "IN-1"

    (item,) = list_inbox(world.city)
    assert (item["received"], item["respond_by"]) == ("2024-03-07T14:00:00Z", "2024-03-07T15:00:00Z")
    assert list_tasks(world.city) == []
    assert world.answers(digest) == 2, "the sender is not told twice"


def test_opened_twice_is_one_warning(world: World) -> None:
    world.change_the_embassys_key()
    world.send()
    world.tell_the_city()
    first = retry_quarantined(world.officer, "Q-1")

    assert retry_quarantined(world.officer, "Q-1") == first
    assert len(list_inbox(world.city)) == 1


def test_a_retry_before_the_key_is_known_adds_a_reason_and_no_answer(world: World) -> None:
    world.change_the_embassys_key()
    digest = world.send()

    with pytest.raises(VerificationError, match="signature"):
        retry_quarantined(world.officer, "Q-1")

    assert [one["code"] for one in show_quarantined(world.city, "Q-1")["reasons"]] == ["signature", "signature"]
    assert list_inbox(world.city) == []
    assert world.answers(digest) == 2


def test_what_came_after_it_is_opened_after_it_and_not_before(world: World) -> None:
    world.change_the_embassys_key()
    world.send()
    world.send(valid_until="2024-03-10T14:00:00Z")
    world.tell_the_city()

    with pytest.raises(VerificationError, match="number 1, expected number 0"):
        retry_quarantined(world.officer, "Q-2")
    retry_quarantined(world.officer, "Q-1")
    retry_quarantined(world.officer, "Q-2")

    assert [one["item"] for one in list_inbox(world.city)] == ["IN-1", "IN-2"]


def test_a_message_that_cannot_be_read_does_not_stop_the_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(codec, "MAX_BYTES", 100)
        world.send()
    world.send(valid_until="2024-03-10T14:00:00Z")
    assert [one["item"] for one in list_inbox(world.city)] == ["IN-1"]

    assert retry_quarantined(world.officer, "Q-1")["became"] == "IN-2"
    assert [one["expires"] for one in list_inbox(world.city)] == ["2024-03-10T14:00:00Z", "2024-03-09T14:00:00Z"]


def test_a_replay_stays_a_replay(world: World) -> None:
    with world.city.store.write() as tx:
        tx.inbox.saw_statement("again", START + timedelta(days=1))
    world.send(jti="again")

    for _ in range(2):
        with pytest.raises(VerificationError, match="came before"):
            retry_quarantined(world.officer, "Q-1")
    assert list_inbox(world.city) == []


HOSTILE: dict[str, dict[str, Any]] = {
    "no end of its window": {"valid_until": None},
    "an end that is no time": {"valid_until": "tomorrow"},
    "an end beyond all years": {"watch_until": "9999-12-31T23:59:59-14:00"},
    "a window that ends with the calendar": {"valid_until": "9999-12-31T23:59:59Z"},
    "a watch that ends with the calendar": {"watch_until": "9999-12-31T23:59:59Z"},
    "a message of the last day of the calendar": {
        "cap": re.sub(rb"<(sent|effective|onset|expires)>[^<]*", rb"<\1>9999-12-31T23:59:59-00:00", CAP)
    },
    "another message than it is tied to": {"cap_sha256": "0" * 64},
    "no message": {"cap": None},
    "a message with a DOCTYPE": {"cap": b"<!DOCTYPE a>" + CAP},
    "a message without an info block": {"cap": CAP[: CAP.index(b"<info>")] + b"</alert>"},
    "a number in the chain that is a text": {"seq": "0"},
    "an answer that is a list": {"kind": "response", "answer": ["dismissed"]},
    "an answer to what was never sent": {"kind": "receipt", "answer": "delivered", "envelope": "00", "received": 1},
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_what_a_peer_signs_in_bad_faith_is_kept_and_the_node_goes_on(world: World, fault: str) -> None:
    world.send(**HOSTILE[fault])

    assert list_inbox(world.city) == []
    (found,) = list_quarantine(world.city)
    assert (found["kept"], found["closed"]) == ("Q-1", None)
    with world.city.store.read() as tx:
        assert tx.log.entries(kind=Kind.ENVELOPE) == (), "nothing of it is logged as a warning"
    with pytest.raises(TocsinError):
        retry_quarantined(world.officer, "Q-1")


def fail(*_: object, **__: object) -> None:
    raise OverflowError("nobody thought of this")


def test_a_fault_of_ours_over_an_envelope_keeps_it_and_holds_up_nothing_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(receive, "place_item", fail)
        digest = world.send()
    world.send(valid_until="2024-03-10T14:00:00Z")

    assert [one["item"] for one in list_inbox(world.city)] == ["IN-1"]
    (kept,) = list_quarantine(world.city)
    assert "nobody thought of this" in show_quarantined(world.city, kept["kept"])["reasons"][0]["text"]
    assert world.answers(digest) == 2, "the sender is told that it could not be used"
    assert retry_quarantined(world.officer, "Q-1")["became"] == "IN-2"


def test_a_store_that_fails_for_a_moment_makes_no_envelope_unreadable(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DiskError(Exception):
        """As a database raises it: none of ours, and nothing that comes of what is read."""

    def break_off(*_: object) -> None:
        raise DiskError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(receive, "place_item", break_off)
        with pytest.raises(DiskError):
            world.send()
    assert list_quarantine(world.city) == []

    run_due(world.city)

    assert [one["item"] for one in list_inbox(world.city)] == ["IN-1"]


def test_what_fails_puts_no_word_of_a_warning_into_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def quote(*_: object) -> None:
        raise ValueError("an attack on the concert hall")

    monkeypatch.setattr(receive, "place_item", quote)
    world.send()

    told = "".join(capfd.readouterr())
    assert "ValueError" in told
    assert "concert" not in told
    assert world.token not in told


def test_what_is_due_and_fails_is_tried_again_and_an_officer_asked_while_the_rest_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.city.store.write() as tx:
        tx.timers.set(Timer(START - timedelta(hours=1), TimerKind.LAPSE, "IN-7"))  # there is no such item

    world.send()

    assert [one["item"] for one in list_inbox(world.city)] == ["IN-1"]
    assert [one["subject"] for one in list_tasks(world.city)] == ["lapse of IN-7"]
    with world.city.store.read() as tx:
        again = [one for one in tx.timers.due(START + AGAIN, (TimerKind.LAPSE,), 9) if one.subject == "IN-7"]
    assert [one.due for one in again] == [START + AGAIN]


def test_a_mailbox_is_shut_when_too_much_in_it_cannot_be_opened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.change_the_embassys_key()
    world.send()
    raw = world.sealed()
    monkeypatch.setattr(receive, "MAX_UNREAD_BYTES", len(raw))

    with pytest.raises(StateError, match="is shut"):
        receive_envelope(world.city, world.token, raw)

    assert len(list_quarantine(world.city)) == 1
    with world.city.store.read() as tx:
        assert tx.inbox.received(hashlib.sha256(raw).hexdigest()) is None
        assert tx.log.entries(kind=Kind.REFUSED)[-1].subject == EMBASSY
    monkeypatch.undo()
    receive_envelope(world.city, world.token, raw)


def test_an_envelope_over_the_limit_leaves_its_hash_and_gets_no_receipt(world: World) -> None:
    with pytest.raises(InputError, match="expected 1 to"):
        receive_envelope(world.city, world.token, b"x" * (MAX_ENVELOPE_BYTES + 1))

    assert list_quarantine(world.city) == []
    with world.city.store.read() as tx:
        assert len(tx.log.entries(kind=Kind.REFUSED)) == 1
