"""Claims as pages: the queue, one claim with its evidence beside it, suggestions, rulings and shortfalls, and who is offered what."""

import re
from collections.abc import AsyncIterator, Iterable
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from lxml import html

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.evidence_numbers import evidence_number
from standards_hub.linkage import repository
from standards_hub.linkage.claiming import pages, service
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.events import ClaimSuggested
from standards_hub.linkage.roles import Part
from standards_hub.linkage.values import LIVE, Project, ProjectLink
from tests.linkage.test_pages import CHINESE, done, filled, text_of
from tests.support.office import Visitor, visit


@pytest.fixture
async def officer(office_app: Litestar) -> AsyncIterator[Visitor]:
    async with await visit(office_app, "officer") as visitor:
        yield visitor


async def claims_in(app: Litestar, *states: str, contested: bool = False) -> list[ProjectLink]:
    async with app.state.hub.glancing(SYSTEM) as work:
        return await claiming.links(work.connection, states=states or LIVE, contested=contested)


async def project_id(app: Litestar, number: str) -> UUID:
    async with app.state.hub.glancing(SYSTEM) as work:
        found = await repository.project_by_number(work.connection, number)
    assert found
    return found.id


async def test_the_queue_says_what_waits_and_leads_to_it(office_app: Litestar, officer: Visitor) -> None:
    waiting = await claims_in(office_app, "in_review")
    answer = await officer.get("/claims")
    assert len(waiting) >= 3 and f"{len(waiting)} 项申报待认定" in text_of(answer)
    links = html.fromstring(answer.text).xpath("//main//tbody/tr/td[1]/a/@href")
    assert links == [pages.href(link.project_id, link.id) for link in waiting]
    for tab in pages.TABS:
        assert (await officer.get(f"/claims?tab={tab}")).status_code == 200
    assert not CHINESE.search(
        "".join(html.fromstring((await officer.get("/claims?lang=en")).text).xpath("//main//h1//text() | //main//th//text()"))
    )


async def test_a_claim_shows_standard_promise_evidence_and_part_side_by_side(office_app: Litestar, officer: Visitor) -> None:
    link = next(link for link in await claims_in(office_app, "in_review") if link.project_no == "示例-BZ2024029")
    said = text_of(await officer.get(pages.href(link.project_id, link.id)))
    for words in ("元宇宙文旅场景三维数据采集规范", "合同原文：制定地方标准1项", "起草单位第1位", "默认口径", "待确认", "示例·", "SHA-256"):
        assert words in said, words


