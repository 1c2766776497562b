"""Ballots in the browser: a secretary opens one, members vote from their own sign-ins, it closes by the clock and says why, the gate opens."""

import asyncio
import io
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import docx
import pytest
from litestar import Litestar
from lxml import html
from playwright.sync_api import Browser, Page, expect

from standards_hub.committees import repository as registers
from standards_hub.committees.ballots import repository
from standards_hub.committees.ballots.rules import rules
from standards_hub.kernel import audit, jobs
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.settings import from_environment
from tests.support.office import copied, loaded, serving, sign_in, visit

PLAN_2026, PLAN_2027 = "示例：2026 年度工作计划", "示例：2027 年度工作计划"
STANDARD = "示例：氢燃料电池汽车运营管理规范 第1部分：车辆"
COMMITTEE = "江苏省氢燃料电池汽车标准化技术委员会"


async def ballot_called(app: Litestar, title: str) -> UUID:
    async with app.state.hub.glancing(SYSTEM) as work:
        return next(one.id for one in await repository.ballots(work.connection, text=title) if one.title == title)


def text_of(answer: object) -> str:
    return " ".join(html.fromstring(answer.text).xpath("//main")[0].text_content().split())  # type: ignore[attr-defined]


async def test_the_example_has_one_ballot_of_each_rule_closed_and_one_open(office_app: Litestar) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        found = await repository.ballots(work.connection, limit=100)
    held = {(one.rule, one.state) for one in found}
    assert held == {(id, state) for id in rules() for state in ("open", "closed")}
    assert {one.outcome for one in found} == {"passed", "failed", "invalid", "consultation", None}
    assert all(one.exemplar and "示例" in one.title for one in found)


@pytest.mark.parametrize("wrong, why", [({"closes_on": "12-20"}, "请填写日期"), ({"question": "长" * 20_001}, "最多 20000 字")])
async def test_what_cannot_be_a_ballot_comes_back_as_it_was_typed(office_app: Litestar, wrong: dict[str, str], why: str) -> None:
    typed = {"committee_id": COMMITTEE, "rule": "V1", "closes_on": "2026-12-20", "title": "示例：改选秘书长", **wrong}
    async with await visit(office_app, "secretary") as secretary:
        answer = await secretary.send_form("/ballots/new", typed)
    assert answer.status_code == 422 and why in text_of(answer)
    assert html.fromstring(answer.text).xpath("//input[@name='title']/@value") == ["示例：改选秘书长"]


async def test_before_it_opens_a_ballot_names_its_text_a_rule_that_does_not_count_and_drafters_who_are_not_recused(
    office_app: Litestar,
) -> None:
    typed = {"committee_id": COMMITTEE, "standard": STANDARD, "rule": "V1", "closes_on": "2026-12-20"}
    async with await visit(office_app, "secretary") as secretary:
        made = (await secretary.send_form("/ballots/new", typed)).headers["location"].split("?")[0]
        page = await secretary.get(made)
        refused = await secretary.send_form(f"{made}/open", {})
        member_sees = text_of(await (await visit(office_app, "member")).get(made))
    assert html.fromstring(page.text).xpath("//dd/a[contains(@href, '/papers/')]/text()") == ["送审稿"]
    assert "还不能开始投票：规则 V1 不适用于该对象现在的步骤，请改用 V8" in text_of(page)
    assert "本标准的起草人，尚未登记回避：陆明哲（示例）、周启航（示例）、沈知远（示例）、顾言川（示例）" in text_of(page)
    assert "尚未登记回避" not in member_sees
    assert refused.status_code == 409 and "<code>rule</code>" not in refused.text


