"""Runs Alembic on the connection that it is given; there is no alembic.ini, the store calls this itself."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
