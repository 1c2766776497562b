"""The register of plans, projects and claims: its services on both engines."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from standards_hub.committees.schemas import NewCommittee, NewOrganisation, Reason
from standards_hub.committees.services import committees, organisations
from standards_hub.kernel import search
from standards_hub.kernel.access.actor import SYSTEM, Actor, Grant
from standards_hub.kernel.errors import BadInput, Conflict, Forbidden, HubError, NotFound, Refused
from standards_hub.kernel.events import table_of
from standards_hub.kernel.http import problem_response
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.events import Proposed, Running
from standards_hub.lifecycle.models import StandardRow
from standards_hub.lifecycle.values import Patch
from standards_hub.linkage import repository
from standards_hub.linkage.controllers import CONTROLLERS
from standards_hub.linkage.events import StandardClaimed
from standards_hub.linkage.schemas import (
    ClaimChange,
    CommitteeLink,
    NewClaim,
    NewCommitment,
    NewField,
    NewPlan,
    NewPlanCommittee,
    NewProject,
    NewRegion,
    NewTarget,
    PlanChange,
    ProjectChange,
    ProjectStateChange,
    Rebase,
    Words,
)
from standards_hub.linkage.services import claims, plans, projects
from standards_hub.linkage.values import Project
from tests.support.hubs import proven


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on each engine; afterwards its log is proven and its tables are replayed."""
    async with proven(database_url, tmp_path) as hub:
        yield hub


@pytest.fixture
async def work(hub: Hub) -> AsyncIterator[Work]:
    async with hub.work(SYSTEM) as work:
        yield work
        await work.commit()


