"""The dossier in the browser: a paper goes in, is looked at without running, is accepted and meets its gate, or is taken back."""

import io
import re
from uuid import UUID

import docx
import httpx
import pytest
from litestar import Litestar
from lxml import html
from playwright.sync_api import Page
from pypdf import PdfWriter

from standards_hub.lifecycle import repository
from standards_hub.lifecycle.pages.words import words_of
from standards_hub.lifecycle.values import Paper
from tests.lifecycle.pages.test_standard_page import WAITING, id_of, words
from tests.support.office import Visitor, sign_in, visit

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fea7d1a5e50000000049454e44ae426082"
)
HOSTILE = b"<!doctype html><script>alert(1)</script>"


def pdf() -> bytes:
    """A page of nothing."""
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(made)
    return made.getvalue()


async def papers(app: Litestar, id: UUID, kind: str) -> list[Paper]:
    async with app.state.hub.database.glance() as connection:
        return [paper for paper in await repository.papers(connection, id) if paper.kind == kind]


async def hand_in(visitor: Visitor, id: UUID, filename: str = "a.pdf", content: bytes = b"%PDF-1.4", **fields: object) -> httpx.Response:
    given = {"kind": "explanatory_note", "dated": "2026-11-20", **fields}
    return await visitor.send_form(f"/standards/{id}/papers/new", given, files={"file": (filename, content)})


async def test_the_form_comes_with_the_kind_that_the_gate_wants(office_app: Litestar) -> None:
    async with await visit(office_app, "drafter") as visitor:
        answer = await visitor.get(f"/standards/{await id_of(office_app, WAITING)}/papers/new?kind=explanatory_note")
    assert '<option value="explanatory_note" selected>' in answer.text and 'value="2026-11-24"' in answer.text
    assert "提交后由秘书处确认" in answer.text
    wanted = re.findall(r'<option value="(\w+)"', answer.text)
    assert set(wanted[:4]) >= {"comment_draft", "explanatory_note", "verification_report"}


async def test_a_paper_without_a_title_of_its_own_is_called_after_its_kind_in_english(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "secretary") as visitor:
        await hand_in(visitor, id)
        await hand_in(visitor, id, kind="verification_report", title="示例报告")
        standing = words(await visitor.get(f"/standards/{id}?lang=en"))
        one, other = (*await papers(office_app, id, "explanatory_note"), *await papers(office_app, id, "verification_report"))[-2:]
        shown = [words(await visitor.get(f"/standards/{id}/papers/{paper.id}?lang=en")) for paper in (one, other)]
    assert "explanatory note, 20 Nov 2026" in standing and "示例报告, 20 Nov 2026" in standing and "编制说明," not in standing
    assert "explanatory note" in shown[0] and "编制说明" not in shown[0] and "示例报告" in shown[1]


async def test_a_drafters_paper_waits_and_a_secretarys_counts_at_once(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "drafter") as visitor:
        done = await hand_in(visitor, id)
        assert (done.status_code, done.headers["location"]) == (303, f"/standards/{id}#dossier")
        assert "编制说明已提交，待秘书处确认" in words(await visitor.get(f"/standards/{id}"))
    assert [paper.accepted_on for paper in await papers(office_app, id, "explanatory_note")] == [None]
    async with await visit(office_app, "secretary") as visitor:
        await hand_in(visitor, id, kind="verification_report", reference="示例〔2026〕9号", title="示例报告")
        page = words(await visitor.get(f"/standards/{id}"))
    assert "示例报告，2026-11-20 查看依据" in page and "还差 2 项才能进入" in page


async def test_a_paper_kept_elsewhere_needs_no_file_but_its_place(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "drafter") as visitor:
        neither = await visitor.send_form(
            f"/standards/{id}/papers/new", {"kind": "explanatory_note", "dated": "2026-11-20", "note": "备<b>"}
        )
        assert neither.status_code == 422 and '<a href="#file">请上传文件，或填写存放处' in neither.text and "备&lt;b&gt;" in neither.text
        done = await visitor.send_form(
            f"/standards/{id}/papers/new", {"kind": "explanatory_note", "dated": "2026-11-20", "reference": "示例〔2026〕9号"}
        )
        assert done.status_code == 303
        found = (await papers(office_app, id, "explanatory_note"))[0]
        page = words(await visitor.get(f"/standards/{id}/papers/{found.id}"))
    assert "存放处 示例〔2026〕9号" in page and "没有文件" in page


