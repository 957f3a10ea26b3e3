"""Every store keeps the same promises: SQLite and PostgreSQL run the same suite."""

import random
import sqlite3
import stat
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from tests.contract.sample import SEAL

from tocsin.adapters.store.postgresql import PostgresqlStore, make_database
from tocsin.adapters.store.postgresql_server import parameters
from tocsin.adapters.store.sqlite import SqliteStore, make_store
from tocsin.core.marking import Audience
from tocsin.core.window import Entropy
from tocsin.desk.house import Officer, Role
from tocsin.desk.records import PEOPLE, KeptAnswer, Mail, MailState, Posting, Timer, TimerKind
from tocsin.desk.stores import Store
from tocsin.errors import ConfigError, NotFoundError
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.receipt import Answer
from tocsin.evidence.tree import MemoryTree, root_hash
from tocsin.evidence.witness import Head

AT = datetime(2024, 3, 7, 15, tzinfo=UTC)
REFUSED = (sqlite3.Error, psycopg.Error)
NOT_TWICE = (sqlite3.IntegrityError, psycopg.IntegrityError)


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


def posting(digest: str) -> Posting:
    return Posting(digest=digest, peer="c", purpose="warning", warning="W-1", raw=b"x", created=AT, due=AT)


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


def test_a_claim_is_held_by_one_and_comes_back_when_its_holder_is_gone(open_store: Callable[[], Store]) -> None:
    first = open_store()
    with first.write() as tx:
        tx.outbox.put_mail([mail("a"), mail("b"), mail("later", due=AT + timedelta(hours=1))])
        tx.outbox.put_posting(posting("p"))
        assert [one.key for one in tx.outbox.claim_mail(AT, 10)] == ["a", "b"]
        assert [one.digest for one in tx.outbox.claim_postings(AT, 10)] == ["p"]
    with first.write() as tx:
        assert tx.outbox.claim_mail(AT + timedelta(minutes=30), 10) == (), "a slow holder is no dead one"
        assert tx.outbox.release_claims() == 0
    first.close()
    with open_store().write() as tx:
        assert tx.outbox.release_claims() == 3
        assert [one.key for one in tx.outbox.claim_mail(AT, 1)] == ["a"]


def test_what_was_handed_over_is_never_claimed_again(open_store: Callable[[], Store]) -> None:
    first = open_store()
    with first.write() as tx:
        tx.outbox.put_mail([mail("a")])
        (one,) = tx.outbox.claim_mail(AT, 10)
        tx.outbox.settle_mail([replace(one, state=MailState.HANDED_OVER, at=AT)])
    first.close()
    with open_store().write() as tx:
        assert tx.outbox.release_claims() == 0
        assert tx.outbox.claim_mail(AT + timedelta(days=1), 10) == ()
        assert tx.outbox.count_mail("W-1") == {MailState.HANDED_OVER: 1}