def codes(error: pytest.ExceptionInfo[Refused] | pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [unmet.code for unmet in error.value.unmet]


def a_target(key: str, levels: list[str], value: int) -> NewTarget:
    return NewTarget(
        key=key, name_zh=f"示例指标 {key}", name_en=f"Example target {key}", levels=levels,  # type: ignore[arg-type]
        value=value, tolerance="左右", due=date(2026, 12, 31), source="示例文件第 4 条",
    )  # fmt: skip


def a_plan(key: str = "shili-2026", **more: object) -> NewPlan:
    said: dict[str, object] = {
        "key": key, "name_zh": "示例计划", "name_en": "Example plan", "document_title": "示例行动方案", "source": "示例",
        "window_start": date(2024, 1, 1), "window_end": date(2026, 12, 31),
        "targets": [a_target("local", ["local", "industry"], 60), a_target("national", ["national"], 30)],
        "fields": [NewField(key="quantum", name_zh="量子科技", name_en="quantum technology")],
        "regions": [NewRegion(code="3205", name_zh="苏州", name_en="Suzhou"), NewRegion(code="3201", name_zh="南京", name_en="Nanjing")],
        "committees": [NewPlanCommittee(name_zh="示例技术委员会", name_en="Example committee")],
        **more,
    }  # fmt: skip
    return NewPlan(**said)  # type: ignore[arg-type]


async def test_a_plan_gives_the_facts_that_counting_needs(work: Work) -> None:
    plan = await plans.register(work, a_plan())
    facts = await repository.plan_facts(work, plan.key)
    assert [(t.key, t.levels, t.value, t.tolerance) for t in facts.targets] == [
        ("local", ("local", "industry"), 60, "左右"),
        ("national", ("national",), 30, "左右"),
    ]
    assert [term.key for term in facts.fields] == ["quantum"]
    assert [(term.key, term.zh, term.en) for term in facts.regions] == [("3205", "苏州", "Suzhou"), ("3201", "南京", "Nanjing")]
    assert (facts.window_start, facts.window_end, facts.document) == (date(2024, 1, 1), date(2026, 12, 31), "示例行动方案")
    with pytest.raises(NotFound):
        await repository.plan_facts(work, "none")
    with pytest.raises(Conflict):
        await plans.register(work, a_plan())


@pytest.mark.parametrize(
    ("more", "kind", "expected"),
    [
        ({"targets": [a_target("a", ["local", "national"], 1), a_target("b", ["national"], 1)]}, Refused, ["target.level"]),
        ({"targets": [a_target("a", ["local", "local"], 1)]}, Refused, ["target.level"]),
        ({"targets": [a_target("a", ["local"], 1), a_target("a", ["national"], 1)]}, Refused, ["target.key"]),
        ({"targets": [a_target("a", ["group"], 1)]}, BadInput, ["invalid"]),
        ({"targets": [a_target("a", ["local"], -1)]}, BadInput, ["invalid"]),
        ({"fields": [NewField(key="x", name_zh="x", name_en="x")] * 2}, Refused, ["word.again"]),
        ({"window_end": date(2023, 12, 31)}, BadInput, ["window"]),
        ({"key": "../etc"}, BadInput, ["invalid"]),
    ],
)
async def test_a_plan_that_contradicts_itself_is_refused(
    work: Work, more: dict[str, object], kind: type[Refused], expected: list[str]
) -> None:
    with pytest.raises(kind) as error:
        await plans.register(work, a_plan(**more))
    assert codes(error) == expected


async def test_an_unknown_counting_rule_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        await plans.register(work, a_plan(count_rule="nobody"))


async def test_rebasing_makes_a_version_and_keeps_the_old_one(work: Work) -> None:
    plan = await plans.register(work, a_plan(), on=date(2024, 3, 1))
    new = await plans.rebase(work, plan.key, "national", Rebase(reason="中期调整", source="示例补充通知", value=35, on=date(2025, 7, 1)))
    assert (new.n, new.value, new.position, new.source) == (2, 35, 2, "示例补充通知")
    values = {}
    for day in (date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1)):
        values[day.isoformat()] = [t.value for t in (await repository.plan_facts(work, plan.key, day)).targets]
    assert values == {"2024-01-01": [60, 30], "2025-06-30": [60, 30], "2025-07-01": [60, 35]}
    shown = await plans.show(work, plan.key)
    assert [(t.value, t.superseded_on) for t in shown.former_targets] == [(30, date(2025, 7, 1))]
    with pytest.raises(Refused) as error:
        await plans.rebase(work, plan.key, "national", Rebase(reason="x", source="x", value=1, on=date(2025, 7, 1)))
    assert codes(error) == ["rebase.early"]
    with pytest.raises(Refused) as error:
        await plans.rebase(work, plan.key, "national", Rebase(reason="x", source="x", levels=["national", "local"]))
    assert codes(error) == ["target.level"]
    with pytest.raises(NotFound):
        await plans.rebase(work, plan.key, "none", Rebase(reason="x", source="x", value=1))
    with pytest.raises(Refused) as error:
        await plans.add_target(work, plan.key, a_target("more", ["local"], 5))
    assert codes(error) == ["target.level"]
    added = await plans.add_target(work, plan.key, a_target("world", ["international"], 10))
    assert [t.key for t in (await repository.plan_facts(work, plan.key)).targets] == ["local", "national", "world"]
    assert added.position == 3


async def test_a_plan_grows_in_words_and_its_committees_are_found(work: Work) -> None:
    plan = await plans.register(work, a_plan())
    shown = await plans.extend(work, plan.key, Words(fields=[NewField(key="hydrogen", name_zh="氢能", name_en="hydrogen")]))
    assert [(f.key, f.position) for f in shown.fields] == [("quantum", 1), ("hydrogen", 2)]
    with pytest.raises(Refused) as error:
        await plans.extend(work, plan.key, Words(regions=[NewRegion(code="3205", name_zh="x", name_en="x")]))
    assert codes(error) == ["word.again"]
    house = await committees.register(work, NewCommittee(name_zh="示例技术委员会", level="provincial"))
    entry = shown.committees[0]
    await plans.link_committee(work, plan.key, CommitteeLink(entry=entry.id, committee_id=house.id))
    assert (await plans.show(work, plan.key)).committees[0].committee_id == house.id
    with pytest.raises(NotFound):
        await plans.link_committee(work, plan.key, CommitteeLink(entry=uuid4(), committee_id=house.id))
    edited = await plans.edit(work, plan.key, PlanChange(name_zh="示例计划（修订）"))
    assert await repository.plan_by_key(work, plan.key) == edited
    with pytest.raises(BadInput):
        await plans.edit(work, plan.key, PlanChange(window_end=date(2020, 1, 1)))


