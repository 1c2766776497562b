"""A portfolio from file to standards and back: check, error file, correction, acceptance, undoing, on both engines."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from standards_hub.committees import repository as bodies
from standards_hub.kernel import search
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, HubError, NotFound, Refused
from standards_hub.kernel.work import Hub, history
from standards_hub.lifecycle import jobs, repository
from standards_hub.lifecycle.intake import service
from standards_hub.lifecycle.intake.schemas import Correction
from standards_hub.lifecycle.schemas import Proposal, RelationIn
from standards_hub.lifecycle.services import facts, relating, timing, tracking
from standards_hub.lifecycle.values import Patch, Standard
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.schemas import NewClaim
from standards_hub.linkage.services import claims, projects
from tests.lifecycle.intake.conftest import UNITS
from tests.lifecycle.intake.driving import OFFICER, accepted, of_row, one, planned, problems, standards, undone
from tests.lifecycle.intake.files import GBT, HEADER, Rows, good, text, workbook


async def test_forty_rows_three_wrong_from_dry_run_to_error_file_to_correction_to_acceptance_to_undoing(registers: Hub) -> None:
    rows = [good(n) for n in range(1, 41)]
    rows[4] = good(5, 轨道="国家标准")
    rows[9] = good(10, 征求意见日期=date(2025, 1, 1), 起草单位="示例氢能研究所")
    rows[14] = good(15, 标准号="GB/T 90003-2026")
    first = await planned(registers, workbook(rows))
    assert (first.counts.rows, first.counts.ok, first.counts.error) == (40, 37, 3)
    assert problems(of_row(first, 6)) == [("B6", "error", "cell.choice")]
    assert {p[0] for p in problems(of_row(first, 11))} == {"F11", "K11"}
    assert "示例氢能研究院" in next(p for p in of_row(first, 11).problems if p.column == "drafting_units").why.zh
    assert problems(of_row(first, 16)) == [("I16", "error", "twin.number")]
    assert await standards(registers) == []
    with pytest.raises(Refused) as refused:
        await accepted(registers, first.id)
    assert {u.where for u in refused.value.unmet} == {"B6", "F11", "K11", "I16"}
    assert await standards(registers) == []

    async with registers.reading(OFFICER) as work:
        wrong = await service.errors(work, first.id)
    again = await planned(registers, wrong, "错误.xlsx")
    assert (again.counts.rows, again.counts.error) == (3, 2)  # the twin of row 16 stands in the other file
    by_title = {row.title: row for row in again.rows}
    fixes = [
        Correction(row=by_title["示例标准第5项"].row, column="轨道", value=GBT),
        Correction(row=by_title["示例标准第10项"].row, column="征求意见日期", value="2026年5月6日"),
        Correction(row=by_title["示例标准第10项"].row, column="drafting_units", value=UNITS[0]),
        Correction(row=by_title["示例标准第15项"].row, column="标准号", value="GB/T 90015-2026"),
    ]
    async with registers.work(OFFICER) as work:
        corrected = await service.correct(work, again.id, fixes)
        await work.commit()
    assert corrected.counts.error == 0

    taken = await accepted(registers, first.id, only_good=True)
    assert (taken.state, taken.counts.taken) == ("accepted", 37)
    second = await accepted(registers, again.id)
    assert second.counts.taken == 3
    found = await standards(registers)
    assert len(found) == 40
    assert all(s.entered_mid_life and s.import_id in (first.id, again.id) for s in found)
    published = next(s for s in found if s.title_zh == "示例标准第15项")
    assert (published.status, published.number, published.published_on) == ("published", "GB/T 90015—2026", date(2026, 9, 1))
    async with registers.reading(SYSTEM) as work:
        (event,) = await history(work.connection, f"import:{first.id}")
        visits = await repository.visits(work.connection, published.id)
        units = await repository.drafting_units(work.connection, published.id)
        hits = await search.search(work.connection, "示例标准第15项", kinds=("standard",), limit=5)
    assert event.type == "portfolio-imported" and first.sha256 in event.payload
    assert [v.entered_on for v in visits] == [date(2026, 1, 5), date(2026, 5, 6), date(2026, 9, 1)]
    assert [(u.rank, u.lead) for u in units] == [(1, True), (2, False)]
    assert str(published.id) in {hit.key for hit in hits}

    gone = await undone(registers, first.id)
    assert gone.state == "undone"
    left = await standards(registers)
    assert {s.import_id for s in left} == {again.id} and len(left) == 3
    async with registers.reading(SYSTEM) as work:
        erased = next(s for s in found if s.import_id == first.id)
        assert str(erased.id) not in {h.key for h in await search.search(work.connection, erased.title_zh, kinds=("standard",), limit=50)}
        assert [e.type for e in await history(work.connection, f"standard:{erased.id}")][-1] == "erased"
    third = await planned(registers, workbook([row for at, row in enumerate(rows) if at not in (4, 9, 14)]))
    assert third.counts.error == 0  # numbers of erased standards are free again
    assert (await accepted(registers, third.id)).counts.taken == 37


async def test_a_file_is_taken_in_once_and_the_second_attempt_says_when(registers: Hub) -> None:
    content = workbook([good(1), good(2)])
    first = await planned(registers, content)
    await accepted(registers, first.id)
    with pytest.raises(Conflict, match="已于 2026-11-24") as again:
        await accepted(registers, first.id)
    assert again.value.code == "accepted"
    second = await planned(registers, content)
    assert second.notes[0].zh.startswith("同一文件已于 2026-11-24")
    assert problems(of_row(second, 2)) == [("H2", "error", "there.plan_number"), ("A2", "error", "twin.title")]
    with pytest.raises(Refused, match="没有可以导入的行"):
        await accepted(registers, second.id, only_good=True)
    assert len(await standards(registers)) == 2
    await undone(registers, first.id)
    with pytest.raises(Conflict, match="撤销"):
        await accepted(registers, first.id)
    with pytest.raises(Conflict, match="已经撤销"):
        await undone(registers, first.id)
    with pytest.raises(Conflict, match="无需撤销"):
        await undone(registers, second.id)


@pytest.mark.parametrize("built", ["edit", "relation", "watch", "comment-on-it"])
async def test_an_import_on_which_something_was_built_stays_and_the_refusal_names_it(registers: Hub, built: str) -> None:
    taken = await accepted(registers, (await planned(registers, workbook([good(1), good(3)]))).id)
    ids = [row.standard_id for row in taken.rows if row.standard_id]
    async with registers.work(OFFICER if built == "watch" else SYSTEM) as work:
        if built == "edit":
            await facts.edit(work, ids[0], Patch(scope="适用于示例"))
        elif built == "relation":
            other = await facts.propose(work, _proposal())
            await relating.relate(work, other.id, RelationIn(kind="derived_from", target_id=ids[0]))
        elif built == "watch":
            await tracking.watch(work, ids[0], True)
        else:
            project = await projects.find(work, "SL-2024-001")
            await _claim(work, project.id, ids[0])
        await work.commit()
    with pytest.raises(Refused) as refused:
        await undone(registers, taken.id)
    assert [u.where for u in refused.value.unmet] == [str(ids[0])]
    assert built != "relation" or "示例 后续标准 引用" in refused.value.unmet[0].why.into("zh")
    assert len([s for s in await standards(registers) if s.import_id]) == 2


def _proposal() -> Any:
    return Proposal(track="national-gbt", facts=Patch(title_zh="示例 后续标准"))


async def _claim(work: Any, project_id: UUID, standard_id: UUID) -> None:
    await claims.claim(work, project_id, NewClaim(standard_id=standard_id))


async def test_the_night_after_an_overrun_limit_freezes_as_the_dry_run_said_and_it_can_still_be_undone(registers: Hub) -> None:
    late = good(1, 计划下达日期=date(2024, 1, 5), 征求意见日期=date(2024, 9, 6))
    first = await planned(registers, workbook([late]))
    (problem,) = first.rows[0].problems
    assert (problem.cell, problem.severity, problem.code) == ("E2", "warning", "limit.overrun")
    assert "2025-07-05" in problem.why.zh and "冻结" in problem.why.zh
    await accepted(registers, first.id)
    night = Hub(registers.database, registers.files, Clock(date(2026, 11, 25)))
    async with night.work(SYSTEM) as work:
        (deadline,) = [d for d in await repository.overdue(work.connection, work.today) if d.consequence != "none"]
        await timing.expire(work, deadline.standard_id, deadline.id)
        await work.commit()
    assert [s.status for s in await standards(registers)] == ["frozen"]
    await undone(registers, first.id)
    assert await standards(registers) == []


async def test_unknown_organisations_are_registered_when_asked_for_and_stay_after_undoing(registers: Hub) -> None:
    row = good(1, 起草单位="示例氢能研究所；示例大学；示例造船厂")
    assert (await one(registers, row)).outcome == "error"
    first = await planned(registers, workbook([row]), create_organisations=True)
    assert first.rows[0].outcome == "warning" and "示例氢能研究院" in first.rows[0].problems[0].why.zh
    assert [c.zh for c in first.rows[0].creates][1:] == ["新单位：示例氢能研究所", "新单位：示例造船厂"]
    await accepted(registers, first.id)
    (standard,) = await standards(registers)
    async with registers.reading(SYSTEM) as work:
        units = await repository.drafting_units(work.connection, standard.id)
        names = await bodies.organisation_names(work.connection, [u.organisation_id for u in units])
    assert [names[u.organisation_id] for u in units] == ["示例氢能研究所", "示例大学", "示例造船厂"]
    await undone(registers, first.id)
    async with registers.reading(SYSTEM) as work:
        assert (await bodies.find_organisation(work.connection, "示例造船厂")).kind == "other"


async def test_relations_lead_to_standards_of_the_file_and_of_the_portfolio_else_to_the_number(registers: Hub) -> None:
    header = (*HEADER, "代替标准号", "采标号", "一致性程度")
    rows = [
        [*good(3), "GB/T 80001-2010；GB/T 90006-2026", "ISO 14687:2025", "MOD"],
        [*good(6), None, None, None],
    ]
    taken = await accepted(registers, (await planned(registers, workbook(rows, header))).id)
    ids = {row.row: row.standard_id for row in taken.rows}
    async with registers.reading(SYSTEM) as work:
        relations = await repository.relations(work.connection, ids[2] or uuid4())
    assert {(r.kind, r.identifier, r.target_id, r.degree) for r in relations} == {
        ("adopts", "ISO 14687:2025", None, "MOD"), ("replaces", "GB/T 80001—2010", None, None), ("replaces", None, ids[3], None)
    }  # fmt: skip
    await undone(registers, taken.id)
    assert await standards(registers) == []


async def test_projects_claim_what_came_of_them_and_undoing_takes_the_claims_back(registers: Hub) -> None:
    header = (*HEADER, "科技项目编号", "考核计划")
    taken = await planned(registers, workbook([[*good(1), "sl 2024 001", "demo"]], header))
    assert taken.rows[0].outcome == "ok", taken.rows[0].problems
    taken = await accepted(registers, taken.id)
    id = taken.rows[0].standard_id
    assert id
    async with registers.reading(SYSTEM) as work:
        (link,) = await linkage.claims_of_standard(work, id)
        standard = await repository.standard(work.connection, id)
    assert (link.project_no, link.relation, link.primary) == ("SL-2024-001", "output_of", True)
    assert (standard.plan_key, standard.primary_field, standard.region) == ("demo", "hydrogen", "3201")
    await undone(registers, taken.id)
    async with registers.reading(SYSTEM) as work:
        assert await linkage.claims_of_standard(work, id) == []


@pytest.mark.parametrize(("changes", "expected"), [
    ({"名称": None}, ("A2", "error", "cell.missing")),
    ({"名称": "=1+1"}, ("A2", "error", "cell.formula")),
    ({"名称": "长" * 301}, ("A2", "error", "cell.long")),
    ({"名称": "坏\x0b字"}, ("A2", "error", "cell.control")),
    ({"类型": "创制"}, ("C2", "error", "cell.choice")),
    ({"现处步骤": "50.60 FDIS 表决结束"}, ("D2", "error", "cell.step")),
    ({"现处步骤": "审查结论"}, ("2", "error", "entry.date")),
    ({"计划下达日期": "2026-13-01"}, ("E2", "error", "cell.day")),
    ({"征求意见日期": date(2027, 1, 1)}, ("F2", "error", "entry.future")),
    ({"发布日期": date(2026, 6, 1)}, ("G2", "error", "entry.unpublished")),
    ({"计划号": "2026-X"}, ("H2", "error", "identifier.")),
    ({"归口标委会": "SAC/TC 1"}, ("J2", "error", "unknown.committee")),
    ({"起草单位": "示例大学；示例大学"}, ("K2", "warning", "cell.twice")),
    ({"领域": "海洋"}, ("L2", "error", "unknown.field")),
    ({"区域": "某地"}, ("M2", "error", "unknown.region")),
])  # fmt: skip
async def test_each_fault_is_found_at_its_cell(registers: Hub, changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    row = await one(registers, good(1, **changes))
    assert any((cell, severity) == expected[:2] and code.startswith(expected[2]) for cell, severity, code in problems(row)), problems(row)


async def test_names_may_be_written_in_many_ways(registers: Hub) -> None:
    row = good(1, 轨道="national-gbt", 类型="new", 现处步骤="征求意见", 归口标委会="sac / tc9309", 领域="Hydrogen；robots", 区域="示例市",
               计划下达日期="2026年1月5日", 征求意见日期="20260506", 起草单位="示例大学\n示例检验检测中心")  # fmt: skip
    found = await one(registers, row)
    assert found.outcome == "ok", found.problems
    assert [c.zh for c in found.creates] == ["标准：国家标准（推荐性）GB/T，制定，征求意见"]
    assert found.creates[0].en.startswith("Standard: ")


async def test_a_secretary_takes_in_what_is_of_the_own_committee_and_sees_only_own_imports(registers: Hub) -> None:
    async with registers.reading(SYSTEM) as work:
        committee = await bodies.find_committee(work.connection, "SAC/TC 9309")
    secretary = Actor(account=uuid4(), name="s", grants=(Grant("secretary", ("committee", str(committee.id))),))
    stranger = Actor(account=uuid4(), name="t", grants=(Grant("secretary", ("committee", str(uuid4()))),))
    member = Actor(account=uuid4(), name="m", grants=(Grant("member", ("committee", str(committee.id))),))
    content = workbook([good(1)])
    mine = await planned(registers, content, actor=secretary)
    assert mine.counts.ok == 1
    assert problems((await planned(registers, content, actor=stranger)).rows[0]) == [("J2", "error", "forbidden")]
    for actor, kind in ((stranger, Forbidden), (member, Forbidden)):
        with pytest.raises(kind):
            async with registers.reading(actor) as work:
                await service.show(work, mine.id)
    async with registers.reading(stranger) as work:
        assert len(await service.recent(work)) == 1
    async with registers.reading(OFFICER) as work:
        assert len(await service.recent(work)) == 2
    await accepted(registers, mine.id, actor=secretary)
    assert len(await standards(registers)) == 1


async def test_nothing_is_written_when_a_row_fails_on_the_way(registers: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await planned(registers, workbook([good(1), good(2), good(4)]))
    real, calls = facts.enter, iter(range(10))

    async def failing(work: Any, given: Any, **options: Any) -> Standard:
        if next(calls) == 2:
            raise Conflict(service.say("没有有误的行"))
        return await real(work, given, **options)

    monkeypatch.setattr(facts, "enter", failing)
    with pytest.raises(HubError):
        await accepted(registers, first.id)
    assert await standards(registers) == []
    async with registers.reading(OFFICER) as work:
        assert (await service.show(work, first.id)).state == "planned"


async def test_whom_the_rows_name_was_looked_up_with_the_file_and_is_not_again_for_each_row(
    registers: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await planned(registers, workbook([good(n) for n in (1, 2, 3)]))

    async def asked(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(bodies, "registered", asked)
    await accepted(registers, first.id)
    made = await standards(registers)
    assert len(made) == 3 and all(one.committee_id and one.lead_drafter_id for one in made)


async def test_corrections_are_checked_and_do_not_touch_the_file(registers: Hub) -> None:
    first = await planned(registers, workbook([good(1, 现处步骤="不知道")]))
    async with registers.work(OFFICER) as work:
        with pytest.raises(BadInput) as error:
            await service.correct(
                work, first.id, [Correction(row=9, column="名称", value="x"), Correction(row=2, column="没有", value="x")]
            )
        assert [u.where for u in error.value.unmet] == ["row", "column"]
        found = await service.correct(
            work, first.id, [Correction(row=2, column="step", value="30.20"), Correction(row=2, column="nature", value="T")]
        )
        assert found.counts.ok == 1 and found.sha256 == first.sha256
        await work.commit()
    async with registers.reading(OFFICER) as work:
        assert (await service.show(work, first.id)).counts.ok == 1
        with pytest.raises(NotFound):
            await service.errors(work, first.id)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"现处步骤": "审查结论"}, "请填写进入现处步骤“审查结论”的日期"),
        ({"征求意见日期": date(2027, 1, 1)}, "“征求意见”的日期 2027-01-01 晚于今天"),
        ({"计划下达日期": date(2026, 6, 1)}, "“征求意见”的日期 2026-05-06 早于“计划下达”的日期 2026-06-01"),
        ({"区域": "示例"}, "没有“示例”，是否应为：示例市？"),
        ({"领域": "机器"}, "没有“机器”，是否应为：机器人？"),
    ],
)
async def test_a_fault_calls_things_by_name_and_asks_back_about_a_near_one(registers: Hub, changes: dict[str, Any], said: str) -> None:
    row = await one(registers, good(1, **changes))
    assert row.outcome == "error" and said in [problem.why.zh for problem in row.problems]


@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "a.csv"), ("utf-8-sig", "a.csv"), ("gb18030", "台账.csv")])
async def test_csv_in_three_encodings_gives_what_the_workbook_gives(registers: Hub, encoding: str, name: str) -> None:
    rows: Rows = [good(1, 备注="𠮷林，甲"), good(3)]
    found = await planned(registers, text(rows, encoding=encoding), name)
    assert (found.counts.ok, [row.title for row in found.rows]) == (2, ["示例标准第1项", "示例标准第3项"])
    taken = await accepted(registers, found.id)
    async with registers.reading(SYSTEM) as work:
        (event,) = await history(work.connection, f"import:{taken.id}")
    assert "𠮷林，甲" in event.payload


async def test_jobs_left_by_an_import_do_not_fail_after_it_was_undone(registers: Hub) -> None:
    taken = await accepted(registers, (await planned(registers, workbook([good(3)]))).id)
    id = taken.rows[0].standard_id
    await undone(registers, taken.id)
    async with registers.work(SYSTEM) as work:
        await jobs.notice(work, str(id), "published")
