"""Brings the tables of an older store to the newest revision: the only file that loads SQLAlchemy and Alembic."""

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from tocsin.adapters.store.connection import Connection, Dialect
from tocsin.adapters.store.sealing import AddressSeal
from tocsin.errors import ConfigError


def migrate(connection: Connection, seal: AddressSeal, revision: str = "head") -> None:
    """Run the revisions that are missing, in the caller's transaction. `seal` closes what a revision has to seal.

    ConfigError if the database refuses one; no value of a row is told.
    """
    engine = _engine(connection)
    config = Config()
    config.set_main_option("script_location", "tocsin.adapters.store:migrations")
    config.attributes["seal"] = seal
    try:
        with engine.begin() as config.attributes["connection"]:
            command.upgrade(config, revision)
    except DBAPIError as error:
        told = str(error.orig).partition("\n")[0]  # what follows may hold values of a row
        raise ConfigError(f"the tables of the store cannot be upgraded: {told}", hint="nothing was changed") from None
    finally:
        engine.dispose()


class _Borrowed:
    """The connection of the driver without the end of its transaction, which is the caller's to commit or to undo."""

    def __init__(self, driver: object) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def close(self) -> None: ...


def _engine(connection: Connection) -> Engine:
    options: dict[str, Any] = {"creator": lambda: _Borrowed(connection.driver), "poolclass": StaticPool}
    if connection.dialect is Dialect.SQLITE:
        return create_engine("sqlite+pysqlite://", hide_parameters=True, **options)
    # hstore would be looked for on a connection of the driver's own class, and we have no such column.
    return create_engine("postgresql+psycopg://", hide_parameters=True, use_native_hstore=False, **options)
