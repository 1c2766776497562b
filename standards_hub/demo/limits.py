"""The nightly jobs of the example office: what runs out freezes, lapses or is superseded through the job, on its day."""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office, effect_of
from standards_hub.demo.timeline import closing_day, course
from standards_hub.kernel import jobs
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.events import table_of
from standards_hub.kernel.jobs import JobRow
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.tracks import newest

LAST_WEEK = timedelta(days=7)
"""The jobs run every night this long before the end; earlier only in nights when they change something."""

NOTICES = ("standard.notice", "ballot.call", "ballot.tell", "claim.notice")


class Limits:
    """Runs the nights that matter, in order."""

    def __init__(self, office: Office) -> None:
        register, lines = fixtures.register(), {line.key: line for line in fixtures.portfolio()}
        self.office = office
        self.begins = register.ends_on - LAST_WEEK
        self._here = register.opened_on
        self._nights = {self.begins + timedelta(days=n) for n in range(LAST_WEEK.days + 1)}
        closings = (closing_day(project, register.ends_on) for project in fixtures.projects())
        self._nights |= {day + timedelta(days=1) for day in closings if day}  # when the acceptance packages are made
        for line in lines.values():
            if line.origin and line.origin[0] == "revise":
                published = next((a.on for a in course(line, lines) if a.step == "60.00"), None)
                self._nights |= {effect_of(newest(line.track), published)} if published else set()
        self._seen: set[tuple[UUID, date]] = set()

    async def until(self, day: date) -> None:
        """Let the nights up to the one before this day's work pass."""
        if day == self._here:
            return
        self._here = day
        await self._look_ahead(day)
        for night in sorted(n for n in self._nights if n <= day):
            self._nights.discard(night)
            await self._run(night)

    async def _look_ahead(self, day: date) -> None:
        async with self.office.hub.reading(SYSTEM) as work:
            for deadline in await repository.overdue(work.connection, day, limit=10_000):
                one = (deadline.id, deadline.due_on)
                if deadline.consequence != "none" and one not in self._seen:
                    self._seen.add(one)
                    self._nights.add(deadline.due_on + timedelta(days=1))

    async def _run(self, night: date) -> None:
        hub = self.office.on_day(night)
        async with hub.work(SYSTEM) as work:
            if night < self.begins:
                table = table_of(JobRow)  # notices of that time: whoever they were for has long read them
                await work.connection.execute(sa.delete(table).where(table.c.name.in_(NOTICES), table.c.state == "waiting"))
            await work.enqueue("deadlines.sweep", {})
            await work.commit()
        drained = await jobs.drain(hub)
        if drained.errors:
            raise RuntimeError("; ".join(drained.errors))
