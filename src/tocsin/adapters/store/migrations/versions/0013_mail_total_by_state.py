"""How much mail each warning has in each state: counting what waits is no longer reading it. Marked pre: runs before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.drop_table("mail_total")
    op.create_table(
        "mail_total",
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("mail", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("warning", "state"),
    )
    op.execute(
        "INSERT INTO mail_total (warning, state, mail) "
        "SELECT warning, state, count(*) FROM mail WHERE warning > '' GROUP BY warning, state"
    )
