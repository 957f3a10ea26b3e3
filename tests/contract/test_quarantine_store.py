"""What could not be read is kept, in every store: whole, sealed, and only until it was read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tocsin.adapters.store.sealing import AddressSeal
from tocsin.adapters.store.sqlite import SqliteStore, make_store
from tocsin.desk.records import ENTRY_BYTES, Failure, Reader, Received, Unread
from tocsin.desk.stores import Store
from tocsin.errors import ConfigError, NotFoundError

AT = datetime(2024, 3, 7, 15, 0, 0, 250_000, tzinfo=UTC)
SECRET = b"P1,en,Europe/Moscow,155.75,37.61,planted@people.example\xff\0"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_store(tmp_path / "tocsin.db")
    return tmp_path / "tocsin.db"


@pytest.fixture
def on_file(file: Path) -> Iterator[Store]:
    """A store whose file can be looked into."""
    found = SqliteStore(file, AddressSeal(b"k" * 32))
    yield found
    found.close()


def unread(number: int = 1, **changes: object) -> Unread:
    found = Unread(
        id=f"Q-{number}",
        reader=Reader.PEOPLE,
        digest=f"{number:064x}",
        source="P-1",
        size=len(SECRET),
        first=AT,
        last=AT,
        failures=(Failure(AT, "InputError", "people, row 2: 'planted@people.example'"),),
    )
    return replace(found, **changes)


def test_it_comes_back_as_it_was_kept_bytes_and_words(store: Store) -> None:
    with store.write() as tx:
        tx.quarantine.add_unread(unread(), SECRET)
    with store.read() as tx:
        assert tx.quarantine.unread("Q-1") == unread()
        assert tx.quarantine.raw("Q-1") == SECRET


def test_neither_bytes_nor_words_lie_open_in_the_file(on_file: Store, file: Path) -> None:
    with on_file.write() as tx:
        tx.quarantine.add_unread(unread(), SECRET)
        tx.quarantine.put_unread(unread(arrivals=2))
    found = [one for one in file.parent.iterdir() if b"planted" in one.read_bytes()]
    assert found == []


def test_another_key_opens_nothing(on_file: Store, file: Path) -> None:
    with on_file.write() as tx:
        tx.quarantine.add_unread(unread(), SECRET)
    other = SqliteStore(file, AddressSeal(b"x" * 32))
    with other.read() as tx, pytest.raises(ConfigError, match="cannot be unsealed"):
        tx.quarantine.unread("Q-1")
    other.close()


def test_no_bytes_at_all_are_bytes_too(store: Store) -> None:
    with store.write() as tx:
        tx.quarantine.add_unread(unread(size=0), b"")
    with store.read() as tx:
        assert tx.quarantine.raw("Q-1") == b""


def test_they_are_listed_by_number_not_by_letters(store: Store) -> None:
    with store.write() as tx:
        for number in range(1, 12):
            tx.quarantine.add_unread(unread(number), SECRET)
    with store.read() as tx:
        assert [one.id for one in tx.quarantine.all_unread()] == [f"Q-{n}" for n in range(1, 12)]


def test_waiting_is_what_that_reader_could_not_read_and_nobody_closed(store: Store) -> None:
    with store.write() as tx:
        tx.quarantine.add_unread(unread(), SECRET)
        assert tx.quarantine.waiting(Reader.PEOPLE, unread().digest) == unread()
        assert tx.quarantine.waiting(Reader.VENUES, unread().digest) is None
        assert tx.quarantine.waiting(Reader.PEOPLE, "0" * 64) is None
        tx.quarantine.put_unread(unread(closed=AT, became="2 people"))
        assert tx.quarantine.waiting(Reader.PEOPLE, unread().digest) is None


def test_a_new_state_keeps_the_bytes_and_closing_drops_them(store: Store) -> None:
    later = AT + timedelta(hours=1)
    again = unread(last=later, arrivals=2, failures=(*unread().failures, Failure(later, "signature", "other words")))
    with store.write() as tx:
        tx.quarantine.add_unread(unread(), SECRET)
        tx.quarantine.put_unread(again)
    with store.read() as tx:
        assert (tx.quarantine.unread("Q-1"), tx.quarantine.raw("Q-1")) == (again, SECRET)
    with store.write() as tx:
        tx.quarantine.put_unread(replace(again, closed=later, became="2 people"))
    with store.read() as tx, pytest.raises(NotFoundError, match="not kept any more"):
        tx.quarantine.raw("Q-1")


def test_an_envelope_is_stored_once_and_never_dropped(on_file: Store, file: Path) -> None:
    raw = b"an envelope that is not like any other bytes in this file"
    envelope = unread(reader=Reader.ENVELOPE, source="city.example", chained=True)
    with on_file.write() as tx:
        tx.inbox.add_received(
            Received(digest=envelope.digest, peer="city.example", raw=raw, received=AT, receipt=b"receipt")
        )
        tx.quarantine.add_unread(envelope, None)
        tx.quarantine.put_unread(replace(envelope, closed=AT, became="IN-1"))
    with on_file.read() as tx:
        assert tx.quarantine.raw("Q-1") == raw
        assert tx.quarantine.unread("Q-1").chained is True
    on_file.close()
    assert sum(one.read_bytes().count(raw) for one in file.parent.iterdir()) == 1


def test_only_what_waits_counts_and_each_peer_is_counted_apart(store: Store) -> None:
    with store.write() as tx:
        assert tx.quarantine.waiting_bytes() == 0
        tx.quarantine.add_unread(unread(1, size=100), SECRET)
        tx.quarantine.add_unread(unread(2, size=50), SECRET)
        tx.quarantine.add_unread(unread(3, size=7, reader=Reader.ENVELOPE, source="city.example"), None)
        tx.quarantine.put_unread(unread(2, size=50, closed=AT, became="2 people"))
        assert tx.quarantine.waiting_bytes() == 100 + ENTRY_BYTES
        assert tx.quarantine.waiting_bytes(envelopes_of="city.example") == 7 + ENTRY_BYTES
        assert tx.quarantine.waiting_bytes(envelopes_of="other.example") == 0


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with store.read() as tx:
        assert tx.quarantine.all_unread() == ()
        with pytest.raises(NotFoundError, match="nothing is kept as 'Q-9'"):
            tx.quarantine.unread("Q-9")
        with pytest.raises(NotFoundError):
            tx.quarantine.raw("Q-9")
