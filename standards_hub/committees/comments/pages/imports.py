"""Sheets that came back, merged in one upload: the form, what is being done, and what became of each file."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.committees.comments.schemas import Import
from standards_hub.committees.comments.services import enquiring, importing
from standards_hub.committees.comments.sheets import FORMS
from standards_hub.committees.comments.sheets.guarding import MOST_BYTES
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
DISPOSE: dict[str, Any] = {"permission": "comment.dispose"}
STATES = {"waiting": say("正在合并"), "done": say("已合并"), "failed": say("未能合并")}


@get("/enquiries/{id:uuid}/sheets", opt=DISPOSE, include_in_schema=False)
async def sheets_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """The form of an upload, and the uploads before."""
    return await _sheets(request, reading, id, Form())


async def _sheets(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    one, _ = await enquiring.held(work, id, "comment.dispose")
    return page(
        request, "enquiries/sheets.html", status=form.error.status if form.error else 200, one=one, form=form, states=STATES,
        imports=await importing.listing(work, id), most=importing.MOST_FILES, megabytes=MOST_BYTES // 1024**2,
    )  # fmt: skip


@post("/enquiries/{id:uuid}/sheets", opt=DISPOSE, include_in_schema=False)
async def upload(request: AnyRequest, id: UUID) -> Response[Any]:
    """Keep the sheets and let a job merge them."""
    form = await Form.of(request)
    files = [(file.filename, await file.read(MOST_BYTES + 1)) for file in form.files.get("files", [])]

    async def do(work: Work) -> Import:
        return await importing.begin(work, id, files)

    made = (await attempt(request, form, do)).value
    if made is None:
        async with looking(request) as reading:
            return await _sheets(request, reading, id, form)
    return go(request, f"/enquiries/{id}/sheets/{made.id}")


@get("/enquiries/{id:uuid}/sheets/{import_id:uuid}", opt=DISPOSE, include_in_schema=False)
async def import_page(request: AnyRequest, reading: Work, id: UUID, import_id: UUID) -> Response[str]:
    """What became of each file; while it is being done, the page looks again by itself."""
    found = await importing.show(reading, id, import_id)
    one, _ = await enquiring.held(reading, id, "comment.dispose")
    return page(request, "enquiries/import.html", one=one, found=found, states=STATES, forms=FORMS)


PAGES = [sheets_page, upload, import_page]
