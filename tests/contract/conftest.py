"""Both stores: a promise of the store is kept by SQLite and by PostgreSQL, in the same test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.contract.sample import SEAL

from tocsin.adapters.store.postgresql import PostgresqlStore, make_database
from tocsin.adapters.store.sqlite import SqliteStore, make_store
from tocsin.desk.stores import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def open_store(
    request: pytest.FixtureRequest, tmp_path: Path, make_empty_database: Callable[[], str]
) -> Iterator[Callable[[], Store]]:
    """Opens the same new store, as often as it is called: each time as another process would."""
    opened: list[Store] = []
    file, url = tmp_path / "tocsin.db", ""
    if request.param == "sqlite":
        make_store(file)
    else:
        url = make_empty_database()
        make_database(url)

    def open_it() -> Store:
        opened.append(PostgresqlStore(url, SEAL) if url else SqliteStore(file, SEAL))
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()
