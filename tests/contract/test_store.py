"""Every store keeps the same promises (SQLite here; a second one runs the same suite)."""

import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from tocsin.adapters.store.sqlite import REVISION, SqliteStore, make_store
from tocsin.adapters.store.tables import metadata
from tocsin.core.marking import Audience
from tocsin.core.window import Entropy
from tocsin.desk.records import Mail, MailState, Posting, Timer, TimerKind
from tocsin.desk.stores import Store
from tocsin.errors import ConfigError, NotFoundError
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.tree import MemoryTree, root_hash

AT = datetime(2024, 3, 7, 15, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    make_store(tmp_path / "tocsin.db")
    found = SqliteStore(tmp_path / "tocsin.db")
    yield found
    found.close()


def mail(key: str, *, due: datetime = AT) -> Mail:
    return Mail(
        key=key,
        warning="W-1",
        number=1,
        audience=Audience.PUBLIC,
        party="V1",
        recipient="V1-1",
        address="duty@venues.example",
        step=0,
        token=f"token of {key}",
        created=AT,
        not_after=AT + timedelta(days=2),
        due=due,
    )


def test_all_of_a_write_is_kept_or_none_of_it(store: Store, entropy: Entropy) -> None:
    def half_a_write() -> None:
        with store.write() as tx:
            tx.outbox.put_mail([mail("a")])
            tx.log.append(Entry(b"statement", entropy(32)), kind=Kind.ACT, at=AT, subject="", disclosures={})
            tx.timers.set(Timer(AT, TimerKind.STEP, "x"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_a_write()
    with store.read() as tx:
        assert (tx.log.size(), tx.outbox.mail("W-1"), tx.timers.next_due()) == (0, (), None)


def test_the_log_in_the_store_is_the_same_tree_as_in_memory(store: Store, entropy: Entropy) -> None:
    tree = MemoryTree()
    for n in range(70):
        entry = Entry(b"%d" % n, entropy(32))
        with store.write() as tx:
            assert tx.log.append(entry, kind=Kind.ACT, at=AT, subject="s", disclosures={"a": "b"}) == n
        tree.append(entry.leaf_hash)
    with store.read() as tx:
        assert root_hash(70, tx.log.hash) == root_hash(70, tree.read)
        assert tx.log.entry(69).disclosures == {"a": "b"}
        with pytest.raises(NotFoundError):
            tx.log.entry(70)


def test_a_claim_is_held_by_one_and_falls_back_when_its_holder_is_gone(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail([mail("a"), mail("b"), mail("later", due=AT + timedelta(hours=1))])
        assert [one.key for one in tx.outbox.claim_mail(AT, 10)] == ["a", "b"]
    with store.write() as tx:
        assert tx.outbox.claim_mail(AT, 10) == ()
        assert tx.outbox.release_claims() == 2
        assert [one.key for one in tx.outbox.claim_mail(AT, 1)] == ["a"]


def test_what_was_handed_over_is_never_claimed_again(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail([mail("a")])
        (one,) = tx.outbox.claim_mail(AT, 10)
        tx.outbox.settle_mail([replace(one, state=MailState.HANDED_OVER, at=AT)])
    with store.write() as tx:
        tx.outbox.release_claims()
        assert tx.outbox.claim_mail(AT + timedelta(days=1), 10) == ()
        assert tx.outbox.count_mail("W-1") == {MailState.HANDED_OVER: 1}


def test_mail_is_not_sent_after_its_end(store: Store) -> None:
    late = AT + timedelta(days=3)
    with store.write() as tx:
        tx.outbox.put_mail([mail("a")])
        assert tx.outbox.claim_mail(late, 10) == ()
        assert tx.outbox.drop_expired(late) == 1
        assert tx.outbox.count_mail("W-1") == {MailState.EXPIRED: 1}


def test_an_envelope_is_claimed_until_it_was_delivered(store: Store) -> None:
    posting = Posting(digest="d", peer="c", purpose="warning", warning="W-1", raw=b"x", created=AT, due=AT)
    with store.write() as tx:
        tx.outbox.put_posting(posting)
        (one,) = tx.outbox.claim_postings(AT, 10)
        tx.outbox.settle_posting(replace(one, delivered=AT))
        assert tx.outbox.claim_postings(AT, 10) == ()
        assert tx.outbox.next_due() is None


def test_timers_come_in_the_order_of_time_and_one_of_a_name_replaces_the_other(store: Store) -> None:
    with store.write() as tx:
        for n in (3, 1, 2):
            tx.timers.set(Timer(AT + timedelta(minutes=n), TimerKind.STEP, f"s{n}"))
        tx.timers.set(Timer(AT, TimerKind.STEP, "s3"))
    with store.read() as tx:
        due = tx.timers.due(AT + timedelta(minutes=2), (TimerKind.STEP,), 10)
        assert [one.subject for one in due] == ["s3", "s1", "s2"]
        assert tx.timers.due(AT + timedelta(hours=1), (TimerKind.LAPSE,), 10) == ()


def test_a_statement_is_seen_once(store: Store) -> None:
    with store.write() as tx:
        assert tx.inbox.saw_statement("jti", AT) is False
        assert tx.inbox.saw_statement("jti", AT) is True


def test_two_writers_do_not_lose_each_others_numbers(store: Store) -> None:
    def count() -> None:
        for _ in range(25):
            with store.write() as tx:
                tx.cases.next_number("warning")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.write() as tx:
        assert tx.cases.next_number("warning") == 101


def test_a_remembered_act_gives_its_result_again(store: Store) -> None:
    with store.write() as tx:
        tx.remember("request", {"warning": "W-1"})
    with store.read() as tx:
        assert tx.done("request") == {"warning": "W-1"}
        assert tx.done("another") is None


def test_the_migrations_make_the_tables_that_the_code_expects() -> None:
    engine = create_engine("sqlite://")
    config = Config()
    config.set_main_option("script_location", "tocsin.adapters.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_a_store_is_for_its_owner_alone_and_never_made_over_another(tmp_path: Path) -> None:
    make_store(tmp_path / "tocsin.db")
    assert stat.S_IMODE((tmp_path / "tocsin.db").stat().st_mode) == 0o600
    with pytest.raises(ConfigError, match="is there already"):
        make_store(tmp_path / "tocsin.db")


def test_what_is_no_store_gets_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not in"):
        SqliteStore(tmp_path / "tocsin.db")
    (tmp_path / "junk.db").write_bytes(b"junk" * 1000)
    with pytest.raises(ConfigError):
        SqliteStore(tmp_path / "junk.db")
