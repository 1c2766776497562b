"""Every query about the ways of committees. Reads only."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.founding.models import CourseRow, MilestoneRow
from standards_hub.committees.founding.values import Course, Milestone
from standards_hub.committees.models import CommitteeRow
from standards_hub.kernel.events import table_of

COURSE, MILESTONE, COMMITTEE = table_of(CourseRow), table_of(MilestoneRow), table_of(CommitteeRow)


async def course(connection: AsyncConnection, committee_id: UUID) -> Course | None:
    row = (await connection.execute(sa.select(COURSE).where(COURSE.c.committee_id == committee_id))).first()
    return None if row is None else Course(**row._mapping)


async def courses(connection: AsyncConnection) -> dict[UUID, Course]:
    """Where each committee is that goes on still."""
    over = COURSE.c.step.in_(("declined", "dissolved"))
    return {row.committee_id: Course(**row._mapping) for row in await connection.execute(sa.select(COURSE).where(sa.not_(over)))}


async def milestones(connection: AsyncConnection, committee_id: UUID) -> list[Milestone]:
    """What was recorded of a committee's way, the latest first."""
    query = sa.select(MILESTONE).where(MILESTONE.c.committee_id == committee_id).order_by(MILESTONE.c.seq.desc())
    return [Milestone(**row._mapping) for row in await connection.execute(query)]
