"""A store of any age becomes one of today, on both databases, with nothing lost and no address left readable."""

import json
import re
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from tests.contract.sample import MAIL, PLANTED, POSTING, SEAL, expect_all

from tocsin.adapters.store import postgresql, postgresql_server, sqlite, sqlite_file
from tocsin.adapters.store.columns import insert
from tocsin.adapters.store.connection import Connection, Dialect
from tocsin.adapters.store.migrating import migrate
from tocsin.adapters.store.revision import REVISION, make_tables, read_revision, set_revision
from tocsin.adapters.store.tables import all_tables
from tocsin.desk.stores import Store
from tocsin.errors import ConfigError, StateError

ROWS = Path(__file__).parents[1] / "vectors" / "store"
"""For each revision rows as it kept them, in the tables that it added: frozen when it was released, never changed."""

OLD = "0001"


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "tocsin.adapters.store:migrations")
    return ScriptDirectory.from_config(config)


def revisions() -> list[str]:
    return [one.revision for one in reversed(list(script().walk_revisions()))]


def grow(connection: Connection, until: str) -> None:
    """Migrate revision by revision, putting in at each the rows that it kept."""
    for revision in revisions():
        migrate(connection, SEAL, revision)
        file = ROWS / f"{revision}.json"
        for name, rows in (json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}).items():
            for row in rows:
                connection.run(insert(name, row), **{key: thaw(value) for key, value in row.items()})
        if revision == until:
            return


def thaw(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


class Place:
    """Where a store lies, on one of the databases."""

    def __init__(self, file: Path, url: str) -> None:
        self.file, self.url = file, url
        if not url:
            file.touch(mode=0o600)

    def run(self, work: Callable[[Connection], Any]) -> Any:
        if self.url:
            with closing(postgresql_server.connect(self.url)) as server, postgresql_server.writing(server):
                return work(server)
        with closing(sqlite_file.connect(self.file)) as file, sqlite_file.writing(file):
            return work(file)

    def upgrade(self) -> None:
        if self.url:
            postgresql.upgrade_database(self.url, SEAL)
        else:
            sqlite.upgrade_store(self.file, SEAL)

    def open(self) -> Store:
        return postgresql.PostgresqlStore(self.url, SEAL) if self.url else sqlite.SqliteStore(self.file, SEAL)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, make_empty_database: Callable[[], str]) -> Place:
    return Place(tmp_path / "tocsin.db", make_empty_database() if request.param == "postgresql" else "")


def test_a_store_of_the_oldest_revision_keeps_every_row_on_its_way_to_the_newest(place: Place) -> None:
    def count(connection: Connection) -> dict[str, int]:
        return {name: connection.value(f"SELECT count(*) FROM {name}") for name in all_tables()}

    place.run(lambda connection: grow(connection, REVISION))
    assert [name for name, rows in place.run(count).items() if not rows] == [], "tables without a row to walk with"
    store = place.open()
    with store.read() as tx:
        expect_all(tx)
        assert tx.outbox.count_mail(MAIL.warning) == Counter(one.state for one in tx.outbox.mail(MAIL.warning))
    with store.write() as tx:
        assert tx.outbox.claim_mail(MAIL.due, 10) == (MAIL,)
        assert tx.outbox.claim_postings(POSTING.due, 10) == (POSTING,)
    store.close()


def test_a_migrated_store_is_the_same_as_a_new_one(
    place: Place, tmp_path: Path, make_empty_database: Callable[[], str]
) -> None:
    new = Place(tmp_path / "new.db", make_empty_database() if place.url else "")
    new.run(make_tables)
    place.run(lambda connection: migrate(connection, SEAL))
    assert place.run(describe) == new.run(describe)
    assert place.run(read_revision) == new.run(read_revision) == REVISION == script().get_current_head()


COLUMNS = {
    Dialect.SQLITE: """
        SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_schema t, pragma_table_info(t.name) c
        WHERE t.type = 'table' ORDER BY t.name, c.name
    """,
    Dialect.POSTGRESQL: """
        SELECT c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default, k.ordinal_position
        FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k
          ON (k.table_name, k.column_name) = (c.table_name, c.column_name)
        WHERE c.table_schema = 'public' ORDER BY c.table_name, c.column_name
    """,
}
INDEXES = {
    Dialect.SQLITE: """
        SELECT t.name, i.name, i."unique", i.origin, c.seqno, c.name
        FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
        WHERE t.type = 'table' ORDER BY t.name, i.name, c.seqno
    """,
    Dialect.POSTGRESQL: "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef",
}


