"""Runs Alembic on the connection that it is given; there is no alembic.ini, the store calls this itself."""

from alembic import context

from tocsin.adapters.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
