"""Limits of many standards, and the extensions asked for them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.events import table_of
from standards_hub.lifecycle.models import DeadlineRow, ExtensionRow
from standards_hub.lifecycle.repository.reading import build
from standards_hub.lifecycle.values import Deadline, Extension


async def overdue(connection: AsyncConnection, day: date, limit: int = 500) -> list[Deadline]:
    """Deadlines that run and whose last day is past, oldest first."""
    table = table_of(DeadlineRow)
    query = sa.select(table).where(table.c.state == "running", table.c.due_on < day).order_by(table.c.due_on, table.c.id).limit(limit)
    return build(Deadline, await connection.execute(query))


async def running(connection: AsyncConnection, until: date | None = None, ids: Iterable[UUID] | None = None) -> list[Deadline]:
    """Deadlines that run, optionally only those due by a day, or of some standards."""
    table = table_of(DeadlineRow)
    query = sa.select(table).where(table.c.state == "running")
    if until:
        query = query.where(table.c.due_on <= until)
    if ids is not None:
        query = query.where(table.c.standard_id.in_(list(ids)))
    return build(Deadline, await connection.execute(query.order_by(table.c.due_on, table.c.id)))


async def asked_extensions(connection: AsyncConnection, ids: Iterable[UUID]) -> list[Extension]:
    """The extensions of some standards that wait for a decision."""
    table = table_of(ExtensionRow)
    query = sa.select(table).where(table.c.state == "asked", table.c.standard_id.in_(list(ids))).order_by(table.c.asked_on, table.c.id)
    return build(Extension, await connection.execute(query))
