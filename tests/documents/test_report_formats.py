"""The consistency gate: the numbers read back from DOCX, PDF, XLSX and JSON are those of the report, and no others."""

import itertools
import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import msgspec
import pytest
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from lxml import etree
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from weasyprint import HTML

from standards_hub.documents import figures
from standards_hub.documents.report import ProgressReport, write_all, write_docx, write_html, write_json, write_pdf, write_xlsx
from standards_hub.documents.report import files as report_files
from standards_hub.documents.report import pdf as report_pdf
from standards_hub.documents.report.model import Table
from standards_hub.documents.report.pdf import refuse
from standards_hub.documents.report.wording import LONGEST, clean, rate, shown, title_lines
from standards_hub.linkage.facts import TargetFacts
from tests.documents.report_samples import AS_OF, BEFORE, PLAN, portfolio, report_of

Rows = list[list[str]]
SHEETS = {
    "published": "已发布",
    "in_progress": "在研",
    "projects": "项目关联",
    "overdue": "超期",
    "unverified": "待核",
    "not_counted": "未计入",
    "forecast": "预测",
    "backtest": "回溯检验",
}


class Printed:
    """A report with its four prints, made once."""

    def __init__(self, report: ProgressReport) -> None:
        self.report = report
        self.docx, self.pdf, self.xlsx, self.json = write_docx(report), write_pdf(report), write_xlsx(report), write_json(report)
        self.word = docx.Document(BytesIO(self.docx))
        self.reader = PdfReader(BytesIO(self.pdf))
        self.pages = [page.extract_text() for page in self.reader.pages]
        self.book = CalamineWorkbook.from_filelike(BytesIO(self.xlsx))
        self.plain = json.loads(self.json)


@pytest.fixture(scope="session")
def full(report: ProgressReport) -> Printed:
    return Printed(report)


@pytest.fixture(scope="session")
def empty(empty_report: ProgressReport) -> Printed:
    return Printed(empty_report)


