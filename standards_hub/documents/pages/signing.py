"""A report on its way to its signature: its author's words, making it anew, and the one act that signs it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import Parameter
from msgspec import structs

from standards_hub.documents import kept, narrating, opening, repository, service, signing
from standards_hub.documents.overview.selections import Change, Selection
from standards_hub.documents.pages.overview import OUTCOMES
from standards_hub.documents.report.kinds import Place, kind_of, places_of
from standards_hub.documents.report.narrative import Narrative, Shortfall
from standards_hub.documents.schemas import NarrativeOut, NewReport, Report, ReportOut, SignReport
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.errors import HubError, NotFound, Stale
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.services.moving import STATUS_NAMES
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES, Level
from standards_hub.linkage.counting import Outcome
from standards_hub.linkage.rule import Role

AnyRequest = Request[Any, Any, Any]
MAKE: dict[str, Any] = {"permission": "report.make"}
SIGN: dict[str, Any] = {"permission": signing.MAY}
SPARE = 3
"""Empty rows under those that are filled in."""


@get("/reports/{id:uuid}/narrative", opt=MAKE, include_in_schema=False)
async def narrative(request: AnyRequest, reading: Work, id: UUID, adopt: bool = False) -> Response[str]:
    """The places of the author, filled in as they are; `adopt` fills the empty ones with what was written last time."""
    report = await _report(reading, id)
    found = await narrating.read(reading, report.plan_key, report.kind, report.as_of)
    content = adopted(found) if adopt else found.content
    known = {one.project_no for one in content.shortfalls}
    owed = tuple(Shortfall(project_no=number) for number in report.short if number not in known)
    form = Form.holding({**_fields(content), "shortfalls": [*content.shortfalls, *owed]})
    return _narrative(request, report, found, form, adopt=adopt)


def adopted(found: NarrativeOut) -> Narrative:
    """What was written, and for what was not what was written last time."""
    now, last = found.content, found.previous or found.content
    return Narrative(
        texts={**{key: text for key, text in last.texts.items() if key not in now.omitted}, **now.texts}, omitted=now.omitted,
        steps=now.steps or last.steps, shortfalls=now.shortfalls or last.shortfalls,
    )  # fmt: skip


def _fields(content: Narrative) -> dict[str, Any]:
    return {"texts": content.texts, "omitted": content.omitted, "steps": content.steps}


def _narrative(
    request: AnyRequest, report: Report, found: NarrativeOut, form: Form, *, adopt: bool = False, status: int = 200
) -> Response[str]:  # fmt: skip
    places = places_of(report.kind)
    names = [f"texts[{key}]" for key in places]
    rows = {"steps": form.filled("steps") + SPARE, "shortfalls": len(form.rows("shortfalls"))}
    theirs: list[tuple[Message | Name, str]] | None = None
    if isinstance(form.error, Stale):  # both are in sight now, so the form may be sent again
        form.fields["version"] = [str(found.version)]
        theirs = [
            (place.name, text) for key, place in places.items() if (text := _now(found, key, place)) != form.text(f"texts[{key}]").strip()
        ]
    return page(
        request, "reports/narrative.html", status=status, report=report, found=found, form=form, places=places, names=names, rows=rows,
        adopt=adopt, kind=kind_of(report.kind), theirs=theirs,
    )  # fmt: skip


def _now(found: NarrativeOut, key: str, place: Place) -> str:
    """What stands in a place now, a row of a table on a line of its own."""
    rows = {"steps": found.content.steps, "shortfalls": found.content.shortfalls}.get(place.form)
    if rows is None:
        return found.content.texts.get(key, "")
    return "\n".join("，".join(str(cell) for cell in structs.astuple(row) if cell) for row in rows)


@post("/reports/{id:uuid}/narrative", opt=MAKE, include_in_schema=False)
async def write(request: AnyRequest, id: UUID) -> Response[Any]:
    """Keep what was written; with `again`, make the report anew with it."""
    form = await Form.of(request)
    version, again = form.text("version", "0"), bool(form.text("again"))

    async def do(work: Work) -> ReportOut | None:
        report = await _report(work, id)
        typed = Form(fields={name: values for name, values in form.fields.items() if name not in ("version", "again")})
        await narrating.write(work, report.plan_key, report.kind, report.as_of, typed.into(Narrative), expected=version)
        return await kept.ask(work, _again(report)) if again else None

    outcome = await attempt(request, form, do)
    if outcome.error:
        return await _wrong(request, id, form, outcome.error)
    if outcome.value:
        return go(request, f"/reports/{outcome.value.id}")
    return go(request, f"/reports/{id}", say("已保存；重新编制后写入报告"))


async def _wrong(request: AnyRequest, id: UUID, form: Form, error: HubError) -> Response[str]:
    hub: Hub = request.app.state.hub
    async with hub.glancing(_actor(request)) as reading:
        report = await _report(reading, id)
        found = await narrating.read(reading, report.plan_key, report.kind, report.as_of)
        return _narrative(request, report, found, form, status=error.status)


@get("/reports/{id:uuid}/standards", opt={"permission": "report.read"}, include_in_schema=False)
async def standards(
    request: AnyRequest, reading: Work, id: UUID, outcome: Annotated[list[Outcome] | None, Parameter(max_items=4)] = None,
    stage: Annotated[list[str] | None, Parameter(max_items=20)] = None, target: str | None = None, level: Level | None = None,
    field: str | None = None, region: str | None = None, role: Role | None = None, halted: bool = False, overdue: bool = False,
    change: Change | None = None, joined: str | None = None, gap: bool = False, stricter: bool = False, output: bool = False,
    office: str | None = None,
) -> Response[str]:  # fmt: skip
    """The standards behind one number of the report, as of its day and as known when it was made, each with what happened to it."""
    chosen = Selection(
        outcome=tuple(outcome or ()), stage=tuple(stage or ()), target=target, level=level, field=field, region=region, role=role,
        halted=halted, overdue=overdue, change=change, joined=joined, gap=gap, stricter=stricter, output=output, office=office,
    )  # fmt: skip
    report = await _report(reading, id)
    return page(
        request, "reports/standards.html", report=report, kind=kind_of(report.kind), lines=await opening.lines(reading, id, chosen),
        levels=LEVEL_NAMES, statuses=STATUS_NAMES, outcomes=OUTCOMES,
    )  # fmt: skip


@post("/reports/{id:uuid}/again", opt=MAKE, include_in_schema=False)
async def again(request: AnyRequest, id: UUID) -> Response[Any]:
    """Make the report of the same plan, kind and day anew: with today's knowledge, and the words its author wrote."""
    form = await Form.of(request)

    async def do(work: Work) -> ReportOut:
        return await kept.ask(work, _again(await _report(work, id)))

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        raise outcome.error or NotFound(say("找不到报告 {id}", id=id))
    return go(request, f"/reports/{outcome.value.id}")


