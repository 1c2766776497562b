"""The progress report of a plan: its facts from the log, counted by its rule, printed in four formats."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct

from standards_hub.documents import surroundings
from standards_hub.documents.report import ProgressReport, build, write_all, write_docx, write_json, write_pdf, write_xlsx
from standards_hub.documents.report.kinds import ReportKind, kind_of
from standards_hub.documents.report.narrative import EMPTY, Narrative
from standards_hub.documents.report.source import Correction
from standards_hub.kernel.work import Work
from standards_hub.linkage import portfolio
from standards_hub.linkage.counting import Counted
from standards_hub.linkage.forecast.repository import in_sight
from standards_hub.linkage.services import tallies


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
    found = await tallies.tally(work, plan_key, as_of)
    return found.counted, found.held


async def progress_report(
    work: Work, plan_key: str, as_of: date, since: date | None = None, *, kind: ReportKind = "progress", written: Narrative = EMPTY,
    correction: Correction | None = None,
) -> ProgressReport:  # fmt: skip
    """The report of a plan as of a day. It also says what changed from `since`, or from before its period if its kind has one."""
    found = await tallies.tally(work, plan_key, as_of)
    since = since or kind_of(kind).since(as_of)
    before = (await counted(work, plan_key, since))[0] if since else None
    around = await surroundings.around(work, found.plan.key, found)
    histories = await in_sight(work.connection, found.held.histories)
    return await asyncio.to_thread(
        build, found.plan, found.held.facts, found.rule, as_of=as_of, known_at=found.held.known_at, data_hash=found.held.data_hash, kind=kind,
        previous=before, previous_as_of=since, around=around, written=written, correction=correction, histories=histories,
    )  # fmt: skip


async def printed(report: ProgressReport, format: str) -> bytes:
    """The report in one format; printing takes a second, so it leaves the event loop free."""
    return await asyncio.to_thread(FORMATS[format].write, report)


def file_name(plan_key: str, as_of: date, format: str, kind: ReportKind = "progress") -> str:
    """The name of a file that is downloaded."""
    return f"{kind_of(kind).zh}-{plan_key}-{as_of}.{format}"


def written(report: ProgressReport, folder: Path) -> list[Path]:
    """All four files in a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_all(report, folder)
