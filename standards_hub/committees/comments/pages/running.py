"""How an enquiry is run: opened on a subject, changed, closed."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.ports import Held
from standards_hub.committees.comments.schemas import Because, EnquiryChange, NewEnquiry
from standards_hub.committees.comments.services import enquiring
from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.kernel import holidays
from standards_hub.kernel.clock import due_day
from standards_hub.kernel.forms import Form, attempt, looking
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Work

AnyRequest = Request[Any, Any, Any]
MANAGE: dict[str, Any] = {"permission": "enquiry.manage"}
SEE: dict[str, Any] = {"permission": "comment.read"}


@get("/enquiries/of/{kind:str}/{id:uuid}", opt=SEE, include_in_schema=False)
async def subject_page(request: AnyRequest, reading: Work, kind: str, id: UUID) -> Response[str]:
    """The enquiries on a subject, and the form to open one."""
    return await _subject(request, reading, kind, id, Form())


async def _subject(request: AnyRequest, work: Work, kind: str, id: UUID, form: Form) -> Response[str]:
    draft = await enquiring.draft_of(work, kind, id)
    work.actor.require("comment.read", Held(draft.bodies))
    found = await repository.of_subject(work.connection, kind, id)
    least = due_day(work.today, draft.days, "days")
    off = await enquiring.ending_off(work, found) | await holidays.days_off(work.connection, [least])
    return page(
        request, "enquiries/subject.html", status=form.error.status if form.error else 200, draft=draft, found=found, form=form,
        least=least, may_open=work.actor.may("enquiry.manage", Held(draft.bodies)),
        running=[one for one in found if one.state == "open"], today=work.today, off=off,
    )  # fmt: skip


@post("/enquiries/of/{kind:str}/{id:uuid}", opt=MANAGE, include_in_schema=False)
async def open_enquiry(request: AnyRequest, kind: str, id: UUID) -> Response[Any]:
    """Put the text of a subject out for comment."""
    form = await Form.of(request)

    async def do(work: Work) -> Enquiry:
        return await enquiring.open_enquiry(work, form.into(NewEnquiry, subject_id=str(id), subject_kind=kind))

    made = (await attempt(request, form, do)).value
    if made is None:
        async with looking(request) as reading:
            return await _subject(request, reading, kind, id, form)
    return go(request, f"/enquiries/{made.id}/comments", say("已开始征求意见，{day} 24:00 截止", day=made.closes_on))


@get("/enquiries/{id:uuid}/settings", opt=MANAGE, include_in_schema=False)
async def settings_page(request: AnyRequest, reading: Work, id: UUID) -> Response[str]:
    """To how many it was sent, its last day, and its end."""
    return await _settings(request, reading, id, None, Form())


async def _settings(request: AnyRequest, work: Work, id: UUID, form: Form | None, ending: Form) -> Response[str]:
    one, _ = await enquiring.held(work, id, "enquiry.manage")
    shown = form or Form.holding({"sent": one.sent, "public": one.public, "closes_on": one.closes_on})
    error = shown.error or ending.error
    return page(
        request, "enquiries/settings.html", status=error.status if error else 200, one=one, form=shown, ending=ending,
        least=due_day(one.opened_on, one.days, "days"), today=work.today,
    )  # fmt: skip


@post("/enquiries/{id:uuid}/settings", opt=MANAGE, include_in_schema=False)
async def save_settings(request: AnyRequest, id: UUID) -> Response[Any]:
    """Save the arrangements."""
    form = await Form.of(request)
    done = await attempt(request, form, lambda work: enquiring.edit(work, id, form.into(EnquiryChange)))
    if done.error:
        async with looking(request) as reading:
            return await _settings(request, reading, id, form, Form())
    return go(request, f"/enquiries/{id}/comments", say("已保存"))


@post("/enquiries/{id:uuid}/closing", opt=MANAGE, include_in_schema=False)
async def close(request: AnyRequest, id: UUID) -> Response[Any]:
    """End it."""
    form = await Form.of(request)
    done = await attempt(request, form, lambda work: enquiring.close(work, id, form.into(Because)))
    if done.error:
        async with looking(request) as reading:
            return await _settings(request, reading, id, None, form)
    return go(request, f"/enquiries/{id}/comments", say("征求意见已结束"))


PAGES = [subject_page, open_enquiry, settings_page, save_settings, close]
