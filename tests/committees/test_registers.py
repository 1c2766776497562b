"""The registers of organisations, people and committees through their services, on both engines."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import repository
from standards_hub.committees.schemas import (
    CommitteeChange,
    Merge,
    NewCommittee,
    NewOrganisation,
    NewPerson,
    NewSeat,
    OrganisationChange,
    PersonChange,
    Reason,
    SeatEnd,
    StateChange,
)
from standards_hub.committees.services import committees, organisations, people
from standards_hub.committees.values import Committee, Organisation, Person
from standards_hub.kernel import search
from standards_hub.kernel.access.actor import PUBLIC, Actor, Grant
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, Refused
from standards_hub.kernel.work import Hub, Work, history

CODE = "91350100M000100Y43"
OTHER_CODE = "12320000MA20001070"


async def a_house(work: Work, name: str = "示例材料研究院", **more: object) -> Organisation:
    return await organisations.register(work, NewOrganisation(name_zh=name, kind="institute", exemplar=True, **more))  # type: ignore[arg-type]


async def a_person(work: Work, name: str = "示例甲", **more: object) -> Person:
    return await people.register(work, NewPerson(name=name, exemplar=True, **more))  # type: ignore[arg-type]


async def a_committee(work: Work, name: str = "示例石墨烯标准化技术委员会", **more: object) -> Committee:
    return await committees.register(work, NewCommittee(name_zh=name, level="provincial", exemplar=True, **more))  # type: ignore[arg-type]


def codes(error: pytest.ExceptionInfo[Refused] | pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [unmet.code for unmet in error.value.unmet]


async def test_an_organisation_is_registered_with_its_code_normalised_and_its_province_from_the_region(work: Work) -> None:
    made = await a_house(work, uscc="91350100 m000100y43", region="320500", short_name="示例院")
    found = await repository.organisation(work.connection, made.id)
    assert (found.uscc, found.in_province, found.version, found.exemplar) == (CODE, True, 1, True)
    assert found == made
    listed = await repository.organisations(work.connection, text="示例院", region="3205", kind="institute", active=True)
    assert [o.id for o in listed] == [made.id]
    assert await repository.organisations(work.connection, region="3201") == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"uscc": "91350100M000100Y4A"}, "uscc"),
        ({"region": "110000", "in_province": True}, "in_province"),
        ({"region": "江苏"}, "invalid"),
        ({"name_zh": "  "}, "invalid"),
        ({"name_zh": "长" * 301}, "invalid"),
    ],
)
async def test_bad_facts_are_refused_by_field(work: Work, more: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as error:
        await organisations.register(work, NewOrganisation(**{"name_zh": "示例", "kind": "other", **more}))  # type: ignore[arg-type]
    assert codes(error) == [code]
    assert error.value.unmet[0].where in more


async def test_a_code_and_a_name_are_registered_once(work: Work) -> None:
    await a_house(work, uscc=CODE)
    with pytest.raises(Conflict, match="示例材料研究院"):
        await a_house(work, "示例另一家", uscc=CODE)
    with pytest.raises(Conflict, match="示例材料研究院"):
        await a_house(work)


async def test_a_name_that_is_given_up_is_kept_and_found(work: Work) -> None:
    made = await a_house(work, uscc=CODE)
    edited = await organisations.edit(work, made.id, OrganisationChange(name_zh="示例材料集团", uscc=OTHER_CODE), on=date(2026, 5, 1))
    assert [(a.name, a.uscc, a.until) for a in edited.aliases] == [("示例材料研究院", CODE, date(2026, 5, 1))]
    assert await repository.organisation(work.connection, made.id) == edited
    assert [o.id for o in await repository.organisations(work.connection, text="材料研究院")] == [made.id]
    event = (await history(work.connection, made.stream))[-1:]
    assert event == []  # linked at commit only
    same = await organisations.edit(work, made.id, OrganisationChange(name_zh="示例材料集团"))
    assert same.version == edited.version


async def test_merging_hands_on_names_people_and_committees(work: Work) -> None:
    old, new = await a_house(work, "示例旧院", uscc=CODE), await a_house(work, "示例新院")
    old = await organisations.edit(work, old.id, OrganisationChange(name_zh="示例中院"))
    person = await a_person(work, organisation_id=old.id)
    committee = await a_committee(work, secretariat_id=old.id, department_id=old.id)
    kept = await organisations.merge(work, old.id, Merge(into=new.id, reason="机构改革", on=date(2026, 3, 1)))
    assert [a.name for a in kept.aliases] == ["示例旧院", "示例中院"]
    assert kept.aliases[1].uscc == CODE
    assert kept == await repository.organisation(work.connection, new.id)
    gone = await repository.organisation(work.connection, old.id)
    assert (gone.active, gone.merged_into) == (False, new.id)
    assert (await repository.person(work.connection, person.id)).organisation_id == new.id
    moved = await repository.committee(work.connection, committee.id)
    assert (moved.secretariat_id, moved.department_id) == (new.id, new.id)
    assert (await repository.current_organisation(work.connection, old.id)).id == new.id
    for id, into, code in ((old.id, new.id, "merge.again"), (new.id, new.id, "merge.self"), (new.id, old.id, "merge.inactive")):
        with pytest.raises(Refused) as error:
            await organisations.merge(work, id, Merge(into=into, reason="x"))
        assert code in codes(error)
    with pytest.raises(Refused) as error:
        await organisations.reopen(work, old.id, Reason(reason="x"))
    assert codes(error) == ["merged"]


async def test_an_organisation_that_hosts_a_secretariat_is_not_closed(work: Work) -> None:
    house = await a_house(work)
    committee = await a_committee(work, secretariat_id=house.id)
    with pytest.raises(Refused) as error:
        await organisations.close(work, house.id, Reason(reason="注销"))
    assert codes(error) == ["secretariat"]
    assert committee.name_zh in str(error.value)
    await committees.edit(work, committee.id, CommitteeChange(secretariat_id=None))
    assert not (await organisations.close(work, house.id, Reason(reason="注销"))).active
    with pytest.raises(Refused) as error:
        await committees.edit(work, committee.id, CommitteeChange(secretariat_id=house.id))
    assert codes(error) == ["organisation.closed"]
    with pytest.raises(Refused) as error:
        await a_person(work, organisation_id=house.id)
    assert codes(error) == ["organisation.closed"]
    assert (await organisations.reopen(work, house.id, Reason(reason="误操作"))).active


async def test_an_act_is_not_dated_in_the_future(work: Work) -> None:
    house = await a_house(work)
    with pytest.raises(BadInput) as error:
        await organisations.close(work, house.id, Reason(reason="x", on=date(2026, 11, 25)))
    assert codes(error) == ["date.future"]


async def test_a_person_leaves_only_from_no_seat(work: Work) -> None:
    person, committee = await a_person(work), await a_committee(work)
    seat = await committees.take_seat(work, committee.id, NewSeat(person_id=person.id, position="chair", since=date(2024, 1, 1)))
    with pytest.raises(Refused) as error:
        await people.leave(work, person.id, Reason(reason="退休"))
    assert codes(error) == ["seated"]
    await committees.end_seat(work, committee.id, seat.id, SeatEnd(until=date(2026, 11, 24), reason="退休"))
    assert not (await people.leave(work, person.id, Reason(reason="退休"))).active
    with pytest.raises(Refused) as error:
        await committees.take_seat(work, committee.id, NewSeat(person_id=person.id, position="member", since=date(2027, 1, 1)))
    assert codes(error) == ["person.left"]
    assert (await people.return_(work, person.id, Reason(reason="返聘"))).active
    assert [s.committee_id for s in (await people.show(work, person.id)).seats] == [committee.id]


async def test_seats_are_taken_ended_and_struck(work: Work) -> None:
    house = await a_house(work)
    person, committee = await a_person(work, organisation_id=house.id), await a_committee(work, founded_on=date(2020, 1, 1))
    first = NewSeat(person_id=person.id, position="member", since=date(2020, 1, 1), until=date(2024, 12, 31))
    seat = await committees.take_seat(work, committee.id, first)
    with pytest.raises(Refused) as error:
        await committees.take_seat(work, committee.id, NewSeat(person_id=person.id, position="chair", since=date(2024, 12, 31)))
    assert codes(error) == ["seat.overlap"]
    again = await committees.take_seat(work, committee.id, NewSeat(person_id=person.id, position="chair", since=date(2025, 1, 1)))
    with pytest.raises(Refused) as error:
        await committees.end_seat(work, committee.id, seat.id, SeatEnd(until=date(2025, 1, 1), reason="x"))
    assert codes(error) == ["seat.overlap"]
    now = await repository.seats(work.connection, committee.id, on=date(2026, 1, 1))
    assert [(s.id, s.person_name, s.organisation_name) for s in now] == [(again.id, "示例甲", "示例材料研究院")]
    await committees.strike_seat(work, committee.id, seat.id, Reason(reason="录入有误"))
    assert [s.id for s in await repository.seats(work.connection, committee.id)] == [again.id]
    with pytest.raises(NotFound):
        await committees.end_seat(work, committee.id, seat.id, SeatEnd(until=date(2026, 1, 1), reason="x"))
    shown = await committees.show(work, committee.id)
    assert {"members.few", "term.long"} <= {w.code for w in shown.warnings}
    assert all(w.why.zh != w.why.en for w in shown.warnings)
    with pytest.raises(Refused) as error:
        await committees.edit(work, committee.id, CommitteeChange(founded_on=date(2025, 1, 2)))
    assert codes(error) == ["founded.late"]


async def test_seats_in_other_committees_are_counted_while_they_hold(work: Work) -> None:
    person = await a_person(work)
    house = [await a_committee(work, f"示例委员会{n}") for n in range(4)]
    for committee, since, until in (
        (house[0], date(2024, 1, 1), None),
        (house[1], date(2024, 1, 1), None),
        (house[2], date(2020, 1, 1), date(2023, 12, 31)),
        (house[3], date(2025, 1, 1), None),
    ):
        seat = NewSeat(person_id=person.id, position="member", since=since, until=until)
        await committees.take_seat(work, committee.id, seat)
    assert await repository.seats_elsewhere(work.connection, house[0].id, date(2024, 6, 1)) == {person.id: 1}
    assert await repository.seats_elsewhere(work.connection, house[0].id, date(2026, 6, 1)) == {person.id: 2}
    assert "person.many" in {w.code for w in (await committees.show(work, house[0].id)).warnings}


async def test_no_committee_stands_above_itself(work: Work) -> None:
    top = await a_committee(work, "示例一")
    middle = await a_committee(work, "示例二", parent_id=top.id)
    below = await a_committee(work, "示例三", parent_id=middle.id)
    for parent in (below, top):
        with pytest.raises(Refused) as error:
            await committees.edit(work, top.id, CommitteeChange(parent_id=parent.id))
        assert codes(error) == ["parent.circle"]
    assert [c.id for c in (await committees.show(work, top.id)).children] == [middle.id]


async def test_a_committee_number_is_taken_once_in_any_spelling(work: Work) -> None:
    made = await committees.register(work, NewCommittee(name_zh="示例全国委员会", level="national", number="SAC/TC 9573"))
    with pytest.raises(Conflict, match="示例全国委员会"):
        await committees.register(work, NewCommittee(name_zh="示例又一个", level="national", number="ＴＣ9573"))
    assert await repository.committee_by_number(work.connection, "tc 9573") == made
    assert await repository.committee_by_number(work.connection, "tc 9573", "provincial") is None


async def test_dissolving_waits_for_those_below_and_ends_the_seats(work: Work) -> None:
    top, person = await a_committee(work, state="preparing"), await a_person(work)
    with pytest.raises(Refused) as error:
        await committees.change_state(work, top.id, StateChange(state="suspended", reason="x"))
    assert codes(error) == ["state"]
    await committees.change_state(work, top.id, StateChange(state="active", reason="批复成立", on=date(2025, 6, 1)))
    below = await a_committee(work, "示例分委会", parent_id=top.id)
    seat = await committees.take_seat(work, top.id, NewSeat(person_id=person.id, position="chair", since=date(2025, 6, 1)))
    with pytest.raises(Refused) as error:
        await committees.change_state(work, top.id, StateChange(state="dissolved", reason="x"))
    assert codes(error) == ["child"]
    await committees.change_state(work, below.id, StateChange(state="dissolved", reason="x"))
    gone = await committees.change_state(work, top.id, StateChange(state="dissolved", reason="整合", on=date(2026, 10, 1)))
    assert gone.state == "dissolved"
    assert (await repository.seat(work.connection, top.id, seat.id)).until == date(2026, 10, 1)
    with pytest.raises(Refused) as error:
        await committees.take_seat(work, top.id, NewSeat(person_id=person.id, position="member", since=date(2026, 11, 1)))
    assert "dissolved" in codes(error)
    with pytest.raises(Refused) as error:
        await a_committee(work, "示例新分委会", parent_id=top.id)
    assert codes(error) == ["parent.dissolved"]


async def test_lists_are_paged_by_name_without_gaps(work: Work) -> None:
    made = [await a_person(work, f"示例{n % 3}") for n in range(7)]
    seen: list[UUID] = []
    after = None
    while found := await repository.people(work.connection, after=after, limit=3):
        seen += [p.id for p in found]
        after = found[-1].id
    assert len(seen) == len(set(seen)) == len(made)
    assert [p.name for p in await repository.people(work.connection, text="示例1")] == ["示例1"] * 2
    assert await repository.people(work.connection, text="%") == []
    with pytest.raises(NotFound):
        await repository.people(work.connection, after=uuid4())


async def test_the_mail_address_is_for_those_who_manage_people(hub: Hub) -> None:
    secretary = Actor(account=uuid4(), grants=(Grant("secretary", ("hub", "*")),))
    async with hub.work(secretary) as work:
        person = await a_person(work, email="x@example.org")
        assert (await people.show(work, person.id)).person.email == "x@example.org"
        await work.commit()
    async with hub.reading(Actor(account=uuid4())) as work:
        assert (await people.show(work, person.id)).person.email is None
    async with hub.reading(PUBLIC) as work:
        with pytest.raises(NotSignedIn):
            await people.show(work, person.id)


async def test_a_secretary_manages_only_the_committee_the_role_is_held_in(hub: Hub) -> None:
    async with hub.work(Actor(account=uuid4(), grants=(Grant("officer", ("hub", "*")),))) as work:
        mine, other = await a_committee(work, "示例一"), await a_committee(work, "示例二")
        person = await a_person(work)
        await work.commit()
    secretary = Actor(account=uuid4(), grants=(Grant("secretary", ("committee", str(mine.id))),))
    async with hub.work(secretary) as work:
        await committees.edit(work, mine.id, CommitteeChange(scope="示例范围"))
        for attempt in (
            committees.edit(work, other.id, CommitteeChange(scope="x")),
            committees.take_seat(work, other.id, NewSeat(person_id=person.id, position="member", since=date(2026, 1, 1))),
            committees.register(work, NewCommittee(name_zh="示例三", level="provincial")),
            people.edit(work, person.id, PersonChange(title="高级工程师")),
        ):
            with pytest.raises(Forbidden):
                await attempt
        await work.commit()
    async with hub.work(Actor(account=uuid4())) as work:
        with pytest.raises(Forbidden):
            await a_house(work)


async def test_two_editors_at_once_give_one_conflict(hub: Hub, work: Work) -> None:
    house = await a_house(work)
    stale = await repository.organisation(work.connection, house.id)
    await organisations.edit(work, house.id, OrganisationChange(short_name="甲"))
    from standards_hub.committees.events import OrganisationClosed

    with pytest.raises(Conflict):
        await work.append(stale, OrganisationClosed(reason="x"))


async def test_registers_are_searched(work: Work) -> None:
    house = await a_house(work, "示例量子研究院", name_en="Example Quantum Institute")
    committee = await a_committee(work, "示例氢能技术委员会")
    found = await search.search(work.connection, "量子")
    assert [(h.kind, h.key) for h in found] == [("organisation", str(house.id))]
    assert [h.key for h in await search.search(work.connection, "氢能")] == [str(committee.id)]
