"""Two entries of one organisation are merged: its names, people, seats, drafting and projects keep their history and are found at the one that remains."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec import structs
from sqlmodel import SQLModel

from standards_hub.committees import repository as registers
from standards_hub.committees.schemas import Merge, NewCommittee, NewOrganisation, NewPerson, NewSeat
from standards_hub.committees.services import committees, organisations, people
from standards_hub.demo import fixtures
from standards_hub.kernel import audit
from standards_hub.kernel.access import deputies
from standards_hub.kernel.access import repository as accounts
from standards_hub.kernel.access import service as access
from standards_hub.kernel.access.actor import SYSTEM, Actor
from standards_hub.kernel.access.carrying import joined
from standards_hub.kernel.access.values import HeldRole, NewAccount, NewDeputy, NewGrant
from standards_hub.kernel.work import Hub, history
from standards_hub.lifecycle import repository
from standards_hub.lifecycle.events import Edited
from standards_hub.lifecycle.holdings import Holdings
from standards_hub.lifecycle.values import DraftingUnit, Patch
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.schemas import NewProject
from standards_hub.linkage.services import plans, projects
from standards_hub.rooms import fill_ports
from tests.lifecycle.driving import an_organisation, on_day, proposed

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
            self.lead = await an_organisation(work)
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
        lead = [DraftingUnit(self.lead, 1)] if units[0].rank != 1 else []
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


async def test_a_project_of_the_duplicate_is_found_at_the_one_that_remains(hub: Hub) -> None:
    made = await houses(hub)
    async with on_day(hub, MERGED).reading(SYSTEM) as work:
        assert [one.id for one in await linkage.projects(work.connection, organisation_id=made.new)] == [made.project]


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


HISTORY = {
    ("organisation", "id"), ("organisation", "merged_into"),  # the entry itself, and what went into it before
    ("employment", "organisation_id"),  # who worked there until the day
    ("drafting_unit", "organisation_id"), ("standard", "lead_drafter_id"),  # papers keep the name they were made with
}  # fmt: skip
"""Where the id of an organisation that was merged may still stand; `carried` follows it from there."""
LOG = ("event", "search", "job")
"""Tables of what happened and of what is being done, by the beginnings of their names."""


async def places(work: Any, id: UUID) -> set[tuple[str, str]]:
    """Every column of every table in which an id stands."""
    found = set()
    there = await work.connection.run_sync(lambda connection: sa.inspect(connection).get_table_names())  # tests declare tables of their own
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            text = sa.func.replace(sa.cast(column, sa.Text), "-", "")
            if table.name in there and not table.name.startswith(LOG):
                query = sa.select(sa.func.count()).select_from(table).where(text.contains(id.hex))
                if (await work.connection.execute(query)).scalar_one():
                    found.add((table.name, column.name))
    return found


async def named_everywhere(made: Houses) -> tuple[UUID, UUID]:
    """The duplicate named by everything that can name an organisation: an account with roles in it and one that it lends them to."""
    async with on_day(made.hub, date(2025, 2, 1)).work(SYSTEM) as work:
        earlier = (await organisations.register(work, NewOrganisation(name_zh="示例检测站", kind="lab", exemplar=True))).id
        await organisations.merge(work, earlier, Merge(into=made.old, reason="示例"))
        await committees.register(work, NewCommittee(name_zh="示例标委会二", level="provincial", department_id=made.old))
        standard = await repository.standard(work.connection, made.led)
        change = Edited(before=Patch(department_id=standard.department_id), after=Patch(department_id=made.old))
        await work.append(standard, change)
        given = NewProject(project_no="示例-2", title="示例项目二", programme="示例", lead_organisation_id=made.new, partners=[made.old])
        await projects.register(work, given)
        await plans.register(work, structs.replace(fixtures.plan(), committees=[], department_id=made.old))
        holder, deputy = [(await access.open_account(work, NewAccount(login=login, name=login))).id for login in ("holder", "deputy")]
        for role in ("department", "lab_staff"):
            grant = NewGrant(role=role, body_kind="organisation", body_id=str(made.old), since=date(2025, 2, 1))
            await access.grant_role(work, holder, grant)
        there = NewGrant(
            role="lab_staff", body_kind="organisation", body_id=str(made.new), since=date(2025, 3, 1), until=date(2026, 12, 31)
        )
        await access.grant_role(work, holder, there)
        await work.commit()
    async with on_day(made.hub, date(2026, 5, 30)).work(Actor(account=holder)) as work:
        lends = NewDeputy(login="deputy", until=date(2026, 6, 20), body_kind="organisation", body_id=str(made.old))
        await deputies.name(work, lends)
        await work.commit()
    return holder, deputy


async def test_nothing_that_names_an_organisation_is_left_with_the_one_that_was_merged(hub: Hub) -> None:
    fill_ports()
    made = Houses(hub)
    await made.build()
    await named_everywhere(made)
    keys = {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.sorted_tables for key in table.foreign_keys if key.target_fullname == "organisation.id"
    }  # fmt: skip
    async with hub.reading(SYSTEM) as work:
        before = await places(work, made.old)
    assert keys - before == set(), "a new relation: let it be named here, and be carried on by a merging"
    assert {
        ("role_grant", "body_id"),
        ("deputy", "body_id"),
        ("standard", "department_id"),
        ("project_partner", "organisation_id"),
    } < before
    await made.merge()
    async with hub.reading(SYSTEM) as work:
        assert await places(work, made.old) == HISTORY
        assert {("role_grant", "body_id"), ("deputy", "body_id"), *keys} - {("organisation", "merged_into")} <= await places(work, made.new) | {
            ("project_partner", "organisation_id")}  # fmt: skip


async def test_roles_in_the_duplicate_are_held_in_the_one_that_remains_by_deputies_too(hub: Hub) -> None:
    fill_ports()
    made = Houses(hub)
    await made.build()
    holder, deputy = await named_everywhere(made)
    await made.merge()
    async with on_day(hub, MERGED).reading(SYSTEM) as work:
        standard = await repository.standard(work.connection, made.led)
        for id in (holder, deputy):
            actor = await accounts.actor_for_id(work.connection, id, MERGED)
            assert actor.may("standard.dossier_accept", standard)
        grants = (await accounts.account(work.connection, holder)).grants
        assert [(grant.role, grant.body_id, grant.since, grant.until) for grant in grants] == [
            ("department", str(made.new), date(2025, 2, 1), None), ("lab_staff", str(made.new), date(2025, 2, 1), None),
        ]  # fmt: skip
        (first, second) = await linkage.projects(work.connection, organisation_id=made.new)
        assert {first.lead_organisation_id, second.lead_organisation_id} == {made.new}
        assert await linkage.partners(work.connection, [first.id, second.id]) == {}


async def test_what_was_so_before_the_day_of_the_merging_stays_so_whenever_it_is_recorded(hub: Hub) -> None:
    fill_ports()
    made = Houses(hub)
    await made.build()
    await named_everywhere(made)
    later = await made.drafted([DraftingUnit(made.new, 1)])
    async with on_day(hub, date(2026, 7, 1)).work(SYSTEM) as work:  # answers to the duplicate only after the day of the merging
        standard = await repository.standard(work.connection, later)
        before = standard.department_id
        await work.append(standard, Edited(before=Patch(department_id=before), after=Patch(department_id=made.old)))
        await work.commit()
    async with on_day(hub, date(2026, 9, 1)).work(SYSTEM) as work:
        await organisations.merge(work, made.old, Merge(into=made.new, reason="示例", on=MERGED))
        await work.commit()
    streams = [f"standard:{made.led}", f"standard:{later}", f"project:{made.project}", f"committee:{made.committee}"]
    async with hub.reading(SYSTEM) as work:
        tables = {
            day: (await audit.as_of(work.connection, day, streams=streams)).tables for day in (date(2026, 5, 31), MERGED, date(2026, 7, 1))
        }

    def then(day: date, table: str, id: UUID, column: str) -> Any:
        return tables[day][table][(id,)][column]

    for table, id, column in (
        ("standard", made.led, "department_id"), ("project", made.project, "lead_organisation_id"),
        ("committee", made.committee, "secretariat_id"),
    ):  # fmt: skip
        assert [then(day, table, id, column) for day in tables] == [made.old, made.new, made.new], table
    assert [then(day, "standard", later, "department_id") for day in tables] == [before, before, made.new]


def held(since: int, until: int | None) -> HeldRole:
    return HeldRole(UUID(int=since), "officer", "organisation", "x", date(since, 1, 1), None if until is None else date(until, 12, 31))


def test_two_terms_of_one_role_become_one_that_grants_no_day_that_neither_had() -> None:
    for one, other, kept in (
        (held(2024, 2026), held(2025, 2027), (2024, 2027)), (held(2024, None), held(2025, 2027), (2024, None)),
        (held(2024, 2024), held(2026, None), (2026, None)), (held(2026, None), held(2024, 2024), (2026, None)),
    ):  # fmt: skip
        found = joined(one, other)
        assert (found.since.year, found.until and found.until.year) == kept