def describe(connection: Connection) -> dict[str, Any]:
    """Every table's columns with their types, its key and its indexes, as the database itself tells them."""
    queries = {"columns": COLUMNS, "indexes": INDEXES}
    return {name: connection.rows(query[connection.dialect]) for name, query in queries.items()}


def test_what_tables_sql_is_read_as_is_what_the_database_makes_of_it(place: Place) -> None:
    place.run(make_tables)
    made = [(row[0], row[1], row[5]) for row in place.run(describe)["columns"] if row[0] != "alembic_version"]
    assert {(table, column) for table, column, _ in made} == {
        (table.name, column) for table in all_tables().values() for column in table.columns
    }
    keys = {(table.name, column): n for table in all_tables().values() for n, column in enumerate(table.key, start=1)}
    assert {(table, column): place_ for table, column, place_ in made if place_} == keys


def test_every_revision_says_whether_it_runs_before_the_code_or_after() -> None:
    for one in script().walk_revisions():
        assert re.search(r"Marked (pre|post):", one.module.__doc__ or ""), one.revision


def test_an_older_store_is_refused_until_it_was_upgraded(place: Place) -> None:
    place.run(lambda connection: grow(connection, OLD))
    with pytest.raises(ConfigError, match=r"is at revision '0001'") as caught:
        place.open()
    assert caught.value.hint is not None
    assert "tocsin node upgrade" in caught.value.hint
    place.upgrade()
    place.open().close()


def test_a_newer_store_is_neither_opened_nor_upgraded(place: Place) -> None:
    place.run(make_tables)
    place.run(lambda connection: set_revision(connection, "9999"))
    before = place.run(describe)
    for attempt in (place.open, place.upgrade):
        with pytest.raises(ConfigError, match="knows none after"):
            attempt()
    assert place.run(describe) == before


def test_a_process_that_has_the_store_open_writes_nothing_after_an_upgrade(place: Place) -> None:
    place.run(make_tables)
    store = place.open()
    place.run(lambda connection: set_revision(connection, "9999"))
    for transaction in (store.write, store.read):
        with pytest.raises(ConfigError, match="knows none after"), transaction() as tx:
            tx.cases.next_number("warning")
    store.close()
    assert place.run(lambda connection: connection.value("SELECT count(*) FROM number")) == 0


def test_an_upgrade_that_fails_half_way_changes_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.run(lambda connection: grow(connection, OLD))
    before = place.run(describe)

    def fail(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(SEAL, "seal", fail)
    with pytest.raises(MemoryError):
        place.upgrade()
    assert place.run(describe) == before
    rows = place.run(lambda connection: connection.rows("SELECT address FROM mail"))
    assert rows == [(PLANTED[2],)]


def test_an_upgrade_that_the_database_refuses_changes_nothing_and_tells_no_row(place: Place) -> None:
    place.run(lambda connection: grow(connection, OLD))
    place.run(lambda connection: connection.run("CREATE TABLE officer (id TEXT)"))
    before = place.run(describe)
    with pytest.raises(ConfigError, match=r"cannot be upgraded: .*officer.* already exists$") as caught:
        place.upgrade()
    assert [one for one in PLANTED if one in str(caught.value)] == []
    assert place.run(describe) == before
    assert place.run(read_revision) == OLD


def test_an_upgraded_file_shows_no_address_and_the_copy_is_the_store_as_it_was(tmp_path: Path) -> None:
    place = Place(tmp_path / "tocsin.db", "")
    place.run(lambda connection: grow(connection, OLD))
    assert all(one.encode() in place.file.read_bytes() for one in PLANTED), "the test would prove nothing"
    reader = sqlite3.connect(place.file)  # whoever has it open keeps the write-ahead log on the disk
    reader.execute("SELECT count(*) FROM mail").fetchone()
    copy = sqlite.upgrade_store(place.file, SEAL).copy
    assert copy == tmp_path / "tocsin.db.0001"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    for file in set(tmp_path.iterdir()) - {copy}:
        assert [one for one in PLANTED if one.encode() in file.read_bytes()] == [], file.name
    reader.close()
    copy.rename(tmp_path / "again.db")
    sqlite.upgrade_store(tmp_path / "again.db", SEAL)


def test_an_upgrade_does_not_run_beside_a_server(tmp_path: Path) -> None:
    place = Place(tmp_path / "tocsin.db", "")
    place.run(make_tables)
    server = place.open()
    with server.write() as tx:
        tx.outbox.release_claims()
    with pytest.raises(StateError, match=r"process \d+ serves the node"):
        place.upgrade()
    server.close()
    place.upgrade()
