"""The progress report of a plan: its facts from the log, counted by its rule, printed in four formats."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct

from standards_hub.documents.report import ProgressReport, build, write_all, write_docx, write_json, write_pdf, write_xlsx
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import portfolio, repository
from standards_hub.linkage.counting import Counted, count
from standards_hub.linkage.rule import load_rule


class Format(Struct, frozen=True):
    """One way to print the report."""

    write: Callable[[ProgressReport], bytes]
    media_type: str


FORMATS = {
    "docx": Format(write_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": Format(write_pdf, "application/pdf"),
    "xlsx": Format(write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": Format(write_json, "application/json"),
}


async def counted(work: Work, plan_key: str, as_of: date) -> tuple[Counted, portfolio.Portfolio]:
    """What counts toward the plan's targets as of a day, and the facts it was counted from."""
    work.actor.require("report.read")
    if as_of > work.today:
        raise BadInput(say("统计截止日晚于今天"), unmet=[Unmet("as_of", say("截止日 {day} 尚未到来", day=as_of), "as_of")])
    plan = await repository.plan_facts(work, plan_key)
    held = await portfolio.of_plan(work.connection, plan_key, as_of, work.clock.now())
    return count(held.facts, plan, load_rule(), as_of), held


async def progress_report(work: Work, plan_key: str, as_of: date, since: date | None = None) -> ProgressReport:
    """The report of a plan as of a day; with `since`, also what changed from that day."""
    _, held = await counted(work, plan_key, as_of)
    before = (await counted(work, plan_key, since))[0] if since else None
    plan, rule = await repository.plan_facts(work, plan_key), load_rule()
    return build(
        plan, held.facts, rule, as_of=as_of, known_at=held.known_at, data_hash=held.data_hash, previous=before, previous_as_of=since
    )


async def printed(report: ProgressReport, format: str) -> bytes:
    """The report in one format; printing takes a second, so it leaves the event loop free."""
    return await asyncio.to_thread(FORMATS[format].write, report)


def file_name(plan_key: str, as_of: date, format: str) -> str:
    """The name of a file that is downloaded."""
    return f"进展报告-{plan_key}-{as_of}.{format}"


def written(report: ProgressReport, folder: Path) -> list[Path]:
    """All four files in a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_all(report, folder)
