"""People and drafts; addresses sealed; claims by holder. Marked pre: runs before the code that needs it. No way down.

Reads and writes the columns as they are at this revision, never through the records of the code, which go on changing.
The key that seals is handed in as Alembic's attribute `seal`. On PostgreSQL the old tables are dropped with their files;
what the server's own write-ahead log and backups still hold of them is the administrator's to let run out.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"

ROWS = 1000


def upgrade() -> None:
    _make_house()
    _seal_mail()
    for name in ("person", "venue"):
        _seal_bodies(name)
    with op.batch_alter_table("posting") as posting:
        posting.add_column(sa.Column("holder", sa.BigInteger(), nullable=True))
        posting.drop_column("lease")
        posting.create_index("posting_holder", ["holder"])
    with op.batch_alter_table("witnessed_head") as head:
        head.alter_column("size", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)


def _make_house() -> None:
    op.create_table(
        "officer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("officer_name", "officer", ["name"], unique=True)
    op.create_table(
        "credential",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("credential_officer", "credential", ["officer", "created"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("draft_state", "draft", ["state", "at"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("task_open", "task", ["done", "opened"], unique=False)


def _seal_mail() -> None:
    """Addresses sealed in their place; `text` is empty, for all mail so far carries a version; claims are let go."""
    for index in ("mail_due", "mail_token", "mail_warning"):
        op.drop_index(index, "mail")
    old = _set_aside("mail")
    op.create_table(
        "mail",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("mail_due", "mail", ["state", "due", "key"], unique=False)
    op.create_index("mail_holder", "mail", ["holder"], unique=False)
    op.create_index("mail_token", "mail", ["token"], unique=True)
    op.create_index("mail_warning", "mail", ["warning", "party"], unique=False)
    seal = context.config.attributes["seal"]
    for rows in _batches(old, "key"):
        new = [row | {"address": seal.seal(row["address"], f"mail {row['key']}"), "text": ""} for row in rows]
        op.bulk_insert(_table("mail"), [{name: row[name] for name in row if name != "lease"} for row in new])
    op.drop_table(old.name)


def _seal_bodies(name: str) -> None:
    """The same JSON as before, sealed in its place."""
    old = _set_aside(name)
    op.create_table(
        name,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    seal = context.config.attributes["seal"]
    for rows in _batches(old, "id"):
        new = [{"id": row["id"], "sealed": seal.seal(row["body"], f"{name} {row['id']}")} for row in rows]
        op.bulk_insert(_table(name), new)
    op.drop_table(old.name)


def _set_aside(name: str) -> sa.Table:
    """Rename the table, and on PostgreSQL its key too: the new one is to have the names that a new store has."""
    aside = f"{name}_0001"
    op.rename_table(name, aside)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(f'ALTER INDEX "{name}_pkey" RENAME TO "{aside}_pkey"'))
    return _table(aside)


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _batches(table: sa.Table, key: str) -> Iterator[list[dict[str, Any]]]:
    """All rows, in order of the key, so many at a time that a large register fits into memory."""
    last: str | None = None
    while True:
        query = sa.select(table).order_by(table.c[key]).limit(ROWS)
        if last is not None:
            query = query.where(table.c[key] > last)
        rows = [dict(row) for row in op.get_bind().execute(query).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1][key]
