"""Who held which position in an international committee on a past day, as it was known at an instant: told out of the log."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from standards_hub.committees.models import CommitteeRow, OrganisationRow, PersonRow, SeatRow
from standards_hub.committees.repository.reading import COMMITTEE
from standards_hub.committees.tree import LEADING, Held, family
from standards_hub.committees.values import called
from standards_hub.kernel import audit


async def international_seats_on(connection: AsyncConnection, day: date, known_at: datetime) -> list[Held]:
    """Positions in international committees that people employed in the province held on a day, by what was known at an instant.

    A seat holds by its own dates, whenever it was entered; names and employers are those of the day.
    """
    ids = set((await connection.execute(sa.select(COMMITTEE.c.id).where(COMMITTEE.c.level == "international"))).scalars())
    known = await audit.as_of(connection, date.max, streams=_streams("committee", ids), known_at=known_at)
    seats = [row for row in known.rows(SeatRow) if row["since"] <= day and (row["until"] is None or day <= row["until"])]

    async def told(model: type[SQLModel], kind: str, wanted: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
        found = await audit.as_of(connection, day, streams=_streams(kind, wanted), known_at=known_at, entered=True)
        return {row["id"]: row for row in found.rows(model)}

    committees = await told(CommitteeRow, "committee", {seat["committee_id"] for seat in seats})
    people = await told(PersonRow, "person", {seat["person_id"] for seat in seats})
    employers = await told(OrganisationRow, "organisation", {one["organisation_id"] for one in people.values()} - {None})
    held = []
    for seat in seats:
        committee, person = committees.get(seat["committee_id"]), people.get(seat["person_id"])
        employer = employers.get(person["organisation_id"]) if person else None
        if committee and person and employer and employer["in_province"]:
            number, name = committee["number"], committee["name_zh"]
            held.append(Held(
                seat["id"], person["id"], person["name"], employer["id"], employer["name_zh"], committee["id"],
                called(number, name, None).zh, family("international", number), seat["position"], seat["position"] in LEADING,
                seat["since"], seat["until"],
            ))  # fmt: skip
    return held


def _streams(kind: str, ids: Iterable[UUID]) -> list[str]:
    return [f"{kind}:{id}" for id in sorted(ids)]