def test_who_settles_late_does_not_queue_again_what_another_handed_over(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail([mail("a")])
        (one,) = tx.outbox.claim_mail(AT, 10)
        tx.outbox.settle_mail([replace(one, state=MailState.HANDED_OVER, at=AT)])
        tx.outbox.settle_mail([replace(one, attempts=1, detail="try again")])
        assert tx.outbox.claim_mail(AT + timedelta(days=1), 10) == ()
        assert tx.outbox.count_mail("W-1") == {MailState.HANDED_OVER: 1}


def test_what_is_being_sent_does_not_expire_under_its_holder(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail([mail("a")])
        tx.outbox.claim_mail(AT, 10)
        assert tx.outbox.drop_expired(AT + timedelta(days=3)) == 0
        assert tx.outbox.count_mail("W-1") == {MailState.QUEUED: 1}


def test_the_same_mail_is_not_queued_twice_and_the_error_tells_nothing_of_it(store: Store) -> None:
    with pytest.raises(NOT_TWICE) as caught, store.write() as tx:
        tx.outbox.put_mail([mail("planted-key"), mail("planted-key")])
    for told in (str(caught.value), repr(caught.value)):
        assert "planted-key" not in told
        assert "duty@venues.example" not in told


def test_a_reader_can_change_nothing(store: Store) -> None:
    with pytest.raises(REFUSED, match=r"read-?only"), store.read() as tx:
        tx.cases.next_number("warning")
    with store.write() as tx:
        assert tx.cases.next_number("warning") == 1


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(store: Store) -> None:
    with store.read() as reader:
        assert reader.timers.next_due() is None
        with store.write() as tx:
            tx.timers.set(Timer(AT, TimerKind.STEP, "x"))
            tx.remember("request", {})
        assert reader.timers.next_due() is None
        assert reader.done("request") is None
    with store.read() as reader:
        assert reader.timers.next_due() == AT


def test_a_text_that_one_of_the_databases_cannot_hold_stops_nobody(store: Store) -> None:
    answer = KeptAnswer(
        digest="d",
        warning="W-1",
        party="city.example",
        answer=Answer.DISMISSED,
        at=AT,
        by="city.example",
        reason="nul \0 and half a pair \ud83d",
        text="",
        entry=1,
    )
    with store.write() as tx:
        assert tx.chase.add_answer(answer)
    with store.read() as tx:
        assert [one.reason for one in tx.chase.answers_of_parties("W-1")] == ["nul \ufffd and half a pair \ufffd"]


def test_the_head_of_a_log_larger_than_ours_will_ever_be_is_remembered(store: Store) -> None:
    with store.write() as tx:
        tx.log.set_head("large.example/log", Head(2**62, bytes(32)))
    with store.read() as tx:
        assert tx.log.head_of("large.example/log") == Head(2**62, bytes(32))


def test_mail_is_not_sent_after_its_end(store: Store) -> None:
    late = AT + timedelta(days=3)
    with store.write() as tx:
        tx.outbox.put_mail([mail("a")])
        assert tx.outbox.claim_mail(late, 10) == ()
        assert tx.outbox.drop_expired(late) == 1
        assert tx.outbox.count_mail("W-1") == {MailState.EXPIRED: 1}


@pytest.mark.parametrize("seed", range(5))
def test_mail_is_counted_as_it_is_whatever_happened_to_it(store: Store, seed: int) -> None:
    """The counts are kept beside the mail: here each is held against the mail itself after every change."""
    chance = random.Random(seed)
    warnings = ("W-1", "W-2")
    for turn in range(12):
        at = AT + timedelta(hours=6 * turn)
        with store.write() as tx:
            new = [replace(mail(f"{turn}-{n}"), warning=chance.choice(("", *warnings)), number=n) for n in range(4)]
            tx.outbox.put_mail([replace(one, not_after=at + timedelta(hours=chance.choice((4, 40)))) for one in new])
            claimed = tx.outbox.claim_mail(at, chance.randrange(6))
            ends = (MailState.HANDED_OVER, MailState.REFUSED, MailState.QUEUED)
            settled = [replace(one, state=chance.choice(ends), at=at, due=at + timedelta(hours=5)) for one in claimed]
            tx.outbox.settle_mail(settled)
            tx.outbox.settle_mail([replace(one, state=MailState.QUEUED) for one in settled])
            tx.outbox.drop_expired(at)
            tx.outbox.withdraw_mail("W-2", chance.randrange(4), at)
        with store.read() as tx:
            for one in warnings:
                assert tx.outbox.count_mail(one) == Counter(each.state for each in tx.outbox.mail(one))


def test_an_envelope_is_claimed_until_it_was_delivered(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_posting(posting("d"))
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


def test_a_store_is_for_its_owner_alone_and_never_made_over_another(tmp_path: Path) -> None:
    make_store(tmp_path / "tocsin.db")
    assert stat.S_IMODE((tmp_path / "tocsin.db").stat().st_mode) == 0o600
    with pytest.raises(ConfigError, match="is there already"):
        make_store(tmp_path / "tocsin.db")


def test_what_is_no_store_gets_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not in"):
        SqliteStore(tmp_path / "tocsin.db", SEAL)
    (tmp_path / "junk.db").write_bytes(b"junk" * 1000)
    with pytest.raises(ConfigError):
        SqliteStore(tmp_path / "junk.db", SEAL)


def test_a_database_without_tables_or_a_server_that_is_away_gets_a_clear_error(
    make_empty_database: Callable[[], str],
) -> None:
    with pytest.raises(ConfigError, match="holds no store"):
        PostgresqlStore(make_empty_database(), SEAL)
    with pytest.raises(ConfigError, match="does not answer") as caught:
        PostgresqlStore("postgresql://tocsin:s3cret@127.0.0.1:1/tocsin", SEAL)
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"


def test_a_database_that_is_not_empty_is_never_made_a_store(make_empty_database: Callable[[], str]) -> None:
    url = make_empty_database()
    make_database(url)
    with pytest.raises(ConfigError, match="expected none"):
        make_database(url)


def test_over_a_network_the_server_must_prove_who_it_is() -> None:
    for url in ("postgresql://tocsin@db.example/tocsin", "postgresql://tocsin@/tocsin?host=db.example"):
        assert parameters(url)["sslmode"] == "verify-full"
    assert "sslmode" not in parameters("postgresql://tocsin@127.0.0.1/tocsin")
    assert parameters("postgresql://tocsin@db.example/tocsin?sslmode=require")["sslmode"] == "require"


def answer(number: int, *, party: str, by: str, given: Answer = Answer.READ) -> KeptAnswer:
    return KeptAnswer(
        digest=f"a{number}",
        warning="W-1",
        party=party,
        answer=given,
        at=AT,
        by=by,
        reason="",
        text="",
        entry=number,
    )


def test_answers_of_people_are_counted_and_those_of_parties_told_one_by_one(store: Store) -> None:
    hall = answer(3, party="V1", by="link:V1-1", given=Answer.ACTED)
    with store.write() as tx:
        for one in (
            answer(1, party=PEOPLE, by="link:P1"),
            answer(2, party=PEOPLE, by="link:P2"),
            hall,
            answer(4, party=PEOPLE, by="link:P1"),
        ):
            tx.chase.add_answer(one)
    with store.read() as tx:
        assert tx.chase.answers_of_parties("W-1") == (hall,)
        assert tx.chase.count_answers_of_people("W-1") == {Answer.READ: 2}, "one person counts once"
        assert tx.chase.last_answer("W-1", "link:P1") == answer(4, party=PEOPLE, by="link:P1")
        assert tx.chase.last_answer("W-1", "link:P3") is None


def test_an_answer_is_marked_on_mail_that_was_handed_over(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail([mail("a"), mail("b")])
        (one, _) = tx.outbox.claim_mail(AT, 10)
        tx.outbox.settle_mail([replace(one, state=MailState.HANDED_OVER, at=AT)])
        tx.outbox.mark_answered("a", AT + timedelta(minutes=1))
    with store.read() as tx:
        found = {one.key: (one.state, one.answered) for one in tx.outbox.mail("W-1")}
    assert found == {"a": (MailState.HANDED_OVER, AT + timedelta(minutes=1)), "b": (MailState.QUEUED, None)}


def test_whoever_left_may_do_nothing_even_if_roles_stayed_on_the_row(store: Store) -> None:
    ada = Officer(id="P-1", name="ada", address="", roles=frozenset({Role.OFFICER}), password="", since=AT)
    with store.write() as tx:
        tx.house.put_officer(ada)
        tx.house.put_officer(replace(ada, id="P-2", name="bob", left=AT))
    with store.read() as tx:
        assert [tx.house.roles(one) for one in ("P-1", "P-2", "P-3")] == [{Role.OFFICER}, frozenset(), frozenset()]


def test_the_first_hand_over_counts_for_each_recipient_and_a_refusal_for_nobody(store: Store) -> None:
    minute = timedelta(minutes=1)
    late, early = (
        replace(mail(key), at=AT + n * minute, state=MailState.HANDED_OVER) for n, key in ((9, "a"), (2, "b"))
    )
    refused = replace(mail("c"), recipient="V1-2", at=AT, state=MailState.REFUSED)
    with store.write() as tx:
        tx.outbox.put_mail([late, replace(early, answered=AT + 3 * minute), refused])
    with store.read() as tx:
        assert tx.outbox.first_times("W-1") == ((AT + 2 * minute, AT + 3 * minute), (None, None))
        assert tx.outbox.first_times("W-2") == ()
