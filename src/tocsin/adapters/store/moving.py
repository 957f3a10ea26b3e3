"""Takes a node's store from its SQLite file to PostgreSQL: copied whole, verified, and only then the file is out of use."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from psycopg import DataError

from tocsin.adapters.store import postgresql_server as server
from tocsin.adapters.store import sqlite_file as kept
from tocsin.adapters.store.connection import Connection
from tocsin.adapters.store.log import SqlLog
from tocsin.adapters.store.postgresql_server import PostgresqlConnection, shown, speaking_of
from tocsin.adapters.store.revision import (
    ARRIVING,
    MOVED,
    REVISION,
    check_revision,
    make_tables,
    read_revision,
    set_revision,
)
from tocsin.adapters.store.sqlite import holder_of
from tocsin.adapters.store.tables import Table, all_rows, all_tables
from tocsin.desk.stores import Cell
from tocsin.errors import ConfigError, VerificationError
from tocsin.evidence.checkpoint import verify_checkpoint
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.tree import MemoryTree, leaf_hash, root_hash

LEAVES = 5000
TELL = 50_000
"""After so many rows of one table somebody who waits is told."""

Progress = Callable[[str], None]


class TableSum(Struct, frozen=True):
    """How many rows a table has, and the hex SHA-256 over all of them in order of their key."""

    name: str
    rows: int
    sha256: str


class Moved(Struct, frozen=True):
    """What was moved and what was verified. `root` is hex; `checkpoint` is the size of the newest one, None if there is none."""

    tables: tuple[TableSum, ...]
    leaves: int
    root: str
    checkpoint: int | None


def copy_store(file: Path, url: str, *, log_key: VerifyKey, progress: Progress) -> Moved:
    """Copy the store in that file into the empty database, verify it there, and put the file out of use.

    One snapshot, with every writer and server kept out until the end. The commit of the last line is the moment at which
    the node moves: before it the file is the store, after it `finish_copy` makes the database the store. ConfigError or
    StateError if something is in the way, VerificationError if the copy differs: then nothing has changed.
    """
    holder = holder_of(file)
    holder.lock()
    try:
        with closing(kept.connect(file)) as source, kept.writing(source) as old:
            check_revision(old, file.name)
            with speaking_of(shown(url)), closing(server.connect(url)) as target, server.writing(target) as new:
                server.check_empty(new, shown(url))
                make_tables(new, ARRIVING)
                for table in all_tables().values():
                    progress(f"copying {table.name}")
                    _copy_table(table, old, new, progress)
                moved = _verify(old, new, log_key, progress)
            progress("verified; the file goes out of use now")
            set_revision(old, MOVED)
        progress(f"{file.name} is out of use")
        return moved
    finally:
        holder.release()


def finish_copy(url: str) -> None:
    """Let the database be opened, after the file went out of use. Does nothing if that was done before."""
    with speaking_of(shown(url)), closing(server.connect(url)) as target, server.writing(target) as connection:
        if read_revision(connection) == ARRIVING:
            set_revision(connection, REVISION)


def sum_table(table: Table, connection: Connection) -> TableSum:
    """Count and digest of what is in a table, read as the database keeps it."""
    digest, count = hashlib.sha256(), 0
    for row in all_rows(connection, table):
        digest.update(json.dumps(row, default=bytes.hex).encode("ascii") + b"\n")
        count += 1
    return TableSum(table.name, count, digest.hexdigest())


def _copy_table(table: Table, old: Connection, new: PostgresqlConnection, progress: Progress) -> None:
    def told() -> Iterator[tuple[Cell, ...]]:
        for count, row in enumerate(all_rows(old, table), start=1):
            yield row
            if count % TELL == 0:
                progress(f"copying {table.name}: {count} rows")

    try:
        new.copy_in(table.name, table.columns, told())
    except DataError as error:
        raise ConfigError(
            f"table {table.name} holds a value that PostgreSQL cannot keep: {error.diag.message_primary or type(error).__name__}",
            hint="nothing was moved",
        ) from None


def _verify(old: Connection, new: Connection, log_key: VerifyKey, progress: Progress) -> Moved:
    """Every table equal on both sides; the log's tree computed anew from the leaves that arrived."""
    sums = []
    for table in all_tables().values():
        progress(f"verifying {table.name}")
        found, expected = sum_table(table, new), sum_table(table, old)
        if found != expected:
            raise VerificationError(
                f"table {table.name}",
                found=f"{found.rows} rows, {found.sha256[:16]}",
                expected=f"{expected.rows} rows, {expected.sha256[:16]}",
            )
        sums.append(found)
    progress("verifying the log")
    return Moved(tuple(sums), *_verify_log(SqlLog(new), log_key))


def _verify_log(log: SqlLog, log_key: VerifyKey) -> tuple[int, str, int | None]:
    """Leaves, root and size of the newest checkpoint. VerificationError unless all three fit together and the key signed it."""
    tree, size, newest = MemoryTree(), log.size(), log.last_checkpoint()
    signed = verify_checkpoint(newest.note, log_key) if newest else None
    for first in range(0, size, LEAVES):
        for leaf in log.leaves(first, LEAVES):
            tree.append(leaf_hash(leaf))
    if tree.size != size or root_hash(size, tree.read) != root_hash(size, log.hash):
        raise VerificationError("log", found=f"another root over {tree.size} leaves", expected=f"that of {size} leaves")
    if signed is not None and (signed.size > size or root_hash(signed.size, tree.read) != signed.root):
        raise VerificationError(
            "checkpoint", found=f"another root over {size} leaves", expected=f"the signed root of {signed.size} leaves"
        )
    return size, root_hash(size, tree.read).hex(), signed.size if signed else None
