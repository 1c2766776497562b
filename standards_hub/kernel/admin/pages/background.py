"""Jobs and mails as pages: what waits, what failed and why, and trying again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from standards_hub.kernel import mail
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.jobs.registry import ABOUT, SCHEDULES, TITLES
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import came_from, frame_of, go, page
from standards_hub.kernel.work import Hub

AnyRequest = Request[Any, Any, Any]
READ, RETRY = {"permission": "jobs.read"}, {"permission": "jobs.retry"}
PAGE_SIZE = 50


@get("/admin/jobs", opt=READ, include_in_schema=False)
async def jobs_page(request: AnyRequest, after: UUID | None = None) -> Response[str]:
    """Jobs, the latest first, with the error of those that failed."""
    return await _jobs(request, Form(), after)


def _state(request: AnyRequest, known: Mapping[str, Any]) -> str:
    """The state that the list is narrowed to; the page of a form that could not be done is the list that it stands on."""
    wanted = dict(frame_of(request).query).get("state", "")
    return wanted if wanted in known else ""


async def _jobs(request: AnyRequest, form: Form, after: UUID | None = None) -> Response[str]:
    hub: Hub = request.app.state.hub
    state = _state(request, queue.STATE_NAMES)
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        counts = await queue.counts(reading.connection)
        found = await queue.jobs(reading.connection, state=state or None, after=after, limit=PAGE_SIZE + 1)
        now = reading.clock.now()
    shown = found[:PAGE_SIZE]
    following = {name: schedule.next_after(now) for name, schedule in SCHEDULES.items()}
    return page(
        request, "admin/jobs.html", status=form.error.status if form.error else 200, form=form, jobs=shown, counts=counts, state=state,
        states=queue.STATE_NAMES, titles=TITLES, schedules=following, most=queue.MOST_ATTEMPTS, arguments=arguments_of, about=about,
        after=shown[-1].id if len(found) > PAGE_SIZE else None,
    )  # fmt: skip


def arguments_of(job: queue.JobState) -> dict[str, Any]:
    given: dict[str, Any] = msgspec.json.decode(job.arguments)
    return given


def about(job: queue.JobState) -> str:
    """What tells a job from others of its name, where there is anything."""
    given = arguments_of(job)
    return " · ".join(str(given[name]) for name in ABOUT.get(job.name, ()) if given.get(name))


@post("/admin/jobs/{job_id:uuid}/retry", opt=RETRY, include_in_schema=False)
async def retry(request: AnyRequest, job_id: UUID) -> Response[Any]:
    """Let a failed job start afresh."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: queue.retry(work.connection, job_id, work.clock.now()))
    return (
        await _jobs(request, form) if outcome.error else go(request, came_from(request, "/admin/jobs"), say("已重新排入，片刻后再看结果"))
    )


@get("/admin/mails", opt=READ, include_in_schema=False)
async def mails_page(request: AnyRequest, after: UUID | None = None) -> Response[str]:
    """The outbox, the latest first."""
    return await _mails(request, Form(), after)


async def _mails(request: AnyRequest, form: Form, after: UUID | None = None) -> Response[str]:
    hub: Hub = request.app.state.hub
    state = _state(request, mail.STATE_NAMES)
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        counts = await mail.counts(reading.connection)
        found = await mail.outbox(reading.connection, state=state or None, after=after, limit=PAGE_SIZE + 1)
        sendable = await mail.sendable(reading.connection)
    shown = found[:PAGE_SIZE]
    again = {one: count for one, count in sendable.items() if count and state in ("", one)}
    return page(
        request, "admin/mails.html", status=form.error.status if form.error else 200, form=form, mails=shown, counts=counts, state=state,
        states=mail.STATE_NAMES, sendable=sum(again.values()),
        parts=[say("{state} {count} 封", state=mail.STATE_NAMES[one], count=count) for one, count in again.items()],
        hidden=mail.HIDDEN, mailing=bool(request.app.state.settings.smtp_host), most=queue.MOST_ATTEMPTS,
        after=shown[-1].id if len(found) > PAGE_SIZE else None,
    )  # fmt: skip


@post("/admin/mails/{mail_id:uuid}/send", opt=RETRY, include_in_schema=False)
async def send(request: AnyRequest, mail_id: UUID) -> Response[Any]:
    """Send a mail that was kept because no server was configured, or that no try could send."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: mail.send_again(work, mail_id))
    if outcome.error:
        return await _mails(request, form)
    return go(request, came_from(request, "/admin/mails"), say("已重新寄出，片刻后再看结果"))


@post("/admin/mails/send", opt=RETRY, include_in_schema=False)
async def send_all(request: AnyRequest) -> Response[Any]:
    """Send all mails of the shown list that can be sent again."""
    form = await Form.of(request)
    state = form.text("state") or None
    outcome = await attempt(request, form, lambda work: mail.send_all_again(work, state))
    if outcome.error:
        return await _mails(request, form)
    return go(request, came_from(request, "/admin/mails"), say("已重新寄出 {mails} 封，片刻后再看结果", mails=outcome.value))


PAGES: list[Any] = [jobs_page, retry, mails_page, send, send_all]
