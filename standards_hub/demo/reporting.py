"""The reports of the example office: drafted when their month is over, written into and signed by the officer, each act on its day."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office
from standards_hub.documents import drafting, kept, narrating, repository, service, signing
from standards_hub.documents.report.kinds import ReportKind
from standards_hub.documents.report.narrative import Narrative, Shortfall, Step
from standards_hub.documents.schemas import NewReport, SignReport
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.work import Hub, Work

OFFICER = "officer"


class ReportLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One report of the fixture: it `came` by itself or was `drafted` because somebody asked; without `signed` it stays a draft."""

    kind: ReportKind
    as_of: date
    came: date | None = None
    drafted: date | None = None
    signed: date | None = None
    texts: dict[str, str] = {}
    omitted: tuple[str, ...] = ()
    shortfall: dict[str, str] = {}
    """Cause and remedy, for every project that owes them."""
    steps: tuple[Step, ...] = ()


class _Reports(Struct, frozen=True, forbid_unknown_fields=True):
    reports: list[ReportLine]


@cache
def lines(path: Path = fixtures.FOLDER / "reports.toml") -> list[ReportLine]:
    return msgspec.toml.decode(path.read_bytes(), type=_Reports).reports


class Reports:
    """Drafts and signs the reports, in order, as the days pass."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.plan = fixtures.plan().key
        self._waiting = sorted(lines(), key=lambda line: line.signed or line.drafted or line.as_of)

    async def until(self, day: date) -> None:
        """Let everything happen that is dated up to this day."""
        while self._waiting and (self._waiting[0].signed or self._waiting[0].drafted or day) <= day:
            await self._report(self._waiting.pop(0))

    async def _report(self, line: ReportLine) -> None:
        if line.came:
            await self._made_by_itself(line, line.came)
        day = line.signed or line.drafted or line.as_of
        written = Narrative(
            texts=line.texts, omitted=line.omitted, steps=line.steps,
            shortfalls=tuple(Shortfall(project_no=n, **line.shortfall) for n in await self._short(line, day)) if line.shortfall else (),
        )  # fmt: skip
        await self.office.act(day, OFFICER, lambda work: narrating.write(work, self.plan, line.kind, line.as_of, written))
        id = await self._asked_for(line, day)
        if line.signed:
            await self.office.act(day, OFFICER, lambda work: signing.sign(work, id, SignReport()))

    async def _made_by_itself(self, line: ReportLine, day: date) -> UUID:
        hub = self.office.on_day(day)
        async with hub.work(Actor(system=True, name="report.draft")) as work:
            await drafting.draft(work, self.plan, line.kind, line.as_of.isoformat())
            orders = await repository.orders(work.connection)
            await work.commit()
        return await self._make(hub, orders[0].id)

    async def _asked_for(self, line: ReportLine, day: date) -> UUID:
        async def ask(work: Work) -> Any:
            return await kept.ask(work, NewReport(self.plan, as_of=line.as_of, kind=line.kind))

        found = await self.office.act(day, OFFICER, ask)
        return await self._make(self.office.on_day(day), found.id)

    async def _make(self, hub: Hub, id: UUID) -> UUID:
        """What the job does; done here, so that no other job of that day is done with it."""
        made = await kept.compute(hub, str(id))
        async with hub.work(Actor(system=True, name=kept.JOB)) as work:
            await kept.make(work, str(id), made)
            await work.commit()
        return id

    async def _short(self, line: ReportLine, day: date) -> tuple[str, ...]:
        async with self.office.on_day(day).reading(SYSTEM) as work:
            return (await service.progress_report(work, self.plan, line.as_of, kind=line.kind)).short