def _again(report: Report) -> NewReport:
    since: date | None = report.since
    return NewReport(plan=report.plan_key, as_of=report.as_of, since=since, kind=report.kind)


@get("/reports/{id:uuid}/sign", opt=SIGN, include_in_schema=False)
async def confirm(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """What will be signed: the numbers, the day, the files with their hashes, and what is corrected; or what is missing."""
    return await _confirm(request, reading, id, Form())


async def _confirm(request: AnyRequest, work: Work, id: UUID, form: Form, status: int = 200) -> Response[str]:
    found = await signing.preview(work, id)
    return page(
        request, "reports/sign.html", status=status, found=found, report=found.report, form=form, kind=kind_of(found.report.kind),
        formats=service.FORMATS,
    )  # fmt: skip


@post("/reports/{id:uuid}/sign", opt=SIGN, include_in_schema=False)
async def sign(request: AnyRequest, id: UUID) -> Response[Any]:
    """Sign it."""
    form = await Form.of(request)

    async def do(work: Work) -> Report:
        return await signing.sign(work, id, form.into(SignReport))

    outcome = await attempt(request, form, do)
    if outcome.value is None:
        hub: Hub = request.app.state.hub
        async with hub.glancing(_actor(request)) as reading:
            return await _confirm(request, reading, id, form, outcome.error.status if outcome.error else 422)
    return go(request, f"/reports/{id}", say("已签发，快照第 {n} 号", n=outcome.value.snapshot))


def _actor(request: AnyRequest) -> Actor:
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    return actor


async def _report(work: Work, id: UUID) -> Report:
    found = await repository.report(work.connection, id)
    if found is None:
        raise NotFound(say("找不到报告 {id}", id=id))
    return found


PAGES: list[Any] = [narrative, write, standards, again, confirm, sign]
