"""An officer's day: forty rows come in with three wrong ones put right, and the progress report goes out with the same numbers everywhere."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.lifecycle.intake.files import HEADER, good, workbook
from tests.lifecycle.intake.test_pages import put_right
from tests.web.days.album import PHONE, Day, faults

UNITS = "示例·苏南氢能研究院；示例·江苏未来技术大学"
WRONG = {7: {"归口标委会": "SAC/TC 1"}, 19: {"区域": "火星"}, 33: {"起草单位": "没有登记过的单位"}}
AS_OF = date(2026, 10, 31)


def filled(template: bytes) -> bytes:
    """Forty rows under the headings of the hub's own template, three of them wrong."""
    headings = [str(cell) for cell in CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_name("数据").to_python()[0]]
    at = {heading.split("\n")[0].rstrip("*"): n for n, heading in enumerate(headings)}
    rows: list[list[Any]] = []
    for n in range(1, 41):
        row: list[Any] = [None] * len(headings)
        told = good(7000 + n, **{"归口标委会": "SAC/TC 309", "起草单位": UNITS, "领域": None, **WRONG.get(n, {})})
        for name, value in zip(HEADER, told, strict=True):
            row[at[name]] = value
        rows.append(row)
    return workbook(rows, headings)


def test_the_officer_imports_forty_rows_and_reports_the_same_numbers_everywhere(page: Page, office: str, tmp_path: Path) -> None:
    day = Day(page, office, "officer")
    day.sign_in("officer")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="导入").click()
    page.get_by_role("link", name="上传文件").click()
    day.picture("import")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板").click()
    file = tmp_path / "台账.xlsx"
    file.write_bytes(filled(Path(download.value.path()).read_bytes()))
    page.get_by_label("文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".sum")).to_contain_text("40 行中 37 行可以导入，3 行有误")
    day.picture("wrong-rows")
    day.picture("wrong-rows-phone", PHONE)
    page.get_by_label("归口标委会").fill("SAC/TC 309")
    page.get_by_label("区域").fill("南京市")
    page.get_by_role("button", name="保存更正并重新检查").click()
    expect(page.locator(".sum")).to_contain_text("39 行可以导入，1 行有误")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载错误文件").click()
    file.write_bytes(put_right(Path(download.value.path()).read_bytes(), "起草单位", UNITS))
    page.get_by_label("改好的错误文件").set_input_files(file)
    page.get_by_role("button", name="传回改好的文件").click()
    expect(page.locator(".sum")).to_contain_text("40 行都可以导入")
    day.picture("all-right")
    page.get_by_role("button", name="导入全部 40 行").click()
    expect(page.locator(".sum")).to_contain_text("写入 40 项标准，0 行未写入")
    imported = page.url
    day.picture("imported")
    page.get_by_role("link", name="示例标准第7033项").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("20267033-T-469")
    day.picture("one-of-them")
    day.go("/standards?q=示例标准第")
    expect(page.locator(".sum").first).to_contain_text("共 40 项")
    day.picture("in-the-list")

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="报告").click()
    page.get_by_role("link", name="编制报告").click()
    page.get_by_label("统计截止日").fill(str(AS_OF))
    page.get_by_label("对比日").fill("")
    page.get_by_role("button", name="编制", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("可以离开此页")
    day.picture("report-in-the-making")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="报告").click()
    page.locator("tbody a").first.click()  # left, and found again
    expect(page.get_by_role("heading", name="存档")).to_be_visible()
    expect(page.locator("article.letter")).to_contain_text("统计口径")
    assert faults(page) == []
    day.picture("report")
    day.picture("report-phone", PHONE)
    files = {}
    for format in ("DOCX", "PDF", "XLSX", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"下载 {format}", exact=True).last.click()
        files[format] = Path(download.value.path()).read_bytes()
    targets = on_the_page(page)
    assert [row[0] for row in targets] == ["地方标准或行业标准", "国家标准", "国际标准", "合计"]
    assert targets == in_word(files["DOCX"]) == in_excel(files["XLSX"]) == in_json(files["JSON"])
    printed = "".join("".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(files["PDF"])).pages)
    assert all("".join(row[:3]) in printed for row in targets)
    expect(page.locator(".sum")).to_have_text(f"已发布 {targets[-1][2]} 项，目标 {targets[-1][1]} 项")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="报告").click()
    expect(page.get_by_role("row").filter(has_text=str(AS_OF)).filter(has_text="进展报告")).to_contain_text(
        f"{targets[-1][2]}/{targets[-1][1]}"
    )
    day.picture("reports-kept")

    page.goto(imported)
    page.get_by_label("撤销理由").fill("示例：演练")
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.locator(".sum")).to_contain_text("40 项标准不再在库中")
    day.picture("undone")
    day.sign_out()


SHOWN = (0, 1, 2, 7)
"""Of the table of targets: the level, the target, what is published, and what is under way."""


def on_the_page(page: Page) -> list[list[str]]:
    rows = page.locator("article.letter").get_by_role("group", name="指标完成情况").locator("tbody tr").all()
    return [[row.locator("td").nth(n).inner_text() for n in SHOWN] for row in rows]


def in_word(file: bytes) -> list[list[str]]:
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(file)).tables]
    return [[row[n] for n in SHOWN] for row in next(rows for rows in tables if rows[0][:2] == ["级别", "目标"])[1:]]


def in_excel(file: bytes) -> list[list[str]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("汇总").to_python()
    start = next(at for at, row in enumerate(rows) if row[:2] == ["级别", "目标"])
    return [[str(row[0]), *(f"{row[n]:.0f}" for n in SHOWN[1:])] for row in rows[start + 1 : start + 5]]


def in_json(file: bytes) -> list[list[str]]:
    rows = json.loads(file)["tables"]["targets"]["rows"]
    return [[str(row[key]) for key in ("level", "target", "counted", "in_progress")] for row in rows]
