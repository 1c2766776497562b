"""Meetings in the browser: a secretary calls one, builds the agenda, records it, the minutes come back signed and the gate opens."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from icalendar import Calendar
from litestar import Litestar
from lxml import html
from playwright.sync_api import Browser, Page, expect

from standards_hub.committees.meetings import repository
from standards_hub.committees.meetings.values import STATES, Meeting
from standards_hub.kernel.access.actor import SYSTEM
from tests.committees.ballots.test_pages import COMMITTEE, STANDARD, on_day, standard_id, text_of
from tests.support.office import copied, loaded, serving, sign_in, visit

PLENARY, WORKING, REVIEW = "示例：2026 年度全体会议", "示例：车载供氢系统工作组会议", "示例：氢燃料电池汽车运营管理规范审查会"
DUTY = "示例：提交加氢口预研项目的立项材料"


async def meeting_called(app: Litestar, title: str) -> Meeting:
    async with app.state.hub.glancing(SYSTEM) as work:
        return next(one for one in await repository.meetings(work.connection, text=title) if one.title == title)


async def test_the_example_has_a_meeting_in_every_state(office_app: Litestar) -> None:
    async with office_app.state.hub.glancing(SYSTEM) as work:
        found = await repository.meetings(work.connection, limit=100)
    assert {one.state for one in found} == set(STATES) and all(one.exemplar and one.title.startswith("示例") for one in found)
    assert any(one.sequence for one in found if one.state == "called") and any(one.breaches for one in found)


async def test_a_meeting_that_was_held_says_who_was_there_what_was_decided_and_who_has_to_do_what(office_app: Litestar) -> None:
    one = await meeting_called(office_app, WORKING)
    async with await visit(office_app, "member") as member:
        said = text_of(await member.get(f"/meetings/{one.id}"))
        assert "出席 21 人" in said and "同意开展两项预研" in said and DUTY in said and "21 × 4 = 84 ≥ 25 × 3 = 75" in said
        assert "建议值" in said and "形成纪要" not in said
        english = text_of(await member.get(f"/meetings/{one.id}?lang=en"))
        assert "21 present" in english and "Due 7 days before the meeting" in english


async def test_a_breach_of_the_times_stays_in_sight(office_app: Litestar) -> None:
    one = await meeting_called(office_app, "示例：石墨烯标委会 2026 年全体会议")
    async with await visit(office_app, "secretary") as secretary:
        said = text_of(await secretary.get(f"/meetings/{one.id}"))
    assert "晚于规定：应在 2026-10-21 前，2026-10-26 办理" in said and "会场临时确定" in said


async def test_who_does_not_belong_to_it_sees_day_and_agenda_and_no_papers(office_app: Litestar) -> None:
    one, prepared = await meeting_called(office_app, PLENARY), await meeting_called(office_app, "示例：物联网标委会换届筹备会")
    paper = ""
    async with office_app.state.hub.glancing(SYSTEM) as work:
        paper = str((await repository.papers(work.connection, one.id))[0].id)
    async with await visit(office_app, "officer") as officer:
        said = text_of(await officer.get(f"/meetings/{one.id}"))
        assert "2025 年度工作报告" in said and "同意年度工作报告" not in said and "可向秘书处索取" in said
        for path in ("bundle.zip", "documents/minutes.pdf", f"papers/{paper}/file", "signed/minutes"):
            assert (await officer.get(f"/meetings/{one.id}/{path}")).status_code == 403, path
        assert (await officer.get(f"/meetings/{one.id}/documents/notice.docx")).status_code == 200
        assert (await officer.get(f"/meetings/{prepared.id}")).status_code == 403
        assert (await officer.get(f"/meetings/{one.id}/attendance")).status_code == 403
    async with await visit(office_app, "member") as member:
        assert (await member.get(f"/meetings/{one.id}/papers/{paper}/file")).status_code == 200
        with ZipFile(io.BytesIO((await member.get(f"/meetings/{one.id}/bundle.zip")).content)) as archive:
            assert archive.namelist()[:2] == ["00 目录.pdf", "00 议程.pdf"] and len(archive.namelist()) == 4


async def test_a_duty_stands_in_the_to_do_list_of_its_person_and_of_the_committee_until_it_is_ticked_off(office_app: Litestar) -> None:
    one = await meeting_called(office_app, WORKING)
    async with await visit(office_app, "member") as member:
        said = text_of(await member.get("/todo"))
        assert DUTY in said and "会议交办 1 件" in said
        body = f"/todo?body=committee:{one.committee_id}"
        assert DUTY in text_of(await member.get(body))
        (href,) = {link for link in html.fromstring((await member.get("/todo")).text).xpath("//a/@href") if "/duties/" in link}
        assert (await member.send_form(href, {"outcome": "示例：已提交"})).status_code == 303
        assert DUTY not in text_of(await member.get("/todo")) and DUTY not in text_of(await member.get(body))
    async with await visit(office_app, "secretary") as secretary:
        assert "示例：已提交" in text_of(await secretary.get(f"/meetings/{one.id}"))


async def test_meetings_stand_in_the_calendar_that_a_member_subscribes_to_and_on_the_committees_page(office_app: Litestar) -> None:
    one = await meeting_called(office_app, REVIEW)
    async with await visit(office_app, "member") as member:
        page = html.fromstring((await member.send_form("/account/calendar")).text)
        address = next(text for text in page.xpath("//input/@value | //code/text()") if text.endswith(".ics"))
        feed = Calendar.from_ical((await member.get(address)).content)
        said = text_of(await member.get(f"/committees/{one.committee_id}"))
    events = {str(event["UID"]): event for event in feed.walk("VEVENT")}
    found = events[f"meeting-{one.id}@standards-hub"]
    assert found["SEQUENCE"] == 1 and found.decoded("DTSTART").isoformat() == "2026-12-09T01:00:00+00:00"
    assert REVIEW in said and "2026-12-09" in said


async def test_what_was_typed_for_a_meeting_comes_back_with_what_is_wrong(office_app: Litestar) -> None:
    typed = {
        "committee_id": COMMITTEE,
        "kind": "plenary",
        "title": "示例：会",
        "starts_on": "2026-12-31",
        "starts_at": "25:00",
        "link": "ftp://x",
    }
    async with await visit(office_app, "secretary") as secretary:
        answer = await secretary.send_form("/meetings/new", typed)
        assert answer.status_code == 422
        page = html.fromstring(answer.text)
        assert page.xpath("//input[@name='title']/@value") == ["示例：会"]
        assert page.xpath("//input[@name='starts_at'][@aria-invalid]") and page.xpath("//input[@name='link'][@aria-invalid]")


async def test_what_no_form_offers_is_an_error_in_the_form_and_not_of_the_hub(office_app: Litestar) -> None:
    one = await meeting_called(office_app, REVIEW)
    async with office_app.state.hub.glancing(SYSTEM) as work:
        item = (await repository.items(work.connection, one.id))[0].id
    async with await visit(office_app, "secretary") as secretary:
        for path, field in (("items/programme", "subjects[]"), (f"items/{item}/papers", "sources[]")):
            refused = await secretary.send_form(f"/meetings/{one.id}/{path}", {field: "示例"})
            assert refused.status_code == 422, path


async def test_the_list_is_narrowed_by_committee_kind_and_state(office_app: Litestar) -> None:
    async with await visit(office_app, "member") as member:
        said = text_of(await member.get("/meetings?state=signed&kind=plenary"))
    assert PLENARY in said and WORKING not in said


async def test_a_late_call_is_refused_in_the_form_until_there_is_a_reason(office_app: Litestar) -> None:
    typed = {"committee_id": COMMITTEE, "kind": "plenary", "title": "示例：急会", "starts_on": "2026-11-30", "place": "示例"}
    async with await visit(office_app, "secretary") as secretary:
        path = (await secretary.send_form("/meetings/new", typed)).headers["location"]
        assert (await secretary.send_form(f"{path}/items/new", {"title": "示例：急事"})).status_code == 303
        refused = await secretary.send_form(f"{path}/call")
        assert refused.status_code == 409 and "已过 9 天" in text_of(refused)
        assert (await secretary.send_form(f"{path}/call", {"exception": "示例：主管部门要求"})).status_code == 303
        assert "示例：主管部门要求" in text_of(await secretary.get(path))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An example office of this test's own, whose days it turns."""
    return copied(loaded(), tmp_path / "home")


