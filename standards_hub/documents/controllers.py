"""The JSON and file doors of the overview, the progress report and the kept reports."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from standards_hub.committees.controllers import After, IfMatch, Limit, with_version
from standards_hub.documents import kept, narrating, opening, service, signing
from standards_hub.documents.acceptance.controllers import CONTROLLERS as ACCEPTANCE
from standards_hub.documents.overview import service as overviews
from standards_hub.documents.overview.model import LineView, Overview
from standards_hub.documents.overview.selections import Change, Selection
from standards_hub.documents.report.kinds import ReportKind
from standards_hub.documents.report.narrative import Narrative
from standards_hub.documents.schemas import NarrativeOut, NewReport, Report, ReportOut, Signing, SignReport
from standards_hub.kernel.http import Page, download
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.counting import Outcome
from standards_hub.linkage.rule import Role

Word = Annotated[str | None, Parameter(max_length=200)]
Outcomes = Annotated[list[Outcome] | None, Parameter(max_items=4)]
Stages = Annotated[list[str] | None, Parameter(max_items=20)]


class ReportController(Controller):
    """Progress on a plan's targets."""

    path = "/plans/{plan:str}/progress"
    tags = ["报告 Reports"]

    @get(operation_id="ReadProgress", opt={"permission": "report.read"})
    async def read(
        self, reading: Work, plan: str, as_of: date | None = None, since: date | None = None, kind: ReportKind = "progress"
    ) -> Response[bytes]:
        """The progress report as JSON: targets, counted standards, work in progress, overdue, with the counting rule."""
        report = await service.progress_report(reading, plan, as_of or reading.today, since, kind=kind)
        return Response(await service.printed(report, "json"), media_type="application/json")

    @get("/{format:str}", operation_id="PrintProgress", opt={"permission": "report.make"}, media_type="application/octet-stream")
    async def print(
        self, reading: Work, plan: str, format: Annotated[Literal["docx", "pdf", "xlsx", "json"], Parameter()],
        as_of: date | None = None, since: date | None = None, kind: ReportKind = "progress",
    ) -> Response[bytes]:  # fmt: skip
        """The same report as a file."""
        day = as_of or reading.today
        report = await service.progress_report(reading, plan, day, since, kind=kind)
        content = await service.printed(report, format)
        return download(content, service.file_name(plan, day, format, kind), service.FORMATS[format].media_type)


Kind = Annotated[ReportKind, Parameter()]
Format = Annotated[Literal["docx", "pdf", "xlsx", "json"], Parameter()]


