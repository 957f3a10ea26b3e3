"""Both databases hear the same: a value is never read as SQL, an error tells none, and a connection is one user's at a time."""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.contract.sample import AT, SEAL

import tocsin.adapters.store
from tocsin.adapters.store import pool, postgresql_server, sqlite_file
from tocsin.adapters.store.connection import Connection, Dialect
from tocsin.adapters.store.log import _of_retired
from tocsin.adapters.store.postgresql import PostgresqlStore, make_database
from tocsin.adapters.store.sqlite import make_store
from tocsin.desk.records import Timer, TimerKind
from tocsin.errors import StateError

REFUSED = (sqlite3.Error, psycopg.Error)
ADD = "INSERT INTO act (key, result) VALUES (:key, :result)"
FIND = "SELECT key, result FROM act WHERE result = :result"


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(
    request: pytest.FixtureRequest, tmp_path: Path, make_empty_database: Callable[[], str]
) -> Iterator[Connection]:
    """A connection to an empty store, outside of any transaction."""
    made: Connection
    if request.param == "sqlite":
        make_store(tmp_path / "tocsin.db")
        made = sqlite_file.connect(tmp_path / "tocsin.db")
    else:
        url = make_empty_database()
        make_database(url)
        made = postgresql_server.connect(url)
    yield made
    made.close()


def writing(connection: Connection) -> AbstractContextManager[Any]:
    if isinstance(connection, sqlite_file.SqliteConnection):
        return sqlite_file.writing(connection)
    assert isinstance(connection, postgresql_server.PostgresqlConnection)
    return postgresql_server.writing(connection)


TEXTS = st.text(st.characters(exclude_categories=()) | st.sampled_from("\0\ud800\udfff'\":%"))


def test_a_value_is_never_read_as_sql_and_is_found_by_what_was_kept(connection: Connection) -> None:
    @given(TEXTS)
    @example("'; DROP TABLE act; --")
    @example("%s %(result)s %% :result ::int $1 ?")
    @example('"" \\ \' \n')
    def keep_and_find(text: str) -> None:
        connection.run("DELETE FROM act")
        connection.run(ADD, key="k", result=text)
        assert connection.rows(FIND, result=text) == [("k", re.sub("[\0\ud800-\udfff]", "\ufffd", text))]

    keep_and_find()


def test_an_error_tells_no_value(connection: Connection) -> None:
    planted = {"key": "planted-key", "result": "planted-result"}
    faults: tuple[Callable[[], object], ...] = (
        lambda: connection.run_many(ADD, [planted, planted]),
        lambda: connection.run(ADD, **planted) + connection.run(ADD, **planted),
        lambda: connection.run(ADD, key="planted-key", result=None),
        lambda: connection.run("INSERT INTO nothing (key) VALUES (:key)", key="planted-key"),
    )
    for fault in faults:
        with pytest.raises(REFUSED) as caught, writing(connection):
            fault()
        assert "planted" not in f"{caught.value} {caught.value!r}"
    assert connection.value("SELECT count(*) FROM act") == 0


def test_two_rows_where_one_was_asked_for_are_no_answer(connection: Connection) -> None:
    connection.run_many(ADD, [{"key": "a", "result": "x"}, {"key": "b", "result": "x"}])
    with pytest.raises(StateError, match="holds 2 rows for one"):
        connection.row(FIND, result="x")
    assert connection.row(FIND, result="y") is None
    assert connection.value(FIND, result="y") is None


def test_rows_that_are_streamed_are_all_the_rows_even_if_nobody_wants_the_rest(connection: Connection) -> None:
    count = connection.run_many(ADD, ({"key": f"{n:05}", "result": ""} for n in range(12_000)))
    assert count == 12_000
    with writing(connection):
        found = connection.stream("SELECT key FROM act ORDER BY key")
        assert next(found) == ("00000",)
    with writing(connection):
        assert [row[0] for row in connection.stream("SELECT key FROM act ORDER BY key")] == [
            f"{n:05}" for n in range(12_000)
        ]


STATEMENTS = {
    f"{module.name}{name}": statement
    for module in iter_modules(tocsin.adapters.store.__path__)
    if module.name not in {"migrations", "migrating", "postgresql_server"}
    for name, statement in vars(import_module(f"tocsin.adapters.store.{module.name}")).items()
    if isinstance(statement, str) and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b", statement)
}
NUMBERS = {"first": 0, "count": 1, "each": 1}
"""Values without which PostgreSQL would not know what to add."""


