"""What of standards follows when an organisation goes into another one: the competent department they answer to."""

from uuid import UUID

from standards_hub.kernel.work import Work
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Edited
from standards_hub.lifecycle.values import Patch


async def departments(work: Work, old: UUID, new: UUID) -> int:
    """Standards under it answer to the one that stays from today on; drafting lists keep the name they were made with."""
    found = await repository.of_department(work.connection, old)
    for standard in found:
        await work.append(standard, Edited(before=Patch(department_id=old), after=Patch(department_id=new)))
    return len(found)
