"""The JSON doors of the workbook of organisations."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.status_codes import HTTP_200_OK
from msgspec import Struct

from standards_hub.committees.registering import service, sheet
from standards_hub.committees.registering.service import Taken
from standards_hub.kernel.work import Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAY = {"permission": "organisation.manage"}


class Workbook(Struct, forbid_unknown_fields=True):
    """The form of an upload."""

    file: UploadFile


class OrganisationSheetController(Controller):
    """Organisations from a workbook."""

    path = "/organisations/sheet"
    tags = ("单位 Organisations",)

    @get(operation_id="OrganisationTemplate", opt=MAY, media_type=XLSX)
    async def template(self) -> Response[bytes]:
        """The empty workbook to fill in."""
        return as_file(sheet.template())

    @post("/try", operation_id="TryOrganisations", opt=MAY, status_code=HTTP_200_OK)
    async def attempt(
        self, request: Request[Any, Any, Any], data: Annotated[Workbook, Body(media_type=RequestEncodingType.MULTI_PART)]
    ) -> Taken:
        """Say row by row what would come of a workbook; nothing is kept."""
        async with request.app.state.hub.work(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
            return await service.take_in(work, await data.file.read(sheet.MOST_BYTES + 1), write=False)

    @post(operation_id="TakeInOrganisations", opt=MAY, status_code=HTTP_200_OK)
    async def take_in(self, work: Work, data: Annotated[Workbook, Body(media_type=RequestEncodingType.MULTI_PART)]) -> Taken:
        """Register what the rows say. Rows that are wrong are left out and told by cell; the others are kept."""
        return await service.take_in(work, await data.file.read(sheet.MOST_BYTES + 1), write=True)


def as_file(content: bytes) -> Response[bytes]:
    headers = {"Content-Disposition": "attachment; filename=organisations.xlsx", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=XLSX, headers=headers)


CONTROLLERS = [OrganisationSheetController]