def expected(table: Table) -> Rows:
    return [[shown(value, column.kind) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]


def from_docx(printed: Printed, table: Table) -> Rows:
    heads = [c.title for c in table.columns]
    for word in printed.word.tables:
        rows = _cells(word)
        if rows[0] == heads:
            return [row for row in rows[1:] if len(row) == len(heads)]
    raise AssertionError(f"no table {table.key}")


def _cells(table: WordTable) -> Rows:
    return [["".join(t.text or "" for t in c.iter(qn("w:t"))) for c in row.findall(qn("w:tc"))] for row in table._tbl.findall(qn("w:tr"))]


def from_json(printed: Printed, table: Table) -> Rows:
    def text(value: Any, kind: str) -> str:
        return f"{value:.1f}%" if kind == "permille" and value is not None else "—" if value is None or value == "" else str(value)

    return [[text(row[c.key], c.kind) for c in table.columns] for row in printed.plain["tables"][table.key]["rows"]]


def from_xlsx(printed: Printed, table: Table) -> Rows:
    name = SHEETS.get(table.key, "汇总")
    rows = printed.book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    heads = [c.title for c in table.columns]
    start = next(n for n, row in enumerate(rows) if row[: len(heads)] == heads)
    return [[_seen(v, c.kind) for v, c in zip(row, table.columns, strict=False)] for row in rows[start + 1 : start + 1 + len(table.rows)]]


def _seen(value: Any, kind: str) -> str:
    if value == "" or value is None:
        return "—"
    if isinstance(value, float):
        return f"{value * 100:.1f}%" if kind == "permille" else f"{value:.0f}"
    return value.isoformat()[:10] if isinstance(value, date | datetime) else str(value)


@pytest.mark.parametrize("read", [from_docx, from_json, from_xlsx])
@pytest.mark.parametrize("key", ["targets", "stages", "fields", "regions", *SHEETS])
def test_every_table_reads_back_equal(full: Printed, empty: Printed, read: Callable[[Printed, Table], Rows], key: str) -> None:
    for printed in (full, empty):
        table = printed.report.tables[key]
        assert read(printed, table) == expected(table)
    assert full.report.tables[key].rows


@pytest.mark.parametrize("key", ["targets", "stages", "fields", "regions", "forecast"])
def test_the_summary_tables_read_back_equal_from_the_pdf(full: Printed, empty: Printed, key: str) -> None:
    for printed in (full, empty):
        table = printed.report.tables[key]
        page = next(text for text in printed.pages if table.columns[0].title in text.rpartition(table.title)[2] and table.title in text)
        after = "".join(page.rpartition(table.title)[2].split())
        for row in expected(table):
            assert "".join(row) in after, row


def test_the_lists_in_the_pdf_hold_every_standard_once(full: Printed) -> None:
    whole = "".join("".join(full.pages).split())
    for key in ("published", "in_progress"):
        table = full.report.tables[key]
        for number in table.column("number"):
            assert "".join(str(number).split()) in whole
    for annex in full.report.annexes:
        assert f"附件{annex.number}{annex.title}" in whole


def test_the_sentences_are_the_same_in_all_texts(full: Printed) -> None:
    first = full.plain["text"][0]["paragraphs"][0]
    total = full.report.counted.total
    assert f"累计发布{total.counted}项，完成率{rate(total.permille)}" in first
    assert first in [p.text for p in full.word.paragraphs]
    assert "".join(first.split()) in "".join("".join(full.pages).split())
    assert full.plain["total"]["counted"] == total.counted == sum(t["counted"] for t in full.plain["targets"])


def test_rule_and_time_of_the_data_stand_in_every_format(full: Printed) -> None:
    texts = {
        "docx": "".join(t.text or "" for t in full.word.element.iter(qn("w:t"))),
        "pdf": "".join("".join(full.pages).split()),
        "xlsx": "".join(str(v) for row in full.book.get_sheet_by_name("说明").to_python() for v in row),
        "json": full.json.decode(),
    }
    for name, text in texts.items():
        assert full.report.data_hash in text, name
        assert full.report.rule.hash in text, name
        for _, clause in full.report.rule.clauses:
            assert "".join(clause.source.split()) in "".join(text.split()), name
    assert "2026年11月1日9时05分" in texts["docx"]
    assert "2026年11月1日9时05分" in texts["pdf"]
    assert "2026年11月1日9时05分" in texts["xlsx"]
    assert full.plain["known_at"] == "2026-11-01T09:05:00+08:00"


def test_the_docx_has_the_page_of_gb_t_9704(full: Printed) -> None:
    shapes = []
    for section in full.word.sections:
        margins, grid = section._sectPr.find(qn("w:pgMar")), section._sectPr.find(qn("w:docGrid"))
        assert margins is not None
        assert grid is not None
        assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
        shapes.append(tuple(int(margins.get(qn(f"w:{side}"), 0)) for side in ("top", "bottom", "left", "right")))
    assert shapes[0] == (2098, 1984, 1588, 1474)
    assert set(shapes) == {(2098, 1984, 1588, 1474), (1588, 1474, 1984, 2098)}
    normal = full.word.styles["Normal"].element
    spacing = normal.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    assert normal.find(f"{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val")) == "-5"


def test_the_docx_names_the_official_fonts_in_every_style_it_uses(full: Printed) -> None:
    official = {"仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"}
    used = {p.style.name for p in full.word.paragraphs if p.style}
    used |= {p.style.name for s in full.word.sections for p in s.footer.paragraphs if p.style}
    for name in used:
        names = full.word.styles[name].element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert {names.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} <= official, name
    assert {"Heading 1", "Heading 2", "Title"} <= used


def test_docx_tables_repeat_their_header_and_keep_rows_whole(full: Printed) -> None:
    for table in full.word.tables:
        first, *others = table._tbl.findall(qn("w:tr"))
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in others)


def test_the_pdf_embeds_free_chinese_faces_and_says_what_it_is(full: Printed) -> None:
    names = set()
    for page in full.reader.pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            names.add(str(descendant["/BaseFont"]).partition("+")[2])
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())
    assert names == {"Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC"}
    assert full.reader.metadata is not None
    assert full.reader.metadata.title == "关于未来产业标准规范研制工作进展情况的报告（截至2026年10月31日）"
    marks = _titles(full.reader.outline)
    assert [m for m in marks if m[:2] in ("一、", "二、", "三、", "四、", "五、", "六、", "七、")] == [
        s.heading for s in full.report.sections
    ]


def _titles(outline: Any) -> list[str]:
    return [title for item in outline for title in (_titles(item) if isinstance(item, list) else [item.title])]


