"""What a project reached by the days its contract names, which is what its acceptance goes by; later progress is told apart from it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

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


def day_for(commitment: Commitment, project: Project, today: date) -> date:
    """The day a promise is judged by: its own, or the project's end, but never one that has not come."""
    return min(commitment.due or project.ends_on or today, today)


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
    on_day: dict[date, list[Claimed]] = {}
    streams = [f"standard:{claim.standard_id}" for claim in claims if claim.live]
    for day in sorted({day_for(one, project, work.today) for one in running}):
        replica = await audit.as_of(work.connection, day, streams=streams) if streams else None
        then = {row["id"]: _Row(row) for row in replica.rows(StandardRow)} if replica else {}
        on_day[day] = claimed_of(claims, then, parts, frozen)
    return fulfilment.kept_each(running, {one.id: on_day[day_for(one, project, work.today)] for one in running})


class _Row:
    """A replayed row, read like the standard it is of."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.level, self.stage, self.status = row["level"], row["stage"], row["status"]


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
