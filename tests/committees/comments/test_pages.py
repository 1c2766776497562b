"""Enquiries in the browser: the public reads and comments without an account, the secretary takes sheets in, decides and exports."""

import io
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from lxml import html
from msgspec import structs
from playwright.sync_api import Page, expect

from standards_hub.committees.comments import repository
from standards_hub.committees.comments.pages import public as pages
from standards_hub.committees.comments.services import answering
from standards_hub.committees.comments.sheets import Entry, Head, read_sheet, write_docx
from standards_hub.committees.comments.subjects import Enquiry
from standards_hub.kernel import audit, jobs
from standards_hub.kernel.access.actor import SYSTEM
from tests.api.conftest import client_for
from tests.committees.comments import samples
from tests.support.office import Visitor, sign_in, visit

CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture
async def enquiries(office_app: Litestar) -> dict[str, Enquiry]:
    """The two enquiries of the example office by their state."""
    async with office_app.state.hub.glancing(SYSTEM) as work:
        return {one.state: one for one in await repository.enquiries(work.connection)}


@pytest.fixture
async def secretary(office_app: Litestar) -> AsyncIterator[Visitor]:
    async with await visit(office_app, "secretary") as visitor:
        yield visitor


@pytest.fixture
async def public(office_app: Litestar) -> AsyncIterator[Visitor]:
    async with await visit(office_app) as visitor:
        yield visitor


def text(answer: Any) -> str:
    return " ".join(html.fromstring(answer.text).text_content().split())


