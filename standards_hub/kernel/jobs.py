"""Jobs: asked for inside the caller's transaction, run once by any process, taken up again when a worker dies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class JobRow(SQLModel, table=True):
    """One job. `key` is unique where it is set: a deadline's consequence or a schedule's slot happens once."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("job_due", "state", "due_at"),)
    id: UUID = Field(primary_key=True)
    name: str
    arguments: str = Field(sa_type=sa.Text)
    key: str | None = Field(default=None, unique=True)
    state: str
    """waiting, running, done or failed"""
    due_at: datetime = Field(sa_type=Utc)
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
    worker: str | None = None
    error: str | None = Field(default=None, sa_type=sa.Text)
    created_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)


async def enqueue(
    connection: AsyncConnection, name: str, arguments: Mapping[str, Any], *, key: str | None, due_at: datetime, now: datetime
) -> None:
    """Put a job into the table; nothing happens if its key was used before."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(JobRow.__table__)  # type: ignore[attr-defined]
    row = {"id": uuid4(), "name": name, "arguments": msgspec.json.encode(arguments).decode(), "key": key, "state": "waiting"}
    await connection.execute(insert.values(**row, due_at=due_at, created_at=now, attempts=0).on_conflict_do_nothing(index_elements=["key"]))
