"""The kept reports: make one, watch it being made, read it, download its files."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from markupsafe import Markup

from standards_hub.documents import kept, repository, service, signing
from standards_hub.documents.overview import service as overviews
from standards_hub.documents.pages.days import a_day
from standards_hub.documents.report.kinds import ReportKind, kind_of, kinds, places_of
from standards_hub.documents.schemas import NewReport, ReportOut
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page, section
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "report.read"}
MAKE: dict[str, Any] = {"permission": "report.make"}

section("/reports", say("报告"), "report-analytics", "report.read", 70)


@get("/reports", opt=READ, include_in_schema=False)
async def listing(request: AnyRequest, reading: Work, plan: str | None = None, after: UUID | None = None) -> Response[str]:
    """Earlier reports, the newest first, and those being made."""
    found = await kept.listing(reading, plan=plan, after=after, limit=20)
    return page(
        request,
        "reports/list.html",
        found=found,
        plans={p.key: p for p in await overviews.plans(reading)},
        formats=service.FORMATS,
        kinds=kinds(),
    )


@get("/reports/new", opt=MAKE, include_in_schema=False)
async def new(
    request: AnyRequest, reading: Work, plan: str | None = None, as_of: str | None = None, kind: ReportKind = "progress"
) -> Response[str]:
    """The form: which plan, which day, compared with which: the day of the last report before it."""
    key = await overviews.some_plan(reading, plan)
    day = a_day(as_of, "as_of") or reading.today
    last = await repository.last_day(reading.connection, key, day) if key else None
    form = Form.holding({"plan": key or "", "as_of": day, "since": last if kind == "progress" else None, "kind": kind})
    return _form(request, form, await overviews.plans(reading))


def _form(request: AnyRequest, form: Form, plans: Any, status: int = 200) -> Response[str]:
    return page(request, "reports/new.html", status=status, form=form, plans=plans, kinds=kinds())


@post("/reports", opt=MAKE, include_in_schema=False)
async def make(request: AnyRequest) -> Response[Any]:
    """Ask for a report and go to its page, which shows how far it is."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: _asked(work, form))
    if outcome.value:
        return go(request, f"/reports/{outcome.value.id}")
    hub: Hub = request.app.state.hub
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        return _form(request, form, await overviews.plans(reading), outcome.error.status if outcome.error else 422)


async def _asked(work: Work, form: Form) -> ReportOut:
    wanted = form.into(NewReport)
    if kind_of(wanted.kind).period != "none":
        wanted.since = None  # the form comes filled in with the last report's day, which is not where a period begins
    return await kept.ask(work, wanted)


@get("/reports/{id:uuid}", opt=READ, include_in_schema=False)
async def show(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """One report as it was made, or how far it is."""
    found = await kept.show(reading, id)
    plans = {p.key: p for p in await overviews.plans(reading)}
    if found.report is None:
        return page(request, "reports/making.html", found=found, plans=plans, kind=kind_of(found.kind))
    _, letter = await kept.content(reading, id, "html")
    signers = await repository.names(reading.connection, [found.report.signed_by or ""])
    return page(
        request, "reports/report.html", found=found, report=found.report, plans=plans, formats=service.FORMATS,
        letter=Markup(letter.decode()), kind=kind_of(found.report.kind), places=places_of(found.report.kind),
        signing=await signing.preview(reading, id), signer=signers.get(found.report.signed_by or "", ""),
    )  # fmt: skip


@get("/reports/{id:uuid}/progress", opt=READ, include_in_schema=False)
async def progress(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """The part of the page that says how far a report is; once it is made, the whole page comes anew."""
    found = await kept.show(reading, id)
    return page(request, "reports/progress.html", found=found, headers={"HX-Refresh": "true"} if found.state != "running" else None)


@get("/reports/{id:uuid}/files/{format:str}", opt=READ, include_in_schema=False)
async def file(reading: Work, id: UUID, format: str) -> Response[bytes]:
    """One of its files, the same bytes as when it was made."""
    if format not in service.FORMATS:
        raise NotFound(say("找不到报告 {id}", id=id))
    report, content = await kept.content(reading, id, format)
    return download(content, service.file_name(report.plan_key, report.as_of, format, report.kind), service.FORMATS[format].media_type)


@post("/reports/{id:uuid}/discard", opt=MAKE, include_in_schema=False)
async def discard(request: AnyRequest, id: UUID) -> Response[Any]:
    """Take a report that could not be made off the list."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: kept.discard(work, id))
    if outcome.error:
        raise outcome.error
    return go(request, "/reports", say("已移除"))


PAGES: list[Any] = [listing, new, make, show, progress, file, discard]
