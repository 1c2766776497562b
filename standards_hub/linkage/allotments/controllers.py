"""The JSON doors of divisions of targets."""

from datetime import date
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_201_CREATED

from standards_hub.kernel.work import Work
from standards_hub.linkage.allotments import service
from standards_hub.linkage.allotments.schemas import AllotmentOut, AllotmentsOut, NewAllotment
from standards_hub.linkage.allotments.values import Allotment

On = Annotated[date | None, Parameter(description="The day it is asked for; today if left out.")]


class AllotmentController(Controller):
    """Targets divided by year, field, region and unit."""

    path = "/plans/{key:str}"
    tags = ("计划 Plans",)

    @get("/allotments", operation_id="ListAllotments", opt={"permission": "report.read"})
    async def show(self, reading: Work, key: str, as_of: On = None) -> AllotmentsOut:
        """The divisions in force beside what counts: allotted and counted add up, participation does not."""
        return out(await service.show(reading, key, as_of))

    @post("/targets/{target:str}/allotments", operation_id="AllotTarget", opt={"permission": "plan.manage"})
    async def allot(self, work: Work, key: str, target: str, data: NewAllotment) -> Response[Allotment]:
        """Divide a target in whole numbers along one or two axes; the former division is kept as a version."""
        return Response(await service.allot(work, key, target, data), status_code=HTTP_201_CREATED)


def out(found: service.Shown) -> AllotmentsOut:
    divisions = [AllotmentOut(allotment=one.allotment, target=one.allotment.target_key, compared=one.compared) for one in found.divisions]
    return AllotmentsOut(as_of=found.tally.counted.as_of, divisions=divisions, former=found.former)


CONTROLLERS: list[Any] = [AllotmentController]
