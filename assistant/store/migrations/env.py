"""What Alembic runs for a migration: on the connection of the store that is being opened."""

from alembic import context

from assistant.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
