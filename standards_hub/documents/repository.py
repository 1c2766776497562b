"""Every query about reports. Reads only; rows come back as values."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.documents.models import NarrativeRow, ReportOrderRow, ReportRow
from standards_hub.documents.schemas import NarrativeText, Order, Report
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.jobs import JobRow
from standards_hub.kernel.messages import say
from standards_hub.linkage.repository import PLAN

REPORT, NARRATIVE = table_of(ReportRow), table_of(NarrativeRow)
ORDER, JOB, EVENT = table_of(ReportOrderRow), table_of(JobRow), table_of(EventRow)


FOUND = sa.select(REPORT, PLAN.c.department_id).outerjoin(PLAN, PLAN.c.key == REPORT.c.plan_key)


def job_key(id: UUID) -> str:
    return f"report:{id}"


async def report(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Report | None:
    query = FOUND.where(REPORT.c.id == id)
    row = (await connection.execute(query.with_for_update(of=REPORT) if lock else query)).first()
    return _report(row) if row else None


async def signed(connection: AsyncConnection, plan: str, kind: str, as_of: date) -> Report | None:
    """The report of a plan, kind and day that was signed last; none where none was."""
    c = REPORT.c
    query = FOUND.where(c.plan_key == plan, c.kind == kind, c.as_of == as_of, c.signed_at.is_not(None))
    row = (await connection.execute(query.order_by(c.signed_at.desc(), c.id).limit(1))).first()
    return _report(row) if row else None


async def newest(connection: AsyncConnection, plan: str, kind: str, as_of: date) -> Report | None:
    """The report of a plan, kind and day that was made last."""
    c = REPORT.c
    query = FOUND.where(c.plan_key == plan, c.kind == kind, c.as_of == as_of).order_by(c.made_at.desc(), c.id.desc())
    row = (await connection.execute(query.limit(1))).first()
    return _report(row) if row else None


async def unsigned(connection: AsyncConnection) -> list[Report]:
    """Drafts of periodical reports that wait to be signed: of each plan, kind and day the newest, unless it is signed. Oldest day first."""
    c = REPORT.c
    query = FOUND.where(c.kind != "progress").order_by(c.as_of, c.kind, c.made_at, c.id)
    last = {(row.plan_key, row.kind, row.as_of): row for row in await connection.execute(query)}
    return [_report(row) for row in last.values() if row.signed_at is None]


async def begun(connection: AsyncConnection, plan: str, kind: str, as_of: date) -> bool:
    """Whether a report of a plan, kind and day was made, or is being made."""
    for table in (REPORT, ORDER):
        c = table.c
        query = sa.select(c.id).where(c.plan_key == plan, c.kind == kind, c.as_of == as_of).limit(1)
        if (await connection.execute(query)).first():
            return True
    return False


async def narrative(connection: AsyncConnection, plan: str, kind: str, as_of: date) -> NarrativeText | None:
    """What was written for the reports of a plan, kind and day."""
    c = NARRATIVE.c
    return await _narrative(connection, sa.select(NARRATIVE).where(c.plan_key == plan, c.kind == kind, c.as_of == as_of))


async def narrative_before(connection: AsyncConnection, plan: str, kind: str, as_of: date) -> NarrativeText | None:
    """What was written last for an earlier day."""
    c = NARRATIVE.c
    query = sa.select(NARRATIVE).where(c.plan_key == plan, c.kind == kind, c.as_of < as_of).order_by(c.as_of.desc()).limit(1)
    return await _narrative(connection, query)


async def _narrative(connection: AsyncConnection, query: sa.Select[Any]) -> NarrativeText | None:
    row = (await connection.execute(query)).first()
    return msgspec.convert(dict(row._mapping), NarrativeText) if row else None


async def reports(connection: AsyncConnection, *, plan: str | None = None, after: UUID | None = None, limit: int = 50) -> list[Report]:
    """Made reports, the newest first, without drafts that a newer one took the place of; `after` is the last one of the page before."""
    c = REPORT.c
    query = FOUND.where(sa.not_(_replaced()))
    if plan:
        query = query.where(c.plan_key == plan)
    if after is not None:
        made = (await connection.execute(sa.select(c.made_at).where(c.id == after))).scalar()
        if made is None:
            raise NotFound(say("分页标记有误，请从第一页重新开始"))
        query = query.where(sa.or_(c.made_at < made, sa.and_(c.made_at == made, c.id < after)))
    return [_report(row) for row in await connection.execute(query.order_by(c.made_at.desc(), c.id.desc()).limit(limit))]


def _replaced() -> sa.ColumnElement[bool]:
    """An unsigned draft of a period for which another was made later."""
    c, newer = REPORT.c, REPORT.alias("newer")
    same = [newer.c[name] == c[name] for name in ("plan_key", "kind", "as_of")]
    later = sa.exists().where(*same, newer.c.made_at > c.made_at)
    return sa.and_(c.kind != "progress", c.signed_at.is_(None), later)


async def last_day(connection: AsyncConnection, plan: str, before: date) -> date | None:
    """The newest day that a kept report of a plan states, of those before a day; what is only a draft of a period states nothing yet."""
    c = REPORT.c
    standing = sa.or_(c.kind == "progress", c.signed_at.is_not(None))
    query = sa.select(sa.func.max(c.as_of)).where(c.plan_key == plan, c.as_of < before, standing)
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


async def names(connection: AsyncConnection, labels: Iterable[str]) -> dict[str, str]:
    """The names of accounts that the log knows by label."""
    ids = {UUID(label.removeprefix("account:")) for label in labels if label.startswith("account:")}
    return {f"account:{a.id}": a.name for a in await accounts.by_ids(connection, ids)}


def _report(row: sa.Row[Any]) -> Report:
    return msgspec.convert(dict(row._mapping), Report)
