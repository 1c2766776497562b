"""Queries on what ballots tell of a committee: which are open, and who was called to those that are closed and voted."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from standards_hub.committees.ballots.repository import BALLOT, VOTER
from standards_hub.committees.ports import Open
from standards_hub.committees.seats.ports import Occasion
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work

MOST = 100
KIND = say("表决")


async def opened(work: Work, committee_id: UUID) -> list[Open]:
    """The ballots of a committee that are open, for those who may see them."""
    if not work.actor.may("ballot.read"):
        return []
    where = (BALLOT.c.committee_id == committee_id, BALLOT.c.state == "open")
    rows = await work.connection.execute(sa.select(BALLOT.c.id, BALLOT.c.title, BALLOT.c.closes_on).where(*where).limit(MOST))
    return [Open(KIND, row.title, f"/ballots/{row.id}", row.closes_on) for row in rows]


async def occasions(work: Work, committee_id: UUID, since: date) -> list[Occasion]:
    """The closed ballots of a committee; those who recused themselves were not called to vote."""
    b, v = BALLOT.c, VOTER.c
    query = (
        sa.select(b.id, b.title, b.closed_on, v.person_id, v.vote)
        .join(VOTER, v.ballot_id == b.id)
        .where(b.committee_id == committee_id, b.state == "closed", b.closed_on >= since, v.person_id.is_not(None), sa.not_(v.recused))
    )
    found: dict[UUID, tuple[str, date, set[UUID], set[UUID]]] = {}
    for row in await work.connection.execute(query):
        _, _, called, came = found.setdefault(row.id, (row.title, row.closed_on, set(), set()))
        called.add(row.person_id)
        if row.vote is not None:
            came.add(row.person_id)
    return [
        Occasion(KIND, title, f"/ballots/{id}", on, frozenset(called), frozenset(came)) for id, (title, on, called, came) in found.items()
    ]
