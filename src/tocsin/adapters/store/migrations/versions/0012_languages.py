"""In which language a mail went out, and who confirmed which language of a draft. Marked pre: runs before the new code."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _add("mail", "language", "")
    _add("draft", "confirmed", "{}")


def _add(table: str, column: str, before: str) -> None:
    """With the value that all rows had so far; no default stays, a new row says what it is."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(column, sa.Text(), nullable=False, server_default=before))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=sa.Text(), existing_nullable=False, server_default=None)
