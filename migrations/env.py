"""Runs the migrations on the connection that `kernel.database` has opened and locked."""

from alembic import context
from sqlmodel import SQLModel

from standards_hub.kernel.database import ours

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
    include_object=ours,
)
with context.begin_transaction():
    context.run_migrations()
