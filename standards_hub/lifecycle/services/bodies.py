"""What the bodies are called in which somebody holds roles."""

from collections.abc import Callable, Collection
from uuid import UUID

from standards_hub.committees import repository as committees
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.values import Standard


async def body_names(
    work: Work, bodies: Collection[Body], standard: Callable[[Standard], Name] = lambda one: one.called
) -> dict[Body, Name]:  # fmt: skip
    """The names of committees, organisations and standards, at most two queries; what has no name here is left out."""

    def ids(of: str) -> list[UUID]:
        return [UUID(id) for kind, id in bodies if kind == of]

    names = await committees.names(work.connection, [*ids("committee"), *ids("organisation")])
    found = {(kind, id): names[UUID(id)] for kind, id in bodies if kind in ("committee", "organisation") and UUID(id) in names}
    if some := ids("standard"):
        found |= {("standard", str(id)): standard(one) for id, one in (await repository.standards(work.connection, some)).items()}
    return found


async def titles(work: Work, bodies: Collection[Body]) -> dict[Body, Name]:
    """The same with standards by their titles, as the search index has them."""
    return await body_names(work, bodies, lambda one: one.title)
