"""The JSON doors of keeping the hub: jobs and the outbox, the log and its proof, holidays, settings."""

import asyncio
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, get, post, put
from litestar.params import Parameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT
from msgspec import Struct

from standards_hub.kernel import holidays, mail
from standards_hub.kernel.admin import log, proving, state
from standards_hub.kernel.admin.log import Entry, LogFilter
from standards_hub.kernel.admin.proving import AuditOut, Proof
from standards_hub.kernel.admin.state import HubState
from standards_hub.kernel.holidays import Holiday, HolidayTable
from standards_hub.kernel.http import Page
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.jobs.queue import JobState
from standards_hub.kernel.mail import Mail
from standards_hub.kernel.work import Hub, Work

Limit = Annotated[int, Parameter(ge=1, le=200, description="每页条数 / items a page")]
AfterId = Annotated[UUID | None, Parameter(description="上一页最后一条的 id / the id of the last item of the page before")]
MOST_ID = 2**63 - 1


class Sent(Struct):
    """How many mails were given out to be sent."""

    mails: int


class JobController(Controller):
    """Background jobs and the mails they send."""

    tags = ("后台 Background",)

    @get("/jobs", operation_id="ListJobs", opt={"permission": "jobs.read"})
    async def jobs(
        self, reading: Work, job_state: Annotated[
            Literal["waiting", "running", "done", "failed"] | None, Parameter(query="state", description="只看这种状态 / only in this state")
        ] = None, after: AfterId = None, limit: Limit = 50,
    ) -> list[JobState]:  # fmt: skip
        """The jobs that were asked for last, with the error of those that failed."""
        return await queue.jobs(reading.connection, state=job_state, after=after, limit=limit)

    @get("/jobs/counts", operation_id="CountJobs", opt={"permission": "jobs.read"})
    async def counts(self, reading: Work) -> dict[str, int]:
        """How many jobs are in each state."""
        return await queue.counts(reading.connection)

    @post("/jobs/{job_id:uuid}/retry", operation_id="RetryJob", opt={"permission": "jobs.retry"}, status_code=HTTP_204_NO_CONTENT)
    async def retry(self, work: Work, job_id: UUID) -> None:
        """Let a failed job start afresh."""
        await queue.retry(work.connection, job_id, work.clock.now())

    @get("/mails", operation_id="ListMails", opt={"permission": "jobs.read"})
    async def mails(
        self, reading: Work, mail_state: Annotated[
            Literal["waiting", "failed", "sent", "unconfigured", "no-address"] | None,
            Parameter(query="state", description="只看这种状态 / only in this state"),
        ] = None, after: AfterId = None, limit: Limit = 50,
    ) -> list[Mail]:  # fmt: skip
        """The latest mails of the outbox: sent, waiting, failed, or kept because there is no server or no address."""
        return await mail.outbox(reading.connection, state=mail_state, after=after, limit=limit)

    @post("/mails/{mail_id:uuid}/send", operation_id="SendMail", opt={"permission": "jobs.retry"}, status_code=HTTP_204_NO_CONTENT)
    async def send(self, work: Work, mail_id: UUID) -> None:
        """Send a mail that was kept because no server was configured, or that no try could send."""
        await mail.send_again(work, mail_id)

    @post("/mails/send", operation_id="SendMails", opt={"permission": "jobs.retry"}, status_code=HTTP_200_OK)
    async def send_all(
        self, work: Work, mail_state: Annotated[
            Literal["failed", "unconfigured"] | None, Parameter(query="state", description="只寄这种状态的 / only those in this state")
        ] = None,
    ) -> Sent:  # fmt: skip
        """Send every mail that was kept because no server was configured, or that no try could send; how many these are."""
        return Sent(await mail.send_all_again(work, mail_state))


