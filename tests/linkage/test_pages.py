"""Science projects and plans in the browser: what was promised and what became of it, targets and their versions, and every form."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.registers.acts import Act
from standards_hub.lifecycle import repository as lifecycle
from standards_hub.linkage import repository
from standards_hub.linkage.pages import plans, projects
from tests.support.office import Visitor, visit

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLAN = "jiangsu-5x100"
BY_PATH: dict[str, Act] = {act.path: act for act in (*projects.ACTS, *plans.ACTS)}


@pytest.fixture
async def places(office_app: Litestar) -> dict[str, Any]:
    """What stands in the addresses: a project of the example office, a promise and a claim of it, the plan, a target, an entry."""
    async with office_app.state.hub.glancing(SYSTEM) as work:
        project = await repository.project_by_number(work.connection, "示例-BZ2024001")
        assert project
        plan = await repository.plan_by_key(work, PLAN)
        return {
            "id": project.id, "key": PLAN, "target": (await repository.targets(work.connection, plan.id))[0].key,
            "commitment_id": (await repository.commitments(work.connection, project.id))[0].id,
            "claim_id": (await repository.claims(work.connection, project.id))[0].id,
            "entry": (await repository.named_committees(work.connection, plan.id))[0].id,
        }  # fmt: skip


@pytest.fixture
async def officer(office_app: Litestar) -> AsyncIterator[Visitor]:
    async with await visit(office_app, "officer") as visitor:
        yield visitor


def text_of(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def filled(answer: Any) -> dict[str, object]:
    """What a form would send as it stands, boxes that are ticked as lists."""
    form = html.fromstring(answer.text).xpath("//main//form[@method='post']")[0]
    sent: dict[str, object] = {}
    for name, value in form.form_values():
        if name != "x-csrf-token":
            sent[name] = [*sent.get(name, []), value] if name.endswith("[]") else value  # type: ignore[misc]
    return sent


async def done(visitor: Visitor, path: str, **fields: object) -> str:
    """Fill in a form and send it; where it leads."""
    answer = await visitor.send_form(path, {**filled(await visitor.get(path)), **fields})
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"]


async def test_a_project_says_first_what_it_promised_and_what_became_of_it(officer: Visitor, places: dict[str, Any]) -> None:
    said = text_of(await officer.get(f"/projects/{places['id']}"))
    assert "承诺地方标准 2 项：" in said and "合同原文：制定地方标准2项" in said and "还差 1 项。" in said


async def test_projects_are_filtered_by_state_plan_organisation_and_words(office_app: Litestar, officer: Visitor) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        project = await repository.project_by_number(work.connection, "示例-BZ2024001")
    assert project and project.lead_organisation_id
    closed = html.fromstring((await officer.get("/projects?state=closed")).text).xpath("//tbody/tr/td[1]")
    numbers = [cell.text_content().strip() for cell in closed]
    assert len(numbers) == 7 and "示例-BZ2024001" not in numbers
    assert "示例-BZ2024001" in text_of(await officer.get(f"/projects?organisation={project.lead_organisation_id}&plan={PLAN}"))
    assert "1 个科技项目" in text_of(await officer.get("/projects?q=bz 2024001"))
    assert (await officer.get("/projects?plan=nowhere")).status_code == 422
    lines = (await officer.get("/projects.csv?state=closed")).text.splitlines()[1:]
    assert [line.partition(",")[0] for line in lines] == numbers


@pytest.mark.parametrize("path", BY_PATH)
async def test_every_form_is_there_for_those_who_may_and_closed_to_others(
    office_app: Litestar, officer: Visitor, places: dict[str, Any], path: str
) -> None:
    act = BY_PATH[path]
    there = act.href(**places)
    answer = await officer.get(there)
    assert answer.status_code == 200 and all(field.place in answer.text for field in act.fields)
    async with await visit(office_app, "lab") as lab:
        assert (await lab.get(there)).status_code == 403
        assert (await lab.send_form(there, {})).status_code == 403


@pytest.mark.parametrize("path", BY_PATH)
async def test_every_form_is_in_english_too(officer: Visitor, places: dict[str, Any], path: str) -> None:
    tree = html.fromstring((await officer.get(BY_PATH[path].href(**places) + "?lang=en")).text)
    labels = tree.xpath("//main//h1 | //main//label[@for] | //main//legend | //main//form//p[@class='help'] | //main//form//button")
    assert len(labels) > 2 and [label.text_content() for label in labels if CHINESE.search(label.text_content())] == []


@pytest.mark.parametrize("page", ["/projects", "/plans", f"/plans/{PLAN}"])
async def test_lists_and_the_plan_are_in_english_too(officer: Visitor, page: str) -> None:
    tree = html.fromstring((await officer.get(page + "?lang=en")).text)
    heads = tree.xpath("//main//h1 | //main//h2 | //main//th | //main//dt | //main//p[@class='sum'] | //nav[@class='tabs']//a")
    assert [head.text_content() for head in heads if CHINESE.search(head.text_content())] == []


async def test_a_project_is_registered_promises_and_claims_by_forms(office_app: Litestar, officer: Visitor) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        standard = await lifecycle.find(work.connection, "GB/T 99203—2024")
    there = await done(
        officer, "/projects/new", project_no="示例-9", title="示例新项目", programme="示例", lead_organisation_id="示例·苏南氢能研究院",
        plan_key=PLAN,
    )  # fmt: skip
    assert "登记合同中承诺的标准" in (await officer.get(there)).text
    await done(officer, f"{there}/commitments/new", level="national", count="2", source_text="国家标准2项")
    await done(officer, f"{there}/standards/new", standard_id=standard.title_zh, share="25%")
    answer = await officer.get(there)
    assert "承诺国家标准 2 项：已认定 0 项、待认定 1 项" in text_of(answer) and "1/4" in text_of(answer) and "示例-BZ2024001" in answer.text
    tree = html.fromstring(answer.text)
    edit = tree.xpath("//main//td/a[contains(@href, '/edit')]/@href")[0]
    await done(officer, edit, share="1/2", relation="supports", primary="0")
    after = text_of(await officer.get(there))
    assert "承诺国家标准 2 项：已认定 0 项" in after and "待认定 1 项" not in after and "支撑" in after
    await done(officer, edit.replace("/edit", "/withdraw"), reason="示例")
    assert "已撤回和撤销的申报 1" in text_of(await officer.get(there))
    await done(officer, tree.xpath("//a[contains(@href, '/commitments/') and contains(@href, '/withdraw')]/@href")[0], reason="合同变更")
    assert "已取消的承诺 1" in text_of(await officer.get(there))
    await done(officer, f"{there}/edit", project_no="示例-10")
    assert "示例-9（至 2026-11-24）" in text_of(await officer.get(there))
    await done(officer, f"{there}/state", state="terminated", reason="示例")
    assert f"{there}/standards/new" not in (await officer.get(there)).text


async def test_shares_beyond_the_whole_are_refused_at_their_field_and_nothing_typed_is_lost(
    office_app: Litestar, officer: Visitor, places: dict[str, Any]
) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        other = await repository.project_by_number(work.connection, "示例-BZ2024002")
        assert other
        whole = next(claim for claim in await repository.claims(work.connection, other.id) if claim.share == "1")
        standard = await lifecycle.standard(work.connection, whole.standard_id)
    there = f"/projects/{places['id']}/standards/new"
    given = {**filled(await officer.get(there)), "standard_id": standard.label, "share": "1/4", "note": "记一笔"}
    answer = await officer.send_form(there, given)
    tree = html.fromstring(answer.text)
    assert answer.status_code == 409 and "份额合计将超过 1" in tree.xpath("//p[@id='share-why1']")[0].text_content()
    assert tree.xpath("//input[@id='share' or @id='standard_id']/@value") == [standard.label, "1/4"]
    assert tree.xpath("//textarea[@id='note']")[0].text == "记一笔"


async def test_a_standard_is_suggested_by_number_and_by_title_to_whoever_may_name_one(office_app: Litestar, officer: Visitor) -> None:
    assert 'value="GB/T 99203—2024"' in (await officer.get("/projects/standards?standard_id=99203")).text
    assert 'value="GB/T 99203—2024"' in (await officer.get("/projects/standards?standard_id=空气压缩机")).text
    async with await visit(office_app, "drafter") as drafter:  # who may claim for a project that is not on the register
        assert "/projects/standards" in (await drafter.get("/projects/enter")).text
        assert 'value="GB/T 99203—2024"' in (await drafter.get("/projects/standards?standard_id=99203")).text


async def test_a_change_on_an_old_page_shows_what_became_different(officer: Visitor, places: dict[str, Any]) -> None:
    there = f"/projects/{places['id']}/edit"
    mine = filled(await officer.get(there))
    await done(officer, there, title="示例：别人的题目", plan_key="")
    answer = await officer.send_form(there, {**mine, "programme": "示例：我的计划"})
    assert answer.status_code == 412
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in html.fromstring(answer.text).xpath("//main//table/tbody/tr")]
    plan = "未来产业“5个100”行动方案：100项标准规范"
    assert sorted(rows) == [
        ["服务于计划", plan, "—", "没有改"],
        ["项目名称", "示例：车用燃料电池系统关键技术", "示例：别人的题目", "没有改"],
    ]
    again = filled(answer)
    assert (again["title"], again["programme"], again["plan_key"]) == ("示例：别人的题目", "示例：我的计划", "")
    assert (await officer.send_form(there, again)).status_code == 303


async def test_a_manager_keeps_the_own_project_and_no_other(office_app: Litestar, places: dict[str, Any]) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        own = await repository.project_by_number(work.connection, "示例-BZ2024003")
    assert own
    async with await visit(office_app, "manager") as manager:
        assert "申报标准" in (await manager.get(f"/projects/{own.id}")).text
        assert (await manager.get(f"/projects/{own.id}/standards/new")).status_code == 200
        assert (await manager.get(f"/projects/{places['id']}/edit")).status_code == 403
        assert (await manager.get("/projects/new")).status_code == 403


async def test_a_manager_brings_papers_and_asks_for_time_for_what_the_project_claims(office_app: Litestar, places: dict[str, Any]) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        own = await repository.project_by_number(work.connection, "示例-BZ2024003")
        assert own
        claims = [c for c in await repository.claims(work.connection, own.id) if c.live]
        claimed = await lifecycle.standards(work.connection, [c.standard_id for c in claims])
        running = next(one for one in claimed.values() if one.status == "active")
        other = next(c.standard_id for c in (await repository.claims(work.connection, places["id"]))[::-1] if c.live)
    async with await visit(office_app, "manager") as manager:
        for path, there, elsewhere in (("papers/new", 200, 403), ("acts/extension", 200, 403)):
            assert (await manager.get(f"/standards/{running.id}/{path}")).status_code == there, path
            assert (await manager.get(f"/standards/{other}/{path}")).status_code == elsewhere, path
        form = (await manager.get(f"/standards/{running.id}/acts/extension")).text
        assert "没有可以延长的期限在计时" in form and "您无权" not in form  # it is the limit that is missing, not the right
        assert "申请延期" not in (await manager.get(f"/standards/{other}/acts")).text


async def test_a_target_is_rebased_with_its_reason_and_the_old_version_stays_in_sight(officer: Visitor, places: dict[str, Any]) -> None:
    there = f"/plans/{PLAN}/targets/{places['target']}/rebase"
    form = filled(await officer.get(there))
    assert form["value"] == "60" and form["levels[]"] == ["local", "industry"]
    await done(officer, there, value="66", source="示例文件", reason="示例理由")
    said = text_of(await officer.get(f"/plans/{PLAN}"))
    assert "第 2 版" in said and "其他版本 1" in said and "第 2 版的理由：示例理由" in said


async def test_a_plan_gets_words_a_target_and_a_committee_by_forms(officer: Visitor, places: dict[str, Any]) -> None:
    there = f"/plans/{PLAN}"
    names = {"name_zh": "示例词", "name_en": "Example word"}
    await done(officer, f"{there}/fields/new", key="example", **names)
    await done(officer, f"{there}/regions/new", code="320101", **names)
    await done(officer, f"{there}/committees/new", **names)
    await done(officer, f"{there}/edit", source="示例出处")
    entry = f"{there}/committees/{places['entry']}/link"
    await done(officer, entry, committee_id="SAC/TC 309")
    said = text_of(await officer.get(there))
    assert (
        said.count("示例词") == 6 and "SAC/TC 309 全国氢能标准化技术委员会" in said and "示例出处" in said and "其中 1 个还没有对应" in said
    )
    clash = await officer.send_form(
        f"{there}/targets/new",
        {**filled(await officer.get(f"{there}/targets/new")), "key": "more", "levels[]": ["local"], "value": "1", "due": "2026-12-31",
         "source": "示例", **names},
    )  # fmt: skip
    assert clash.status_code == 409 and "同一标准会被计数两次" in clash.text


async def test_an_address_that_is_nothing_is_a_page_that_says_so(officer: Visitor, places: dict[str, Any]) -> None:
    for path in (f"/projects/{UUID(int=5)}", f"/projects/{UUID(int=5)}/edit", "/plans/nowhere", f"/plans/{PLAN}/targets/nothing/rebase",
                 f"/projects/{places['id']}/standards/{UUID(int=5)}/edit"):  # fmt: skip
        assert (await officer.get(path)).status_code == 404, path


async def test_partners_are_named_one_a_line_kept_taken_out_and_looked_up(
    office_app: Litestar, officer: Visitor, places: dict[str, Any]
) -> None:
    path = f"/projects/{places['id']}/edit"
    form = filled(await officer.get(path))
    wrong = await officer.send_form(path, {**form, "partners": "示例·苏南氢能研究院\n没有的单位"})
    assert wrong.status_code == 422 and "找不到单位 没有的单位" in text_of(wrong)
    assert html.fromstring(wrong.text).xpath("string(//textarea[@name='partners'])").strip() == "示例·苏南氢能研究院\n没有的单位"
    there = await done(officer, path, partners="示例·苏南氢能研究院；示例·江苏未来技术大学")
    assert "示例·江苏未来技术大学" in text_of(await officer.get(there))
    assert set(str(filled(await officer.get(path))["partners"]).split()) == {"示例·苏南氢能研究院", "示例·江苏未来技术大学"}
    await done(officer, path, title="示例：只改名称")
    assert "示例·江苏未来技术大学" in text_of(await officer.get(there))
    await done(officer, path, partners="")
    assert "示例·江苏未来技术大学" not in text_of(await officer.get(there))
