"""Runs the migrations on the connection that `kernel.database` has opened and locked."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from standards_hub.kernel.database import Utc, ours


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How our column types stand in a migration: in SQLAlchemy's own words, so that it never depends on the tables of today."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
    include_object=ours,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