def explain(connection: Connection, statement: str) -> str:
    how = {Dialect.SQLITE: "EXPLAIN QUERY PLAN", Dialect.POSTGRESQL: "EXPLAIN"}[connection.dialect]
    values = {name: NUMBERS.get(name) for name in re.findall(r"(?<!:):([a-z]\w*)", statement)}
    return "\n".join(str(row[-1]) for row in connection.rows(f"{how} {statement}", **values))


def test_every_statement_is_understood_by_both_databases(connection: Connection) -> None:
    assert len(STATEMENTS) > 90, "the test would prove nothing"
    for name, statement in STATEMENTS.items():
        for each in {statement, _of_retired(statement)} if name.startswith("log") else {statement}:
            try:
                explain(connection, each)
            except REFUSED as error:
                pytest.fail(f"{name}: {error}")


BY_INDEX = {
    "chase_LAST_ANSWER": "answer_by (warning=? AND by=?)",
    "chase_LADDER": "(warning=? AND party=?)",
    "outbox_MAIL_BY_TOKEN": "mail_token (token=?)",
    "outbox_MARK_ANSWERED": "(key=?)",
    "outbox_NEXT_MAIL": "mail_due (state=?)",
    "house_CREDENTIAL": "(digest=?)",
    "log_TREE_HASH": "(level=? AND index=?)",
    "log_COVERING": "(rowid>?)",
    "cases_VERSIONS": "(warning=?)",
}
"""What an act asks of tables that grow for years, and the index that SQLite must find it by."""


def test_an_act_takes_no_longer_because_the_node_is_old(tmp_path: Path) -> None:
    make_store(tmp_path / "tocsin.db")
    connection = sqlite_file.connect(tmp_path / "tocsin.db")
    found = {name: explain(connection, STATEMENTS[name]) for name in BY_INDEX}
    connection.close()
    assert [name for name, index in BY_INDEX.items() if index not in found[name] or "SCAN" in found[name]] == [], found


def test_a_reader_whose_session_the_server_ended_is_replaced(make_empty_database: Callable[[], str]) -> None:
    url = make_empty_database()
    make_database(url)
    store = PostgresqlStore(url, SEAL)
    with store.write() as tx:
        tx.timers.set(Timer(AT, TimerKind.STEP, "x"))
    with psycopg.connect(url, autocommit=True) as admin:
        query = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert len(admin.execute(query).fetchall()) == 2
    with store.read() as tx:
        assert tx.timers.next_due() == AT
    with store.write() as tx:
        assert tx.timers.next_due() == AT
    store.close()


@pytest.fixture
def lent(tmp_path: Path) -> tuple["pool.Pool[Connection]", list[Connection]]:
    """A pool of real connections, and every one that it ever opened."""
    make_store(tmp_path / "tocsin.db")
    opened: list[Connection] = []

    def open_one() -> Connection:
        opened.append(sqlite_file.connect(tmp_path / "tocsin.db"))
        return opened[-1]

    return pool.Pool(open_one), opened


def is_closed(connection: Connection) -> bool:
    try:
        connection.rows("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_a_connection_is_never_lent_to_two_and_is_used_again(
    lent: tuple["pool.Pool[Connection]", list[Connection]],
) -> None:
    connections, opened = lent
    with connections.lend() as one, connections.lend() as other:
        assert one is not other
    for _ in range(5):
        with connections.lend():
            pass
    assert len(opened) == 2
    connections.close()


def test_a_closed_pool_leaves_nothing_open_not_even_what_was_lent(
    lent: tuple["pool.Pool[Connection]", list[Connection]],
) -> None:
    connections, opened = lent
    with connections.lend() as one:
        with connections.lend():
            pass
        connections.close()
        assert [is_closed(each) for each in opened] == [one is not each for each in opened]
    assert all(map(is_closed, opened))


def test_more_users_than_connections_wait_for_each_other_and_none_is_lost(
    lent: tuple["pool.Pool[Connection]", list[Connection]],
) -> None:
    connections, opened = lent
    started, served = threading.Barrier(2 * pool.AT_MOST), []

    def use() -> None:
        started.wait()
        with connections.lend() as one:
            served.append(one.value("SELECT 1"))

    threads = [threading.Thread(target=use) for _ in range(2 * pool.AT_MOST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(served), len(opened) <= pool.AT_MOST) == (2 * pool.AT_MOST, True)
    connections.close()
