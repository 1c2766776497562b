"""Kept reports: asked for, computed once and printed by a job, found again by their hashes.

The job computes and prints before its transaction opens, so that nobody waits for a lock meanwhile; all files are prints of one object.
"""

import asyncio
import hashlib
from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.documents import repository, service
from standards_hub.documents.events import ReportMade
from standards_hub.documents.report import ProgressReport, write_html
from standards_hub.documents.report.kinds import kind_of
from standards_hub.documents.report.narrative import EMPTY
from standards_hub.documents.report.source import Correction
from standards_hub.documents.repository import ORDER, job_key
from standards_hub.documents.schemas import NewReport, Order, PrintedFile, Report, ReportOut, Step
from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.errors import BadInput, Conflict, HubError, NotFound, Unmet
from standards_hub.kernel.http import Page, Said
from standards_hub.kernel.jobs import job
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Hub, Work
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.services import tallies

STEPS: dict[Step, Message] = {
    "waiting": say("等候办理"),
    "counting": say("正在统计"),
    "docx": say("正在排印 DOCX"),
    "pdf": say("正在排印 PDF"),
    "xlsx": say("正在排印 XLSX"),
    "json": say("正在写出 JSON"),
    "html": say("正在写出网页"),
    "keeping": say("正在存档"),
}
"""What making a report goes through, in this order."""
PRINTED: tuple[Step, ...] = ("docx", "pdf", "xlsx", "json", "html")
JOB = "report.make"


class Made(Struct, frozen=True):
    """A report that was computed and printed and is not yet on record."""

    order: Order
    event: ReportMade


async def ask(work: Work, wanted: NewReport) -> ReportOut:
    """Ask for a report of a plan as of a day; a job makes it. Raises `BadInput` for days that cannot be, `NotFound` without the plan."""
    work.actor.require("report.make")
    work.actor.require("report.make", await linkage.plan_by_key(work, wanted.plan))
    as_of = wanted.as_of or work.today
    since = wanted.since or kind_of(wanted.kind).since(as_of)
    days_that_can_be(work.today, as_of, since)
    order = Order(
        id=uuid4(), plan_key=wanted.plan, as_of=as_of, since=since, kind=wanted.kind, asked_by=work.actor.label, asked_at=work.clock.now(),
        step="waiting",
    )  # fmt: skip
    values = {name: getattr(order, name) for name in Order.__struct_fields__ if name != "failed"}
    await work.connection.execute(sa.insert(ORDER).values(**values))
    await work.enqueue(JOB, {"id": str(order.id)}, key=job_key(order.id))
    return _out(order, work.actor.name)


def days_that_can_be(today: date, as_of: date, since: date | None) -> None:
    """Raise `BadInput` unless the day has come and the day compared with lies before it."""
    unmet = []
    if as_of > today:
        unmet.append(Unmet("as_of", say("截止日 {day} 尚未到来", day=as_of), "as_of"))
    if since is not None and since >= as_of:
        unmet.append(Unmet("since", say("对比日 {since} 应早于截止日 {day}", since=since, day=as_of), "since"))
    if unmet:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)


async def listing(work: Work, *, plan: str | None = None, after: UUID | None = None, limit: int = 50) -> Page[ReportOut]:
    """Reports, the newest first; those in the making stand before the first page."""
    work.actor.require("report.read")
    found = await repository.reports(work.connection, plan=plan, after=after, limit=limit + 1)
    making = [] if after else [o for o in await repository.orders(work.connection) if plan in (None, o.plan_key)]
    names = await repository.names(work.connection, {r.made_by for r in found} | {o.asked_by for o in making})
    shown: list[Report | Order] = [*making, *found[:limit]]
    items = [_out(one, _name(one, names)) for one in shown]
    return Page(items, str(found[limit - 1].id) if len(found) > limit else None)


async def show(work: Work, id: UUID) -> ReportOut:
    """One report, made or in the making."""
    work.actor.require("report.read")
    one: Report | Order | None = await repository.report(work.connection, id)
    one = one or next(iter(await repository.orders(work.connection, id)), None)
    if one is None:
        raise NotFound(say("找不到报告 {id}", id=id))
    return _out(one, _name(one, await repository.names(work.connection, [_asked_by(one)])))


async def content(work: Work, id: UUID, format: str) -> tuple[Report, bytes]:
    """One file of a report, which must be the file that was kept. Raises `NotFound`, or `HubError` if its bytes are not those recorded."""
    work.actor.require("report.read")
    report = await repository.report(work.connection, id)
    file = report.file(format) if report else None
    if report is None or file is None:
        raise NotFound(say("找不到报告 {id}", id=id))
    kept = work.files.get(file.sha256)
    if hashlib.sha256(kept).hexdigest() != file.sha256:
        raise HubError(say("文件与存档记录不符，请联系系统管理员"), code="file-changed")
    return report, kept


