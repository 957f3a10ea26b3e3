"""How much mail each warning has, so that counting it does not read it all. Marked pre: runs before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "mail_total",
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("mail", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("warning"),
    )
    op.execute(
        "INSERT INTO mail_total (warning, mail) SELECT warning, count(*) FROM mail WHERE warning > '' GROUP BY warning"
    )