@pytest.mark.parametrize(
    "filename, content, fields, why",
    [
        ("a.html", HOSTILE, {}, "不接收这种文件：a.html"),
        ("a.pdf", b"", {}, "文件是空的"),
        ("a.pdf", b"%PDF", {"dated": "2026-12-01"}, "晚于今天"),
        ("a.pdf", b"%PDF", {"dated": ""}, "请填写"),
        ("a.pdf", b"%PDF", {"kind": "poem"}, "没有这种材料"),
    ],
)
async def test_a_paper_that_cannot_be_used_is_refused_and_what_was_typed_stays(
    office_app: Litestar, filename: str, content: bytes, fields: dict[str, object], why: str
) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "drafter") as visitor:
        answer = await hand_in(visitor, id, filename, content, title="所填的名称", **fields)
    assert answer.status_code == 422 and why in answer.text and 'value="所填的名称"' in answer.text
    assert await papers(office_app, id, "explanatory_note") == []


async def test_only_those_who_may_hand_in_and_accept(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    waiting = next(p for p in await papers(office_app, id, "comment_draft") if not p.accepted_on)
    for login, status in (("member", 403), ("officer", 403), (None, 401)):
        async with await visit(office_app, login) as visitor:
            assert (await hand_in(visitor, id)).status_code == status, login
            assert (await visitor.send_form(f"/standards/{id}/papers/{waiting.id}/acceptance")).status_code == status, login
    async with await visit(office_app, "drafter") as visitor:
        assert (await visitor.send_form(f"/standards/{id}/papers/{waiting.id}/acceptance")).status_code == 403
    async with await visit(office_app) as visitor:
        assert (await visitor.get(f"/standards/{id}/papers/{waiting.id}/file")).status_code == 303
    assert len(await papers(office_app, id, "explanatory_note")) == 0


async def test_a_paper_is_accepted_once_and_a_second_time_is_said(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    waiting = next(p for p in await papers(office_app, id, "comment_draft") if not p.accepted_on)
    async with await visit(office_app, "secretary") as visitor:
        page = await visitor.get(f"/standards/{id}/papers/{waiting.id}")
        assert "待确认" in words(page) and "本文件为演示而编" in page.text
        assert (await visitor.send_form(f"/standards/{id}/papers/{waiting.id}/acceptance")).status_code == 303
        assert "征求意见稿 征求意见稿，2026-11-12 查看依据" in words(await visitor.get(f"/standards/{id}"))
        again = await visitor.send_form(f"/standards/{id}/papers/{waiting.id}/acceptance")
    assert again.status_code == 409 and "该材料已确认" in again.text


async def test_a_paper_is_taken_back_with_a_reason_and_stays_in_the_record(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    waiting = next(p for p in await papers(office_app, id, "comment_draft") if not p.accepted_on)
    async with await visit(office_app, "drafter") as visitor:
        path = f"/standards/{id}/papers/{waiting.id}/withdrawal"
        blank = await visitor.send_form(path, {"reason": ""})
        assert blank.status_code == 422 and "请填写" in blank.text
        assert (await visitor.send_form(path, {"reason": "文本有误"})).status_code == 303
        page = words(await visitor.get(f"/standards/{id}"))
    assert "已撤回 文本有误" in page and "缺少征求意见稿" in page and "材料《征求意见稿》已撤回 理由：文本有误" in page


@pytest.mark.parametrize(
    "filename, content, disposition",
    [
        ("a.pdf", pdf(), "inline"),
        ("a.png", PNG, "inline"),
        ("a.png", HOSTILE, "inline"),
        ("a.txt", HOSTILE, "attachment"),
        ("a.zip", b"PK", "attachment"),
    ],
)
async def test_a_file_never_runs_as_a_page(office_app: Litestar, filename: str, content: bytes, disposition: str) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "secretary") as visitor:
        await hand_in(visitor, id, filename, content)
        found = (await papers(office_app, id, "explanatory_note"))[0]
        file = await visitor.get(f"/standards/{id}/papers/{found.id}/file")
        saved = await visitor.get(f"/standards/{id}/papers/{found.id}/file?as_file=true")
        page = await visitor.get(f"/standards/{id}/papers/{found.id}")
    assert file.content == content and "html" not in file.headers["content-type"]
    assert file.headers["content-disposition"].startswith(disposition) and saved.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    policy = file.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and ("sandbox" in policy or filename == "a.pdf")
    assert "<script>alert" not in page.text
    assert ("&lt;script&gt;" in page.text) == (filename == "a.txt")


async def test_a_paper_is_found_only_under_its_own_standard(office_app: Litestar) -> None:
    paper = (await papers(office_app, await id_of(office_app, WAITING), "comment_draft"))[0]
    other = await id_of(office_app, "石墨烯粉体中金属杂质含量的测定")
    async with await visit(office_app, "secretary") as visitor:
        for path in ("", "/file"):
            assert (await visitor.get(f"/standards/{other}/papers/{paper.id}{path}")).status_code == 404
        assert (await visitor.send_form(f"/standards/{other}/papers/{paper.id}/acceptance")).status_code == 404


def test_a_picture_is_shown_in_the_page_of_the_paper(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "secretary")
    id = page.request.get(f"{own_office}/api/v1/standards/by-number", params={"number": "示例〔2026〕041号"}).json()["id"]
    page.goto(f"{own_office}/standards/{id}/papers/new?kind=novelty_search")
    page.get_by_label("文件", exact=True).set_input_files({"name": "图.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_label("名称").fill("照片")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("link", name="照片").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("figure.paper img").evaluate("image => image.naturalWidth") == 1


async def test_a_sheet_of_votes_is_named_to_all_and_opened_by_its_committee(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "secretary") as secretary:
        assert (await hand_in(secretary, id, "票.txt", "示例甲 反对".encode(), kind="ballot_sheet")).status_code == 303
    path = f"/standards/{id}/papers/{(await papers(office_app, id, 'ballot_sheet'))[0].id}"
    for login, opens in (("member", True), ("officer", False), ("manager", False)):
        async with await visit(office_app, login) as visitor:
            page = await visitor.get(path)
            assert page.status_code == 200 and "签署的表决结果表" in words(page)
            assert ("示例甲 反对" in words(page), "载有逐人投票" in words(page)) == (opens, not opens)
            file = path.split("/")[-1]
            for address in (f"{path}/file", f"/api/v1/papers/{file}/file"):
                assert (await visitor.get(address)).status_code == (200 if opens else 403)


def written(*cells: str) -> bytes:
    """A Word file with a heading, a paragraph and a table of one row."""
    made, out = docx.Document(), io.BytesIO()
    made.add_heading("示例：编制说明", 1)
    made.add_paragraph("任务来源：<script>alert(1)</script>")
    row = made.add_table(1, len(cells)).rows[0]
    for cell, text in zip(row.cells, cells, strict=True):
        cell.text = text
    made.save(out)
    return out.getvalue()


async def test_a_word_file_is_read_on_its_page_as_words_and_tables(office_app: Litestar) -> None:
    id = await id_of(office_app, WAITING)
    async with await visit(office_app, "secretary") as visitor:
        await hand_in(visitor, id, "编制说明.docx", written("纯度", "≥ 99.97 %"))
        paper = (await papers(office_app, id, "explanatory_note"))[-1]
        answer = await visitor.get(f"/standards/{id}/papers/{paper.id}")
    shown = html.fromstring(answer.text).xpath("//div[contains(@class, 'words')]")[0]
    assert shown.xpath(".//b/text()") == ["示例：编制说明"] and shown.xpath(".//td/text()") == ["纯度", "≥ 99.97 %"]
    assert "<script>alert" not in answer.text and "任务来源：<script>alert(1)</script>" in shown.text_content()


@pytest.mark.parametrize("content", [b"PK\x03\x04 torn", b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"])
def test_what_only_calls_itself_a_word_file_is_offered_for_download(content: bytes) -> None:
    assert words_of(content) is None


def test_of_a_long_word_file_the_beginning_is_shown() -> None:
    made, out = docx.Document(), io.BytesIO()
    for n in range(3005):
        made.add_paragraph(f"第 {n} 段")
    made.save(out)
    found = words_of(out.getvalue())
    assert found is not None and found.cut and len(found.blocks) == 3000
