"""The replies to those who left an address: read before they go out, and sent."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.schemas import RepliesOut
from standards_hub.committees.comments.services import replying
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.http import version_read
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
DISPOSE: dict[str, Any] = {"permission": "comment.dispose"}


@get("/enquiries/{id:uuid}/replies", opt=DISPOSE, include_in_schema=False)
async def replies_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """Who will be told what."""
    return await _replies(request, reading, id, Form())


async def _replies(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    found = await replying.waiting(work, id)
    one = await repository.enquiry(work.connection, id)
    return page(request, "enquiries/replies.html", status=form.error.status if form.error else 200, one=one, found=found, form=form)


@post("/enquiries/{id:uuid}/replies", opt=DISPOSE, include_in_schema=False)
async def send(request: AnyRequest, id: UUID) -> Response[Any]:
    """Send them."""
    form = await Form.of(request)

    async def do(work: Work) -> RepliesOut:
        return await replying.send(work, id, version_read(form.text("version") or None))

    sent = (await attempt(request, form, do)).value
    if sent is None:
        async with looking(request) as reading:
            return await _replies(request, reading, id, form)
    return go(
        request, f"/enquiries/{id}/replies", say("已寄送 {mails} 封，答复 {comments} 条意见", mails=sent.mails, comments=sent.comments)
    )


PAGES = [replies_page, send]
