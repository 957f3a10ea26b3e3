"""A node moves to PostgreSQL whole and verified, or not at all: refused on any fault, killed at any moment, never twice."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.contract.sample import AT, LEAVES, LOG_KEY, LOG_SEED, MAIL, expect_all, put_all

from tocsin.adapters.store.postgresql import make_database
from tocsin.cli.main import main
from tocsin.config import read_settings
from tocsin.errors import ConfigError, StateError, TocsinError, VerificationError
from tocsin.node import MOVING_FILE, make_node, move_node, open_node

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A node on SQLite with rows in every table."""
    made = tmp_path / "embassy"
    make_node(made, {"name": "embassy.example", "zone": "Europe/Moscow"})
    (made / "keys" / "log").write_text(LOG_SEED.hex() + "\n")
    node = open_node(made, {})
    assert node.desk.keys.log.verify_key == LOG_KEY.verify_key
    with node.desk.store.write() as tx:
        put_all(tx)
    node.desk.store.close()
    return made


@pytest.fixture
def url(make_empty_database: Callable[[], str]) -> str:
    return make_empty_database()


def expect_in_use(folder: Path) -> None:
    """The node opens, all rows are there, and it can act."""
    store = open_node(folder, {}).desk.store
    with store.read() as tx:
        expect_all(tx)
    with store.write() as tx:
        tx.outbox.release_claims()
    store.close()


def expect_out_of_use(folder: Path, url: str, *, old: bool) -> None:
    """The old store, or the new one, cannot be opened as this node, whatever the settings say."""
    with pytest.raises(ConfigError, match="was moved and is out of use" if old else "holds no store|half of a move"):
        open_node(folder, {"TOCSIN_STORE": "" if old else url})


def test_a_move_takes_every_row_and_names_what_it_verified(folder: Path, url: str) -> None:
    moved = move_node(folder, url, environment={})
    assert {table.name for table in moved.tables if not table.rows} == set(), "a table moved without a row"
    assert (moved.leaves, moved.checkpoint) == (LEAVES, LEAVES - 1)
    settings = read_settings(folder, {})
    assert (settings.store, settings.zone) == (url, "Europe/Moscow")
    expect_in_use(folder)
    expect_out_of_use(folder, url, old=True)


def test_a_moved_node_cannot_be_moved_upgraded_or_opened_from_its_old_file_again(
    folder: Path, url: str, make_empty_database: Callable[[], str]
) -> None:
    before = (folder / "tocsin.toml").read_text()
    move_node(folder, url, environment={})
    with pytest.raises(ConfigError, match="is not its SQLite file"):
        move_node(folder, make_empty_database(), environment={})
    (folder / "tocsin.toml").write_text(before)
    for attempt in (open_node, lambda at, _: move_node(at, make_empty_database(), environment={})):
        with pytest.raises(ConfigError, match="was moved and is out of use"):
            attempt(folder, {})


def test_a_command_that_had_the_old_store_open_does_not_write_into_it(folder: Path, url: str) -> None:
    late = open_node(folder, {}).desk.store
    move_node(folder, url, environment={})
    with pytest.raises(ConfigError, match="was moved"), late.write() as tx:
        tx.cases.next_number("warning")
    with pytest.raises(ConfigError, match="was moved"), late.read() as tx:
        tx.log.size()
    late.close()
    expect_in_use(folder)


def corrupt(statement: str) -> Callable[[Path, str], None]:
    def change(folder: Path, _: str) -> None:
        with closing(sqlite3.connect(folder / "tocsin.db")) as connection, connection:
            connection.execute(statement)

    return change


