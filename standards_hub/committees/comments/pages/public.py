"""What is open for comment: the list, a draft by clause with the form beneath it, and its file."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.committees import repository as registers
from standards_hub.committees.comments import repository
from standards_hub.committees.comments.ports import Held
from standards_hub.committees.comments.reading import clauses_of
from standards_hub.committees.comments.schemas import NewComment, Receipt
from standards_hub.committees.comments.services import answering, enquiring
from standards_hub.committees.comments.services.answering import ATTACHMENTS, MOST_ATTACHMENT
from standards_hub.committees.comments.subjects import STANDINGS
from standards_hub.committees.comments.values import AUTHOR_KINDS, TYPES
from standards_hub.kernel.access.controllers import address_of
from standards_hub.kernel.errors import NotFound, TooMany
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.http import download, language_of
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub, Work

AnyRequest = Request[Any, Any, Any]
READ: dict[str, Any] = {"permission": "enquiry.read"}
SEE: dict[str, Any] = {"permission": "comment.read"}
LIMIT = 50
FIELDS = ("author", "author_kind", "email", "clause", "element", "type", "text", "proposed", "file")
OCTETS = "application/octet-stream"


@get("/enquiries", opt=READ, include_in_schema=False)
async def enquiries_page(request: AnyRequest, reading: Work, after: UUID | None = None) -> Response[str]:
    """What is out for comment."""
    found = await enquiring.listing(reading, after=after, limit=LIMIT + 1)
    more = str(found[LIMIT - 1].id) if len(found) > LIMIT else None
    return page(
        request, "enquiries/list.html", found=found[:LIMIT], more=more, today=reading.today, staff=reading.actor.may("comment.read"),
        off=await enquiring.ending_off(reading, found[:LIMIT]),
    )  # fmt: skip


@get("/enquiries/{id:uuid}", opt=READ, include_in_schema=False)
async def enquiry_page(request: AnyRequest, reading: Work, id: UUID, clause: str = "") -> Response[str]:
    """A draft by clause, and the form to comment on it."""
    kind = "public" if reading.actor.account is None else "person"  # as the name that is filled in
    form = Form.holding({"clause": clause[:300], "author_kind": kind, "author": reading.actor.name})
    return await _draft(request, reading, id, form)


async def _draft(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    seen = await enquiring.show(work, id)
    one = seen.enquiry
    draft = await enquiring.draft_of(work, one.subject_kind, one.subject_id)
    may_see = work.actor.may("comment.read", Held(draft.bodies))
    units = await registers.in_either_language(work.connection, [draft.lead])
    clauses = await asyncio.to_thread(clauses_of, work.files.path(one.draft), one.filename)  # read from its file when it is first seen
    return page(
        request, "enquiries/draft.html", status=form.error.status if form.error else 200, one=one, standing=seen.standing, standings=STANDINGS,
        clauses=clauses, form=form, fields=FIELDS, types=list(TYPES.items()), lead=units.get(draft.lead, draft.lead),
        kinds=[(key, AUTHOR_KINDS[key]) for key in answering.kinds_for(work.actor)], today=work.today,
        accepts=",".join(sorted(ATTACHMENTS)), most=MOST_ATTACHMENT // 1024**2, may_see=may_see, subject=draft.href if may_see else None,
        off=await enquiring.ending_off(work, [one]),
    )  # fmt: skip


@post("/enquiries/{id:uuid}", opt={"permission": "comment.make"}, include_in_schema=False)
async def comment(request: AnyRequest, id: UUID) -> Response[Any]:
    """Comment on it; what was typed comes back where it cannot be taken."""
    hub: Hub = request.app.state.hub
    actor = request.scope["actor"]  # type: ignore[typeddict-item]
    form = await Form.of(request)
    file = form.file("file")
    given = (file.filename, await file.read(MOST_ATTACHMENT + 1)) if file else None

    async def do(work: Work) -> Receipt:
        return await answering.make(work, id, form.into(NewComment, language=language_of(request)), given)

    try:
        await answering.sparingly(hub, actor, address_of(request))
        receipt = (await attempt(request, form, do)).value
    except TooMany as error:
        form.error, receipt = error, None
    if receipt is None:
        async with hub.glancing(actor) as reading:
            return await _draft(request, reading, id, form)
    said = say("意见已收到，编号 {number}。回执已寄往 {email}。", number=receipt.number, email=form.text("email"))
    return go(request, f"/enquiries/{id}", said if form.text("email") else say("意见已收到，编号 {number}。", number=receipt.number))


@get("/enquiries/{id:uuid}/draft", opt=READ, include_in_schema=False)
async def draft_file(reading: Work, id: UUID) -> Response[bytes]:
    """The file of the draft, to those who may read it."""
    one = (await enquiring.show(reading, id)).enquiry
    return download(reading.files.get(one.draft), one.filename or "draft", one.media_type or OCTETS)


@get("/enquiries/{id:uuid}/attachments/{comment_id:uuid}", opt=SEE, include_in_schema=False)
async def attached_file(reading: Work, id: UUID, comment_id: UUID) -> Response[bytes]:
    """What was attached to a comment."""
    await enquiring.held(reading, id, "comment.read")
    found = await repository.comment(reading.connection, id, comment_id)
    if found.attachment is None:
        raise NotFound(say("找不到附件"))
    return download(reading.files.get(found.attachment), found.attachment_name or "file", OCTETS)


PAGES = [enquiries_page, enquiry_page, comment, draft_file, attached_file]
