"""Two entries of one organisation are merged: its names, people, seats, drafting and projects keep their history and are found at the one that remains."""

from datetime import date
from uuid import UUID

from standards_hub.committees import repository as registers
from standards_hub.committees.schemas import Merge, NewCommittee, NewOrganisation, NewPerson, NewSeat
from standards_hub.committees.services import committees, organisations, people
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub, history
from standards_hub.lifecycle.holdings import Holdings, roles_of
from standards_hub.lifecycle.values import DraftingUnit
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.schemas import NewProject
from standards_hub.linkage.services import projects
from tests.lifecycle.driving import on_day, proposed

MERGED = date(2026, 6, 1)


class Houses:
    """A duplicate, the entry that it goes into, and what hangs on each."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def build(self) -> None:
        async with on_day(self.hub, date(2025, 1, 2)).work(SYSTEM) as work:
            self.old, self.new = [
                (await organisations.register(work, NewOrganisation(name_zh=name, kind="lab", exemplar=True))).id
                for name in ("示例检测所", "示例检测研究院")
            ]
            self.person = (await people.register(work, NewPerson(name="示例甲", organisation_id=self.old), on=date(2020, 1, 1))).id
            self.committee = (
                await committees.register(work, NewCommittee(name_zh="示例标委会", level="provincial", secretariat_id=self.old))
            ).id
            await committees.take_seat(work, self.committee, NewSeat(person_id=self.person, position="member", since=date(2025, 1, 2)))
            self.project = (
                await projects.register(
                    work, NewProject(project_no="示例-1", title="示例项目", programme="示例", lead_organisation_id=self.old)
                )
            ).id
            await work.commit()
        self.led = await self.drafted([DraftingUnit(self.old, 1)])
        self.both = await self.drafted([DraftingUnit(self.new, 2), DraftingUnit(self.old, 3)])
        self.plain = await self.drafted([DraftingUnit(self.new, 2)])

    async def drafted(self, units: list[DraftingUnit]) -> UUID:
        lead = [DraftingUnit(UUID(int=9), 1)] if units[0].rank != 1 else []
        return (await proposed(self.hub, "local-db32", drafting_units=[*lead, *units])).id

    async def merge(self) -> None:
        async with on_day(self.hub, MERGED).work(SYSTEM) as work:
            await organisations.merge(work, self.old, Merge(into=self.new, reason="示例：同一单位登记了两次"))
            await work.commit()


async def houses(hub: Hub) -> Houses:
    made = Houses(hub)
    await made.build()
    await made.merge()
    return made


async def test_the_one_that_remains_shows_what_was_drafted_under_either_name_once_each(hub: Hub) -> None:
    made = await houses(hub)
    async with on_day(hub, MERGED).reading(SYSTEM) as work:
        found = await Holdings().of_organisation(work, made.new)
        assert sorted(one.id for one in found) == sorted([made.led, made.both, made.plain])
        assert {one.id: one.role.into("zh") for one in found}[made.both] == "起草，第 2 位"
        assert [one.id for one in await Holdings().of_organisation(work, made.old) if one.id == made.plain] == []


async def test_a_project_of_the_duplicate_is_found_at_the_one_that_remains_and_keeps_its_credit(hub: Hub) -> None:
    made = await houses(hub)
    async with on_day(hub, MERGED).reading(SYSTEM) as work:
        assert [one.id for one in await linkage.projects(work.connection, organisation_id=made.new)] == [made.project]
        for lead in (made.old, made.new):
            assert await roles_of(work.connection, lead, [made.led, made.both, made.plain]) == {
                made.led: True, made.both: False, made.plain: False,
            }  # fmt: skip


async def test_names_employers_seats_and_secretariats_keep_their_history(hub: Hub) -> None:
    made = await houses(hub)
    async with on_day(hub, MERGED).reading(SYSTEM) as work:
        kept = await registers.organisation(work.connection, made.new)
        assert [(alias.name, alias.until) for alias in kept.aliases] == [("示例检测所", MERGED)]
        assert [one.id for one in await registers.organisations(work.connection, text="示例检测所", active=True)] == [made.new]
        employers = await registers.employers(work.connection, made.person)
        assert [(e.organisation_id, e.since, e.until) for e in employers] == [
            (made.new, MERGED, None), (made.old, date(2020, 1, 1), date(2026, 5, 31)),
        ]  # fmt: skip
        seats = await registers.seats(work.connection, made.committee)
        assert [(seat.since, seat.until, seat.organisation_id) for seat in seats] == [(date(2025, 1, 2), None, made.new)]
        assert (await registers.committee(work.connection, made.committee)).secretariat_id == made.new
        types = [row.type for row in await history(work.connection, f"organisation:{made.old}")]
        assert types == ["organisation-registered", "organisation-merged"]
