"""Several processes at one store: the log has no gap and no double, nothing is sent twice, nothing is lost with a dead one."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from tests.contract.sample import AT, LOG_SEED, MAIL, SEAL, put_all
from tests.faults.hand import APPENDED, open_place

from tocsin.adapters.store.postgresql import make_database
from tocsin.adapters.store.sqlite import SqliteStore, make_store
from tocsin.cli.main import main
from tocsin.desk.clockwork import run_due
from tocsin.desk.ports import Desk
from tocsin.desk.records import MailState
from tocsin.desk.stores import Store, Transaction
from tocsin.desk.witnessing import settle_cosignature
from tocsin.errors import StateError
from tocsin.evidence.checkpoint import cosign, verify_cosignature, write_vkey
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.tree import MemoryTree, root_hash
from tocsin.node import make_node, open_node

ROOT = Path(__file__).parents[2]
WITNESS = SigningKey.from_seed("witness.example/witness", bytes(31) + b"\3")
LETTERS = [f"letter {n:03d}" for n in range(120)]


@pytest.fixture
def url(make_empty_database: Callable[[], str]) -> str:
    made = make_empty_database()
    make_database(made)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        found: str = request.getfixturevalue("url")
        return found
    make_store(tmp_path / "tocsin.db")
    return str(tmp_path / "tocsin.db")


@contextmanager
def hand(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """A process at the store, which has opened it and waits for a line."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hand", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def start(*processes: "subprocess.Popen[str]") -> list[str]:
    """Let them go all at once; gives what each printed until its end."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return printed


def queue_letters(place: str) -> None:
    store = open_place(place)
    with store.write() as tx:
        tx.outbox.put_mail([replace(MAIL, key=key, token=key) for key in LETTERS])
    store.close()


def test_two_processes_at_one_log_leave_no_gap_and_no_double(place: str) -> None:
    with hand("append", place, "one") as one, hand("append", place, "two") as two:
        start(one, two)
    store = open_place(place)
    with store.read() as tx:
        leaves = tx.log.entries()
        assert [leaf.index for leaf in leaves] == list(range(2 * APPENDED))
        words = [leaf.statement.decode().split() for leaf in leaves]
        assert [int(serial) for serial, _, _ in words] == list(range(2 * APPENDED)), "a serial that is not its place"
        for name in ("one", "two"):
            assert [int(n) for _, who, n in words if who == name] == list(range(APPENDED))
        tree = MemoryTree()
        for leaf in leaves:
            tree.append(Entry(leaf.statement, leaf.blind).leaf_hash)
        assert root_hash(2 * APPENDED, tx.log.hash) == root_hash(2 * APPENDED, tree.read)
    store.close()


def test_two_workers_on_one_database_send_nothing_twice_and_nothing_never(url: str) -> None:
    queue_letters(url)
    with hand("send", url) as one, hand("send", url) as two:
        sent = "".join(start(one, two)).splitlines()
    assert sorted(sent) == LETTERS
    store = open_place(url)
    with store.read() as tx:
        assert tx.outbox.count_mail("W-1") == {MailState.HANDED_OVER: len(LETTERS)}
    store.close()


def test_a_worker_killed_with_claims_loses_none_and_keeps_them_while_it_lives(place: str) -> None:
    queue_letters(place)
    with hand("hold", place) as killed:
        assert killed.stdin is not None
        assert killed.stdout is not None
        killed.stdin.write("go\n")
        killed.stdin.flush()
        assert len(killed.stdout.readline().split("letter ")) == len(LETTERS) + 1
        store = open_place(place)
        if place.startswith("postgresql://"):
            with store.write() as tx:
                assert tx.outbox.claim_mail(AT, 1000) == (), "a living holder's claims were taken away"
        else:
            with pytest.raises(StateError, match=f"process {killed.pid} serves the node"), store.write() as tx:
                tx.outbox.claim_mail(AT, 1000)
        killed.kill()
        killed.wait()
    freed = 0
    while not freed:  # the server learns of the end of a process when its socket closes
        with store.write() as tx:
            freed = tx.outbox.release_claims()
    assert freed == len(LETTERS)
    with store.write() as tx:
        assert [one.key for one in tx.outbox.claim_mail(AT, 1000)] == LETTERS
    store.close()


def test_a_process_cut_off_from_the_database_comes_back_under_another_number(url: str) -> None:
    store = open_place(url)
    with store.write() as tx:
        tx.outbox.put_mail([MAIL])
        (held,) = tx.outbox.claim_mail(AT, 1)
    with psycopg.connect(url, autocommit=True) as admin:
        query = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert admin.execute(query).fetchall() != []
    other = open_place(url)
    with other.write() as tx:
        assert tx.outbox.claim_mail(AT, 1) == (MAIL,), "its server took it for gone, so another sends"
    with store.write() as tx:
        assert tx.outbox.claim_mail(AT, 1) == (), "it must not take back what another sends now"
        tx.outbox.settle_mail([replace(held, attempts=1, state=MailState.HANDED_OVER, at=AT)])
    with other.write() as tx:
        tx.outbox.settle_mail([replace(MAIL, attempts=1)])
        assert tx.outbox.count_mail("W-1") == {MailState.HANDED_OVER: 1}
    store.close()
    other.close()


def test_a_second_server_on_a_folder_is_refused_and_takes_nothing(tmp_path: Path) -> None:
    make_store(tmp_path / "tocsin.db")
    first, second = (SqliteStore(tmp_path / "tocsin.db", SEAL) for _ in range(2))
    with first.write() as tx:
        tx.outbox.put_mail([MAIL])
        tx.outbox.claim_mail(AT, 1)
    for attempt in ("release_claims", "claim"):
        with pytest.raises(StateError, match="serves the node"), second.write() as tx:
            tx.outbox.release_claims() if attempt == "release_claims" else tx.outbox.claim_mail(AT, 1)
    with second.write() as tx:
        tx.cases.next_number("warning")  # a command line may still act beside the server
    first.close()
    with second.write() as tx:
        assert tx.outbox.claim_mail(AT, 1) == (MAIL,)
    second.close()


class Interrupted:
    """A store before whose next write another process does something."""

    is_at_hand = True

    def __init__(self, store: Store, meanwhile: Callable[[], object]) -> None:
        self._store = store
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def write(self) -> AbstractContextManager[Transaction]:
        while self._meanwhile:
            self._meanwhile.pop()()
        return self._store.write()

    def read(self) -> AbstractContextManager[Transaction]:
        return self._store.read()

    def close(self) -> None:
        self._store.close()


@pytest.fixture
def desks(tmp_path: Path, make_empty_database: Callable[[], str]) -> Iterator[tuple[Desk, Desk]]:
    """The desk of one node in two processes, with rows in every table of its database."""
    witness = f"http://127.0.0.1:1 {write_vkey(WITNESS.verify_key, cosigner=True)}"
    values = {"name": "embassy.example", "store": make_empty_database(), "witnesses": (witness,)}
    make_node(tmp_path / "embassy", values)
    (tmp_path / "embassy" / "keys" / "log").write_text(LOG_SEED.hex() + "\n")
    one, two = (open_node(tmp_path / "embassy", {}).desk for _ in range(2))
    with one.store.write() as tx:
        put_all(tx)
    yield one, two
    one.store.close()
    two.store.close()


def test_what_two_processes_find_due_at_once_is_done_once(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    late = replace(two, store=Interrupted(two.store, lambda: run_due(one)))
    assert run_due(late) == 0
    with two.store.read() as tx:
        assert len(tx.log.entries(kind=Kind.STATE)) == 1


def test_a_witness_asked_by_two_processes_signs_a_checkpoint_once(desks: tuple[Desk, Desk]) -> None:
    one, two = desks
    with one.store.read() as tx:
        asked = tx.log.last_checkpoint()
    assert asked is not None
    first, second = (cosign(asked.note, WITNESS, AT + timedelta(seconds=n)).line.encode() for n in range(2))
    assert settle_cosignature(one, WITNESS.name, asked, first)
    assert not settle_cosignature(two, WITNESS.name, asked, second)
    with two.store.read() as tx:
        kept = tx.log.last_checkpoint()
    assert kept is not None
    assert kept.witnesses.count(WITNESS.name) == 1
    assert verify_cosignature(kept.note, WITNESS.verify_key) == AT


def test_a_second_tocsin_serve_on_a_folder_says_who_serves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_node(tmp_path / "embassy", {"name": "embassy.example"})
    server = open_node(tmp_path / "embassy", {}).desk.store
    with server.write() as tx:
        tx.outbox.release_claims()
    monkeypatch.setattr(sys, "argv", ["tocsin", "serve", "--node", str(tmp_path / "embassy")])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    assert f"tocsin: error: process {os.getpid()} serves the node in" in capsys.readouterr().err
    server.close()