async def test_a_void_ballot_leads_to_the_form_of_a_new_one_on_the_same(office_app: Litestar) -> None:
    typed = {"committee_id": COMMITTEE, "standard": STANDARD, "rule": "V8", "closes_on": "2026-12-20"}
    async with await visit(office_app, "secretary") as secretary:
        made = (await secretary.send_form("/ballots/new", typed)).headers["location"].split("?")[0]
        assert not html.fromstring((await secretary.get(made)).text).xpath("//a[text()='重新组织']")
        await secretary.send_form(f"{made}/void", {"reason": "示例"})
        again = html.fromstring((await secretary.get(made)).text).xpath("//a[text()='重新组织']/@href")
        form = html.fromstring((await secretary.get(again[0])).text)
        member_sees = (await (await visit(office_app, "member")).get(made)).text
    assert form.xpath("//input[@name='committee_id' or @name='standard']/@value") == [COMMITTEE, STANDARD]
    assert form.xpath("//select[@name='rule']/option[@selected]/@value") == ["V8"]
    assert "重新组织</a>" not in member_sees


async def test_control_characters_out_of_a_word_processor_cost_nothing_that_was_typed(office_app: Litestar) -> None:
    typed = {"committee_id": COMMITTEE, "rule": "V1", "closes_on": "2026-12-20", "title": "示例：改选秘书长", "question": "一、\x0b二、"}
    async with await visit(office_app, "secretary") as secretary:
        answer = await secretary.send_form("/ballots/new", typed)
        assert answer.status_code == 422 and "已代为删去" in text_of(answer)
        form = html.fromstring(answer.text).forms[-1]
        assert form.fields["question"].strip() == "一、 二、" and form.fields["title"] == "示例：改选秘书长"
        assert (await secretary.send_form("/ballots/new", {**typed, "question": form.fields["question"]})).status_code == 303


async def test_the_result_explains_itself_in_both_languages_and_prints_for_signatures(office_app: Litestar) -> None:
    id = await ballot_called(office_app, PLAN_2026)
    async with await visit(office_app, "member") as member:
        said = text_of(await member.get(f"/ballots/{id}"))
        assert "20 × 4 = 80 ≥ 25 × 3 = 75，符合" in said and "结论：通过" in said and "承担其中的验证任务" in said
        sheet = await member.get(f"/ballots/{id}/sheet.docx")
    document = docx.Document(io.BytesIO(sheet.content))
    assert any("20 × 4 = 80 ≥ 25 × 3 = 75" in p.text for p in document.paragraphs)
    assert [cell.text for cell in document.tables[1].rows[0].cells] == ["序号", "姓名", "单位", "职务", "表决", "签名"]
    assert len(document.tables[1].rows) == 26 and document.tables[0].rows[-1].cells[1].text == "通过"
    async with await visit(office_app, "member") as member:
        said = text_of(await member.get(f"/ballots/{id}?lang=en"))
    assert "20 × 4 = 80 ≥ 25 × 3 = 75, Met" in said and "Result: passed" in said


async def test_a_member_votes_in_one_click_changes_it_and_is_told_what_a_vote_against_needs(office_app: Litestar) -> None:
    id = await ballot_called(office_app, PLAN_2027)
    async with await visit(office_app, "member") as member:
        assert PLAN_2027 in text_of(await member.get("/todo"))
        assert (await member.send_form(f"/ballots/{id}/vote", {"vote": "approve"})).status_code == 303
        assert PLAN_2027 not in text_of(await member.get("/todo"))
        refused = await member.send_form(f"/ballots/{id}/vote", {"vote": "against"})
        assert refused.status_code == 409 and "反对须写明理由" in refused.text
        assert (await member.send_form(f"/ballots/{id}/vote", {"vote": "against", "reason": "示例：缺少预算"})).status_code == 303
        said = text_of(await member.get(f"/ballots/{id}"))
        assert "您已投：反对" in said and "10/25" in said
    async with await visit(office_app, "secretary") as secretary:
        said = text_of(await secretary.get(f"/ballots/{id}"))
        assert "10/25" in said and "示例：缺少预算" not in said  # how somebody voted is told after the close
        assert "您已投" not in said


async def test_who_is_not_on_the_roll_neither_votes_nor_sees_how_others_did(office_app: Litestar) -> None:
    opened, closed = await ballot_called(office_app, PLAN_2027), await ballot_called(office_app, PLAN_2026)
    async with await visit(office_app, "officer") as officer:
        assert "您不在本次表决的名册中" in text_of(await officer.get(f"/ballots/{opened}"))
        assert (await officer.send_form(f"/ballots/{opened}/vote", {"vote": "approve"})).status_code == 409
        said = text_of(await officer.get(f"/ballots/{closed}"))
        assert "结论：通过" in said and "见函审单所附意见" not in said
        assert (await officer.get(f"/ballots/{opened}/void")).status_code == 403
    async with await visit(office_app) as public:
        assert (await public.get(f"/ballots/{opened}")).status_code in (303, 401)


