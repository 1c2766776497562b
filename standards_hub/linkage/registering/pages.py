"""Projects from a file as pages: choose a file, see row by row what would come of it, and take it in; and the file of the list."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import Parameter

from standards_hub.committees.registering.controllers import XLSX
from standards_hub.kernel import uploads
from standards_hub.kernel.errors import BadInput, HubError, NotSignedIn, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers.acts import Trail
from standards_hub.kernel.work import Hub, Work
from standards_hub.linkage.registering import service, sheet
from standards_hub.linkage.registering.controllers import MANAGE, Format, exported
from standards_hub.linkage.registering.service import OUTCOMES, Taken

AnyRequest = Request[Any, Any, Any]
State = Annotated[str | None, Parameter(query="state", max_length=20)]
TRAIL: Trail = [(say("科技项目"), "/projects")]
MARKS = {"registered": "met", "changed": "met", "promised": "met", "known": "waiting", "wrong": "unmet"}


@get("/projects/sheet", opt=MANAGE, include_in_schema=False)
async def sheet_page(request: AnyRequest) -> Response[str]:
    """The form of an upload."""
    return _page(request, Form(), None)


@get("/projects/sheet/template", opt=MANAGE, include_in_schema=False)
async def template_file() -> Response[bytes]:
    return download(sheet.workbook(), "projects.xlsx", XLSX)


@get("/projects/sheet/{format:str}", opt={"permission": "project.read"}, include_in_schema=False)
async def list_file(reading: Work, format: Format, q: str | None = None, plan: str | None = None, of: State = None) -> Response[bytes]:
    """The projects of the list with their promises."""
    return await exported(reading, format, q, plan, of)


@post("/projects/sheet", opt=MANAGE, include_in_schema=False)
async def send_sheet(request: AnyRequest) -> Response[str]:
    """Try a file, or take in one that was tried: it is kept meanwhile."""
    form = await Form.of(request)

    async def take(work: Work) -> tuple[Taken, str]:
        content, digest = await _content(work, form)
        return await service.take_in(work, content, write=True), digest

    if form.text("write") == "1":
        outcome = await attempt(request, form, take)
        return _page(request, form, outcome.value)
    hub: Hub = request.app.state.hub
    actor = request.scope["actor"]  # type: ignore[typeddict-item]
    try:
        async with hub.work(actor) as work:
            content, digest = await _content(work, form)
            await work.commit()  # only who sent the file
        async with hub.work(actor) as work:
            return _page(request, form, (await service.take_in(work, content, write=False), digest))
    except NotSignedIn:
        raise
    except HubError as error:
        form.error = error
        return _page(request, form, None)


async def _content(work: Work, form: Form) -> tuple[bytes, str]:
    """The uploaded file, or the one that was tried. Raises `BadInput` where none was chosen."""
    work.actor.require("project.manage")
    if file := form.file("file"):
        content = await file.read(sheet.MOST_BYTES + 1)
        return content, await uploads.keep(work, content)
    if (digest := form.text("tried")) and await uploads.own(work, digest):
        return work.files.get(digest), digest
    raise BadInput(say("请选择文件"), unmet=[Unmet("file", say("请选择 XLSX 或 CSV 文件"), "file")])


def _page(request: AnyRequest, form: Form, taken: tuple[Taken, str] | None) -> Response[str]:
    found = taken[0] if taken else None
    counts = [(name, found.counts[key], MARKS[key]) for key, name in OUTCOMES.items() if found.counts[key]] if found else []
    good = sum(found.counts[key] for key in ("registered", "changed", "promised")) if found else 0
    return page(
        request, "projects/sheet.html", status=form.error.status if form.error else 200, form=form, taken=found, marks=MARKS,
        outcomes=OUTCOMES, counts=counts, good=good, digest=taken[1] if taken else "", trail=TRAIL, columns=sheet.COLUMNS,
        letters=sheet.LETTERS,
        sum=say("每行一个项目和一项承诺；先试算，看每一行的结果，再导入") if found is None
        else say("已写入 {count} 行", count=good) if found.written else say("可写入 {count} 行，尚未写入", count=good),
    )  # fmt: skip


PAGES: list[Any] = [sheet_page, template_file, list_file, send_sheet]
