"""Forty sheets of fifty comments merged into one enquiry: read, compared and written, on PostgreSQL."""

import asyncio
import tempfile
import time
from datetime import date
from pathlib import Path
from uuid import UUID

from standards_hub.committees.comments import ports
from standards_hub.committees.comments.ports import Draft
from standards_hub.committees.comments.schemas import NewEnquiry
from standards_hub.committees.comments.services import enquiring, importing
from standards_hub.committees.comments.sheets import Entry, Head, write_docx
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Hub, Work

SHEETS, COMMENTS = 40, 50
DRAFT = Draft(
    kind="bench", id=UUID(int=1), label="bench", title=Name("示例", "Example"), lead="示例", version="a" * 64, filename="a.txt",
    media_type="text/plain", days=30, source="bench", rule="chinese", opened_on=date(2026, 1, 1), href="/", bodies=frozenset(), exemplar=True,
)  # fmt: skip


class OneDraft:
    async def draft(self, work: Work, kind: str, id: UUID, *, lock: bool = False) -> Draft:
        return DRAFT


def sheet(n: int) -> bytes:
    """A feedback sheet of one organisation."""
    entries = [
        Entry(
            row=0,
            clause=f"{at % 12 + 1}.{at}",
            text=f"示例单位 {n} 的第 {at} 条意见：该指标的依据不足，建议补充试验数据。" * 2,
            proposed="改为不大于 5 %",
        )
        for at in range(COMMENTS)
    ]
    return write_docx("zh-feedback", Head(title="示例", author=f"示例单位 {n}"), entries)


def measure(url: str) -> float:
    """Seconds from the upload to the last comment written."""
    files = [(f"{n}.docx", sheet(n)) for n in range(SHEETS)]

    async def run(folder: str) -> float:
        ports.connect("bench", OneDraft())
        hub = Hub(Database(url), FileStore(Path(folder)), Clock())
        async with hub.work(SYSTEM) as work:
            one = await enquiring.open_enquiry(work, NewEnquiry(subject_id=DRAFT.id, subject_kind="bench"))
            await work.commit()
        await jobs.drain(hub)  # the moves measured before have asked for thousands of notices, which are not what is measured
        start = time.perf_counter()
        async with hub.work(SYSTEM) as work:
            asked = await importing.begin(work, one.id, files)
            await work.commit()
        await jobs.drain(hub)
        seconds = time.perf_counter() - start
        async with hub.reading(SYSTEM) as work:
            results = (await importing.show(work, one.id, asked.id)).results
        await hub.database.close()
        if sum(result.taken for result in results) != SHEETS * COMMENTS:
            raise RuntimeError(f"{sum(result.taken for result in results)} comments were taken instead of {SHEETS * COMMENTS}")
        return seconds

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(folder))
