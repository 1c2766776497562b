"""Reports that come by themselves: drafted on the first working day after their period, and brought to the officers who sign them."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.documents import kept, repository, signing
from standards_hub.documents.report.kinds import ReportKind, ended, kind_of
from standards_hub.documents.schemas import NewReport
from standards_hub.kernel import holidays, mail, notices
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.jobs import every, job
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.waiting import Waiting
from standards_hub.linkage import repository as linkage

DRAFTED = notices.kind("report", say("报告：已起草，待我签发"))
LONGEST_BREAK = 20
"""Days of a month among which there is a working day for certain."""


async def first_working_day(connection: AsyncConnection, month: date) -> date:
    """The first day of a month on which people are at work, by the business calendar."""
    days = [month.replace(day=1) + timedelta(days=n) for n in range(LONGEST_BREAK)]
    off = await holidays.days_off(connection, days)
    return next(day for day in days if day not in off)


@every("reports.draft", cron="0 8 * * *")
@job("reports.draft", say("起草到期的报告"))
async def due(work: Work) -> None:
    """From the first working day of a month on: one job for each report of the last month's end that is not there yet, each once."""
    if work.today < await first_working_day(work.connection, work.today):
        return
    for plan in await linkage.plans(work.connection):
        for kind, as_of in ended(work.today):
            if plan.window_start <= as_of <= plan.window_end and not await repository.begun(work.connection, plan.key, kind, as_of):
                arguments = {"plan": plan.key, "kind": kind, "as_of": as_of.isoformat()}
                await work.enqueue("report.draft", arguments, key=f"report-draft:{plan.key}:{kind}:{as_of}")


@job("report.draft", say("起草报告"))
async def draft(work: Work, plan: str, kind: ReportKind, as_of: str) -> None:
    """Ask for one report whose period is over; nothing where somebody was quicker."""
    day = date.fromisoformat(as_of)
    if not await repository.begun(work.connection, plan, kind, day):
        await kept.ask(work, NewReport(plan, as_of=day, kind=kind))


@job("report.tell", say("送交报告草稿"))
async def tell(work: Work, id: str) -> None:
    """Write to the officers that a draft waits for their words and their signature."""
    report = await repository.report(work.connection, UUID(id))
    newest = report and await repository.newest(work.connection, report.plan_key, report.kind, report.as_of)
    if report is None or newest is None or newest.id != report.id or report.signed_at:
        return
    name = say("{day} 的{kind}", day=report.as_of, kind=kind_of(report.kind).name)
    subject = say("待签发：{name}", name=name)
    body = say(
        "{name}已起草：已发布 {counted} 项，目标 {target} 项。请填写文字并签发：{link}", name=name, counted=report.counted,
        target=report.target, link=mail.link(f"/reports/{report.id}"),
    )  # fmt: skip
    officers = await accounts.holding(work.connection, {"officer"}, report.bodies(), work.today)
    await notices.send(work, dict.fromkeys(officers, DRAFTED), subject, body, f"report:{report.id}")


async def waiting(work: Work) -> list[Waiting]:
    """The drafts that the actor may sign."""
    return [
        Waiting(
            say("待我签发"), say("{day} 的{kind}", day=report.as_of, kind=kind_of(report.kind).name), report.made_at.astimezone(ZONE).date(),
            say("填写并签发") if report.missing else say("签发此报告"), f"/reports/{report.id}",
        )
        for report in (await repository.unsigned(work.connection) if work.actor.may(signing.MAY) else [])
        if work.actor.may(signing.MAY, report)
    ]  # fmt: skip
