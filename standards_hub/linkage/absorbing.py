"""What of projects follows when an organisation goes into another one: who leads them, and who takes part."""

from uuid import UUID

from msgspec import structs

from standards_hub.kernel.work import Work
from standards_hub.linkage import repository
from standards_hub.linkage.claiming.events import PartnersSet
from standards_hub.linkage.events import ProjectEdited
from standards_hub.linkage.values import ProjectPatch


async def projects(work: Work, old: UUID, new: UUID) -> int:
    """Projects that it leads or takes part in name the one that stays from today on; who leads is no partner too."""
    found = await repository.naming(work.connection, old)
    partners = await repository.partners(work.connection, [project.id for project in found])
    for project in found:
        if project.lead_organisation_id == old:
            event = ProjectEdited(before=ProjectPatch(lead_organisation_id=old), after=ProjectPatch(lead_organisation_id=new))
            await work.append(project, event)
            project = structs.replace(project, lead_organisation_id=new)
        before = partners.get(project.id, [])
        after = sorted({new if one == old else one for one in before} - {project.lead_organisation_id}, key=str)
        if sorted(before, key=str) != after:
            await work.append(project, PartnersSet(before=before, after=after))
    return len(found)
