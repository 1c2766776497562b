"""The comments of a draft as a dense table by clause, and deciding on one or many of them."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from msgspec import structs

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.controllers import place_of
from standards_hub.committees.comments.disposing import rules
from standards_hub.committees.comments.ports import Held
from standards_hub.committees.comments.schemas import CommentFilter, Disposal, Format, Merging, Parting
from standards_hub.committees.comments.services import answering, enquiring, exporting
from standards_hub.committees.comments.sheets import FORMS
from standards_hub.committees.comments.subjects import STANDINGS, STATUSES, Comment
from standards_hub.committees.comments.values import AUTHOR_KINDS, DISPOSITIONS, TYPES
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.http import download, version_read
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
SEE: dict[str, Any] = {"permission": "comment.read"}
DISPOSE: dict[str, Any] = {"permission": "comment.dispose"}
LIMIT = 100
CHOSEN = "comments[]"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FACETS: tuple[tuple[str, Message, Mapping[str, Message | Name]], ...] = (
    ("status", say("状态"), STATUSES),
    ("disposition", say("处理意见"), DISPOSITIONS),
    ("type", say("意见类型"), TYPES),
    ("author_kind", say("来源"), AUTHOR_KINDS),
)


def _wanted(query: Any) -> CommentFilter:
    """The filter in an address; what it does not know it leaves aside."""
    given = {key: query[key] for key, _, names in FACETS if query.get(key) in names}
    words = {key: query[key].strip()[:200] for key in ("clause", "q", "author") if query.get(key, "").strip()}
    return CommentFilter(**given, **words)


@get("/enquiries/{id:uuid}/comments", opt=SEE, include_in_schema=False)
async def comments_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """The comments by clause."""
    return await _table(request, reading, id, Form())


async def _table(request: AnyRequest, work: Work, id: UUID, form: Form) -> Response[str]:
    wanted, query = _wanted(request.query_params), request.query_params
    one, found = await answering.listing(work, id, wanted, after=place_of(query.get("after")), limit=LIMIT + 1)
    draft = await enquiring.draft_of(work, one.subject_kind, one.subject_id)
    last = found[LIMIT - 1] if len(found) > LIMIT else None
    held = Held(draft.bodies)
    listed = {comment.id for comment in found[:LIMIT]}
    elsewhere = [c for c in await _picked(work, id, form) if c.id not in listed]
    groups = await answering.alike(work, id) if query.get("alike") else None
    into = {c.merged_into for c in (*found, *elsewhere) if c.merged_into}
    return page(
        request, "enquiries/comments.html", status=form.error.status if form.error else 200, one=one, standing=enquiring.standing(work, one, draft),
        standings=STANDINGS, found=found[:LIMIT], more=f"{last.clause_key}-{last.number}" if last else None, summary=await enquiring.summary(work, one),
        wanted=structs.asdict(wanted), facets=FACETS, statuses=STATUSES, dispositions=DISPOSITIONS, types=TYPES, kinds=AUTHOR_KINDS, form=form,
        count=await repository.count(work.connection, id, wanted), subject=draft.href, forms=FORMS, reasons=rules()[one.rule].reasons,
        may_dispose=work.actor.may("comment.dispose", held), may_manage=work.actor.may("enquiry.manage", held),
        elsewhere=elsewhere, alike=groups, into=await repository.numbers(work.connection, id, into) if into else {},
        addressed=await repository.has_addresses(work.connection, id), off=await enquiring.ending_off(work, [one]),
    )  # fmt: skip


async def _picked(work: Work, id: UUID, form: Form) -> list[Comment]:
    """The comments that a form which comes back had chosen, also those that its list shows no more."""
    if form.error is None or not form.many(CHOSEN):
        return []
    ids = [UUID(text) for text in form.many(CHOSEN) if ID.fullmatch(text)]
    return sorted(await repository.comments_of(work.connection, id, ids), key=lambda c: (c.clause_key, c.number))


@post("/enquiries/{id:uuid}/comments", opt=DISPOSE, include_in_schema=False)
async def decide(request: AnyRequest, id: UUID) -> Response[Any]:
    """Decide on the chosen comments, let them go into the first of them, or take one out again."""
    form = await Form.of(request)
    done = await attempt(request, form, lambda work: _decided(work, id, form))
    if done.error:  # which comment it is stands in its words
        done.error.unmet = tuple(structs.replace(u, where=None) if ID.fullmatch(u.where or "") else u for u in done.error.unmet)
    if done.value is None:
        async with looking(request) as reading:
            return await _table(request, reading, id, form)
    query = request.url.query
    return go(request, f"/enquiries/{id}/comments" + (f"?{query}" if query else ""), done.value)


async def _decided(work: Work, id: UUID, form: Form) -> Message:
    chosen, seen = Form(fields={CHOSEN: form.many(CHOSEN)}), version_read(form.text("version") or None)
    if alone := form.text("part"):  # the button beside a merged one, whatever is ticked
        parted = await answering.part(work, id, Form(fields={CHOSEN: [alone]}).into(Parting), seen)
        return say("第 {number} 条已拆开，请另行处理", number=parted[0].number)
    if not form.many(CHOSEN):
        raise BadInput(say("请先选择意见"), unmet=[Unmet("comments", say("在表中勾选一条或多条"), "comments")])
    if form.text("act") == "merge":
        into = await answering.merge(work, id, chosen.into(Merging, into=form.many(CHOSEN)[0]), seen)
        return say("已并入第 {number} 条", number=into.number)
    if form.text("act") == "reopen":
        return say("已重新打开 {count} 条", count=len(await answering.dispose(work, id, chosen.into(Disposal), seen)))
    if not form.text("disposition"):
        raise BadInput(say("请选择处理意见"), unmet=[Unmet("required", say("请选择采纳、部分采纳、不采纳或知悉"), "disposition")])
    return say("已处理 {count} 条", count=len(await answering.dispose(work, id, form.into(Disposal), seen)))


@get("/enquiries/{id:uuid}/table", opt=SEE, include_in_schema=False)
async def table_file(reading: Work, id: UUID, form: str = "", format: Format = "docx") -> Response[bytes]:
    """The collated table as a file."""
    name, content = await exporting.table(reading, id, form or None, format)
    return download(content, name, exporting.MEDIA_TYPES[format])


@get("/enquiries/{id:uuid}/form", opt=SEE, include_in_schema=False)
async def form_file(reading: Work, id: UUID, form: str = "") -> Response[bytes]:
    """The empty form."""
    name, content = await exporting.empty(reading, id, form or None)
    return download(content, name, exporting.MEDIA_TYPES["docx"])


PAGES = [comments_page, decide, table_file, form_file]
