"""The JSON doors of imports of a portfolio: parse, call one service function, present."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi import ResponseSpec
from litestar.params import Body, Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT
from msgspec import Struct, structs

from standards_hub.kernel.http import download
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.intake import accepting, service, undoing
from standards_hub.lifecycle.intake.reading import MOST_BYTES
from standards_hub.lifecycle.intake.schemas import Acceptance, Corrections, IntakeOut, Undoing
from standards_hub.lifecycle.intake.values import Options, Outcome

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAY: dict[str, Any] = {"permission": "portfolio.import"}
LATER = {HTTP_202_ACCEPTED: ResponseSpec(IntakeOut, description="`wait` 为 false，正在办理 / `wait` was false: a job is at it")}
Only = Annotated[list[Outcome] | None, Parameter(query="outcome", description="Only rows of these outcomes: ok, warning, error.")]


class Upload(Struct, forbid_unknown_fields=True):
    """The form of an upload."""

    file: UploadFile
    create_organisations: bool = False
    plan_key: str | None = None


class Mended(Struct, forbid_unknown_fields=True):
    """The form of an error file that was put right."""

    file: UploadFile


class PortfolioImportController(Controller):
    """The existing portfolio from a file: template, check, acceptance, undoing."""

    path = "/imports/portfolio"
    tags = ["导入 Imports"]

    @get("/template", operation_id="PortfolioTemplate", opt=MAY, media_type=XLSX)
    async def template(self, reading: Work) -> Response[bytes]:
        """The workbook to fill in: data, data dictionary and lists of values."""
        return download(await service.template(reading), "portfolio-template.xlsx", XLSX)

    @get(operation_id="ListPortfolioImports", opt=MAY)
    async def listing(self, reading: Work) -> list[IntakeOut]:
        """Your imports, the latest first, without their rows."""
        return await service.recent(reading)

    @post(operation_id="UploadPortfolio", opt=MAY, status_code=HTTP_201_CREATED)
    async def upload(self, work: Work, data: Annotated[Upload, Body(media_type=RequestEncodingType.MULTI_PART)]) -> IntakeOut:
        """Upload XLSX or CSV; the answer says row by row what would be taken in. Nothing of it is written yet."""
        content = await data.file.read(MOST_BYTES + 1)
        options = Options(create_organisations=data.create_organisations, plan_key=data.plan_key or None)
        return await service.plan_import(work, content, data.file.filename, options)

    @get("/{id:uuid}", operation_id="ReadPortfolioImport", opt=MAY)
    async def read(self, reading: Work, id: UUID, outcome: Only = None) -> IntakeOut:
        """An import as it stands, checked afresh while it is open."""
        found = await service.show(reading, id)
        return structs.replace(found, rows=[row for row in found.rows if row.outcome in outcome]) if outcome else found

    @delete("/{id:uuid}", operation_id="DiscardPortfolio", opt=MAY, status_code=HTTP_204_NO_CONTENT)
    async def discard(self, work: Work, id: UUID) -> None:
        """Throw a check away that was not accepted."""
        await service.discard(work, id)

    @get("/{id:uuid}/errors", operation_id="PortfolioErrors", opt=MAY, media_type=XLSX)
    async def errors(self, reading: Work, id: UUID) -> Response[bytes]:
        """The rows that are wrong, to put right and load again."""
        return download(await service.errors(reading, id), "portfolio-errors.xlsx", XLSX)

    @post("/{id:uuid}/corrections", operation_id="CorrectPortfolio", opt=MAY, status_code=HTTP_200_OK)
    async def correct(self, work: Work, id: UUID, data: Corrections) -> IntakeOut:
        """Put cells right in place and check again."""
        return await service.correct(work, id, data.cells)

    @post("/{id:uuid}/mending", operation_id="MendPortfolio", opt=MAY, status_code=HTTP_200_OK)
    async def mend(self, work: Work, id: UUID, data: Annotated[Mended, Body(media_type=RequestEncodingType.MULTI_PART)]) -> IntakeOut:
        """Upload the error file again once it is put right: its rows take the place of those they came from."""
        return await service.mend(work, id, await data.file.read(MOST_BYTES + 1), data.file.filename)

    @post("/{id:uuid}/acceptance", operation_id="AcceptPortfolio", opt=MAY, status_code=HTTP_200_OK, responses=LATER)
    async def accept(self, work: Work, id: UUID, data: Acceptance) -> Response[IntakeOut]:
        """Take the rows in: all of them, or only the good ones; refused with the cells that are wrong. With `wait: false`, later."""
        if data.wait:
            return Response(await service.accept(work, id, only_good=data.only_good))
        return Response(await accepting.begin(work, id, only_good=data.only_good), status_code=HTTP_202_ACCEPTED)

    @post("/{id:uuid}/undoing", operation_id="UndoPortfolio", opt=MAY, status_code=HTTP_200_OK, responses=LATER)
    async def undo(self, work: Work, id: UUID, data: Undoing) -> Response[IntakeOut]:
        """Take the whole import back while nothing was built on it. With `wait: false`, later."""
        if data.wait:
            return Response(await undoing.undo(work, id, data.reason))
        return Response(await accepting.begin_undoing(work, id, data.reason), status_code=HTTP_202_ACCEPTED)


CONTROLLERS = [PortfolioImportController]
