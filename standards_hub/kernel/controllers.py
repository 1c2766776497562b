"""The JSON doors of the kernel: the log and its proof, jobs and the outbox."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Controller, Request, get, post
from litestar.params import Parameter
from litestar.status_codes import HTTP_204_NO_CONTENT
from msgspec import Struct

from standards_hub.kernel import audit, mail
from standards_hub.kernel.database import Database
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.http import Page, Said
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.jobs.queue import JobState
from standards_hub.kernel.mail import Mail
from standards_hub.kernel.work import Hub, Work

Limit = Annotated[int, Parameter(ge=1, le=200, description="每页条数 / items a page")]
MOST_ID = 2**63 - 1


class EventOut(Struct):
    """One link of the log, with what happened and the hash that holds it."""

    id: int
    stream: str
    seq: int
    type: str
    effective_on: date
    recorded_at: datetime
    actor: str
    payload: Any
    hash: str


class AuditOut(Struct):
    """What the proof found: `broken` is the first link that does not hold, `differences` where tables and replay disagree."""

    sound: bool
    events: int
    head: str
    broken: dict[str, Any] | None
    differences: list[Said]


class JobController(Controller):
    """Background jobs and the mails they send."""

    tags = ("后台 Background",)

    @get("/jobs", operation_id="ListJobs", opt={"permission": "jobs.read"})
    async def jobs(
        self, reading: Work, job_state: Annotated[
            Literal["waiting", "running", "done", "failed"] | None, Parameter(query="state", description="只看这种状态 / only in this state")
        ] = None, limit: Limit = 50,
    ) -> list[JobState]:  # fmt: skip
        """The jobs that were asked for last, with the error of those that failed."""
        return await queue.jobs(reading.connection, state=job_state, limit=limit)

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
            Literal["waiting", "sent", "unconfigured", "no-address"] | None,
            Parameter(query="state", description="只看这种状态 / only in this state"),
        ] = None, limit: Limit = 50,
    ) -> list[Mail]:  # fmt: skip
        """The latest mails of the outbox: sent, waiting, or kept because there is no server or no address."""
        return await mail.outbox(reading.connection, state=mail_state, limit=limit)


class LogController(Controller):
    """The event log and the proof that it is whole."""

    tags = ("审计 Audit",)

    @get("/audit", operation_id="VerifyLog", opt={"permission": "audit.read"})
    async def verify(self, request: Request[Any, Any, Any]) -> AuditOut:
        """Walk the whole chain, replay it and compare every column; takes a second for some ten thousand events."""
        hub: Hub = request.app.state.hub
        found = await asyncio.to_thread(_verify, hub.database.url)
        broken = {"event": b.event, "stream": b.stream, "why": Said.of(b.why)} if (b := found.broken) else None
        return AuditOut(found.sound, found.events, found.head, broken, [Said.of(d) for d in found.differences])

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
    ) -> Page[EventOut]:  # fmt: skip
        """The log, by the number of the link; `newest=false` reads it forwards, so that nothing is missed."""
        t = table_of(EventRow)
        query = sa.select(t).order_by(t.c.id.desc() if newest else t.c.id).limit(limit + 1)
        for column, value in ((t.c.stream, stream), (t.c.actor, by)):
            if value is not None:
                query = query.where(column == value)
        if type:
            query = query.where(t.c.type.in_(type))
        if since:
            query = query.where(t.c.effective_on >= since)
        if until:
            query = query.where(t.c.effective_on <= until)
        if after is not None:
            query = query.where(t.c.id < after if newest else t.c.id > after)
        rows = (await reading.connection.execute(query)).mappings().all()
        items = [EventOut(**{**row, "payload": msgspec.json.decode(row["payload"])}) for row in rows[:limit]]
        return Page(items, str(items[-1].id) if len(rows) > limit else None)


def _verify(url: Any) -> audit.Audit:
    """The proof on a loop of its own, for it computes for seconds and others want to be answered."""

    async def prove() -> audit.Audit:
        database = Database(url.render_as_string(hide_password=False), pool_size=1)
        try:
            async with database.read() as connection:
                return await audit.verify(connection)
        finally:
            await database.close()

    return asyncio.run(prove())


CONTROLLERS: list[Any] = [JobController, LogController]