async def a_project(work: Work, number: str = "SHILI-2024-001", **more: object) -> Project:
    said = {"project_no": number, "title": f"示例项目 {number}", "programme": "示例前沿技术研发计划", "exemplar": True, **more}
    return await projects.register(work, NewProject(**said))  # type: ignore[arg-type]


async def a_standard(work: Work) -> UUID:
    """A standard of the portfolio, by its event alone: how it came to be does not matter here."""
    from standards_hub.lifecycle.values import Standard

    columns = table_of(StandardRow).columns
    made = Standard(**{name: None for name in Standard.__struct_fields__ if name in columns} | {"id": uuid4(), "version": 0})  # type: ignore[arg-type]
    event = Proposed(
        track="local-db32@2026.1", level="local", kind="new", step="10.00", stage="10.00", facts=Patch(title_zh="示例标准"), visit=uuid4(),
        running=Running(), exemplar=True,
    )  # fmt: skip
    await work.append(made, event)
    return made.id


async def test_a_project_is_registered_once_in_any_spelling(work: Work) -> None:
    house = await organisations.register(work, NewOrganisation(name_zh="示例公司", kind="enterprise"))
    words = "主持制定国家标准 1 项（完成报批稿）"
    promise = NewCommitment(level="national", count=1, source_text=words, min_stage="50.00", role_required="lead")
    made = await a_project(work, lead_organisation_id=house.id, commitments=[promise])
    assert (await projects.find(work, "shili 2024 001")) == made
    assert (await projects.find(work, str(made.id))).id == made.id
    assert [p.id for p in await repository.projects(work.connection, text="2024—001")] == [made.id]
    assert [(c.level, c.count, c.min_stage, c.role_required) for c in (await projects.show(work, made.id)).commitments] == [
        ("national", 1, "50.00", "lead")
    ]
    assert [h.key for h in await search.search(work.connection, "前沿技术")] == [str(made.id)]
    with pytest.raises(Conflict, match="SHILI-2024-001"):
        await a_project(work, "shili2024001")
    for more, kind in (
        ({"project_no": "——"}, BadInput),
        ({"plan_key": "none"}, NotFound),
        ({"lead_organisation_id": uuid4()}, NotFound),
        ({"manager_person_id": uuid4()}, NotFound),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2025, 1, 1)}, BadInput),
        ({"commitments": [NewCommitment(level="local", count=1, source_text="x", min_stage="30.93")]}, BadInput),
    ):
        with pytest.raises(kind):
            await a_project(work, **({"number": "SHILI-2"} | more if "project_no" not in more else more))  # type: ignore[arg-type]


async def test_a_number_that_is_given_up_is_still_found(work: Work) -> None:
    made = await a_project(work)
    edited = await projects.edit(work, made.id, ProjectChange(project_no="SHILI-2025-999"), on=date(2025, 2, 1))
    assert (await projects.find(work, "SHILI2024001")) == edited
    assert [(a.project_no, a.until) for a in (await projects.show(work, made.id)).aliases] == [("SHILI-2024-001", date(2025, 2, 1))]
    respelt = await projects.edit(work, made.id, ProjectChange(project_no="SHILI 2025 999"))
    assert respelt.project_no == "SHILI 2025 999"
    assert len((await projects.show(work, made.id)).aliases) == 1
    with pytest.raises(Conflict):
        await a_project(work, "SHILI-2024-001")
    with pytest.raises(NotFound):
        await projects.find(work, "SHILI-0")


