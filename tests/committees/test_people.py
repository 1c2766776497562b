"""People over time: where they worked, and who may reach them."""

from datetime import date
from uuid import uuid4

import pytest

from standards_hub.committees import repository
from standards_hub.committees.schemas import Merge, NewCommittee, NewOrganisation, NewPerson, NewSeat, OrganisationChange, PersonChange
from standards_hub.committees.services import committees, organisations, people
from standards_hub.kernel.access.actor import Actor, Grant
from standards_hub.kernel.work import Hub, Work


async def test_employers_are_kept_with_their_days_through_merging_and_naming(work: Work) -> None:
    old = await organisations.register(work, NewOrganisation(name_zh="示例旧单位", kind="lab"))
    new = await organisations.register(work, NewOrganisation(name_zh="示例新单位", kind="lab"))
    one = await people.register(work, NewPerson(name="示例甲", organisation_id=old.id), on=date(2020, 1, 1))
    await people.edit(work, one.id, PersonChange(title="研究员"))
    await people.edit(work, one.id, PersonChange(organisation_id=None, on=date(2023, 1, 1)))
    await people.edit(work, one.id, PersonChange(organisation_id=new.id, on=date(2024, 1, 1)))
    shown = (await people.show(work, one.id)).employers
    assert [(e.organisation_name, e.since, e.until) for e in shown] == [
        ("示例新单位", date(2024, 1, 1), None), (None, date(2023, 1, 1), date(2023, 12, 31)), ("示例旧单位", date(2020, 1, 1), date(2022, 12, 31)),
    ]  # fmt: skip
    third = await organisations.register(work, NewOrganisation(name_zh="示例第三", kind="lab"))
    await organisations.merge(work, new.id, Merge(into=third.id, reason="合并", on=date(2026, 1, 1)))
    assert [e.organisation_name for e in (await people.show(work, one.id)).employers][:2] == ["示例第三", "示例新单位"]
    renamed = await organisations.edit(work, third.id, OrganisationChange(name_zh="示例第三集团", on=date(2026, 5, 1)))
    assert renamed.aliases[-1].until == date(2026, 5, 1)
    free = await people.register(work, NewPerson(name="示例乙"))
    assert (await people.show(work, free.id)).employers == []


@pytest.mark.parametrize(
    ("role", "where", "sees"),
    [
        ("secretary", "committee", True), ("officer", "hub", True), ("administrator", "hub", True), ("member", "committee", False),
        ("secretary", "elsewhere", False), ("department", "hub", False), ("lab_staff", "organisation", False), (None, "self", True),
    ],
)  # fmt: skip
async def test_contact_is_for_oneself_and_for_those_who_need_it(hub: Hub, role: str | None, where: str, sees: bool) -> None:
    async with hub.work(Actor(system=True)) as work:
        house = await organisations.register(work, NewOrganisation(name_zh="示例单位", kind="lab"))
        one = await people.register(work, NewPerson(name="示例甲", organisation_id=house.id, email="a@example.org", phone="025-0000 0000"))
        committee = await committees.register(work, NewCommittee(name_zh="示例委员会", level="provincial"))
        await committees.take_seat(
            work, committee.id, NewSeat(person_id=one.id, position="member", since=date(2026, 1, 1), until=date(2026, 11, 24))
        )
        await work.commit()
    bodies = {"committee": ("committee", str(committee.id)), "hub": ("hub", "*"), "elsewhere": ("committee", str(uuid4())),
              "organisation": ("organisation", str(house.id))}  # fmt: skip
    grants = (Grant(role, bodies[where]),) if role else ()
    async with hub.reading(Actor(account=uuid4(), grants=grants, person=one.id if where == "self" else None)) as work:
        shown = (await people.show(work, one.id)).person
        assert (shown.email, shown.phone) == (("a@example.org", "025-0000 0000") if sees else (None, None))
        listed = await people.shown(work, await repository.people(work.connection))
        assert [person.email for person in listed] == ["a@example.org" if sees else None]