def test_from_the_call_to_the_gate(home: Path, browser: Browser, page: Page, tmp_path: Path) -> None:
    standard = standard_id(home)
    with serving(home, JOBS="0") as url:
        sign_in(page, url, "secretary")
        page.goto(f"{url}/meetings/new")
        page.get_by_label("委员会 必填").fill(COMMITTEE)
        page.get_by_label("类型 必填").select_option("review")
        page.get_by_label("会议名称 必填").fill("示例：第1部分审查会")
        page.get_by_label("日期 必填").fill("2026-12-15")
        page.get_by_label("开始时间").fill("09:30")
        page.get_by_label("地点").fill("示例会议室")
        page.get_by_label("主持人").fill("方行简（示例）")
        page.get_by_label("表决规则").select_option("V8")
        page.get_by_role("button", name="下一步").click()
        path = page.url.removeprefix(url)
        page.get_by_role("link", name="增加议题").click()
        page.get_by_label("议题 必填").fill("示例：其他事项")
        page.get_by_role("button", name="列入议程").click()
        page.get_by_role("link", name="从工作计划选").click()
        page.get_by_label(STANDARD).check()
        page.get_by_role("button", name="列入议程").click()
        page.get_by_role("button", name="上移").click()
        expect(page.locator("article.item h3").first).to_contain_text(STANDARD)
        page.get_by_role("link", name="添加材料").first.click()
        page.get_by_label("上传文件").set_input_files([{"name": "送审稿.txt", "mimeType": "text/plain", "buffer": "示例送审稿".encode()}])
        page.get_by_role("button", name="添加").click()
        expect(page.locator("article.item").first).to_contain_text("送审稿")
        page.get_by_role("link", name="发出通知").click()
        expect(page.locator("main")).to_contain_text("还有 6 天")
        page.get_by_role("button", name="发出通知").click()
        page.get_by_role("link", name="发出材料").click()
        page.get_by_role("button", name="发出材料").click()
        expect(page.locator("main")).to_contain_text("已通知")
    on_day(home, "2026-11-25")
    with serving(home, today="2026-12-15", JOBS="0") as url:
        sign_in(page, url, "secretary")
        page.goto(f"{url}{path}")
        page.get_by_role("link", name="登记出席").click()
        page.get_by_label("顾言川（示例） 出席").select_option("excused")
        page.get_by_role("button", name="登记").click()
        page.get_by_role("link", name="会议已召开").click()
        page.get_by_role("button", name="会议已召开").click()
        page.get_by_role("link", name="决定").first.click()
        page.get_by_label("决定 必填").select_option("passed")
        page.get_by_label("内容 必填").fill("示例：协商一致，同意通过审查")
        page.get_by_role("button", name="记录").click()
        page.get_by_role("link", name="交办").first.click()
        page.get_by_label("承办人 必填").fill("陆明哲（示例）")
        page.get_by_label("事项 必填").fill("示例：按会议意见完善编制说明")
        page.get_by_label("期限 必填").fill("2026-12-25")
        page.get_by_role("button", name="交办").click()
        page.get_by_role("link", name="讨论").nth(1).click()
        page.get_by_label("讨论情况").fill("示例：没有其他事项")
        page.get_by_role("button", name="保存").click()
        page.goto(f"{url}/standards/{standard}")
        gate = page.locator("ul.gates > li", has_text="审查已表决").first
        expect(gate).to_contain_text("待签字的会议纪要")
        own = browser.new_context(locale="zh-CN").new_page()
        sign_in(own, url, "member")
        own.goto(f"{url}/todo")
        section = own.locator("section", has=own.get_by_role("heading", name="会议交办"))
        expect(section).to_contain_text("示例：按会议意见完善编制说明")
        section.get_by_role("link", name="办结").first.click()
        own.get_by_role("button", name="办结").click()
        own.context.close()
        page.goto(f"{url}{path}")
        page.get_by_role("link", name="形成纪要").click()
        page.get_by_role("button", name="形成纪要").click()
        with page.expect_download() as download:
            page.get_by_role("listitem").filter(has_text="会议纪要").get_by_role("link", name="DOCX").click()
        minutes = tmp_path / "签字的纪要.docx"
        download.value.save_as(minutes)
        page.get_by_role("link", name="上传签回的纪要").click()
        page.get_by_label("签字的会议纪要 必填").set_input_files(minutes)
        page.get_by_label("签字的签到表").set_input_files([{"name": "签到表.png", "mimeType": "image/png", "buffer": b"\x89PNG"}])
        page.get_by_role("button", name="存入").click()
        expect(page.locator("main")).to_contain_text("签字的纪要.docx")
        page.goto(f"{url}/standards/{standard}")
        gate = page.locator("ul.gates > li", has_text="审查已表决").first
        expect(gate).to_contain_text("2026-12-15 的审查会审查通过，纪要已签回")
        expect(gate).to_contain_text("已满足")
        expect(page.locator("ul.gates > li", has_text="专家签名表").first).to_contain_text("已满足")
        gate.get_by_role("link", name="查看会议").click()
        expect(page).to_have_url(f"{url}{path}")
    on_day(home, "2026-12-15")
