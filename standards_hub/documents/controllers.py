"""The JSON and file doors of the progress report."""

from datetime import date
from typing import Annotated, Any, Literal

from litestar import Controller, Response, get
from litestar.params import Parameter

from standards_hub.documents import service
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.controllers import download


class ReportController(Controller):
    """Progress on a plan's targets."""

    path = "/plans/{plan:str}/progress"
    tags = ["报告 Reports"]

    @get(operation_id="ReadProgress", opt={"permission": "report.read"})
    async def read(self, reading: Work, plan: str, as_of: date | None = None, since: date | None = None) -> Response[bytes]:
        """The progress report as JSON: targets, counted standards, work in progress, overdue, with the counting rule."""
        report = await service.progress_report(reading, plan, as_of or reading.today, since)
        return Response(await service.printed(report, "json"), media_type="application/json")

    @get("/{format:str}", operation_id="PrintProgress", opt={"permission": "report.make"}, media_type="application/octet-stream")
    async def print(
        self, reading: Work, plan: str, format: Annotated[Literal["docx", "pdf", "xlsx", "json"], Parameter()],
        as_of: date | None = None, since: date | None = None,
    ) -> Response[bytes]:  # fmt: skip
        """The same report as a file."""
        day = as_of or reading.today
        report = await service.progress_report(reading, plan, day, since)
        content = await service.printed(report, format)
        return download(content, f"进展报告-{plan}-{day}.{format}", service.FORMATS[format].media_type)


CONTROLLERS: list[Any] = [ReportController]
