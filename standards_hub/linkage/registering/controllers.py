"""The doors of the file of projects: template, trying, taking in, giving out."""

from typing import Annotated, Any, Literal

from litestar import Controller, Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from litestar.status_codes import HTTP_200_OK

from standards_hub.kernel.http import download
from standards_hub.kernel.registers import taking
from standards_hub.kernel.registers.rows import CSV, XLSX
from standards_hub.kernel.registers.sheets import sheet as as_csv
from standards_hub.kernel.registers.taking import Taken, Workbook
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository
from standards_hub.linkage.registering.service import PROJECTS, rows_of
from standards_hub.linkage.registering.sheet import SHEET
from standards_hub.linkage.values import ProjectState

MANAGE: dict[str, Any] = {"permission": "project.manage"}
Format = Literal["xlsx", "csv"]
MEDIA: dict[str, str] = {"xlsx": XLSX, "csv": CSV}
MOST = 10_000
Upload = Annotated[Workbook, Body(media_type=RequestEncodingType.MULTI_PART)]


class ProjectSheetController(Controller):
    """Projects from a file and as a file."""

    path = "/projects/sheet"
    tags = ("科技项目 Projects",)

    @get("/template", operation_id="ProjectTemplate", opt=MANAGE, media_type=XLSX)
    async def template(self) -> Response[bytes]:
        """The empty workbook with its data dictionary."""
        return taking.template(PROJECTS)

    @get("/{format:str}", operation_id="ExportProjects", opt={"permission": "project.read"}, media_type="application/octet-stream")
    async def export(
        self, reading: Work, format: Annotated[Format, Parameter()], q: str | None = None, plan: str | None = None,
        project_state: ProjectState | None = None,
    ) -> Response[bytes]:  # fmt: skip
        """Projects with their promises, in the columns in which they are taken in."""
        return await exported(reading, format, q, plan, project_state)

    @post("/try", operation_id="TryProjects", opt=MANAGE, status_code=HTTP_200_OK)
    async def attempt(self, request: Request[Any, Any, Any], data: Upload) -> Taken:
        """Say row by row what would come of a file; nothing is kept."""
        async with request.app.state.hub.work(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
            return await taking.uploaded(work, PROJECTS, data.file, write=False)

    @post(operation_id="TakeInProjects", opt=MANAGE, status_code=HTTP_200_OK)
    async def take_in(self, work: Work, data: Upload) -> Taken:
        """Take in what the rows say. Rows that are wrong are left out and told by cell; the others are kept."""
        return await taking.uploaded(work, PROJECTS, data.file, write=True)


async def exported(reading: Work, format: Format, text: str | None, plan: str | None, state: str | None) -> Response[bytes]:
    found = await repository.projects(reading.connection, text=text, plan=plan, state=state, limit=MOST)
    rows = await rows_of(reading, found)
    content = SHEET.workbook(rows) if format == "xlsx" else as_csv(SHEET.table(rows))
    return download(content, f"projects.{format}", MEDIA[format])


CONTROLLERS = [ProjectSheetController]
