"""What a project reached by the days its contract names, which is what its acceptance goes by; later progress is told apart from it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.committees.schemas import checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel import audit
from standards_hub.kernel.errors import NotFound, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import fulfilment, repository
from standards_hub.linkage.claiming.events import ShortfallExplained
from standards_hub.linkage.claiming.parts import parts_of
from standards_hub.linkage.claiming.schemas import Shortfall
from standards_hub.linkage.claiming.states import contested
from standards_hub.linkage.fulfilment import Claimed, Kept
from standards_hub.linkage.roles import Part
from standards_hub.linkage.values import CONFIRMED, Claim, Commitment, Project

Now = Mapping[UUID, Any]
"""Standards by id, as they are or as they were: `level`, `stage`, `status`."""


def day_for(commitment: Commitment, ends_on: date | None, today: date) -> date:
    """The day a promise is judged by: its own, or the project's end, but never one that has not come."""
    return min(commitment.due or ends_on or today, today)


def claimed_of(claims: Iterable[Claim], standards: Mapping[UUID, Any], parts: Mapping[UUID, Part], frozen: set[UUID]) -> list[Claimed]:
    """The outputs among a project's claims, with the state of their standards. Pure."""
    return [
        Claimed(
            id=claim.standard_id, level=one.level, stage=one.stage, status=one.status,
            role=parts[claim.standard_id].role if claim.standard_id in parts else None,
            state="contested" if claim.id in frozen else "confirmed" if claim.state in CONFIRMED else "open",
        )
        for claim in claims if claim.live and claim.relation == "output_of" and (one := standards.get(claim.standard_id))
    ]  # fmt: skip


async def kept_now(work: Work, project: Project, commitments: list[Commitment], claims: list[Claim], standards: Now) -> list[Kept]:
    """What became of the promises by today."""
    parts, frozen = await around(work, project, claims)
    return fulfilment.kept(commitments, claimed_of(claims, standards, parts, frozen))


async def kept_by_contract(work: Work, project: Project, commitments: list[Commitment], claims: list[Claim]) -> list[Kept]:
    """What became of each promise by the day it is judged by."""
    parts, frozen = await around(work, project, claims)
    running = [one for one in commitments if one.withdrawn_on is None]
    day_of = {one.id: day_for(one, project.ends_on, work.today) for one in running}
    claimed = {claim.standard_id for claim in claims if claim.live}
    then = await standards_on(work.connection, dict.fromkeys(day_of.values(), claimed))
    return fulfilment.kept_each(running, {id: claimed_of(claims, then[day], parts, frozen) for id, day in day_of.items()})


class Stand(Struct, frozen=True):
    """How far a standard was on a day."""

    level: str
    stage: str
    status: str


async def standards_on(
    connection: AsyncConnection, wanted: Mapping[date, Iterable[UUID]], known_at: datetime | None = None
) -> dict[date, dict[UUID, Stand]]:
    """Some standards as they were on some days, from what was known at an instant."""
    streams = {day: [f"standard:{id}" for id in ids] for day, ids in wanted.items()}
    found = await audit.on_days(connection, streams, known_at=known_at)
    return {
        day: {row["id"]: Stand(row["level"], row["stage"], row["status"]) for row in replica.rows(StandardRow)}
        for day, replica in found.items()
    }


async def around(work: Work, project: Project, claims: list[Claim]) -> tuple[dict[UUID, Part], set[UUID]]:
    """The project's part in the standards it claims, and the claims that wait for a ruling."""
    ids = [claim.standard_id for claim in claims if claim.live]
    links = await repository.projects_of_standards(work, ids)
    return await parts_of(work, project, ids), contested(link for same in links.values() for link in same)


def unmet_for_closing(kept: Iterable[Kept], claims: Iterable[Claim]) -> list[Unmet]:
    """What a project still owes before it can be closed: a word on every promise that is short, a decision on every claim handed in."""
    unmet = []
    for one in kept:
        if one.missing and not (one.commitment.cause and one.commitment.remedy):
            why = say(
                "承诺{level} {count} 项，到期还差 {missing} 项，须先说明偏差原因和改进措施",
                level=LEVEL_NAMES[one.commitment.level], count=one.commitment.count, missing=one.missing,
            )  # fmt: skip
            unmet.append(Unmet("closing.shortfall", why, str(one.commitment.id), fixer="project_manager"))
    if waiting := sum(claim.state == "in_review" for claim in claims):
        unmet.append(Unmet("closing.review", say("还有 {count} 项申报待认定", count=waiting), fixer="officer"))
    return unmet


async def explain(work: Work, project_id: UUID, commitment_id: UUID, data: Shortfall) -> Commitment:
    """Say why a promise stays short, and what is done about it; may be said again until the project is closed."""
    data = checked(data)
    project = await repository.project(work.connection, project_id)
    work.actor.require("project.manage", project)
    found = next((one for one in await repository.commitments(work.connection, project_id) if one.id == commitment_id), None)
    if found is None:
        raise NotFound(say("该项目没有承诺 {id}", id=commitment_id))
    unmet = [Unmet("withdrawn", say("该承诺已取消"))] if found.withdrawn_on else []
    if project.state != "running":
        unmet.append(Unmet("closed", say("项目已结束，不能再说明")))
    refuse_if(unmet, say("不能说明"))
    event = ShortfallExplained(commitment=commitment_id, cause=data.cause.strip(), remedy=data.remedy.strip())
    await work.append(project, event, effective_on=day_of(work, data.on))
    return next(one for one in await repository.commitments(work.connection, project_id) if one.id == commitment_id)