async def test_promises_are_added_and_withdrawn(work: Work) -> None:
    made = await a_project(work)
    promise = await projects.promise(work, made.id, NewCommitment(level="local", count=2, source_text="发布地方标准 2 项"))
    await projects.withdraw_promise(work, made.id, promise.id, Reason(reason="任务书变更", on=date(2026, 6, 1)))
    assert [c.withdrawn_on for c in (await projects.show(work, made.id)).commitments] == [date(2026, 6, 1)]
    with pytest.raises(Refused):
        await projects.withdraw_promise(work, made.id, promise.id, Reason(reason="x"))
    with pytest.raises(NotFound):
        await projects.withdraw_promise(work, made.id, uuid4(), Reason(reason="x"))


async def test_the_promises_of_a_project_that_ended_stand(work: Work) -> None:
    made = await a_project(work)
    promise = await projects.promise(work, made.id, NewCommitment(level="local", count=2, source_text="发布地方标准 2 项"))
    await projects.change_state(work, made.id, ProjectStateChange(state="terminated", reason="示例"))
    with pytest.raises(Refused, match="不能取消"):
        await projects.withdraw_promise(work, made.id, promise.id, Reason(reason="x"))
    with pytest.raises(Refused, match="不能登记"):
        await projects.promise(work, made.id, NewCommitment(level="local", count=1, source_text="x"))


async def shown(work: Work, standard: UUID) -> list[tuple[str, bool, str | None]]:
    found = await repository.projects_of_standards(work, [standard, uuid4()])
    assert set(found) == {standard}
    return [(link.project_no, link.primary, link.share) for link in found[standard]]


async def test_one_standard_three_projects_one_primary(work: Work) -> None:
    """linkage §6.1: every project cites it, shares sum to one at most, and one of them is the primary."""
    standard = await a_standard(work)
    first, second, third = [await a_project(work, f"SHILI-{n}") for n in range(3)]
    one = await claims.claim(work, first.id, NewClaim(standard_id=standard, share="50%", primary=True))
    assert one.share == "1/2"
    with pytest.raises(Refused) as error:
        await claims.claim(work, second.id, NewClaim(standard_id=standard, share="0.6", primary=True))
    assert codes(error) == ["claim.sum"]
    assert "SHILI-0" in str(error.value)
    two = await claims.claim(work, second.id, NewClaim(standard_id=standard, share="1/3", relation="supports"))
    await claims.claim(work, third.id, NewClaim(standard_id=standard, relation="background"))
    with pytest.raises(Refused) as error:
        await claims.claim(work, third.id, NewClaim(standard_id=standard))
    assert codes(error) == ["claim.again"]
    assert await shown(work, standard) == [("SHILI-0", True, "1/2"), ("SHILI-1", False, "1/3"), ("SHILI-2", False, None)]
    await claims.edit(work, second.id, two.id, ClaimChange(primary=True, share="1/2", reason="主管部门协调"))
    assert await shown(work, standard) == [("SHILI-1", True, "1/2"), ("SHILI-0", False, "1/2"), ("SHILI-2", False, None)]
    gone = await claims.withdraw(work, second.id, two.id, Reason(reason="不再申报"))
    assert gone == (await projects.show(work, second.id)).claims[0]
    assert [number for number, *_ in await shown(work, standard)] == ["SHILI-0", "SHILI-2"]
    for attempt in (
        claims.withdraw(work, second.id, two.id, Reason(reason="x")),
        claims.edit(work, second.id, two.id, ClaimChange(note="x")),
    ):
        with pytest.raises(Refused) as error:
            await attempt
        assert "claim.withdrawn" in codes(error)
    await claims.claim(work, second.id, NewClaim(standard_id=standard, primary=True))
    with pytest.raises(NotFound):
        await claims.claim(work, first.id, NewClaim(standard_id=uuid4()))