async def test_the_list_is_narrowed_by_committee_state_and_title(office_app: Litestar) -> None:
    async with await visit(office_app, "member") as member:
        said = text_of(await member.get("/ballots?state=open&q=年度工作计划"))
        assert PLAN_2027 in said and PLAN_2026 not in said


async def test_the_secretary_sees_who_declared_an_interest_ticked_as_recused_and_decides(office_app: Litestar) -> None:
    async with await visit(office_app, "secretary") as secretary:
        typed = {"committee_id": COMMITTEE, "standard": STANDARD, "rule": "V8", "closes_on": "2026-12-02"}
        ballot = (await secretary.send_form("/ballots/new", typed)).headers["location"]
        async with office_app.state.hub.glancing(SYSTEM) as work:
            one = await repository.ballot(work.connection, UUID(ballot.rpartition("/")[2]))
            seats = [seat for seat in await registers.seats(work.connection, one.committee_id, on=work.today) if seat.position == "member"]
        for seat, relation in zip(seats, ("drafter", "employer"), strict=False):
            declared = {"person_id": str(seat.person_id), "relation": relation, "standard_id": str(one.subject_id)}
            path = f"/committees/{one.committee_id}/interests/new"
            assert (await secretary.send_form(path, declared | {"person_id": f"{seat.person_name}"})).status_code == 303
        assert f"{seats[0].person_name} 本人起草" in text_of(await secretary.get(ballot))
        form = html.fromstring((await secretary.get(f"{ballot}/open")).text)
        assert set(form.xpath("//input[@name='recuse[]'][@checked]/@value")) == {str(seat.person_id) for seat in seats[:2]}
        version = form.xpath("//input[@name='version']/@value")[0]
        sent = {"version": version, "recuse[]": [str(seats[0].person_id)]}
        assert (await secretary.send_form(f"{ballot}/open", sent)).status_code == 303
    async with office_app.state.hub.glancing(SYSTEM) as work:
        found = await repository.voters(work.connection, one.id)
    assert {v.person_id: v.recusal_reason for v in found if v.recused} == {seats[0].person_id: "本人起草"}


async def test_the_signed_result_sheet_is_filed_at_the_ballot_and_seen_by_its_committee(office_app: Litestar) -> None:
    id = await ballot_called(office_app, PLAN_2026)
    path, scan = f"/ballots/{id}/sheets", {"file": ("结果表.pdf", b"%PDF-1.7 signed")}
    async with await visit(office_app, "secretary") as secretary:
        wrong = await secretary.send_form(path, {"signed_on": "2026-11-24"}, files={"file": ("结果表.exe", b"MZ")})
        assert wrong.status_code == 409 and "须是 .pdf" in text_of(wrong) and 'value="2026-11-24"' in wrong.text
        assert (await secretary.send_form(path, {"signed_on": "2026-11-24"})).status_code == 422
        assert (await secretary.send_form(path, {"signed_on": "2026-11-24"}, files=scan)).status_code == 303
    async with await visit(office_app, "member") as member:
        page = html.fromstring((await member.get(f"/ballots/{id}")).text)
        file = page.xpath("//section[@aria-labelledby='signed']//a/@href")[0]
        assert (await member.get(file)).content == b"%PDF-1.7 signed" and not page.xpath("//input[@type='file']")
        assert (await member.send_form(path, {"signed_on": "2026-11-24"}, files=scan)).status_code == 403
    async with await visit(office_app, "officer") as officer:
        assert "签署的结果表" not in text_of(await officer.get(f"/ballots/{id}")) and (await officer.get(file)).status_code == 403


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An example office of this test's own, whose days it turns."""
    return copied(loaded(), tmp_path / "home")