async def test_the_file_of_a_draft_is_read_beside_what_else_the_hub_does(
    public: Visitor, enquiries: dict[str, Enquiry], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Anybody may be the first to open a long one."""
    readers = []

    def read(*_args: Any) -> tuple[()]:
        readers.append(threading.current_thread() is threading.main_thread())
        return ()

    monkeypatch.setattr(pages, "clauses_of", read)
    assert (await public.get(f"/enquiries/{enquiries['open'].id}")).status_code == 200
    assert readers == [False]


async def test_the_public_reads_by_clause_and_comments_without_an_account(
    office_app: Litestar, public: Visitor, enquiries: dict[str, Enquiry]
) -> None:  # fmt: skip
    one = enquiries["open"]
    listed = await public.get("/enquiries")
    assert f"/enquiries/{one.id}" in listed.text and str(enquiries["closed"].id) not in listed.text
    shown = await public.get(f"/enquiries/{one.id}")
    assert shown.status_code == 200 and "3.1 示例系统" in text(shown) and "数据间隔应不大于 1 s。" in shown.text
    assert (await public.get(f"/enquiries/{one.id}/draft")).headers["content-disposition"].startswith("attachment")
    fields = {
        "author": "示例读者",
        "author_kind": "public",
        "email": "reader@example.org",
        "clause": "4.2",
        "text": "<b>太短</b>",
        "draft": one.draft,
    }
    sent = await public.send_form(f"/enquiries/{one.id}", fields, files={"file": ("图.png", samples.png())})
    assert sent.status_code == 303
    assert f"编号 {one.comments + 1}" in text(await public.get(f"/enquiries/{one.id}"))
    again = await public.send_form(f"/enquiries/{one.id}", {"author": "", "text": "不写名字", "author_kind": "public"})
    assert again.status_code == 422 and "不写名字" in again.text and "请填写" in again.text
    async with await visit(office_app, "secretary") as secretary:
        table = await secretary.get(f"/enquiries/{one.id}/comments")
        assert "&lt;b&gt;太短" in table.text and "reader@example.org" in table.text
        link = re.search(rf"/enquiries/{one.id}/attachments/[0-9a-f-]+", table.text)
        assert link and (await secretary.get(link[0])).content == samples.png()
    async with await visit(office_app, "lab") as lab:
        assert "reader@example.org" not in (await lab.get(f"/enquiries/{one.id}/comments")).text


async def test_what_is_not_open_cannot_be_read_by_the_public(public: Visitor, enquiries: dict[str, Enquiry]) -> None:
    one = enquiries["closed"]
    for path in ("", "/draft"):
        assert (await public.get(f"/enquiries/{one.id}{path}")).status_code == 404
    assert (await public.send_form(f"/enquiries/{one.id}", {"author": "示例", "text": "晚了"})).status_code in (404, 409)
    for path in ("/comments", "/table", "/sheets", "/settings"):
        assert (await public.get(f"/enquiries/{one.id}{path}")).status_code in (303, 401)


async def test_too_many_comments_from_one_address_have_to_wait(
    public: Visitor, enquiries: dict[str, Enquiry], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(answering, "FROM_ADDRESS", 1)
    path, fields = f"/enquiries/{enquiries['open'].id}", {"author": "示例读者", "text": "意见", "author_kind": "public"}
    assert (await public.send_form(path, fields)).status_code == 303
    refused = await public.send_form(path, fields)
    assert refused.status_code == 429 and "次数过多" in refused.text and "意见" in refused.text


async def test_a_secretary_takes_sheets_in_and_is_told_of_each_file(
    office_app: Litestar, secretary: Visitor, enquiries: dict[str, Enquiry]
) -> None:  # fmt: skip
    one = enquiries["open"]
    good = samples.chinese([("1", "3.1", "不清", "改", "示例大学", "", ""), ("2", "4", "", "", "示例大学", "", "空")])
    files = [("files", ("甲.docx", good)), ("files", ("坏.docx", b"junk"))]
    sent = await secretary.send_form(f"/enquiries/{one.id}/sheets", files=files)
    assert sent.status_code == 303
    waiting = await secretary.get(sent.headers["location"])
    assert 'hx-trigger="every 1s"' in waiting.text and "可以离开本页" in waiting.text
    await jobs.drain(office_app.state.hub)
    done = text(await secretary.get(sent.headers["location"]))
    assert "收入 1 条意见" in done and "第 3 行 · 意见内容" in done and "整个文件没有收入" in done
    empty = await secretary.send_form(f"/enquiries/{one.id}/sheets")
    assert empty.status_code == 422 and "请选择" in empty.text


async def test_a_secretary_decides_on_one_and_on_many_and_the_form_keeps_what_was_typed(
    office_app: Litestar, secretary: Visitor, enquiries: dict[str, Enquiry]
) -> None:  # fmt: skip
    one = enquiries["open"]
    async with office_app.state.hub.glancing(SYSTEM) as work:
        ids = [str(comment.id) for comment in await repository.comments(work.connection, one.id)]
    path = f"/enquiries/{one.id}/comments"
    for fields, why in (
        ({"act": "dispose", "disposition": "noted"}, "勾选"),
        ({"act": "dispose", "comments[]": ids}, "请选择采纳"),
        ({"act": "dispose", "comments[]": ids, "disposition": "not_adopted", "reply": "谢谢"}, "须写明理由"),
    ):
        refused = await secretary.send_form(path, fields)
        assert refused.status_code in (409, 422) and why in text(refused)
    assert "谢谢" in refused.text and refused.text.count("checked") >= 3
    done = await secretary.send_form(
        path + "?type=", {"act": "dispose", "comments[]": ids, "disposition": "not_adopted", "reason": "示例理由"}
    )
    assert done.status_code == 303 and done.headers["location"].startswith(path)
    assert "2 条意见已全部处理" in text(await secretary.get(path))
    assert "还有 1 条待处理" in text(await _reopened(secretary, path, ids[0]))
    assert "示例理由" in text(await secretary.get(path + "?disposition=not_adopted&q=声音"))
    async with await visit(office_app, "member") as member:
        assert (await member.send_form(path, {"act": "reopen", "comments[]": ids})).status_code == 403
        assert 'name="comments[]"' not in (await member.get(path)).text


async def test_a_decision_from_an_old_table_loses_nothing_and_shows_what_was_decided_meanwhile(
    office_app: Litestar, secretary: Visitor, enquiries: dict[str, Enquiry]
) -> None:  # fmt: skip
    one = enquiries["open"]
    async with office_app.state.hub.glancing(SYSTEM) as work:
        ids = [str(comment.id) for comment in await repository.comments(work.connection, one.id)]
    path = f"/enquiries/{one.id}/comments?status=open"
    seen = html.fromstring((await secretary.get(path)).text).xpath("//form[@id='several']/input[@name='version']/@value")[0]
    first = {"act": "dispose", "comments[]": [ids[0]], "disposition": "adopted", "version": seen}
    assert (await secretary.send_form(path, first)).status_code == 303
    late = {"act": "dispose", "comments[]": ids, "disposition": "not_adopted", "reason": "示例：已有规定", "reply": "多谢", "version": seen}
    told = await secretary.send_form(path, late)
    assert told.status_code == 412 and "别人已处理了其中的意见" in text(told) and "处理为“采纳”" in text(told)
    again = html.fromstring(told.text)
    assert ids[0] not in again.text_content()
    assert again.xpath("//input[@name='comments[]'][@checked]/@value") == ids and "已选中" in text(told)
    assert [again.get_element_by_id(name).text.strip() for name in ("reason", "reply")] == ["示例：已有规定", "多谢"]
    late["version"] = again.xpath("//form[@id='several']/input[@name='version']/@value")[0]
    assert (await secretary.send_form(path, late)).status_code == 303  # decided with open eyes


async def test_a_comment_with_a_file_comes_by_the_api_as_by_the_page(office_app: Litestar, enquiries: dict[str, Enquiry]) -> None:
    one = enquiries["open"]
    path, fields = f"/api/v1/enquiries/{one.id}/comments/attached", {"author": "示例读者", "text": "见图", "clause": "4.2"}
    async with client_for(office_app) as public:
        made = await public.post(path, data=fields, files={"file": ("图.png", samples.png())})
        assert made.status_code == 201 and made.json()["number"] == one.comments + 1, made.text
        wrong = await public.post(path, data=fields, files={"file": ("图.exe", b"MZ")})
        assert wrong.status_code == 422 and "附件只接受" in wrong.text
        large = await public.post(path, data=fields, files={"file": ("图.png", bytes(answering.MOST_ATTACHMENT + 1))})
        assert large.status_code == 413
        without = await public.post(path, data={"author": "示例读者"}, files={"file": ("图.png", samples.png())})
        assert without.status_code == 422 and "text" in without.text
        closed = await public.post(path.replace(str(one.id), str(enquiries["closed"].id)), data=fields, files={"file": ("图.png", b"x")})
        assert (closed.status_code, closed.json()["code"]) == (409, "not-open")
    async with office_app.state.hub.glancing(SYSTEM) as work:
        kept = next(c for c in await repository.comments(work.connection, one.id) if c.number == one.comments + 1)
        assert kept.attachment_name == "图.png" and work.files.get(kept.attachment or "") == samples.png()


async def _reopened(secretary: Visitor, path: str, id: str) -> Any:
    await secretary.send_form(path, {"act": "reopen", "comments[]": [id]})
    return await secretary.get(path)


async def test_the_finished_enquiry_has_its_table_and_its_gate_is_met(secretary: Visitor, enquiries: dict[str, Enquiry]) -> None:
    one = enquiries["closed"]
    page = text(await secretary.get(f"/enquiries/{one.id}/comments"))
    assert "已全部处理" in page and "同第" in page and "发送单位12" in page and "回函单位5" in page and "未回函单位7" in page
    for format in ("docx", "xlsx"):
        answer = await secretary.get(f"/enquiries/{one.id}/table?format={format}")
        entries = read_sheet(answer.content, f"x.{format}").entries
        assert len(entries) == one.comments and all(entry.disposition for entry in entries)
    subject = await secretary.get(f"/enquiries/of/standard/{one.subject_id}")
    assert f"/enquiries/{one.id}/comments" in subject.text


async def test_a_secretary_changes_how_an_enquiry_is_run_and_cannot_end_it_early(secretary: Visitor, enquiries: dict[str, Enquiry]) -> None:
    one = enquiries["open"]
    path = f"/enquiries/{one.id}"
    saved = await secretary.send_form(f"{path}/settings", {"sent": "40", "public": "0", "closes_on": one.closes_on.isoformat()})
    assert saved.status_code == 303 and "发送单位40" in text(await secretary.get(f"{path}/comments"))
    early = await secretary.send_form(f"{path}/settings", {"sent": "40", "closes_on": "2026-11-01"})
    assert early.status_code == 422 and "不得少于 30 日" in text(early)
    ended = await secretary.send_form(f"{path}/closing", {"reason": "示例"})
    assert ended.status_code == 409 and "期限未满" in text(ended)


async def test_pages_of_enquiries_are_whole_in_english(office_app: Litestar, enquiries: dict[str, Enquiry]) -> None:
    one = enquiries["open"]
    async with await visit(office_app, "secretary") as visitor:
        for path in ("/sheets", "/settings"):
            page = html.fromstring((await visitor.get(f"/enquiries/{one.id}{path}?lang=en")).text)
            said = " ".join(page.xpath("//main//label//text() | //main//p[@class='help']//text() | //main//button//text()"))
            assert said.strip() and not CHINESE.search(said), said


async def test_the_log_of_the_example_with_its_enquiries_is_sound(office_app: Litestar) -> None:
    async with office_app.state.hub.database.read() as connection:
        assert (await audit.verify(connection)).sound


def sheet(n: int) -> bytes:
    """A feedback sheet as an organisation fills it in; every tenth with markup, formulae and a picture."""
    if n % 10 == 0:
        rows = [("1", f"4.{n}", f"第 {n} 家的意见", "删去", f"示例单位 {n:02}", "", "")]
        return samples.chinese(rows, samples.decorate)
    entries = [Entry(row=0, clause=clause, text=f"示例单位 {n:02} 对 {clause} 的意见", proposed="改") for clause in ("3.10", "3.2")]
    return write_docx("zh-feedback", Head(author=f"示例单位 {n:02}"), entries)


def test_forty_sheets_are_merged_disposed_of_and_exported_and_read_back_equal(page: Page, own_office: str, tmp_path: Path) -> None:
    """In a real browser: one upload, one decision on all of a filter, and the exported DOCX says what the hub says."""
    sign_in(page, own_office, "secretary")
    page.goto(f"{own_office}/enquiries")
    page.get_by_role("link", name="海上风电制氢平台安全技术规范").click()
    page.get_by_role("link", name="收入意见表").click()
    files: list[Any] = [{"name": f"示例单位{n:02}.docx", "mimeType": "application/octet-stream", "buffer": sheet(n)} for n in range(1, 41)]
    page.get_by_label("意见表").set_input_files(files)
    page.get_by_role("button", name="上传并合并").click()
    expect(page.get_by_text("40 个文件，收入 76 条意见，0 条重复。")).to_be_visible()
    page.get_by_role("link", name="查看意见").click()
    page.get_by_label("选中本表全部").check()
    page.get_by_role("radio", name="部分采纳").check()
    page.get_by_role("textbox", name="理由").fill("示例：采纳其要点")
    page.get_by_role("button", name="处理", exact=True).click()
    done = page.get_by_text(re.compile(r"^\d+ 条意见已全部处理。$"))
    expect(done).to_be_visible()
    count = int(done.inner_text().split()[0])  # those of visitors to this office among them
    page.get_by_text("导出").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="征求意见汇总处理表 DOCX").click()
    saved = tmp_path / "table.docx"
    waiting.value.save_as(saved)
    back = read_sheet(saved.read_bytes(), "table.docx")
    assert len(back.entries) == count >= 78 and back.faults == ()
    assert {(entry.disposition, entry.reason) for entry in back.entries} == {("partly", "示例：采纳其要点")}
    clauses = [entry.clause for entry in back.entries]
    assert clauses.index("3.2") < clauses.index("3.10") < clauses.index("4.10") < clauses.index("4.20")
    sent = {entry.author: entry for n in range(10, 41, 10) for entry in read_sheet(sheet(n), "x.docx").entries}
    marked = [entry for entry in back.entries if entry.cells.text]
    assert len(marked) == 4
    for entry in marked:
        first = sent[entry.author]
        assert structs.replace(entry, row=0, disposition=None, reason="", remark="") == structs.replace(first, row=0)
    again = write_docx(back.form, back.head, back.entries)
    assert [structs.replace(e, row=0) for e in read_sheet(again, "x.docx").entries] == [structs.replace(e, row=0) for e in back.entries]


def test_the_box_above_a_group_of_alike_comments_ticks_that_group_alone(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "secretary")
    page.goto(f"{own_office}/enquiries")
    page.get_by_role("link", name="海上风电制氢平台安全技术规范").click()
    page.get_by_role("link", name="收入意见表").click()
    rows = [Entry(row=0, clause=clause, text="示例：同一句话", proposed="改") for clause in ("8.1", "8.2")]
    files: list[Any] = [
        {"name": f"{name}.docx", "mimeType": "application/octet-stream", "buffer": write_docx("zh-feedback", Head(author=name), rows)}
        for name in ("示例同声一", "示例同声二")
    ]  # fmt: skip
    page.get_by_label("意见表").set_input_files(files)
    page.get_by_role("button", name="上传并合并").click()
    expect(page.get_by_text("2 个文件，收入")).to_be_visible()
    page.get_by_role("link", name="查看意见").click()
    page.get_by_role("link", name="找相同的意见").click()
    group = page.locator("table.comments", has_text="8.1")
    group.get_by_label("选中本表全部").check()
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(2)
    expect(group.locator("tbody input[type=checkbox]:checked")).to_have_count(2)


async def test_the_secretary_reads_the_letters_to_those_who_commented_and_sends_them_once(
    office_app: Litestar, public: Visitor, secretary: Visitor, enquiries: dict[str, Enquiry]
) -> None:  # fmt: skip
    one = enquiries["open"]
    there = f"/enquiries/{one.id}"
    fields = {"author": "示例读者", "author_kind": "public", "email": "reader@example.org", "clause": "4.2", "text": "<b>太短</b>"}
    await public.send_form(there, {**fields, "draft": one.draft})
    shown = await secretary.get(f"{there}/replies")
    assert f"第 {one.comments + 1} 条留有邮箱，还没有处理" in text(shown) and "寄送</button>" not in shown.text
    async with office_app.state.hub.glancing(SYSTEM) as work:
        comment = next(c for c in await repository.comments(work.connection, one.id) if c.email)
    await secretary.send_form(
        f"{there}/comments", {"comments[]": str(comment.id), "act": "dispose", "disposition": "not_adopted", "reason": "示例理由"}
    )
    shown = await secretary.get(f"{there}/replies")
    assert "&lt;b&gt;太短" in shown.text and "理由：示例理由" in text(shown) and "寄送</button>" in shown.text
    sent = await secretary.send_form(f"{there}/replies", {})
    assert sent.status_code == 303 and "已寄送 1 封，答复 1 条意见" in text(await secretary.get(sent.headers["location"]))
    again = await secretary.send_form(f"{there}/replies", {})
    assert again.status_code == 409 and "都已知道处理结果" in text(again)
    async with await visit(office_app, "member") as member:
        assert (await member.get(f"{there}/replies")).status_code == 403


def test_a_visitor_without_an_account_reads_a_clause_and_comments_on_it(page: Page, own_office: str) -> None:
    page.goto(own_office)
    page.get_by_role("link", name="征求意见").first.click()
    page.get_by_role("link", name="海上风电制氢平台安全技术规范").click()
    page.get_by_role("link", name="提意见 4.3").click()
    expect(page.get_by_label("章条编号")).to_have_value("4.3")
    page.get_by_label("意见内容 必填").fill("阈值没有依据。")
    page.get_by_label("姓名或单位").fill("示例访客")
    page.get_by_label("邮箱").fill("visitor@example.org")
    page.get_by_label("附件").set_input_files({"name": "依据.png", "mimeType": "image/png", "buffer": io.BytesIO(samples.png()).getvalue()})
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_text("回执已寄往 visitor@example.org。")).to_be_visible()
