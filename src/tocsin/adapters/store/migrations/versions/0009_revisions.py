"""Versions of a warning with each peer, and the chain of what peers sent. Marked pre: runs before the new code."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from lxml import etree

revision = "0009"
down_revision = "0008"

_CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def upgrade() -> None:
    _add("ladder", sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
    _number_deliveries()
    _add("item", sa.Column("message", sa.Text(), nullable=False, server_default=""))
    _add("item", sa.Column("standing", sa.Text(), nullable=False, server_default="in_force"))
    _add("item", sa.Column("ended_by", sa.Text(), nullable=False, server_default=""))
    op.create_index("item_message", "item", ["peer", "message"])
    _fill_messages()
    op.create_table(
        "item_reference",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item", "message"),
    )
    op.create_index("item_reference_message", "item_reference", ["message", "item"])


def _add(table: str, column: "sa.Column[object]") -> None:
    """A column that every row has; the default fills the rows that are there and is not kept."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column.name, existing_type=column.type, server_default=None, existing_nullable=False)


def _number_deliveries() -> None:
    """Made anew, for its key changes: what was sent so far was the first version of each warning."""
    names = ("warning", "peer", "statement", "envelope", "state", "at")
    old = sa.table("peer_delivery", *(sa.column(name) for name in names))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(old)).mappings()]
    op.drop_table("peer_delivery")
    made = op.create_table(
        "peer_delivery",
        *(sa.Column(name, sa.Text(), nullable=False) for name in names[:-1]),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("warning", "peer", "number"),
    )
    op.create_index("peer_delivery_envelope", "peer_delivery", ["envelope"], unique=False)
    op.create_index("peer_delivery_statement", "peer_delivery", ["statement"], unique=False)
    op.bulk_insert(made, [{**row, "number": 1} for row in rows])


def _fill_messages() -> None:
    """The triple stands in the CAP bytes, which were read strictly when they came; its instant is kept in UTC."""
    item = sa.table("item", sa.column("id", sa.Text), sa.column("cap", sa.LargeBinary), sa.column("message", sa.Text))
    connection = op.get_bind()
    for row in connection.execute(sa.select(item.c.id, item.c.cap)).all():
        root = etree.fromstring(bytes(row.cap), etree.XMLParser(resolve_entities=False, no_network=True))
        parts = [(root.findtext(_CAP + name) or "").strip() for name in ("sender", "identifier", "sent")]
        if all(parts):
            values = {"message": _triple(*parts)}
            connection.execute(item.update().where(item.c.id == row.id).values(**values))


def _triple(sender: str, identifier: str, sent: str) -> str:
    """In the words of this revision: the instant as CAP writes it in UTC."""
    at = datetime.fromisoformat(sent).astimezone(UTC)
    return f"{sender},{identifier},{at:%Y-%m-%dT%H:%M:%S}-00:00"