class KeptReportController(Controller):
    """Reports that were made and kept."""

    path = "/reports"
    tags = ["报告 Reports"]

    @get(operation_id="ListReports", opt={"permission": "report.read"})
    async def list(self, reading: Work, plan: Word = None, after: After = None, limit: Limit = 50) -> Page[ReportOut]:
        """Reports, the newest first; those being made stand before the first page."""
        return await kept.listing(reading, plan=plan, after=after, limit=limit)

    @post(operation_id="MakeReport", opt={"permission": "report.make"}, status_code=HTTP_202_ACCEPTED)
    async def make(self, work: Work, data: NewReport) -> ReportOut:
        """Ask for a report as of a day; it is made in the background and found under its id."""
        return await kept.ask(work, data)

    @get("/{id:uuid}", operation_id="GetReport", opt={"permission": "report.read"})
    async def show(self, reading: Work, id: UUID) -> ReportOut:
        """One report with the hashes of its files, or how far it is."""
        return await kept.show(reading, id)

    @get(
        "/{id:uuid}/files/{format:str}",
        operation_id="GetReportFile",
        opt={"permission": "report.read"},
        media_type="application/octet-stream",
    )
    async def file(self, reading: Work, id: UUID, format: Format) -> Response[bytes]:
        """One of its files, the same bytes as when it was made."""
        report, content = await kept.content(reading, id, format)
        return download(content, service.file_name(report.plan_key, report.as_of, format, report.kind), service.FORMATS[format].media_type)

    @get("/{id:uuid}/signing", operation_id="PreviewSigning", opt={"permission": "report.read"})
    async def preview(self, reading: Work, id: UUID) -> Signing:
        """What would be signed, and what stands in the way."""
        return await signing.preview(reading, id)

    @post("/{id:uuid}/sign", operation_id="SignReport", opt={"permission": signing.MAY}, status_code=HTTP_200_OK)
    async def sign(self, work: Work, id: UUID, data: SignReport) -> Report:
        """Sign it with its files and a snapshot of its plan; a signed report never changes."""
        return await signing.sign(work, id, data)

    @get("/{id:uuid}/standards", operation_id="ListReportStandards", opt={"permission": "report.read"})
    async def standards(
        self, reading: Work, id: UUID, outcome: Outcomes = None, stage: Stages = None, target: Word = None, level: Level | None = None,
        field: Word = None, region: Word = None, role: Role | None = None, halted: bool = False, overdue: bool = False,
    change: Change | None = None, joined: Word = None, gap: bool = False, stricter: bool = False, output: bool = False, office: Word = None,
    ) -> Page[LineView]:  # fmt: skip
        """The standards behind one number of it, as of its day and from what was known when it was made."""
        chosen = Selection(
            outcome=tuple(outcome or ()), stage=tuple(stage or ()), target=target, level=level, field=field, region=region, role=role,
            halted=halted, overdue=overdue, change=change, joined=joined, gap=gap, stricter=stricter, output=output, office=office,
        )  # fmt: skip
        return Page(await opening.lines(reading, id, chosen))

    @post("/{id:uuid}/discard", operation_id="DiscardReport", opt={"permission": "report.make"}, status_code=HTTP_204_NO_CONTENT)
    async def discard(self, work: Work, id: UUID) -> None:
        """Take a report that could not be made off the list."""
        await kept.discard(work, id)


class NarrativeController(Controller):
    """What authors write into the reports of a period."""

    path = "/plans/{plan:str}/narratives/{kind:str}/{as_of:date}"
    tags = ["报告 Reports"]

    @get(operation_id="ReadNarrative", opt={"permission": "report.read"})
    async def read(self, reading: Work, plan: str, kind: Kind, as_of: date) -> Response[NarrativeOut]:
        """The author's words with what is missing, and those of the period before as a suggestion."""
        found = await narrating.read(reading, plan, kind, as_of)
        return with_version(found, found.version)

    @put(operation_id="WriteNarrative", opt={"permission": "report.make"})
    async def write(
        self, work: Work, plan: str, kind: Kind, as_of: date, data: Narrative, if_match: IfMatch = None
    ) -> Response[NarrativeOut]:
        """Keep what was written, all places at once; reports made from now on print it."""
        await narrating.write(work, plan, kind, as_of, data, expected=if_match)
        found = await narrating.read(work, plan, kind, as_of)
        return with_version(found, found.version)


class OverviewController(Controller):
    """Where a plan stands on any day."""

    path = "/plans/{plan:str}/overview"
    tags = ["报告 Reports"]

    @get(operation_id="ReadOverview", opt={"permission": "plan.read"})
    async def read(self, reading: Work, plan: str, on: date | None = None, since: date | None = None) -> Overview:
        """Targets, stages, fields, ageing, what is overdue and what came out; what counts only for those who may see reports."""
        return await overviews.overview(reading, plan, on, since)

    @get("/standards", operation_id="ReadOverviewStandards", opt={"permission": "plan.read"})
    async def standards(
        self, reading: Work, plan: str, on: date | None = None, since: date | None = None, outcome: Outcomes = None, stage: Stages = None,
        target: Word = None, level: Level | None = None, field: Word = None, change: Change | None = None, halted: bool = False,
    ) -> Page[LineView]:  # fmt: skip
        """The standards behind one number of the overview, and why they are there."""
        chosen = Selection(
            outcome=tuple(outcome or ()), stage=tuple(stage or ()), target=target, level=level, field=field, change=change, halted=halted
        )
        return Page(await overviews.lines(reading, plan, chosen, on, since))


CONTROLLERS: list[Any] = [ReportController, KeptReportController, NarrativeController, OverviewController, *ACCEPTANCE]
