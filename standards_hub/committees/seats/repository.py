"""Every query about interests. Reads only."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.repository import PERSON
from standards_hub.committees.seats.models import InterestRow
from standards_hub.committees.seats.values import Interest
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import say

INTEREST = table_of(InterestRow)
NAMED = sa.select(INTEREST, PERSON.c.name.label("person_name")).join(PERSON, PERSON.c.id == INTEREST.c.person_id)


async def interests(connection: AsyncConnection, committee_id: UUID) -> list[Interest]:
    """What was ever declared in a committee, what still holds first."""
    query = NAMED.where(INTEREST.c.committee_id == committee_id)
    rows = await connection.execute(query.order_by(INTEREST.c.until.is_not(None), INTEREST.c.since.desc(), INTEREST.c.id))
    return [Interest(**row._mapping) for row in rows]


async def interest(connection: AsyncConnection, committee_id: UUID, id: UUID) -> Interest:
    row = (await connection.execute(NAMED.where(INTEREST.c.id == id, INTEREST.c.committee_id == committee_id))).first()
    if row is None:
        raise NotFound(say("该委员会没有利益关系 {id}", id=id))
    return Interest(**row._mapping)


async def interested_in(connection: AsyncConnection, committee_id: UUID, subject_kind: str, subject_id: UUID) -> list[Interest]:
    """Who has an interest in a thing that holds still: the proposal for a ballot's recusals."""
    c = INTEREST.c
    where = (c.committee_id == committee_id, c.subject_kind == subject_kind, c.subject_id == subject_id, c.until.is_(None))
    return [Interest(**row._mapping) for row in await connection.execute(NAMED.where(*where).order_by(c.since, c.id))]
