"""What every query of the registers is made of: the tables, one row, a page of rows."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.models import CommitteeRow, EmploymentRow, OrganisationRow, PersonRow, SeatRow
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Subject

ORGANISATION, PERSON, COMMITTEE, SEAT, EMPLOYMENT = (
    table_of(model) for model in (OrganisationRow, PersonRow, CommitteeRow, SeatRow, EmploymentRow)
)


S = TypeVar("S", bound=Subject)


async def one(connection: AsyncConnection, table: sa.Table, id: UUID, kind: type[S], missing: Message, lock: bool) -> S:
    query = sa.select(table).where(table.c.id == id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound(missing)
    return msgspec.convert(dict(row._mapping), kind)


async def every(connection: AsyncConnection, query: sa.Select[Any], kind: type[S]) -> list[S]:
    return [msgspec.convert(dict(row._mapping), kind) for row in await connection.execute(query)]


async def one_page(
    connection: AsyncConnection, table: sa.Table, name: sa.Column[str], where: list[Any], kind: type[S], after: UUID | None, limit: int
) -> list[S]:
    """Rows by name after the row `after`, at most `limit`."""
    if after is not None:
        last = (await connection.execute(sa.select(name).where(table.c.id == after))).scalar()
        if last is None:
            raise NotFound(say("分页标记有误，请从第一页重新开始"))
        where = [*where, sa.or_(name > last, sa.and_(name == last, table.c.id > after))]
    return await every(connection, sa.select(table).where(*where).order_by(name, table.c.id).limit(limit), kind)


def id_of(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def contains(text: str, *columns: Any) -> Any:
    return sa.or_(*(column.icontains(text.strip(), autoescape=True) for column in columns))


async def count_of(connection: AsyncConnection, table: sa.Table, where: list[Any]) -> int:
    return (await connection.execute(sa.select(sa.func.count()).select_from(table).where(*where))).scalar_one()


def holds(seat: Any, day: date) -> Any:
    return sa.and_(seat.c.since <= day, sa.or_(seat.c.until.is_(None), seat.c.until >= day))