async def discard(work: Work, id: UUID) -> None:
    """Take a report that could not be made off the list. Raises `NotFound`, or `Conflict` while it is being made."""
    work.actor.require("report.make")
    order = next(iter(await repository.orders(work.connection, id)), None)
    if order is None:
        raise NotFound(say("找不到报告 {id}", id=id))
    work.actor.require("report.make", await linkage.plan_by_key(work, order.plan_key))
    if not order.failed:
        raise Conflict(say("报告正在编制，完成后可查看"), code="making")
    await work.connection.execute(sa.delete(ORDER).where(ORDER.c.id == id))


async def compute(hub: Hub, id: str) -> Made | None:
    """Count and print what was asked for; none if it is there already. Says how far it is after each step."""
    system = Actor(system=True, name=JOB)
    async with hub.reading(system) as reading:
        order = next(iter(await repository.orders(reading.connection, UUID(id))), None)
    if order is None:
        return None
    await _at(hub, order, "counting")
    async with hub.reading(system) as reading:
        head_id, head_hash = await audit.newest(reading.connection)
        written = await repository.narrative(reading.connection, order.plan_key, order.kind, order.as_of)
        corrected = await repository.signed(reading.connection, order.plan_key, order.kind, order.as_of)
        report = await service.progress_report(
            reading, order.plan_key, order.as_of, order.since, kind=order.kind, written=written.content if written else EMPTY,
            correction=await _corrected(reading, corrected),
        )  # fmt: skip
    files = []
    for format in PRINTED:
        await _at(hub, order, format)
        printed = (
            await asyncio.to_thread(write_html, report, f"/reports/{order.id}/standards")
            if format == "html"
            else await service.printed(report, format)
        )
        files.append(PrintedFile(format, await asyncio.to_thread(hub.files.put, printed), len(printed)))
    await _at(hub, order, "keeping")
    event = _event(order, report, head_id, head_hash, files, written.version if written else 0, corrected.id if corrected else None)
    return Made(order, event)


async def _corrected(work: Work, signed: Report | None) -> Correction | None:
    """What the signed report of the same period counted, told from what was known then."""
    if signed is None or signed.signed_at is None:
        return None
    then = await tallies.tally(work, signed.plan_key, signed.as_of, known_at=signed.known_at)
    return Correction(signed.signed_at.astimezone(ZONE).date(), then.counted)


def _event(
    order: Order, report: ProgressReport, head_id: int, head_hash: str, files: list[PrintedFile], narrative: int, corrects: UUID | None
) -> ReportMade:  # fmt: skip
    return ReportMade(
        plan_key=order.plan_key, as_of=order.as_of, since=order.since, title=f"{report.title}{report.subtitle}", asked_by=order.asked_by,
        known_at=report.known_at, rule=report.rule.id, data_hash=report.data_hash, head_id=head_id, head_hash=head_hash,
        counted=report.counted.total.counted, target=report.counted.total.target, files=files,
        kind=order.kind, narrative=narrative, missing=list(report.missing), short=list(report.short), corrects=corrects,
    )  # fmt: skip


@job(JOB, say("编制进展报告"), before=compute)
async def make(work: Work, id: str, prepared: Made | None) -> None:
    """Put a report that was computed on record; one that is there already stays as it is."""
    gone = await work.connection.execute(sa.delete(ORDER).where(ORDER.c.id == UUID(id)))
    if prepared is None or not gone.rowcount:
        return
    event = prepared.event
    await work.append(_subject(UUID(id), event), event, effective_on=work.today)
    if not event.asked_by.startswith("account:"):  # nobody asked, so nobody knows of it yet
        await work.enqueue("report.tell", {"id": id}, key=f"report-tell:{id}")


def _subject(id: UUID, event: ReportMade) -> Report:
    facts = {name: getattr(event, name) for name in ReportMade.__struct_fields__ if name != "asked_by"}
    return Report(id=id, made_at=event.known_at, made_by=event.asked_by, **facts)


async def _at(hub: Hub, order: Order, step: Step) -> None:
    async with hub.database.write() as connection:
        await _step(connection, order.id, step)
        await connection.commit()


async def _step(connection: AsyncConnection, id: UUID, step: Step) -> None:
    await connection.execute(sa.update(ORDER).where(ORDER.c.id == id).values(step=step))


def _asked_by(one: Report | Order) -> str:
    return one.made_by if isinstance(one, Report) else one.asked_by


def _name(one: Report | Order, names: dict[str, str]) -> str:
    return names.get(_asked_by(one), "")


def _out(one: Report | Order, name: str) -> ReportOut:
    steps = list(STEPS)
    if isinstance(one, Report):
        return ReportOut(
            id=one.id, state="done", plan=one.plan_key, as_of=one.as_of, since=one.since, kind=one.kind, asked_by=name, done=len(steps), of=len(steps),
            report=one,
        )  # fmt: skip
    return ReportOut(
        id=one.id, state="failed" if one.failed else "running", plan=one.plan_key, as_of=one.as_of, since=one.since, kind=one.kind, asked_by=name,
        step=Said.of(STEPS[one.step]), done=steps.index(one.step), of=len(steps),
    )  # fmt: skip


__all__ = ["PRINTED", "STEPS", "Made", "ask", "compute", "content", "days_that_can_be", "discard", "listing", "make", "show"]
