"""The officer's way with a report in a real browser: open the draft, write, make it anew, sign, and take every format home."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.office import sign_in


def test_the_officer_writes_into_a_draft_makes_it_anew_signs_it_and_downloads_every_format(page: Page, own_office: str) -> None:
    sign_in(page, own_office, "officer")
    page.goto(f"{own_office}/todo")
    page.get_by_role("link", name="2026-11-20 的年度报告").first.click()
    page.get_by_role("link", name="报告文字").click()
    page.get_by_label("存在问题").fill("示例：浏览器中写入的问题。")
    page.get_by_label("第 4 行：工作事项").fill("示例：浏览器中写入的事项")
    page.get_by_label("第 4 行：责任单位").fill("示例单位")
    page.get_by_label("第 4 行：完成时限").fill("2026-12-30")
    page.get_by_role("button", name="保存并重新编制").click()
    letter = page.get_by_role("article")
    expect(letter).to_contain_text("示例：浏览器中写入的问题。", timeout=120_000)
    expect(letter).to_contain_text("示例：浏览器中写入的事项")

    page.get_by_role("button", name="重新编制").click()
    expect(page.get_by_role("article")).to_contain_text("示例：浏览器中写入的问题。", timeout=120_000)
    page.get_by_role("link", name="签发此报告").click()
    expect(page.get_by_text("将一并签发当日的统计快照")).to_be_visible()
    page.get_by_role("button", name="签发此报告").click()
    expect(page.get_by_text("不再改动", exact=False).first).to_be_visible()
    starts = {"DOCX": b"PK", "PDF": b"%PDF", "XLSX": b"PK", "JSON": b"{"}
    for format, start in starts.items():
        with page.expect_download() as download:
            page.get_by_role("link", name=f"下载 {format}").last.click()
        assert Path(download.value.path()).read_bytes().startswith(start), format
