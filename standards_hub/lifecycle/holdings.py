"""Queries on whose standards are whose: a committee's by stage, those an organisation or a person drafts. Fills the registers' port."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.ports import AtStage, Involved
from standards_hub.committees.repository import carried
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.events import table_of
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.models import DrafterRow, DraftingUnitRow
from standards_hub.lifecycle.repository import STANDARD, build, visible
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.stages import STAGE_NAMES
from standards_hub.lifecycle.values import UNDER_WAY, Standard

MOST = 200
UNIT, DRAFTER = table_of(DraftingUnitRow), table_of(DrafterRow)
BRIEF = [STANDARD.c[name] for name in ("id", "number", "plan_number", "title_zh", "title_en", "stage", "status")]
LEADS, DRAFTS = say("负责起草"), say("参加起草")


class Holdings:
    """The standards of committees, organisations and people, of those that the actor may see."""

    async def by_stage(self, work: Work, committee_id: UUID) -> list[AtStage]:
        stage = sa.func.substr(STANDARD.c.stage, 1, 2).label("stage")
        query = sa.select(stage, sa.func.count()).where(STANDARD.c.committee_id == committee_id, *visible(work.actor)).group_by(stage)
        found = {row[0]: row[1] for row in await work.connection.execute(query)}
        return [AtStage(code, name, found[code]) for code, name in STAGE_NAMES.items() if code in found]

    async def of_committee(self, work: Work, committee_id: UUID) -> list[Involved]:
        c = STANDARD.c
        query = sa.select(*BRIEF).where(c.committee_id == committee_id, c.status.in_(UNDER_WAY), *visible(work.actor))
        rows = await work.connection.execute(query.order_by(c.stage, c.step_entered_on, c.id).limit(MOST))
        return [_held(row, say("归口")) for row in rows]

    async def label(self, work: Work, standard_id: UUID) -> str | None:
        query = sa.select(STANDARD.c.number, STANDARD.c.title_zh).where(STANDARD.c.id == standard_id, *visible(work.actor))
        row = (await work.connection.execute(query)).first()
        return None if row is None else f"{row.number} {row.title_zh}" if row.number else str(row.title_zh)

    async def of_organisation(self, work: Work, organisation_id: UUID) -> list[Involved]:
        """Also what was drafted under the names of those that went into it; drafting lists keep the name they were made with."""
        c, own = STANDARD.c, carried(organisation_id)
        query = (
            sa.select(*BRIEF, c.lead_drafter_id.in_(own).label("leads"), UNIT.c.lead, UNIT.c.rank)
            .select_from(STANDARD)
            .outerjoin(UNIT, sa.and_(UNIT.c.standard_id == c.id, UNIT.c.organisation_id.in_(own)))
            .where(sa.or_(UNIT.c.organisation_id.is_not(None), c.lead_drafter_id.in_(own)))
        )
        return await _involved(work, query, LEADS)

    async def of_person(self, work: Work, person_id: UUID) -> list[Involved]:
        c = STANDARD.c
        query = (
            sa.select(*BRIEF, (c.leader_id == person_id).label("leads"), sa.false().label("lead"), DRAFTER.c.rank)
            .outerjoin(DRAFTER, sa.and_(DRAFTER.c.standard_id == c.id, DRAFTER.c.person_id == person_id))
            .where(sa.or_(DRAFTER.c.person_id.is_not(None), c.leader_id == person_id))
        )
        return await _involved(work, query, say("项目负责人"))


async def _involved(work: Work, query: sa.Select[Any], leading: Message) -> list[Involved]:
    c = STANDARD.c
    first = sa.case((c.status.in_(UNDER_WAY), 0), else_=1)
    rows = await work.connection.execute(query.where(*visible(work.actor)).order_by(first, c.step_entered_on.desc(), c.id).limit(MOST))
    best: dict[UUID, Any] = {}
    for row in rows:  # one that two names of an organisation drafted comes twice; what leads, or stands before, is told
        if row.id not in best or _place(row) < _place(best[row.id]):
            best[row.id] = row
    return [
        _held(row, leading if row.leads or row.lead else say("起草，第 {rank} 位", rank=row.rank) if row.rank else DRAFTS)
        for row in best.values()
    ]


def _held(row: Any, role: Message) -> Involved:
    title = Name(row.title_zh, row.title_en or row.title_zh)
    return Involved(row.id, row.number or row.plan_number or title, title, role, stage_of(row.stage, row.status), row.status)


async def for_meetings(work: Work, committee_id: UUID) -> list[Standard]:
    """The standards of a committee on which it may have to meet: those under way, and those whose review is on."""
    c = STANDARD.c
    wanted = sa.or_(c.status == "active", sa.and_(c.status == "published", c.stage.startswith("90.")))
    query = sa.select(STANDARD).where(c.committee_id == committee_id, wanted, *visible(work.actor))
    return build(Standard, await work.connection.execute(query.order_by(c.stage.desc(), c.step_entered_on, c.id).limit(MOST)))


def _place(row: Any) -> tuple[bool, int]:
    return not (row.leads or row.lead), row.rank or 1_000_000


def stage_of(stage: str, status: str) -> Message:
    """Where a standard is, in two words: its stage while it is under way, else its state."""
    return STAGE_NAMES[stage[:2]] if status in UNDER_WAY else STATUS_NAMES[status]


async def titled(connection: AsyncConnection, actor: Actor, title: str) -> list[Standard]:
    """The standards of exactly this Chinese title that the actor may see; at most two, for more are as good."""
    rows = await connection.execute(sa.select(STANDARD).where(STANDARD.c.title_zh == title.strip(), *visible(actor)).limit(2))
    return build(Standard, rows)
