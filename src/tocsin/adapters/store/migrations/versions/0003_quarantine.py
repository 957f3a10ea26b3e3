"""What cannot be read is kept. Marked pre: runs before the code that needs it. There is no way down: restore a backup instead."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unread",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("arrivals", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failures", sa.LargeBinary(), nullable=False),
        sa.Column("chained", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("unread_waiting", "unread", ["digest", "reader", "closed"], unique=False)
