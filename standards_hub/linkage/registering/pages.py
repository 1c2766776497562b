"""Projects from a file as pages, and the file of the list."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import Parameter

from standards_hub.kernel.registers import taking
from standards_hub.kernel.work import Work
from standards_hub.linkage.registering.controllers import Format, exported
from standards_hub.linkage.registering.service import PROJECTS

State = Annotated[str | None, Parameter(query="state", max_length=20)]


@get("/projects/sheet/{format:str}", opt={"permission": "project.read"}, include_in_schema=False)
async def list_file(reading: Work, format: Format, q: str | None = None, plan: str | None = None, of: State = None) -> Response[bytes]:
    """The projects of the list with their promises."""
    return await exported(reading, format, q, plan, of)


PAGES: list[Any] = [*taking.routes(PROJECTS), list_file]
