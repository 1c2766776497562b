"""Organisations from a workbook as pages: choose a file, see row by row what would come of it, and take it in."""

from typing import Any

from litestar import Request, Response, get, post

from standards_hub.committees.registering import service, sheet
from standards_hub.committees.registering.controllers import MAY, as_file
from standards_hub.committees.registering.service import OUTCOMES, Taken
from standards_hub.kernel import uploads
from standards_hub.kernel.errors import BadInput, HubError, NotSignedIn, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import page
from standards_hub.kernel.registers.acts import Trail
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
TRAIL: Trail = [(say("单位"), "/organisations")]
MARKS = {"registered": "met", "changed": "met", "known": "waiting", "wrong": "unmet"}


@get("/organisations/sheet", opt=MAY, include_in_schema=False)
async def sheet_page(request: AnyRequest) -> Response[str]:
    """The form of an upload."""
    return _page(request, Form(), None)


@get("/organisations/sheet/template", opt=MAY, include_in_schema=False)
async def template_file() -> Response[bytes]:
    return as_file(sheet.template())


@post("/organisations/sheet", opt=MAY, include_in_schema=False)
async def send_sheet(request: AnyRequest) -> Response[str]:
    """Try a workbook, or take in one that was tried: its file is kept meanwhile."""
    form = await Form.of(request)

    async def take(work: Work) -> tuple[Taken, str]:
        content, digest = await _content(work, form)
        return await service.take_in(work, content, write=True), digest

    if form.text("write") == "1":
        outcome = await attempt(request, form, take)
        return _page(request, form, outcome.value)
    hub: Hub = request.app.state.hub
    try:
        async with hub.work(request.scope["actor"]) as work:  # type: ignore[typeddict-item]
            content, digest = await _content(work, form)
            await work.commit()  # whose file it is stays, nothing else does
            return _page(request, form, (await service.take_in(work, content, write=False), digest))
    except NotSignedIn:
        raise
    except HubError as error:
        form.error = error
        return _page(request, form, None)


async def _content(work: Work, form: Form) -> tuple[bytes, str]:
    """The uploaded file, or the one that was tried. Raises `BadInput` where none was chosen."""
    work.actor.require("organisation.manage")
    if file := form.file("file"):
        content = await file.read(sheet.MOST_BYTES + 1)
        return content, await uploads.keep(work, content)
    if (digest := form.text("tried")) and await uploads.own(work, digest):
        return work.files.get(digest), digest
    raise BadInput(say("请选择文件"), unmet=[Unmet("file", say("请选择 XLSX 文件"), "file")])


def _page(request: AnyRequest, form: Form, taken: tuple[Taken, str] | None) -> Response[str]:
    found = taken[0] if taken else None
    counts = [(name, found.counts[key], MARKS[key]) for key, name in OUTCOMES.items() if found.counts[key]] if found else []
    good = sum(found.counts[key] for key in ("registered", "changed")) if found else 0
    return page(
        request, "organisations/sheet.html", status=form.error.status if form.error else 200, form=form, taken=found, marks=MARKS,
        outcomes=OUTCOMES, counts=counts, good=good, digest=taken[1] if taken else "", trail=TRAIL,
        sum=say("每行一个单位；先试算，看每一行的结果，再导入") if found is None
        else say("已写入 {count} 个单位", count=good) if found.written else say("可写入 {count} 个单位，尚未写入", count=good),
    )  # fmt: skip


PAGES: list[Any] = [sheet_page, template_file, send_sheet]