class LogController(Controller):
    """The event log and the proof that it is whole."""

    tags = ("审计 Audit",)

    @get("/audit", operation_id="VerifyLog", opt={"permission": "audit.read"})
    async def verify(self, request: Request[Any, Any, Any]) -> AuditOut:
        """Walk the whole chain, replay it and compare every column; takes a second for some ten thousand events."""
        hub: Hub = request.app.state.hub
        return AuditOut.of(await asyncio.to_thread(proving.verify, hub.database.url))

    @post("/audit/proofs", operation_id="AskForProof", opt={"permission": "audit.read"}, status_code=HTTP_202_ACCEPTED)
    async def ask(self, work: Work) -> Proof:
        """Ask for the same proof as a job, for a log that takes longer than one waits; the one under way, if there is one."""
        return await proving.proof(work.connection, await proving.ask(work))

    @get("/audit/proofs", operation_id="ListProofs", opt={"permission": "audit.read"})
    async def proofs(self, reading: Work) -> list[Proof]:
        """The last proofs and what they found."""
        return await proving.proofs(reading.connection)

    @get("/audit/proofs/{proof_id:uuid}", operation_id="ReadProof", opt={"permission": "audit.read"})
    async def proof(self, reading: Work, proof_id: UUID) -> Proof:
        """How far a proof is, and what it found."""
        return await proving.proof(reading.connection, proof_id)

    @get("/events", operation_id="ListEvents", opt={"permission": "audit.read"})
    async def events(
        self, reading: Work,
        stream: Annotated[str | None, Parameter(max_length=80, description="如 standard:<id> / such as standard:<id>")] = None,
        type: Annotated[list[str] | None, Parameter(description="事件类型，可重复 / types of events, may repeat")] = None,
        by: Annotated[str | None, Parameter(query="actor", max_length=80, description="经手者，如 account:<id> / who, such as account:<id>")] = None,
        since: Annotated[date | None, Parameter(description="发生日不早于 / effective on or after")] = None,
        until: Annotated[date | None, Parameter(description="发生日不晚于 / effective on or before")] = None,
        newest: Annotated[bool, Parameter(description="从最新的开始 / the newest first")] = True,
        after: Annotated[int | None, Parameter(ge=0, le=MOST_ID, description="上一页的 next / `next` of the page before")] = None,
        limit: Limit = 50,
    ) -> Page[Entry]:  # fmt: skip
        """The log, by the number of the link; `newest=false` reads it forwards, so that nothing is missed."""
        wanted = LogFilter(stream=stream, types=type or [], actor=by, since=since, until=until)
        items = await log.entries(reading.connection, wanted, newest=newest, after=after, limit=limit + 1)
        return Page(items[:limit], str(items[limit - 1].id) if len(items) > limit else None)


Year = Annotated[int, Parameter(ge=1949, le=2999, description="年份 / the year")]


@get("/holidays", operation_id="ListHolidays", opt={"permission": "holiday.read"}, tags=["后台 Background"])
async def list_holidays(reading: Work, year: Year) -> list[Holiday]:
    """The public holidays of a year and the working days that make up for them. Limits are calendar days and are not moved by them."""
    return await holidays.of_year(reading.connection, year)


@put(
    "/holidays",
    operation_id="EnterHolidays",
    opt={"permission": "holiday.manage"},
    tags=["后台 Background"],
    status_code=HTTP_204_NO_CONTENT,
)
async def enter_holidays(work: Work, data: HolidayTable) -> None:
    """Enter the days of one or more years; each year is replaced as a whole."""
    await holidays.enter(work, data.days)


@get("/settings", operation_id="ReadSettings", opt={"permission": "settings.read"}, tags=["后台 Background"])
async def read_settings(request: Request[Any, Any, Any], reading: Work) -> HubState:
    """The settings in force and where each comes from, versions, engine and space; never a secret."""
    return await state.read(reading.connection, request.app.state.settings)


CONTROLLERS: list[Any] = [JobController, LogController, list_holidays, enter_holidays, read_settings]
