"""Queries on what ballots and enquiries tell of a committee: which are open, and who was called to closed ballots and voted."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from standards_hub.committees.ballots.repository import BALLOT, VOTER
from standards_hub.committees.comments.models import EnquiryRow
from standards_hub.committees.ports import Open, standards
from standards_hub.committees.seats.ports import Occasion
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Name, say
from standards_hub.kernel.work import Work

ENQUIRY = table_of(EnquiryRow)
MOST = 100
KIND = say("表决")
ENQUIRY_KIND = say("征求意见")


async def ballots(work: Work, committee_id: UUID) -> list[Open]:
    """The ballots of a committee that are open, for those who may see them."""
    if not work.actor.may("ballot.read"):
        return []
    where = (BALLOT.c.committee_id == committee_id, BALLOT.c.state == "open")
    rows = await work.connection.execute(sa.select(BALLOT.c.id, BALLOT.c.title, BALLOT.c.closes_on).where(*where).limit(MOST))
    return [Open(KIND, row.title, f"/ballots/{row.id}", row.closes_on) for row in rows]


async def enquiries(work: Work, committee_id: UUID) -> list[Open]:
    """The enquiries that run on drafts of a committee's work programme, as far as the actor may see it."""
    programme = [one.id for one in await standards().of_committee(work, committee_id)]
    if not programme:
        return []
    c = ENQUIRY.c
    where = (c.subject_kind == "standard", c.subject_id.in_(programme), c.state == "open", c.closes_on >= work.today)
    rows = await work.connection.execute(sa.select(c.id, c.title_zh, c.title_en, c.closes_on).where(*where).limit(MOST))
    return [Open(ENQUIRY_KIND, Name(row.title_zh, row.title_en or row.title_zh), f"/enquiries/{row.id}", row.closes_on) for row in rows]


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
