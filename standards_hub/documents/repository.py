"""Every query about reports. Reads only; rows come back as values."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.documents.models import ReportOrderRow, ReportRow
from standards_hub.documents.schemas import Order, Report
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import GENESIS, EventRow, table_of
from standards_hub.kernel.jobs import JobRow
from standards_hub.kernel.messages import say

REPORT, ORDER, JOB, EVENT = table_of(ReportRow), table_of(ReportOrderRow), table_of(JobRow), table_of(EventRow)


def job_key(id: UUID) -> str:
    return f"report:{id}"


async def report(connection: AsyncConnection, id: UUID) -> Report | None:
    row = (await connection.execute(sa.select(REPORT).where(REPORT.c.id == id))).first()
    return _report(row) if row else None


async def reports(connection: AsyncConnection, *, plan: str | None = None, after: UUID | None = None, limit: int = 50) -> list[Report]:
    """Made reports, the newest first; `after` is the last one of the page before."""
    c = REPORT.c
    query = sa.select(REPORT)
    if plan:
        query = query.where(c.plan_key == plan)
    if after is not None:
        made = (await connection.execute(sa.select(c.made_at).where(c.id == after))).scalar()
        if made is None:
            raise NotFound(say("分页标记有误，请从第一页重新开始"))
        query = query.where(sa.or_(c.made_at < made, sa.and_(c.made_at == made, c.id < after)))
    return [_report(row) for row in await connection.execute(query.order_by(c.made_at.desc(), c.id.desc()).limit(limit))]


async def last_day(connection: AsyncConnection, plan: str, before: date) -> date | None:
    """The newest day that a kept report of a plan states, of those before a day."""
    query = sa.select(sa.func.max(REPORT.c.as_of)).where(REPORT.c.plan_key == plan, REPORT.c.as_of < before)
    found: date | None = (await connection.execute(query)).scalar()
    return found


async def orders(connection: AsyncConnection, id: UUID | None = None) -> list[Order]:
    """Reports that are being made, or could not be, the newest first."""
    query = (
        sa.select(ORDER, (JOB.c.state == "failed").label("failed"))
        .outerjoin(JOB, JOB.c.key == sa.literal("report:").concat(_id_text(connection)))
        .order_by(ORDER.c.asked_at.desc(), ORDER.c.id)
    )
    rows = await connection.execute(query.where(ORDER.c.id == id) if id else query)
    return [Order(**{**row._mapping, "failed": bool(row.failed)}) for row in rows]


def _id_text(connection: AsyncConnection) -> sa.ColumnElement[str]:
    """An id as the key of its job spells it; SQLite keeps ids as 32 figures."""
    text = sa.cast(ORDER.c.id, sa.Text)
    if connection.dialect.name != "sqlite":
        return text
    parts = [sa.func.substr(text, at, much) for at, much in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]
    made: Any = parts[0]
    for part in parts[1:]:
        made = made.concat("-").concat(part)
    return sa.cast(made, sa.Text)


async def head(connection: AsyncConnection) -> tuple[int, str]:
    """Position and hash of the last link of the log."""
    row = (await connection.execute(sa.select(EVENT.c.id, EVENT.c.hash).order_by(EVENT.c.id.desc()).limit(1))).first()
    return (row[0], row[1]) if row else (0, GENESIS)


async def names(connection: AsyncConnection, labels: Iterable[str]) -> dict[str, str]:
    """The names of accounts that the log knows by label."""
    ids = {UUID(label.removeprefix("account:")) for label in labels if label.startswith("account:")}
    return {f"account:{a.id}": a.name for a in await accounts.by_ids(connection, ids)}


def _report(row: sa.Row[Any]) -> Report:
    return msgspec.convert(dict(row._mapping), Report)