def run_on(statement: str) -> Callable[[Path, str], None]:
    def change(_: Path, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    return change


def replace_log_key(folder: Path, _: str) -> None:
    (folder / "keys" / "log").write_text(bytes(range(1, 33)).hex() + "\n")


MANGLE = """
    CREATE FUNCTION mangle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.reason := ''x''; RETURN NEW; END';
    CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS
      'BEGIN IF to_regclass(''answer'') IS NOT NULL AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = ''mangle'') THEN
         CREATE TRIGGER mangle BEFORE INSERT ON answer FOR EACH ROW EXECUTE FUNCTION mangle(); END IF; END';
    CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION watch();
"""
FAULTS: dict[str, tuple[Callable[[Path, str], None], type[TocsinError], str]] = {
    "target holds a table": (run_on("CREATE TABLE anything (id int)"), ConfigError, "holds 1 tables, expected none"),
    "target is a store": (lambda _, url: make_database(url), ConfigError, "tables, expected none"),
    "target changes what it is given": (run_on(MANGLE), VerificationError, "table answer: found 1 rows"),
    "a leaf is not what was logged": (
        corrupt("UPDATE log_entry SET statement = x'00' WHERE \"index\" = 3"),
        VerificationError,
        "another root over 11 leaves",
    ),
    "a leaf is missing": (corrupt('DELETE FROM log_entry WHERE "index" = 3'), VerificationError, "over 10 leaves"),
    "a tree hash is wrong": (
        corrupt("UPDATE log_hash SET hash = zeroblob(32) WHERE level = 3"),
        VerificationError,
        "log",
    ),
    "the checkpoint is another log's": (replace_log_key, VerificationError, "checkpoint: found"),
    "a text that PostgreSQL cannot hold": (
        corrupt("UPDATE answer SET reason = 'a' || char(0)"),
        ConfigError,
        "table answer holds a value that PostgreSQL cannot keep",
    ),
    "the file is of an older revision": (
        corrupt("UPDATE alembic_version SET version_num = '0001'"),
        ConfigError,
        "0001",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_move_that_cannot_be_right_changes_nothing(folder: Path, url: str, name: str) -> None:
    break_it, error, message = FAULTS[name]
    break_it(folder, url)
    settings, tables = (folder / "tocsin.toml").read_text(), tables_in(url)
    revision = revision_of(folder)
    with pytest.raises(error, match=message):
        move_node(folder, url, environment={})
    assert (folder / "tocsin.toml").read_text() == settings
    assert tables_in(url) == tables
    assert revision_of(folder) == revision


def tables_in(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        return [row[0] for row in connection.execute(query)]


def revision_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "tocsin.db")) as connection:
        found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return found


def test_a_move_does_not_run_beside_a_server(folder: Path, url: str) -> None:
    store = open_node(folder, {}).desk.store
    with store.write() as tx:
        tx.outbox.claim_mail(AT, 1)
    with pytest.raises(StateError, match="serves the node"):
        move_node(folder, url, environment={})
    store.close()
    expect_in_use(folder)
    assert tables_in(url) == []


@pytest.mark.parametrize(
    "target", ["mysql://db.example/x", "postgresql://a:s3cret@127.0.0.1:1/x", "postgresql://a@h/x?password=s3cret"]
)
def test_a_target_that_is_none_is_refused_without_its_password(folder: Path, target: str) -> None:
    with pytest.raises(ConfigError) as caught:
        move_node(folder, target, environment={})
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"
    expect_in_use(folder)


def test_a_database_that_sorts_otherwise_than_we_do_is_refused(folder: Path, url: str) -> None:
    name = url.split("/")[3].split("?", maxsplit=1)[0]
    with psycopg.connect(url.replace(name, "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'".encode())
    with pytest.raises(ConfigError, match="encoding 'SQL_ASCII', expected"):
        move_node(folder, url.replace(name, f"{name}_ascii"), environment={})
    expect_in_use(folder)


KILLER = """
import os, signal, sys
from pathlib import Path
from tocsin.node import move_node

def progress(text):
    if text == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

move_node(Path(sys.argv[1]), sys.argv[2], progress=progress, environment={})
"""
MOMENTS = {
    "copying act": False,
    "copying mail": False,
    "verifying log_entry": False,
    "verifying the log": False,
    "verified; the file goes out of use now": False,
    "tocsin.db is out of use": True,
    "tocsin.toml names the new store": True,
}
"""Where the move is killed, and whether the node has moved by then."""


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_move_killed_at_any_moment_leaves_one_store_in_use_and_never_two(
    folder: Path, url: str, moment: str, make_empty_database: Callable[[], str]
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLER, str(folder), url, moment], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    expect_in_use(folder)
    expect_out_of_use(folder, url, old=MOMENTS[moment])
    if not MOMENTS[moment]:
        move_node(folder, make_empty_database(), environment={})
        expect_in_use(folder)
    assert not (folder / MOVING_FILE).exists()


def test_a_move_whose_last_steps_were_cut_off_is_finished_by_whoever_opens_the_node(folder: Path, url: str) -> None:
    settings = (folder / "tocsin.toml").read_text()
    move_node(folder, url, environment={})
    # As after a power cut between the database and the settings file.
    (folder / MOVING_FILE).write_text((folder / "tocsin.toml").read_text())
    (folder / "tocsin.toml").write_text(settings)
    expect_in_use(folder)
    expect_out_of_use(folder, url, old=True)


def test_a_claim_of_before_the_move_is_free_after_it(folder: Path, url: str) -> None:
    store = open_node(folder, {}).desk.store
    with store.write() as tx:
        assert tx.outbox.claim_mail(AT, 1) == (MAIL,)
    store.close()
    move_node(folder, url, environment={})
    store = open_node(folder, {}).desk.store
    with store.write() as tx:
        assert tx.outbox.claim_mail(AT, 1) == (MAIL,)
    store.close()


def test_the_command_line_moves_and_never_shows_the_password(
    folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = url.replace("postgres@", "postgres:s3cret@")
    monkeypatch.delenv("TOCSIN_NODE", raising=False)
    assert run(["node", "move", "--to", secret, "--yes", "--json", "--node", str(folder)], monkeypatch) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["leaves"] == LEAVES
    assert run(["node", "config", "--node", str(folder)], monkeypatch) == 0
    assert run(["node", "upgrade", "--node", str(folder)], monkeypatch) == 0
    later = capsys.readouterr()
    assert "store = postgresql://postgres:***@" in later.out
    assert "s3cret" not in out + err + later.out + later.err
    assert (folder / "tocsin.toml").stat().st_mode & 0o077 == 0


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(sys, "argv", ["tocsin", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code
