"""Suggested claims: standards that name an organisation or the manager of a project, which does not claim them yet."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid4

from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.lifecycle.values import UNDER_WAY, Standard
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.events import ClaimSuggested
from standards_hub.linkage.claiming.repository import Drafting
from standards_hub.linkage.fulfilment import LASTING
from standards_hub.linkage.values import Claim, Ground, Project

AT_ONCE = 20
"""Suggestions that one look brings for one project; more would be noise."""


def grounds(project: Project, partners: Iterable[UUID], drafting: Drafting) -> list[Ground]:
    """What speaks for a claim: the project's leading unit, its partners or its manager among the drafters. Pure."""
    ranks = {id: drafter.rank for id, drafter in drafting.units}
    found = []
    if project.lead_organisation_id in ranks:
        found.append(Ground("lead", project.lead_organisation_id, ranks[project.lead_organisation_id]))
    found += [Ground("partner", id, ranks[id]) for id in partners if id in ranks]
    people = dict(drafting.people)
    if project.manager_person_id in people:
        found.append(Ground("manager", project.manager_person_id, people[project.manager_person_id]))
    return found


def worth(project: Project, standard: Standard) -> bool:
    """Whether a standard may have come of a project at all: it is under way or was published after the project began. Pure."""
    if standard.status in UNDER_WAY:
        return True
    day: date | None = standard.published_on
    return standard.status in LASTING and day is not None and (project.starts_on is None or day >= project.starts_on)


def why(ground: Ground, names: Mapping[UUID, str | Name]) -> Message:
    """A ground in words; `names` are those of organisations."""
    if ground.kind == "manager":
        return say("项目负责人是起草人") if ground.rank is None else say("项目负责人是第 {rank} 起草人", rank=ground.rank)
    name = names.get(ground.id, "")
    if ground.kind == "lead":
        return (
            say("承担单位{name}是起草单位", name=name)
            if ground.rank is None
            else say("承担单位{name}是第 {rank} 起草单位", name=name, rank=ground.rank)
        )
    return (
        say("合作单位{name}是起草单位", name=name)
        if ground.rank is None
        else say("合作单位{name}是第 {rank} 起草单位", name=name, rank=ground.rank)
    )


async def suggest(work: Work, project_id: UUID) -> list[Claim]:
    """Look for standards that a project may claim and note those that are new, with why; a dismissed one is not noted again."""
    project = await repository.project(work.connection, project_id)
    work.actor.require("project.manage", project)
    if project.state != "running":
        return []
    partners = (await repository.partners(work.connection, [project_id])).get(project_id, [])
    organisations = [id for id in (project.lead_organisation_id, *partners) if id]
    people = [project.manager_person_id] if project.manager_person_id else []
    known = {claim.standard_id for claim in await repository.claims(work.connection, project_id)}
    drafted = await claiming.drafted_by(work.connection, organisations, people) - known
    standards = {id: one for id, one in (await lifecycle.standards(work.connection, drafted)).items() if worth(project, one)}
    found = []
    drafting = await claiming.drafting(work.connection, standards)
    for id in sorted(standards, key=lambda id: (_closeness(grounds(project, partners, drafting[id])), standards[id].title_zh))[:AT_ONCE]:
        claim = uuid4()
        event = ClaimSuggested(claim=claim, standard_id=id, grounds=grounds(project, partners, drafting[id]))
        await work.append(project, event)
        found.append(await repository.claim(work.connection, project_id, claim))
    return found


def _closeness(found: list[Ground]) -> tuple[int, int]:
    """The manager and the leading unit before partners, the front of the list before its end."""
    return -len({one.kind for one in found}), min((one.rank or 99 for one in found), default=99)


@every("claims.suggest", cron="20 2 * * 1")
@job("claims.suggest", say("查找可申报的标准"))
async def weekly(work: Work) -> None:
    """Each Monday: one job for every running project."""
    for id in await repository.running_projects(work.connection):
        await work.enqueue("claims.suggest-one", {"project_id": str(id)}, key=f"suggest:{id}:{work.today}")


@job("claims.suggest-one", say("查找一个项目可申报的标准"))
async def suggest_one(work: Work, project_id: str) -> None:
    await suggest(work, UUID(project_id))
