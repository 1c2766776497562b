"""The JSON doors of the files of organisations and people."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.status_codes import HTTP_200_OK

from standards_hub.committees.registering.organisations import ORGANISATIONS
from standards_hub.committees.registering.people import PEOPLE
from standards_hub.kernel.registers import taking
from standards_hub.kernel.registers.rows import XLSX
from standards_hub.kernel.registers.taking import Taken, Workbook
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
Upload = Annotated[Workbook, Body(media_type=RequestEncodingType.MULTI_PART)]
MAY_ORGANISATIONS, MAY_PEOPLE = {"permission": ORGANISATIONS.permission}, {"permission": PEOPLE.permission}


class OrganisationSheetController(Controller):
    """Organisations from a file."""

    path = "/organisations/sheet"
    tags = ("单位 Organisations",)

    @get(operation_id="OrganisationTemplate", opt=MAY_ORGANISATIONS, media_type=XLSX)
    async def template(self) -> Response[bytes]:
        """The empty workbook with its data dictionary."""
        return taking.template(ORGANISATIONS)

    @post("/try", operation_id="TryOrganisations", opt=MAY_ORGANISATIONS, status_code=HTTP_200_OK)
    async def attempt(self, request: AnyRequest, data: Upload) -> Taken:
        """Say row by row what would come of a file; nothing is kept."""
        async with request.app.state.hub.work(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
            return await taking.uploaded(work, ORGANISATIONS, data.file, write=False)

    @post(operation_id="TakeInOrganisations", opt=MAY_ORGANISATIONS, status_code=HTTP_200_OK)
    async def take_in(self, work: Work, data: Upload) -> Taken:
        """Register what the rows say. Rows that are wrong are left out and told by cell; the others are kept."""
        return await taking.uploaded(work, ORGANISATIONS, data.file, write=True)


class PersonSheetController(Controller):
    """People from a file."""

    path = "/people/sheet"
    tags = ("人员 People",)

    @get(operation_id="PersonTemplate", opt=MAY_PEOPLE, media_type=XLSX)
    async def template(self) -> Response[bytes]:
        """The empty workbook with its data dictionary."""
        return taking.template(PEOPLE)

    @post("/try", operation_id="TryPeople", opt=MAY_PEOPLE, status_code=HTTP_200_OK)
    async def attempt(self, request: AnyRequest, data: Upload) -> Taken:
        """Say row by row what would come of a file; nothing is kept."""
        async with request.app.state.hub.work(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
            return await taking.uploaded(work, PEOPLE, data.file, write=False)

    @post(operation_id="TakeInPeople", opt=MAY_PEOPLE, status_code=HTTP_200_OK)
    async def take_in(self, work: Work, data: Upload) -> Taken:
        """Register what the rows say. Rows that are wrong are left out and told by cell; the others are kept."""
        return await taking.uploaded(work, PEOPLE, data.file, write=True)


CONTROLLERS = [OrganisationSheetController, PersonSheetController]
