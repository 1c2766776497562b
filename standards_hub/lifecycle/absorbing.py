"""What of standards follows when an organisation goes into another one: the competent department they answer to."""

from datetime import date
from uuid import UUID

from standards_hub.kernel.work import Work, last_said
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Edited
from standards_hub.lifecycle.values import Patch


async def departments(work: Work, old: UUID, new: UUID, day: date) -> int:
    """Standards under it answer to the one that stays from that day on; drafting lists keep the name they were made with."""
    found = await repository.of_department(work.connection, old)
    came = await last_said(work.connection, found, f'"department_id":"{old}"')
    for standard in found:
        event = Edited(before=Patch(department_id=old), after=Patch(department_id=new))
        await work.append(standard, event, effective_on=max(day, came.get(standard.stream, day)))
    return len(found)
