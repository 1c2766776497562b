"""The JSON doors of committees' ways."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK

from standards_hub.committees.controllers import IfMatch, with_committee
from standards_hub.committees.founding import service
from standards_hub.committees.founding.schemas import CommitteeLimit, CourseMove, CourseOut
from standards_hub.committees.founding.values import Course
from standards_hub.kernel.work import Work

Days = Annotated[int, Parameter(ge=0, le=3650, description="How many days ahead; what is past is always there.")]


class CourseController(Controller):
    """Founding, terms, re-election and evaluation of committees."""

    path = "/committees"
    tags = ("技术委员会 Committees",)

    @get("/{id:uuid}/course", operation_id="ShowCourse", opt={"permission": "committee.read"})
    async def show(self, reading: Work, id: UUID) -> CourseOut:
        """Where the committee stands, what is missing to go on, the days it has to keep, and what was recorded."""
        return await service.show(reading, id)

    @post("/{id:uuid}/course", operation_id="MoveCourse", opt={"permission": "committee.move"}, status_code=HTTP_200_OK)
    async def move(self, work: Work, id: UUID, data: CourseMove, if_match: IfMatch = None) -> Course:
        """Record an act: proposal, notice, approval, term, re-election, evaluation. Refused with everything that is missing."""
        await with_committee(work, id, if_match)
        return await service.move(work, id, data)

    @get("/limits", operation_id="ListCommitteeLimits", opt={"permission": "committee.read"})
    async def limits(self, reading: Work, days: Days = 180) -> list[CommitteeLimit]:
        """The days that committees have to keep: terms that end, re-elections to be prepared, rectifications."""
        return await service.limits(reading, days)


CONTROLLERS = [CourseController]