def test_pdf_pages_are_a4_upright_and_turned_for_wide_lists(full: Printed) -> None:
    sizes = {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in full.reader.pages}
    assert sizes == {(595, 842), (842, 595)}
    turned = next(text for text in full.pages if "附件2" in text and "已发布标准清单" in text and "发布日期" in text)
    assert "—" in turned


def test_a_list_over_several_pages_repeats_its_header(full: Printed) -> None:
    heads = [text for text in full.pages if "停留天数" in "".join(text.split())]
    assert len(heads) >= 3


def test_the_workbook_has_its_sheets_real_days_and_text_identifiers(full: Printed) -> None:
    named = ["说明", "汇总", "已发布", "在研", "项目关联", "差异", "项目承诺", "证据", "超期", "待核", "未计入", "预测", "回溯检验"]
    assert full.book.sheet_names == named
    row = full.book.get_sheet_by_name("已发布").to_python()[1]
    assert isinstance(row[1], str)
    assert isinstance(row[4], date)
    alone = CalamineWorkbook.from_filelike(BytesIO(write_xlsx(report_of(portfolio(5)))))
    assert alone.sheet_names == full.book.sheet_names and alone.get_sheet_by_name("差异").to_python()[1][0] == "未指定对比的上期"


def test_a_row_of_the_workbook_is_as_high_as_its_longest_text_whatever_program_opens_it(full: Printed) -> None:
    sheet = etree.fromstring(ZipFile(BytesIO(full.xlsx)).read("xl/worksheets/sheet3.xml"))
    widths = [
        float(column.get("width", "0"))
        for column in sheet.iter("{*}col")
        for _ in range(int(column.get("min", "1")), int(column.get("max", "1")) + 1)
    ]
    heights = [float(row.get("ht", "0")) for row in sheet.iter("{*}row")][1:]
    units = [place for place, column in enumerate(full.report.tables["published"].columns) if "起草单位" in column.title]
    lines = [2 * sum(c > "\u2e80" for c in row[units[0]]) / widths[units[0]] for row in expected(full.report.tables["published"])]
    assert max(lines) > 4 and all(height > 13 * need for height, need in zip(heights, lines, strict=True))


def test_no_line_of_the_letter_is_stretched_at_its_few_spaces(full: Printed, tmp_path: Path) -> None:
    """Chinese text has hardly any spaces: to justify a line would tear its standard numbers apart."""
    file = tmp_path / "report.pdf"
    file.write_bytes(full.pdf)
    said = subprocess.run(["pdftotext", "-bbox", "-l", "3", str(file), "-"], check=True, capture_output=True, text=True).stdout
    words = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', said)
    gaps = {
        (one[4], next_[4]): float(next_[0]) - float(one[2]) for one, next_ in itertools.pairwise(words)
        if one[1] == next_[1] and re.search(r"(GB|GB/T|DB32/T|ISO|ISO/IEC|ITU-T|/T)$", one[4])
    }  # fmt: skip
    assert len(gaps) > 3 and {pair: gap for pair, gap in gaps.items() if gap > 8} == {}


def test_the_figure_says_in_words_what_it_shows(full: Printed) -> None:
    descriptions = [p.get("descr") for p in full.word.element.iter(qn("wp:docPr"))]
    t = full.report.counted.targets[0]
    assert any(f"地方标准和行业标准已发布{t.counted}项" in d for d in descriptions if d)


HOSTILE = [
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "@SUM(1+1)",
    "甲\x00\x07\x1b\u202e乙",
    "{{ 7*7 }}",
    '"><img src=x>',
    "第\ud800部",
]


def test_hostile_texts_stay_plain_text_in_all_four() -> None:
    standards = [
        msgspec.structs.replace(s, title_zh=text, exemplar=False, number=None, plan_number=f"计划{n}", holder=text)
        for n, (s, text) in enumerate(zip(portfolio(40)[:7], HOSTILE, strict=False))
    ]
    standards.append(msgspec.structs.replace(standards[0], id="long", title_zh="长" * 5000, plan_number="计划8"))
    printed = Printed(report_of(standards))
    titles = [
        title for key in ("published", "unverified", "in_progress", "not_counted") for title in printed.report.tables[key].column("title")
    ]
    assert len(titles) == 8
    whole = "".join("".join(printed.pages).split())
    for title in HOSTILE:
        wanted = clean(title)
        assert any(str(t).startswith(wanted) for t in titles)
        assert "".join(wanted.split()) in whole
        assert wanted in printed.json.decode().replace('\\"', '"')
    for key in ("published", "unverified", "in_progress", "not_counted"):
        table = printed.report.tables[key]
        assert from_docx(printed, table) == from_xlsx(printed, table) == from_json(printed, table) == expected(table)
    assert max(len(str(t)) for t in titles) >= LONGEST
    assert b"/JavaScript" not in printed.pdf


