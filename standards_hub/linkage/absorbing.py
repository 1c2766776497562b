"""What follows when an organisation goes into another one: the projects it leads or takes part in, and the plans it answers for."""

from datetime import date
from uuid import UUID

from msgspec import structs

from standards_hub.kernel.work import Work, last_said
from standards_hub.linkage import repository
from standards_hub.linkage.claiming.events import PartnersSet
from standards_hub.linkage.events import PlanEdited, ProjectEdited
from standards_hub.linkage.values import PlanPatch, ProjectPatch


async def projects(work: Work, old: UUID, new: UUID, day: date) -> int:
    """Projects that it leads or takes part in name the one that stays from that day on; who leads is no partner too."""
    found = await repository.naming(work.connection, old)
    partners = await repository.partners(work.connection, [project.id for project in found])
    came = await last_said(work.connection, found, f'"{old}"')
    for project in found:
        on = max(day, came.get(project.stream, day))
        if project.lead_organisation_id == old:
            event = ProjectEdited(before=ProjectPatch(lead_organisation_id=old), after=ProjectPatch(lead_organisation_id=new))
            await work.append(project, event, effective_on=on)
            project = structs.replace(project, lead_organisation_id=new)
        before = partners.get(project.id, [])
        after = sorted({new if one == old else one for one in before} - {project.lead_organisation_id}, key=str)
        if sorted(before, key=str) != after:
            await work.append(project, PartnersSet(before=before, after=after), effective_on=on)
    return len(found)


async def plans(work: Work, old: UUID, new: UUID, day: date) -> int:
    """Plans that it answers for are answered for by the one that stays from that day on."""
    found = [plan for plan in await repository.plans(work.connection) if plan.department_id == old]
    came = await last_said(work.connection, found, f'"department_id":"{old}"')
    for plan in found:
        event = PlanEdited(before=PlanPatch(department_id=old), after=PlanPatch(department_id=new))
        await work.append(plan, event, effective_on=max(day, came.get(plan.stream, day)))
    return len(found)
