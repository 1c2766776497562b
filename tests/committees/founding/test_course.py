"""A committee from its proposal to its end, through the services, on both engines."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import repository
from standards_hub.committees.founding import service
from standards_hub.committees.founding.schemas import CourseMove
from standards_hub.committees.schemas import CommitteeChange, NewCommittee, NewOrganisation, NewPerson, NewSeat, StateChange
from standards_hub.committees.services import committees, organisations, people
from standards_hub.committees.values import SIDES, Committee
from standards_hub.kernel.access.actor import Actor, Grant
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, Refused
from standards_hub.kernel.work import Hub, Work


async def a_house(work: Work, name: str) -> UUID:
    return (await organisations.register(work, NewOrganisation(name_zh=name, kind="authority", exemplar=True))).id


async def forming(work: Work, **more: Any) -> Committee:
    house = more.get("department_id") or await a_house(work, "示例主管部门")
    given = {"name_zh": "示例委员会", "level": "provincial", "state": "preparing", "department_id": house, "exemplar": True, **more}
    return await committees.register(work, NewCommittee(**given))


async def move(work: Work, one: Committee, act: str, on: date, **more: Any) -> Any:
    return await service.move(work, one.id, CourseMove(act=act, on=on, **more))  # type: ignore[arg-type]


async def seated(work: Work, one: Committee, count: int, since: date) -> None:
    sides = list(SIDES)
    for n in range(count):
        house = await a_house(work, f"示例单位{n}")
        person = await people.register(work, NewPerson(name=f"示例{n}", title="研究员", organisation_id=house, exemplar=True))
        position = {0: "chair", 1: "secretary_general"}.get(n, "member")
        seat = NewSeat(person_id=person.id, position=position, since=since, until=date(2028, 12, 31), side=sides[n % 5])  # type: ignore[arg-type]
        await committees.take_seat(work, one.id, seat)


def codes(error: Any) -> list[str]:
    return [unmet.code for unmet in error.value.unmet]


async def test_a_committee_is_founded_step_by_step_with_what_is_missing_said(work: Work) -> None:
    one = await forming(work)
    await move(work, one, "propose", date(2024, 1, 8), reason="产业需要")
    with pytest.raises(Refused) as error:
        await move(work, one, "prepare", date(2024, 2, 1))
    assert codes(error) == ["secretariat", "scope", "course.reference"]
    shown = await service.show(work, one.id)
    assert [(way.act, [gate.key for gate in way.gates if not gate.met]) for way in shown.ways] == [
        ("prepare", ["secretariat", "scope"]),
        ("decline", []),
    ]
    await committees.edit(work, one.id, CommitteeChange(secretariat_id=await a_house(work, "示例承担单位"), scope="示例范围"))
    await move(work, one, "prepare", date(2024, 2, 1), reference="示例〔2024〕1号")
    await seated(work, one, 24, date(2024, 5, 1))
    with pytest.raises(Refused) as error:
        await move(work, one, "notify", date(2024, 3, 1), reference="示例公示1号")
    assert codes(error) == ["composition"] and "还差 1 人" in str(error.value)
    with pytest.raises(Refused) as error:
        await move(work, one, "notify", date(2024, 1, 31), reference="x", exception="x")
    assert codes(error) == ["course.early"]
    await move(work, one, "notify", date(2024, 3, 1), reference="示例公示1号", exception="领域较窄，主管部门同意（示例）")
    with pytest.raises(Refused) as error:
        await move(work, one, "approve", date(2024, 3, 15), reference="示例〔2024〕2号")
    assert codes(error) == ["notice"]
    await move(work, one, "object", date(2024, 3, 10), reason="一名委员身份有误")
    await move(work, one, "notify", date(2024, 3, 12), reference="示例公示2号", exception="同上")
    await move(work, one, "approve", date(2024, 3, 27), reference="示例〔2024〕2号", number="示例/TC 9801")
    with pytest.raises(Refused) as error:
        await move(work, one, "begin", date(2024, 4, 30), until=date(2028, 12, 31))
    assert codes(error) == ["seated"]
    course = await move(work, one, "begin", date(2024, 5, 1), until=date(2028, 12, 31))
    assert (course.step, course.term, course.term_since, course.term_until) == ("running", 1, date(2024, 5, 1), date(2028, 12, 31))
    found = await repository.committee(work.connection, one.id)
    assert (found.state, found.number, found.founded_on) == ("active", "示例/TC 9801", date(2024, 3, 27))
    happened = (await service.show(work, one.id)).milestones
    assert [m.act for m in reversed(happened)] == ["propose", "prepare", "notify", "object", "notify", "approve", "begin"]
    assert next(m for m in happened if m.on == date(2024, 3, 1)).exception == "领域较窄，主管部门同意（示例）"


async def running(work: Work) -> Committee:
    one = await forming(work, state="active", secretariat_id=await a_house(work, "示例承担单位"), scope="示例范围")
    await seated(work, one, 25, date(2022, 1, 1))
    await move(work, one, "enter", date(2022, 1, 1), until=date(2026, 12, 31), term=2)
    return one


async def test_a_term_that_ends_is_warned_of_and_renewed(work: Work) -> None:
    one = await running(work)
    shown = await service.show(work, one.id)
    assert [(limit.key, limit.due, limit.warns) for limit in shown.limits] == [
        ("renewal", date(2026, 9, 30), True), ("term", date(2026, 12, 31), True),
    ]  # fmt: skip
    assert [limit.limit.key for limit in await service.limits(work, 30)] == ["renewal"]
    assert [limit.limit.key for limit in await service.limits(work, 40)] == ["renewal", "term"]
    await move(work, one, "renew", date(2026, 9, 1))
    with pytest.raises(Refused) as error:
        await move(work, one, "renewed", date(2026, 11, 1), reference="示例3号", until=date(2031, 11, 2))
    assert codes(error) == ["term.long"]
    course = await move(work, one, "renewed", date(2026, 11, 1), reference="示例3号", until=date(2031, 10, 31))
    assert (course.term, course.term_since) == (3, date(2026, 11, 1))


async def test_who_has_to_keep_a_day_is_told_of_it(hub: Hub) -> None:
    async with hub.work(Actor(system=True)) as work:
        one = await running(work)
        other = await forming(work, name_zh="示例公示中", department_id=one.department_id, secretariat_id=one.secretariat_id, scope="x")
        for act, more in (("propose", {"reason": "x"}), ("prepare", {"reference": "x"}), ("notify", {"reference": "x", "exception": "x"})):
            await move(work, other, act, date(2026, 11, 20), **more)
        await work.commit()
    told = {}
    for name, grant in {
        "secretary": Grant("secretary", ("committee", str(one.id))), "department": Grant("department", ("organisation", str(one.department_id))),
        "other": Grant("secretary", ("committee", str(uuid4()))), "officer": Grant("officer", ("hub", "*")),
    }.items():  # fmt: skip
        async with hub.reading(Actor(account=uuid4(), grants=(grant,))) as work:
            told[name] = [(limit.committee_name, limit.limit.key) for limit in await service.mine(work)]
    assert told == {
        "secretary": [("示例委员会", "renewal"), ("示例委员会", "term")], "department": [("示例公示中", "notice")], "other": [], "officer": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "step", "state"),
    [
        ("excellent", "running", "active"), ("qualified", "running", "active"), ("rectify", "rectifying", "active"),
        ("change_host", "rectifying", "active"), ("restructure", "restructuring", "suspended"), ("dissolve", "dissolved", "dissolved"),
    ],
)  # fmt: skip
async def test_each_outcome_of_an_evaluation_leads_somewhere(work: Work, outcome: str, step: str, state: str) -> None:
    one = await running(work)
    course = await move(work, one, "evaluate", date(2026, 3, 1), outcome=outcome, reference="示例评估1号")
    assert (course.step, course.outcome, course.evaluated_on) == (step, outcome, date(2026, 3, 1))
    assert course.due == (date(2026, 9, 1) if step == "rectifying" else None)
    assert (await repository.committee(work.connection, one.id)).state == state
    ended = {seat.until for seat in await repository.seats(work.connection, one.id)}
    assert ended == ({date(2026, 3, 1)} if state == "dissolved" else {date(2028, 12, 31)})


async def test_another_host_is_there_before_a_rectification_is_through(work: Work) -> None:
    one = await running(work)
    await move(work, one, "evaluate", date(2026, 3, 1), outcome="change_host", reference="x")
    with pytest.raises(Refused) as error:
        await move(work, one, "rectified", date(2026, 5, 1), reference="x")
    assert codes(error) == ["host"]
    await committees.edit(work, one.id, CommitteeChange(secretariat_id=await a_house(work, "示例新承担单位")))
    course = await move(work, one, "rectified", date(2026, 5, 1), reference="x")
    assert (course.step, course.term, course.due) == ("running", 2, None)


async def test_a_committee_formed_anew_works_again(work: Work) -> None:
    one = await running(work)
    await move(work, one, "evaluate", date(2026, 3, 1), outcome="restructure", reference="x")
    with pytest.raises(Refused) as error:
        await committees.change_state(work, one.id, StateChange(state="active", reason="x"))
    assert codes(error) == ["course"]
    course = await move(work, one, "reformed", date(2026, 8, 1), reference="x", until=date(2031, 7, 31))
    assert (course.step, course.term) == ("running", 3)
    assert (await repository.committee(work.connection, one.id)).state == "active"


async def test_acts_wait_for_their_turn_their_words_and_their_day(work: Work) -> None:
    one = await forming(work)
    with pytest.raises(Refused) as error:
        await move(work, one, "approve", date(2024, 1, 1), reference="x")
    assert codes(error) == ["course.turn"]
    with pytest.raises(Refused) as error:
        await move(work, one, "propose", date(2024, 1, 1))
    assert codes(error) == ["course.asks"]
    with pytest.raises(BadInput):
        await move(work, one, "propose", date(2026, 11, 25), reason="x")


async def test_a_number_is_given_once(work: Work) -> None:
    one = await running(work)
    await committees.register(work, NewCommittee(name_zh="示例已有", level="provincial", number="示例/TC 9802"))
    fresh = await committees.register(work, NewCommittee(
        name_zh="示例新", level="provincial", state="preparing", department_id=one.department_id, secretariat_id=one.secretariat_id, scope="x",
    ))  # fmt: skip
    await move(work, fresh, "propose", date(2024, 1, 1), reason="x")
    await move(work, fresh, "prepare", date(2024, 1, 1), reference="x")
    await move(work, fresh, "notify", date(2024, 1, 1), reference="x", exception="x")
    with pytest.raises(Conflict, match="示例已有"):
        await move(work, fresh, "approve", date(2024, 3, 1), reference="x", number="示例/TC 9802")


async def test_who_proposes_does_not_decide(hub: Hub) -> None:
    async with hub.work(Actor(system=True)) as work:
        one = await forming(work, secretariat_id=await a_house(work, "示例承担单位"), scope="x")
        await work.commit()
    officer = Actor(account=uuid4(), grants=(Grant("officer", ("hub", "*")),))
    department = Actor(account=uuid4(), grants=(Grant("department", ("organisation", str(one.department_id))),))
    async with hub.work(officer) as work:
        await move(work, one, "propose", date(2024, 1, 1), reason="x")
        with pytest.raises(Forbidden):
            await move(work, one, "prepare", date(2024, 1, 2), reference="x")
        await work.commit()
    async with hub.work(department) as work:
        assert (await move(work, one, "prepare", date(2024, 1, 2), reference="x")).step == "preparing"
        await work.commit()
    async with hub.work(Actor(account=uuid4(), grants=(Grant("member", ("committee", str(one.id))),))) as work:
        assert not any(way.permitted for way in (await service.show(work, one.id)).ways)
        with pytest.raises(Forbidden):
            await move(work, one, "decline", date(2024, 1, 3), reason="x", reference="x")
