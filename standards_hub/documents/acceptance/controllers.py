"""The JSON and file doors of acceptance packages."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_202_ACCEPTED

from standards_hub.documents.acceptance import service
from standards_hub.documents.acceptance.model import Package
from standards_hub.documents.acceptance.service import Kept, Part
from standards_hub.kernel.http import download
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository

READ: dict[str, Any] = {"permission": "package.read"}


class AcceptanceController(Controller):
    """What the acceptance of a project's standards goes by."""

    path = "/projects/{id:uuid}/packages"
    tags = ("科技项目 Projects",)

    @get(operation_id="ListPackages", opt=READ)
    async def listed(self, reading: Work, id: UUID) -> list[Kept]:
        """The packages of a project that were made, the newest first."""
        project = await repository.project(reading.connection, id)
        reading.actor.require("package.read", project)
        return await service.kept(reading.connection, id)

    @get("/now", operation_id="ReadPackage", opt=READ)
    async def now(self, reading: Work, id: UUID) -> Package:
        """What a package would say now: contract against what was reached by its days, with all evidence."""
        return (await service.gather(reading, id))[0]

    @post(operation_id="MakePackage", opt={"permission": "package.make"}, status_code=HTTP_202_ACCEPTED)
    async def make(self, work: Work, id: UUID) -> None:
        """Ask for a package of the project as it is now; it is made in the background."""
        await service.ask(work, id)

    @get("/{package_id:uuid}/{part:str}", operation_id="GetPackageFile", opt=READ, media_type="application/octet-stream")
    async def file(
        self, reading: Work, id: UUID, package_id: UUID, part: Annotated[Part, Parameter(description="Which of the two files.")]
    ) -> Response[bytes]:
        """The PDF or the ZIP of a package, the same bytes as when it was made."""
        found, content = await service.content(reading, id, package_id, part)
        project = await repository.project(reading.connection, id)
        return download(content, service.file_name(project.project_no, found.as_of, part), service.MEDIA_TYPES[part])


CONTROLLERS: list[Any] = [AcceptanceController]
