"""What the bodies are called in which somebody holds roles."""

from collections.abc import Collection
from uuid import UUID

from standards_hub.committees import repository as committees
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository


async def body_names(work: Work, bodies: Collection[Body]) -> dict[Body, str]:
    """The names of committees, organisations and standards, at most three queries; what has no name here is left out."""

    def ids(of: str) -> list[UUID]:
        return [UUID(id) for kind, id in bodies if kind == of]

    found: dict[Body, str] = {}
    if some := ids("committee"):
        found |= {("committee", str(one.id)): one.name_zh for one in await committees.briefs(work.connection, some)}
    if some := ids("organisation"):
        found |= {("organisation", str(id)): name for id, name in (await committees.organisation_names(work.connection, some)).items()}
    if some := ids("standard"):
        found |= {("standard", str(id)): one.label for id, one in (await repository.standards(work.connection, some)).items()}
    return found
