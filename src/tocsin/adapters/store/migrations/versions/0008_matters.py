"""What reports are about and who has it in hand; each report that is here becomes a matter of its own. Marked pre: runs before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "matter",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("imminent", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owned", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "joined",
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report"),
    )
    op.create_index("joined_matter", "joined", ["matter"])
    op.create_table(
        "likeness",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "report"),
    )
    op.execute("INSERT INTO joined (report, matter) SELECT id, id FROM report")
    op.execute("""
        INSERT INTO matter (id, first, last, reports, imminent, asked, owner)
        SELECT id, received, received, 1, false, 0, '' FROM report
    """)