async def test_an_output_that_the_project_did_not_draft_says_so_on_its_page_and_above_the_form(
    office_app: Litestar, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = next(link for link in await claims_in(office_app, "in_review") if link.project_no == "示例-BZ2024029")
    page = pages.href(link.project_id, link.id)
    assert "认定前请注意" not in text_of(await officer.get(page))

    async def nobody(_work: Work, _project: Project, ids: Iterable[UUID]) -> dict[UUID, Part]:
        return {id: Part(None, "not_ours") for id in ids}

    monkeypatch.setattr(service, "parts_of", nobody)
    for path in (page, f"{page}/verify"):
        assert "没有身份：起草单位中没有本项目的单位" in text_of(await officer.get(path))


async def test_each_is_offered_what_they_may_do_and_nothing_else(office_app: Litestar, officer: Visitor) -> None:
    link = (await claims_in(office_app, "in_review"))[0]
    path = pages.href(link.project_id, link.id)

    def offered(answer: object) -> set[str]:
        return {href.rpartition("/")[2] for href in html.fromstring(answer.text).xpath("//main//div[@class='acts']//a/@href")}  # type: ignore[attr-defined]

    async with await visit(office_app, "assessor") as assessor:
        assert {"verify", "return"} <= offered(await assessor.get(path))
    assert "verify" not in offered(await officer.get(path))  # who claimed for the project does not verify
    assert "须由另一人办理" in text_of(await officer.get(path))
    async with await visit(office_app, "lab") as lab:
        assert (await lab.get(path)).status_code == 403 and (await lab.get("/claims")).status_code == 403


async def test_contested_primaries_are_ruled_by_a_form(office_app: Litestar, officer: Visitor) -> None:
    rivals = await claims_in(office_app, contested=True)
    assert len(rivals) == 2
    page = text_of(await officer.get("/claims?tab=contested"))
    assert rivals[0].project_no in page and rivals[1].project_no in page
    said = text_of(await officer.get(pages.href(rivals[0].project_id, rivals[0].id)))
    assert "双方申报均已冻结" in said and rivals[1].project_no in said
    path = f"/claims/primary/{rivals[0].standard_id}"
    form = await officer.get(path)
    choices = html.fromstring(form.text).xpath("//input[@name='claim_id']/@value")
    assert set(choices) == {str(link.id) for link in rivals}
    assert "须由另一人办理" in text_of(form)  # who claimed for one of the two is no judge between them
    refused = await officer.send_form(path, {**filled(form), "claim_id": choices[0], "reason": "示例：牵头研制"})
    assert refused.status_code == 409
    async with await visit(office_app, "assessor") as assessor:
        assert "须由另一人办理" not in text_of(await assessor.get(path))
        await done(assessor, path, claim_id=choices[0], reason="示例：牵头研制")
    assert await claims_in(office_app, contested=True) == []


async def test_suggestions_say_why_and_are_taken_or_dismissed(office_app: Litestar, officer: Visitor) -> None:
    id = await project_id(office_app, "示例-BZ2024038")
    answer = await officer.get(f"/projects/{id}")
    said = text_of(answer)
    assert "建议申报的标准" in said and "承担单位示例·苏州通用智能研究院是第 1 起草单位" in said
    tree = html.fromstring(answer.text)
    take, dismiss = (tree.xpath(f"//main//a[contains(@href, '/{verb}')]/@href") for verb in ("take", "dismiss"))
    assert len(take) == len(dismiss) >= 2
    there = await done(officer, take[0], contribution="示例贡献")
    assert "示例贡献" in text_of(await officer.get(there)) and "建议申报的依据" in text_of(await officer.get(there))
    await done(officer, dismiss[1], reason="与本项目无关")
    again = await officer.send_form(f"/projects/{id}/suggestions", {})
    assert again.status_code == 303
    assert len(html.fromstring((await officer.get(f"/projects/{id}")).text).xpath("//main//a[contains(@href, '/take')]")) == len(take) - 2


async def test_what_a_job_suggests_between_showing_and_sending_is_no_conflict_for_who_only_adds(
    office_app: Litestar, officer: Visitor
) -> None:
    id = await project_id(office_app, "示例-BZ2024003")
    there = f"/projects/{id}"
    promise, editing = filled(await officer.get(f"{there}/commitments/new")), filled(await officer.get(f"{there}/edit"))
    async with office_app.state.hub.work(SYSTEM) as work:
        known = {claim.standard_id for claim in await repository.claims(work.connection, id)}
        new = next(link.standard_id for link in await claims_in(office_app) if link.standard_id not in known)
        suggested = ClaimSuggested(claim=uuid4(), standard_id=new, grounds=[])
        await work.append(await repository.project(work.connection, id), suggested)
        await work.commit()
    added = await officer.send_form(f"{there}/commitments/new", {**promise, "level": "local", "source_text": "示例：补充合同第二条"})
    assert added.status_code == 303, text_of(added)
    assert "示例：补充合同第二条" in text_of(await officer.get(there))
    refused = await officer.send_form(f"{there}/edit", {**editing, "title": "示例：另一名称"})
    assert refused.status_code == 412 and "这期间有人改动了它" in text_of(refused)  # who overwrites sees first what came


async def test_a_project_that_is_short_is_not_accepted_before_cause_and_remedy_are_said(office_app: Litestar, officer: Visitor) -> None:
    id = await project_id(office_app, "示例-BZ2024001")
    closing = f"/projects/{id}/state"
    form = filled(await officer.get(closing))
    refused = await officer.send_form(closing, {**form, "state": "closed", "reason": "示例验收"})
    assert refused.status_code == 409 and "须先说明偏差原因和改进措施" in text_of(refused)
    packages = await officer.get(f"/projects/{id}/packages")
    assert "还不能验收" in text_of(packages)
    numbers = html.fromstring(packages.text).xpath("//h2[contains(., '合同指标')]/following-sibling::table[1]//td[@class='number']")
    assert {cell.get("data-label") for cell in numbers} == {"承诺", "认定", "差额"}  # on a phone there is no head of the table
    for href in html.fromstring(packages.text).xpath("//main//a[contains(@href, '/shortfall')]/@href"):
        await done(officer, href, cause="示例原因", remedy="示例措施")
    assert "可以验收。" in text_of(await officer.get(f"/projects/{id}/packages"))
    await done(officer, closing, state="closed", reason="示例验收")
    said = text_of(await officer.get(f"/projects/{id}"))
    assert "验收采信" in said and "偏差原因：示例原因" in said


async def test_evidence_with_a_wrong_file_keeps_what_was_typed_and_says_so_at_the_field(office_app: Litestar, officer: Visitor) -> None:
    link = (await claims_in(office_app, "claimed"))[0]
    path = f"{pages.href(link.project_id, link.id)}/evidence/new"
    answer = await officer.send_form(path, {"kind": "foreword", "page": "前言第3页"}, files={"file": ("x.exe", b"MZ")})
    tree = html.fromstring(answer.text)
    assert answer.status_code in (400, 422) and "不接收这种文件" in tree.xpath("//p[@id='file-why1']")[0].text_content()
    assert tree.xpath("//input[@id='page']/@value") == ["前言第3页"]
    empty = await officer.send_form(path, {"kind": "foreword"})
    assert "请上传文件，或填写网址" in text_of(empty)


async def test_evidence_is_shown_in_place_or_downloaded_and_never_run(office_app: Litestar, officer: Visitor) -> None:
    link = (await claims_in(office_app, "claimed"))[0]
    path = pages.href(link.project_id, link.id)
    there = await officer.send_form(f"{path}/evidence/new", {"kind": "foreword"}, files={"file": ("前言.pdf", b"%PDF-1.4")})
    assert there.status_code == 303
    tree = html.fromstring((await officer.get(path)).text)
    (source,) = tree.xpath("//main//iframe/@src")
    file = await officer.get(source)
    assert (
        file.content == b"%PDF-1.4"
        and file.headers["content-disposition"].startswith("inline")
        and file.headers["x-content-type-options"] == "nosniff"
    )
    assert re.search("^attachment", (await officer.get(f"{source}?as_file=true")).headers["content-disposition"])


async def test_a_manager_sees_the_claims_of_the_own_projects_only(office_app: Litestar) -> None:
    async with await visit(office_app, "manager") as manager:
        tree = html.fromstring((await manager.get("/claims?tab=confirmed")).text)
        numbers = {cell.text_content().strip() for cell in tree.xpath("//main//tbody/tr/td[3]")}
        assert numbers == {"示例-BZ2024003", "示例-BZ2024007"}
        for path in tree.xpath("//main//tbody/tr/td[1]/a/@href"):
            assert (await manager.get(path)).status_code == 200
    async with await visit(office_app, "department") as department:
        assert (await department.get("/claims")).status_code == 403


async def test_a_number_of_evidence_opens_its_very_page_from_a_report_and_from_the_search(office_app: Litestar, officer: Visitor) -> None:
    link = (await claims_in(office_app, "verified"))[0]
    async with office_app.state.hub.glancing(SYSTEM) as work:
        piece = (await claiming.evidence_of(work.connection, [link.id]))[link.id][0]
    number, page = evidence_number(piece.id), pages.href(link.project_id, link.id)
    assert number in text_of(await officer.get(page))
    for address in (f"/evidence/{number}", f"/evidence/{number.lower()}"):
        answer = await officer.get(address)
        assert answer.headers["location"] == f"{page}?evidence={piece.id}#preview"
    assert (await officer.get("/search", params={"q": number})).headers["location"] == f"/evidence/{number}"
    (found,) = (await officer.get(f"/api/v1/evidence/{number}")).json()
    assert (found["number"], found["of"], found["sha256"]) == (number, "claim", piece.sha256)
    assert (await officer.get("/evidence/ZJ00000000")).status_code == 404
