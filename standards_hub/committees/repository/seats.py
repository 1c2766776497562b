"""Every query about seats: who sits where, on which day. Reads only."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.repository.reading import COMMITTEE, ORGANISATION, PERSON, SEAT, holds
from standards_hub.committees.schemas import PersonSeat
from standards_hub.committees.tree import LEADING, Held, family
from standards_hub.committees.values import VOTING, Seat, SeatHolder
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.messages import say


async def seats(connection: AsyncConnection, committee_id: UUID, *, on: date | None = None) -> list[SeatHolder]:
    """The seats of a committee with names, all of them or those that hold on a day; running and recent ones first."""
    query = (
        sa.select(
            SEAT,
            PERSON.c.name.label("person_name"),
            PERSON.c.title,
            PERSON.c.organisation_id,
            ORGANISATION.c.name_zh.label("organisation_name"),
        )
        .join(PERSON, PERSON.c.id == SEAT.c.person_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .where(SEAT.c.committee_id == committee_id)
        .order_by(SEAT.c.until.is_not(None), SEAT.c.since.desc(), PERSON.c.name, SEAT.c.id)
    )
    if on is not None:
        query = query.where(holds(SEAT, on))
    return [SeatHolder(**row._mapping) for row in await connection.execute(query)]


async def seat_counts(connection: AsyncConnection, ids: Iterable[UUID], day: date) -> dict[UUID, int]:
    """How many members each committee has on a day."""
    query = sa.select(SEAT.c.committee_id, sa.func.count()).where(SEAT.c.committee_id.in_(set(ids)), SEAT.c.position.in_(VOTING))
    rows = await connection.execute(query.where(holds(SEAT, day)).group_by(SEAT.c.committee_id))
    return {row[0]: row[1] for row in rows}


async def international_seats(connection: AsyncConnection, day: date | None) -> list[Held]:
    """Positions in international committees held by people whose employer is in the province, on a day or ever."""
    query = (
        sa.select(
            SEAT.c.id.label("seat_id"), SEAT.c.person_id, PERSON.c.name.label("person_name"), PERSON.c.organisation_id,
            ORGANISATION.c.name_zh.label("organisation_name"), SEAT.c.committee_id, COMMITTEE.c.number, COMMITTEE.c.name_zh,
            SEAT.c.position, SEAT.c.since, SEAT.c.until,
        )
        .join(PERSON, PERSON.c.id == SEAT.c.person_id)
        .join(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .join(COMMITTEE, COMMITTEE.c.id == SEAT.c.committee_id)
        .where(COMMITTEE.c.level == "international", ORGANISATION.c.in_province)
        .order_by(SEAT.c.until.is_(None), SEAT.c.until, PERSON.c.name, SEAT.c.id)
    )  # fmt: skip
    rows = await connection.execute(query if day is None else query.where(holds(SEAT, day)))
    return [
        Held(
            row.seat_id, row.person_id, row.person_name, row.organisation_id, row.organisation_name, row.committee_id,
            f"{row.number} {row.name_zh}" if row.number else row.name_zh, family("international", row.number), row.position,
            row.position in LEADING, row.since, row.until,
        )
        for row in rows
    ]  # fmt: skip


async def seat(connection: AsyncConnection, committee_id: UUID, seat_id: UUID) -> Seat:
    row = (await connection.execute(sa.select(SEAT).where(SEAT.c.id == seat_id, SEAT.c.committee_id == committee_id))).first()
    if row is None:
        raise NotFound(say("该委员会没有席位 {id}", id=seat_id))
    return Seat(**row._mapping)


async def seats_of_person(connection: AsyncConnection, person_id: UUID) -> list[PersonSeat]:
    query = (
        sa.select(
            SEAT.c.id,
            SEAT.c.committee_id,
            COMMITTEE.c.name_zh.label("committee_name"),
            COMMITTEE.c.name_en.label("committee_name_en"),
            SEAT.c.position,
            SEAT.c.since,
            SEAT.c.until,
            SEAT.c.side,
        )
        .join(COMMITTEE, COMMITTEE.c.id == SEAT.c.committee_id)
        .where(SEAT.c.person_id == person_id)
        .order_by(SEAT.c.since.desc(), SEAT.c.id)
    )
    return [PersonSeat(**row._mapping) for row in await connection.execute(query)]


async def committees_of_people(connection: AsyncConnection, people: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    """The committees in which each of some people sits on a day."""
    query = sa.select(SEAT.c.person_id, SEAT.c.committee_id).where(SEAT.c.person_id.in_(list(people)), holds(SEAT, day))
    found: dict[UUID, set[UUID]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.person_id, set()).add(row.committee_id)
    return found


async def seats_elsewhere(connection: AsyncConnection, committee_id: UUID, day: date) -> dict[UUID, int]:
    """For each member on a day, how many other committees seat the person with a vote; international ones are not counted."""
    mine = SEAT.alias()
    sitting = sa.select(mine.c.person_id).where(mine.c.committee_id == committee_id, holds(mine, day))
    return await seats_elsewhere_of(connection, sitting, committee_id, day)


async def seats_elsewhere_of(
    connection: AsyncConnection, people: Iterable[UUID] | sa.Select[Any], committee_id: UUID, day: date
) -> dict[UUID, int]:
    """For each of some people, how many committees but this one seat them with a vote."""
    other = SEAT.alias()
    among = people if isinstance(people, sa.Select) else list(people)
    query = (
        sa.select(other.c.person_id, sa.func.count(sa.distinct(other.c.committee_id)))
        .join(COMMITTEE, COMMITTEE.c.id == other.c.committee_id)
        .where(
            other.c.person_id.in_(among), other.c.committee_id != committee_id, other.c.position.in_(VOTING), holds(other, day),
            COMMITTEE.c.level != "international", COMMITTEE.c.state != "dissolved",
        )
        .group_by(other.c.person_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in await connection.execute(query)}
