"""The signed result sheet of a ballot on its page: sent there, and read again."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import Struct

from standards_hub.committees.ballots import signing
from standards_hub.committees.ballots.pages.acting import MANAGE, READ
from standards_hub.committees.ballots.pages.one import shown
from standards_hub.committees.ballots.values import SignedSheet
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import download
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]


class Signed(Struct, frozen=True):
    """When a sheet was signed."""

    signed_on: date


@post("/ballots/{id:uuid}/sheets", opt={"permission": MANAGE}, include_in_schema=False)
async def file_sheet(request: AnyRequest, id: UUID) -> Response[Any]:
    """File the sheet that came back signed; what was typed comes back where it cannot be."""
    form = await Form.of(request)
    file = form.file("file")
    content = await file.read(signing.MOST_BYTES + 1) if file else b""

    async def do(work: Work) -> SignedSheet:
        if file is None:
            raise BadInput(say("签署的结果表不能归档"), unmet=[Unmet("required", say("请选择签署的结果表；空文件不能归档"), "file")])
        return await signing.file_sheet(work, id, file.filename, content, form.into(Signed).signed_on)

    done = await attempt(request, form, do)
    if done.value is None:
        hub: Hub = request.app.state.hub
        async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
            return await shown(request, reading, id, Form(), done.error.status if done.error else 422, form)
    return go(request, f"/ballots/{id}#signed", say("已归档，并归入标准的卷宗") if done.value.paper_id else say("已归档"))


@get(
    "/ballots/{id:uuid}/sheets/{sheet_id:uuid}/file",
    opt={"permission": READ},
    include_in_schema=False,
    media_type="application/octet-stream",
)
async def sheet_file(reading: Work, id: UUID, sheet_id: UUID) -> Response[bytes]:
    """The signed sheet as a file to keep."""
    sheet, content = await signing.read_sheet(reading, id, sheet_id)
    return download(content, sheet.filename, sheet.media_type)


PAGES: list[Any] = [file_sheet, sheet_file]
