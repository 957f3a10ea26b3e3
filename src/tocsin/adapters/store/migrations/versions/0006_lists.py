"""What lists are ordered and counted by: when a warning was issued, and indexes. Marked pre: runs before the new code."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    with op.batch_alter_table("warning") as warning:
        warning.add_column(sa.Column("issued", sa.BigInteger(), nullable=False, server_default="0"))
    _fill_issued()
    with op.batch_alter_table("warning") as warning:
        warning.alter_column("issued", existing_type=sa.BigInteger(), server_default=None, existing_nullable=False)
        warning.create_index("warning_issued", ["issued", "id"])
        warning.create_index("warning_status", ["status", "issued", "id"])
    op.create_index("item_received", "item", ["received", "id"])
    op.create_index("item_open", "item", ["status", "state", "respond_by"])
    op.create_index("answer_by", "answer", ["warning", "by"])
    op.create_index("mail_count", "mail", ["warning", "state"])


def _fill_issued() -> None:
    """The instant stands in the body, in the words of this revision; the column has whole microseconds since 1970."""
    warning = sa.table(
        "warning", sa.column("id", sa.Text), sa.column("body", sa.Text), sa.column("issued", sa.BigInteger)
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(warning.c.id, warning.c.body)).all():
        issued = datetime.fromisoformat(json.loads(row.body)["issued"])
        micros = (issued - _EPOCH) // (datetime.resolution)
        connection.execute(warning.update().where(warning.c.id == row.id).values(issued=micros))
