"""Which seats end soon. Reads only."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.repository import COMMITTEE, ORGANISATION, PERSON, SEAT
from standards_hub.committees.values import SeatHolder


async def ending(connection: AsyncConnection, since: date, until: date) -> list[SeatHolder]:
    """The seats in committees at work that end between two days and that their holders do not go on in."""
    further = SEAT.alias("further")
    goes_on = (
        sa.select(further.c.id)
        .where(further.c.committee_id == SEAT.c.committee_id, further.c.person_id == SEAT.c.person_id, further.c.since > SEAT.c.since)
        .exists()
    )
    query = (
        sa.select(SEAT, PERSON.c.name.label("person_name"), PERSON.c.title, PERSON.c.organisation_id,
                  ORGANISATION.c.name_zh.label("organisation_name"))
        .join(PERSON, PERSON.c.id == SEAT.c.person_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .join(COMMITTEE, COMMITTEE.c.id == SEAT.c.committee_id)
        .where(COMMITTEE.c.state == "active", SEAT.c.until.between(since, until), sa.not_(goes_on))
        .order_by(SEAT.c.committee_id, SEAT.c.until, PERSON.c.name, SEAT.c.id)
    )  # fmt: skip
    return [SeatHolder(**row._mapping) for row in await connection.execute(query)]