def on_day(home: Path, day: str) -> None:
    """The jobs of a night."""

    async def night() -> bool:
        hub = from_environment({"STANDARDS_HUB_HOME": str(home), "STANDARDS_HUB_TODAY": day}).hub()
        done = await jobs.drain(hub)
        async with hub.reading(SYSTEM) as work:
            sound = (await audit.verify(work.connection)).sound
        await hub.database.close()
        return sound and not done.errors

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(night())).result()


def test_from_the_opening_to_the_gate(home: Path, browser: Browser, page: Page) -> None:
    with serving(home, JOBS="0") as url:
        sign_in(page, url, "secretary")
        page.goto(f"{url}/ballots/new")
        page.get_by_label("委员会 必填").fill(COMMITTEE)
        page.get_by_label("标准", exact=True).fill(STANDARD)
        page.get_by_label("表决规则 必填").select_option("V8")
        page.get_by_label("截止日 必填").fill("2026-12-02")
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("车辆")
        ballot = page.url
        page.get_by_role("link", name="登记回避").click()
        page.get_by_label("人员").select_option(label="顾言川（示例）")
        page.get_by_label("理由 必填").fill("示例：主要起草人")
        page.get_by_role("button", name="登记").click()
        page.get_by_role("link", name="开始投票").click()
        expect(page.locator("main")).to_contain_text("名册 25 人，其中回避 1 人")
        page.get_by_role("button", name="开始投票").click()
        expect(page.locator("main")).to_contain_text("投票中，0/24 已投")
        page.goto(f"{url}/standards/{standard_id(home)}")
        expect(page.locator("main")).to_contain_text("表决正在进行，2026-12-02 24:00 截止")
        for login in ("member", "manager", "lab"):
            own = browser.new_context(locale="zh-CN").new_page()
            sign_in(own, url, login)
            own.goto(f"{url}/todo")
            own.locator("section", has=own.get_by_role("heading", name="待我投票")).get_by_role("link", name="投票 ").filter(
                has_text="车辆"
            ).click()
            own.get_by_role("button", name="赞成").click()
            expect(own.locator("main")).to_contain_text("您已投：赞成")
            own.context.close()
        recused = browser.new_context(locale="zh-CN").new_page()
        sign_in(recused, url, "drafter")
        recused.goto(ballot)
        expect(recused.locator("main")).to_contain_text("您已回避：示例：主要起草人")
        expect(recused.get_by_role("button", name="赞成")).to_have_count(0)
        recused.context.close()
        path = ballot.removeprefix(url)
    on_day(home, "2026-12-03")
    with serving(home, today="2026-12-03", JOBS="0") as url:
        sign_in(page, url, "secretary")
        page.goto(f"{url}{path}")
        expect(page.locator("main")).to_contain_text("2026-12-02 结束，结论：通过")
        expect(page.locator("main")).to_contain_text("3 × 4 = 12 ≥ 3 × 3 = 9，符合")
        page.goto(f"{url}/standards/{standard_id(home)}")
        gate = page.locator("ul.gates > li", has_text="审查已表决").first
        expect(gate).to_contain_text("2026-12-02 按规则 V8 表决：通过")
        expect(gate).to_contain_text("已满足")
        gate.get_by_role("link", name="查看表决").click()
        expect(page).to_have_url(f"{url}{path}")
        page.locator("#file").set_input_files([{"name": "结果表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}])
        page.get_by_label("签署日期 必填").fill("2026-12-03")
        page.get_by_role("button", name="归档").click()
        expect(page.locator("main")).to_contain_text("已归档，并归入标准的卷宗")
        page.get_by_role("link", name="已归入卷宗").click()
        expect(page.locator("main")).to_contain_text("签署的表决结果表")
        page.goto(f"{url}/standards/{standard_id(home)}")
        gate = page.locator("ul.gates > li", has_text="审查已表决").first
        expect(gate).to_contain_text("结果表已于 2026-12-03 签署归档")
        expect(gate.get_by_role("link", name="查看表决")).to_have_count(1)


def standard_id(home: Path) -> UUID:
    with sqlite3.connect(home / "hub.sqlite") as connection:
        return UUID(connection.execute("SELECT id FROM standard WHERE title_zh = ?", (STANDARD,)).fetchone()[0])
