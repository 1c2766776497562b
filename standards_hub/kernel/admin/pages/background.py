"""Jobs and mails as pages: what waits, what failed and why, and trying again."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from standards_hub.kernel import mail
from standards_hub.kernel.forms import Form, attempt
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.jobs.registry import SCHEDULES, TITLES
from standards_hub.kernel.messages import say
from standards_hub.kernel.pages import go, page
from standards_hub.kernel.work import Hub

AnyRequest = Request[Any, Any, Any]
READ, RETRY = {"permission": "jobs.read"}, {"permission": "jobs.retry"}
PAGE_SIZE = 50


@get("/admin/jobs", opt=READ, include_in_schema=False)
async def jobs_page(request: AnyRequest, after: UUID | None = None) -> Response[str]:
    """Jobs, the latest first, with the error of those that failed."""
    return await _jobs(request, Form(), after)


async def _jobs(request: AnyRequest, form: Form, after: UUID | None = None) -> Response[str]:
    hub: Hub = request.app.state.hub
    state = request.query_params.get("state", "")
    state = state if state in queue.STATE_NAMES else ""
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        counts = await queue.counts(reading.connection)
        found = await queue.jobs(reading.connection, state=state or None, after=after, limit=PAGE_SIZE + 1)
        now = reading.clock.now()
    shown = found[:PAGE_SIZE]
    following = {name: schedule.next_after(now) for name, schedule in SCHEDULES.items()}
    return page(
        request, "admin/jobs.html", status=form.error.status if form.error else 200, form=form, jobs=shown, counts=counts, state=state,
        states=queue.STATE_NAMES, titles=TITLES, schedules=following, most=queue.MOST_ATTEMPTS, arguments=arguments_of,
        after=shown[-1].id if len(found) > PAGE_SIZE else None,
    )  # fmt: skip


def arguments_of(job: queue.JobState) -> dict[str, Any]:
    given: dict[str, Any] = msgspec.json.decode(job.arguments)
    return given


@post("/admin/jobs/{job_id:uuid}/retry", opt=RETRY, include_in_schema=False)
async def retry(request: AnyRequest, job_id: UUID) -> Response[Any]:
    """Let a failed job start afresh."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: queue.retry(work.connection, job_id, work.clock.now()))
    return await _jobs(request, form) if outcome.error else go(request, "/admin/jobs", say("已重新排入，片刻后再看结果"))


@get("/admin/mails", opt=READ, include_in_schema=False)
async def mails_page(request: AnyRequest, after: UUID | None = None) -> Response[str]:
    """The outbox, the latest first."""
    return await _mails(request, Form(), after)


async def _mails(request: AnyRequest, form: Form, after: UUID | None = None) -> Response[str]:
    hub: Hub = request.app.state.hub
    state = request.query_params.get("state", "")
    state = state if state in mail.STATE_NAMES else ""
    async with hub.glancing(request.scope["actor"]) as reading:  # type: ignore[typeddict-item]
        counts = await mail.counts(reading.connection)
        found = await mail.outbox(reading.connection, state=state or None, after=after, limit=PAGE_SIZE + 1)
        failing = {job.key: job for job in await queue.jobs(reading.connection, name="mail.send", state="failed", limit=200)}
    shown = found[:PAGE_SIZE]
    return page(
        request, "admin/mails.html", status=form.error.status if form.error else 200, form=form, mails=shown, counts=counts, state=state,
        states=mail.STATE_NAMES, failing=failing, hidden=mail.HIDDEN, mailing=bool(request.app.state.settings.smtp_host),
        after=shown[-1].id if len(found) > PAGE_SIZE else None,
    )  # fmt: skip


@post("/admin/mails/{mail_id:uuid}/send", opt=RETRY, include_in_schema=False)
async def send(request: AnyRequest, mail_id: UUID) -> Response[Any]:
    """Send a mail that was kept because no server was configured."""
    form = await Form.of(request)
    outcome = await attempt(request, form, lambda work: mail.send_again(work, mail_id))
    return await _mails(request, form) if outcome.error else go(request, "/admin/mails", say("已重新寄出，片刻后再看结果"))


PAGES: list[Any] = [jobs_page, retry, mails_page, send]