def test_a_text_that_looks_like_a_formula_is_no_formula() -> None:
    import zipfile

    standard = msgspec.structs.replace(portfolio(1)[0], title_zh="=1+1", plan_number="=2+2", number="=2+2", exemplar=False)
    with zipfile.ZipFile(BytesIO(write_xlsx(report_of([standard])))) as archive:
        formulas = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not [sheet for sheet in formulas if "<f>" in sheet and "<f>SUM(" not in sheet]
    assert not any("=1+1" in sheet for sheet in formulas)


def test_controls_and_lone_surrogates_are_taken_out() -> None:
    assert clean("甲\x00\x07\u202e乙\n丙\ud800\ufffe") == "甲乙 丙"
    assert len(clean("长" * 5000)) == LONGEST


def test_the_few_rules_of_the_pdf_set_it_byte_for_byte_as_the_rules_of_all_html_would(monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(portfolio(12), since=BEFORE, kind="annual")
    ours = write_pdf(report)
    monkeypatch.setattr(report_pdf, "_Page", lambda text: HTML(string=text, url_fetcher=refuse))
    assert ours == write_pdf(report)


def test_a_figure_is_drawn_once_for_all_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = figures.vl_convert.vegalite_to_svg
    monkeypatch.setattr(figures.vl_convert, "vegalite_to_svg", lambda spec, **how: drawn.append(spec) or draw(spec, **how))
    report = report_of(portfolio(31), since=BEFORE, kind="quarterly")
    for write in (write_docx, write_pdf, write_html):
        write(report)
    assert len(drawn) == len(set(drawn)) > 2


def test_a_report_fetches_nothing() -> None:
    for url in ("http://127.0.0.1/x.png", "file:///etc/passwd", "data:text/plain,x"):
        with pytest.raises(ValueError, match="fetches nothing"):
            refuse(url)


def test_long_titles_break_before_a_word() -> None:
    assert title_lines("关于未来产业标准规范研制工作进展情况的报告") == ["关于未来产业标准规范研制", "工作进展情况的报告"]
    assert title_lines("短标题") == ["短标题"]
    assert title_lines("长" * 25) == ["长" * 13, "长" * 12]


def test_files_are_whole_and_stay_in_their_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(portfolio(3), plan=msgspec.structs.replace(PLAN, key="../jiangsu/5x100"))
    folder = tmp_path / "new" / "folder"
    paths = write_all(report, folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        f"进展报告-jiangsu-5x100-2026-10-31.{e}" for e in ("docx", "pdf", "xlsx", "json")
    )
    assert all(path.parent == folder and path.stat().st_size > 1000 for path in paths)

    def fail(_: ProgressReport) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setitem(report_files.WRITERS, "json", fail)
    with pytest.raises(RuntimeError):
        write_all(report, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_printing_twice_gives_the_same_workbook_and_json(report: ProgressReport) -> None:
    again = report_of(list(reversed(portfolio())), since=BEFORE)
    assert write_json(again) == write_json(report)
    assert again.tables == report.tables


def test_a_plan_with_other_targets_prints_too() -> None:
    plan = msgspec.structs.replace(PLAN, key="other", targets=(TargetFacts("n", "国家标准", ("national",), 0),), fields=(), regions=())
    printed = Printed(report_of(portfolio(30), plan=plan))
    assert printed.report.counted.targets[0].permille is None
    assert from_docx(printed, printed.report.tables["targets"])[0][8] == "—"
    assert AS_OF.isoformat() == printed.plain["as_of"]


def test_a_very_long_report_title_still_prints() -> None:
    printed = Printed(report_of([], plan=msgspec.structs.replace(PLAN, report_title="很长的标题" * 100)))
    assert printed.word.core_properties.title == ("很长的标题" * 100)[:255]
    assert printed.plain["title"] == printed.report.title