async def test_the_tables_themselves_allow_one_live_claim_of_a_project_on_a_standard(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        standard, made = await a_standard(work), await a_project(work, "SHILI-1")
        await claims.claim(work, made.id, NewClaim(standard_id=standard, primary=True))
        event = StandardClaimed(claim=uuid4(), standard_id=standard, relation="output_of", share=None, primary=True)
        with pytest.raises(Conflict):
            await work.append(made, event)


async def test_a_terminated_project_keeps_its_claims_and_makes_no_new_ones(work: Work) -> None:
    """linkage §6.7: the standard still counts."""
    standard, made = await a_standard(work), await a_project(work)
    await claims.claim(work, made.id, NewClaim(standard_id=standard))
    await projects.change_state(work, made.id, ProjectStateChange(state="terminated", reason="合同终止"))
    found = (await repository.projects_of_standards(work, [standard]))[standard]
    assert [c.project_state for c in found] == ["terminated"]
    with pytest.raises(Refused) as error:
        await claims.claim(work, made.id, NewClaim(standard_id=await a_standard(work)))
    assert codes(error) == ["project.terminated"]
    with pytest.raises(Refused) as error:
        await projects.change_state(work, made.id, ProjectStateChange(state="closed", reason="x"))
    assert codes(error) == ["state"]


async def test_a_project_manager_manages_the_own_project_only(hub: Hub) -> None:
    async with hub.work(SYSTEM) as work:
        standard = await a_standard(work)
        mine, other = await a_project(work, "SHILI-1"), await a_project(work, "SHILI-2")
        theirs = await claims.claim(work, other.id, NewClaim(standard_id=standard, primary=True))
        await work.commit()
    manager = Actor(account=uuid4(), grants=(Grant("project_manager", ("project", str(mine.id))),))
    async with hub.work(manager) as work:
        await claims.claim(work, mine.id, NewClaim(standard_id=standard))
        for attempt in (
            claims.withdraw(work, other.id, theirs.id, Reason(reason="x")),
            projects.edit(work, other.id, ProjectChange(title="x")),
            projects.register(work, NewProject(project_no="SHILI-3", title="x", programme="x")),
            plans.register(work, a_plan()),
        ):
            with pytest.raises(Forbidden):
                await attempt


async def test_rows_of_a_project_carry_its_id(work: Work) -> None:
    made = await a_project(work, commitments=[NewCommitment(level="local", count=1, source_text="x")])
    table = repository.COMMITMENT
    assert (await work.connection.execute(sa.select(table.c.project_id))).scalars().all() == [made.id]


async def test_plans_and_projects_by_http(hub: Hub) -> None:
    async def writing() -> AsyncGenerator[Work, None]:
        async with hub.work(SYSTEM) as work:
            yield work
            await work.commit()

    async def reading() -> AsyncGenerator[Work, None]:
        async with hub.reading(SYSTEM) as work:
            yield work

    app = Litestar(
        CONTROLLERS,
        dependencies={"work": Provide(writing), "reading": Provide(reading)},
        exception_handlers={HubError: problem_response},  # type: ignore[dict-item]
    )
    async with AsyncTestClient(app) as client:
        assert (await client.post("/plans", content=msgspec.json.encode(a_plan()))).headers["etag"] == '"1"'
        rebased = await client.post("/plans/shili-2026/targets/local/rebase", json={"reason": "示例", "source": "示例", "value": 61})
        assert (rebased.status_code, rebased.json()["n"]) == (201, 2)
        stale = await client.patch("/plans/shili-2026", json={"name_zh": "x"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
        shown = (await client.get("/plans/shili-2026", params={"on": "2024-05-01"})).json()
        assert [t["value"] for t in shown["targets"]] == [60, 30]
        project = {"project_no": "SHILI-1", "title": "示例", "programme": "示例", "plan_key": "shili-2026"}
        made = await client.post("/projects", json=project)
        assert made.status_code == 201
        assert [p["id"] for p in (await client.get("/projects", params={"plan": "shili-2026"})).json()["items"]] == [made.json()["id"]]
        refused = await client.post(f"/projects/{made.json()['id']}/standards", json={"standard_id": str(uuid4())})
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
