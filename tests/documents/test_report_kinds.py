"""Kinds of the report: what each has is data, numbering has no gaps, and its numbers read back equal from every format."""

import json
import re
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html
from msgspec import structs
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from standards_hub.documents.report import ProgressReport, ReportKind, write_docx, write_html, write_json, write_pdf, write_xlsx
from standards_hub.documents.report.around import Around, CommitteeFacts, EvidenceFacts, PositionFacts, ProjectFacts, Promise
from standards_hub.documents.report.kinds import PERIODICAL, ended, kind_of
from standards_hub.documents.report.model import Figure, Paragraph, Table
from standards_hub.documents.report.narrative import Narrative, Shortfall, Step
from standards_hub.documents.report.source import Correction
from standards_hub.documents.report.wording import AUTHOR, rate, shown
from standards_hub.linkage.counting import count, load_rule
from tests.documents.report_samples import AS_OF, BEFORE, PLAN, portfolio, report_of

SHEETS = ["说明", "汇总", "已发布", "在研", "项目关联", "差异"]
PROJECTS = (
    ProjectFacts(
        project_no="示例-1", title="示例：甲", state="running",
        promises=(Promise(level="national", count=3, due=date(2026, 6, 30), done=1, pending=1, under_way=1),),
    ),
    ProjectFacts(
        project_no="示例-2", title="示例：乙", state="running",
        promises=(Promise(level="local", count=2, due=date(2027, 6, 30), done=0, pending=0, under_way=1),),
    ),
)  # fmt: skip
AROUND = Around(
    PROJECTS, (CommitteeFacts("示例委员会", "运行中", date(2025, 3, 1)), CommitteeFacts("示例筹建委员会", None, None)),
    (PositionFacts("ISO", "ISO/TC 1", "召集人", "示例甲", "示例单位", date(2025, 1, 1), True),),
    tuple(
        EvidenceFacts(f"ZJ{n:08d}", one.id, "发布公告", "示例公告", f"示例〔2025〕{n}号", "", one.published_on) for n, one in enumerate(portfolio())
    ),
)  # fmt: skip
WRITTEN = Narrative(
    texts={key: f"示例文字{key}。\n第二段{key}。" for key in ("overall", "targets", "breakdown", "projects", "organisations", "problems", "causes", "month")},
    steps=(Step(task="示例事项", unit="示例单位", due=date(2027, 3, 31)),), shortfalls=(Shortfall(project_no="示例-1", cause="示例原因", remedy="示例措施"),),
)  # fmt: skip


def made(kind: ReportKind, written: Narrative | None = None, **change: object) -> ProgressReport:
    return report_of(portfolio(), since=BEFORE, kind=kind, around=AROUND, **({"written": written} if written else {}), **change)


@pytest.mark.parametrize(
    ("kind", "sections", "annexes"),
    [
        ("monthly", ["一、指标完成情况", "二、本月变化", "三、超期事项"], []),
        (
            "quarterly",
            ["一、总体进展", "二、目标完成情况", "三、分领域、分区域进展", "四、存在问题", "五、下一步工作安排"],
            ["指标完成情况表", "已发布标准清单", "在研标准清单", "统计口径说明", "与上期差异表", "预测方法与回溯检验"],
        ),
        (
            "annual",
            [
                "一、总体进展", "二、目标完成情况", "三、分领域、分区域进展", "四、项目产出与绩效关联情况", "五、标准化组织建设", "六、存在问题",
                "七、下一步工作安排",
            ],
            ["指标完成情况表", "已发布标准清单", "在研标准清单", "项目—标准关联表", "统计口径说明", "与上期差异表", "预测方法与回溯检验"],
        ),
    ],
)  # fmt: skip
def test_a_kind_has_its_sections_and_annexes_numbered_without_gaps(kind: ReportKind, sections: list[str], annexes: list[str]) -> None:
    report = made(kind)
    assert [s.heading for s in report.sections] == sections
    assert [a.title for a in report.annexes] == annexes and [a.number for a in report.annexes] == list(range(1, len(annexes) + 1))


@pytest.mark.parametrize("kind", PERIODICAL)
def test_the_numbers_of_a_kind_read_back_equal_from_every_format(kind: ReportKind) -> None:
    report = made(kind, WRITTEN)
    word, pdf = docx.Document(BytesIO(write_docx(report))), PdfReader(BytesIO(write_pdf(report)))
    book, plain = CalamineWorkbook.from_filelike(BytesIO(write_xlsx(report))), json.loads(write_json(report))
    table = report.tables["targets"]
    heads = [c.title for c in table.columns]
    expected = [[shown(v, c.kind) for v, c in zip(row, table.columns, strict=True)] for row in table.rows]

    cells = [
        [["".join(t.text or "" for t in c.iter(qn("w:t"))) for c in row.findall(qn("w:tc"))] for row in t._tbl.findall(qn("w:tr"))]
        for t in word.tables
    ]
    assert next(rows[1:] for rows in cells if rows[0] == heads) == expected
    whole = "".join("".join(page.extract_text() for page in pdf.pages).split())
    for row in expected:
        assert "".join(row) in whole
    sheet = book.get_sheet_by_name("汇总").to_python()
    start = next(n for n, row in enumerate(sheet) if row[: len(heads)] == heads)
    assert [int(float(str(row[2]))) for row in sheet[start + 1 : start + 5]] == table.column("counted")
    assert [row["counted"] for row in plain["tables"]["targets"]["rows"]] == table.column("counted")
    assert (plain["kind"], plain["total"]["counted"]) == (kind, report.counted.total.counted)

    assert book.sheet_names[: len(SHEETS)] == SHEETS
    for name, key in (("已发布", "published"), ("在研", "in_progress"), ("项目关联", "projects"), ("差异", "differences")):
        rows = book.get_sheet_by_name(name).to_python()[1:]
        assert len(rows) == len(report.tables[key].rows) == len(plain["tables"][key]["rows"]) > 0, name
    assert f"完成率{rate(report.counted.total.permille)}" in whole


def test_the_month_is_one_page_however_long_its_lists_and_titles() -> None:
    facts = [structs.replace(s, title_zh=f"{s.title_zh}而且名称很长很长很长很长很长") for s in portfolio(300)]
    report = report_of(facts, since=BEFORE, kind="monthly", written=Narrative(texts={"month": "本月需要说明的事项" * 8}))
    assert len(PdfReader(BytesIO(write_pdf(report))).pages) == 1
    shown_rows, whole = report.tables["month_overdue"].rows, report.tables["overdue"].rows
    assert 0 < len(shown_rows) < len(whole)
    texts = [b.text for s in report.sections for b in s.blocks if isinstance(b, Paragraph)]
    assert any(f"以下列前{len(shown_rows)}项，全部{len(whole)}项见电子表格" in text for text in texts)


def test_the_month_shows_as_many_changes_as_stand_in_one_line_each() -> None:
    shape = next(one for one in portfolio() if one.level == "local" and one.published_on)
    facts = [
        structs.replace(
            shape, id=f"n{n}", number=f"DB32/T 9900{n}—2026", title_zh=title, published_on=date(2026, 9, n), kind="new", family=None, status="published",
            publication_evidence=("publication_notice",),
        )
        for n, title in enumerate(["示例：量子随机数发生器应用接口规范"] * 5, 1)
    ]  # fmt: skip
    report = report_of(facts, since=BEFORE, kind="monthly", written=WRITTEN)
    assert len(report.tables["month_changes"].rows) == 5
    assert not any("以下列前" in block.text for block in report.sections[1].blocks if isinstance(block, Paragraph))


def test_a_kind_compares_with_the_day_before_its_period() -> None:
    days = {kind: kind_of(kind).since(date(2026, 11, 20)) for kind in ("progress", *PERIODICAL)}
    assert days == {"progress": None, "monthly": date(2026, 10, 31), "quarterly": date(2026, 9, 30), "annual": date(2025, 12, 31)}


@pytest.mark.parametrize(
    ("today", "kinds"),
    [
        (date(2026, 11, 2), ["monthly"]),
        (date(2026, 10, 8), ["monthly", "quarterly"]),
        (date(2027, 1, 4), ["monthly", "quarterly", "annual"]),
    ],
)
def test_quarters_and_years_end_with_their_last_month(today: date, kinds: list[str]) -> None:
    found = ended(today)
    assert [kind for kind, _ in found] == kinds and {day for _, day in found} == {today.replace(day=1) - date.resolution}


@pytest.mark.parametrize(
    ("kind", "as_of", "said"),
    [
        ("monthly", date(2026, 10, 31), "2026年10月"),
        ("monthly", date(2026, 10, 15), "2026年10月，截至10月15日"),
        ("quarterly", date(2026, 9, 30), "2026年第3季度"),
        ("quarterly", date(2026, 8, 31), "2026年第3季度，截至8月31日"),
        ("annual", date(2026, 12, 31), "2026年度"),
    ],
)
def test_the_title_says_the_period_and_where_it_is_not_over_the_day(kind: ReportKind, as_of: date, said: str) -> None:
    assert kind_of(kind).span(as_of) == said


def test_a_whole_report_has_every_figure_once_and_numbers_them() -> None:
    for kind in ("quarterly", "annual"):
        figures = [b for s in made(kind).sections for b in s.blocks if isinstance(b, Figure)]
        assert [f.key for f in figures] == ["targets", "cumulative", "changes", "stages", "fields", "ageing"]
        assert [f.caption[:2] for f in figures] == [f"图{n}" for n in range(1, 7)] and all(f.alternative for f in figures)


def test_figures_say_the_numbers_of_the_report() -> None:
    report = made("annual")
    words = {b.key: b.alternative for s in report.sections for b in s.blocks if isinstance(b, Figure)}
    total = report.counted.total.counted
    assert f"本期{total}项" in words["changes"] and "上期" in words["changes"]
    for numbers, target in zip(report.counted.targets, PLAN.targets, strict=True):
        assert f"{target.name}{numbers.counted}项，目标{numbers.target}项" in words["cumulative"]


def test_what_only_the_author_can_write_is_a_visible_place_and_is_missing() -> None:
    report = made("annual")
    places = [b.text for s in report.sections for b in s.blocks if isinstance(b, Paragraph) and b.style == "author"]
    assert len(places) == 9 == len(report.missing) and all(p.startswith(AUTHOR) for p in places)
    assert report.missing == kind_of("annual").places and report.short == ("示例-1",)
    assert report.tables["promises"].column("cause") == [AUTHOR, None, None]


def test_what_the_author_wrote_is_printed_where_it_belongs_and_nothing_is_missing() -> None:
    report = made("annual", WRITTEN)
    problems = report.sections[5].blocks
    assert report.missing == () and [b.text for b in problems if isinstance(b, Paragraph)][-4:] == [
        "示例文字problems。", "第二段problems。", "示例文字causes。", "第二段causes。",
    ]  # fmt: skip
    steps = next(b for b in report.sections[6].blocks if isinstance(b, Table))
    assert steps.rows == ((1, "示例事项", "示例单位", date(2027, 3, 31)),)
    assert report.tables["promises"].column("remedy") == ["示例措施", None, None]
    assert AUTHOR not in write_json(report).decode()


def test_a_place_left_out_on_purpose_is_neither_printed_nor_missing_but_problems_are() -> None:
    report = made("annual", Narrative(omitted=("overall", "targets", "problems")))
    assert {"overall", "targets"} & set(report.missing) == set() and "problems" in report.missing


def test_a_step_without_unit_or_day_is_missing() -> None:
    report = made("annual", structs.replace(WRITTEN, steps=(Step(task="示例事项", unit=""),)))
    assert report.missing == ("next",)


@pytest.mark.parametrize("kind", ["monthly", "quarterly", "annual"])
def test_what_stands_behind_cells_is_said_for_all_cells_of_a_table_or_for_none(kind: ReportKind) -> None:
    for table in made(kind).tables.values():
        assert not table.behind or [len(row) for row in table.behind] == [len(row) for row in table.rows], table.key


@pytest.mark.parametrize("kind", ["progress", "monthly", "quarterly", "annual"])
def test_every_number_of_a_sentence_opens_what_it_counts_and_no_link_leads_to_a_table_that_is_not_there(kind: ReportKind) -> None:
    then = count(portfolio()[:60], PLAN, load_rule(), AS_OF)
    page = html.fromstring(write_html(made(kind, correction=Correction(date(2026, 11, 3), then)), "/reports/1/standards").decode())
    tables, there = set(page.xpath("//a/@href[starts-with(., '#')]")), {f"#{id}" for id in page.xpath("//@id")}
    assert tables <= there, tables - there
    plain = "".join(
        text for text in page.xpath("//p[not(@class)][not(preceding-sibling::h3[starts-with(., '附件')])]//text()[not(parent::a)]")
    )
    plain = re.sub("《.*?》|以下列前.*?电子表格。", "", plain)  # what a page holds of a list that is linked
    counts = [found for found in re.findall(r"[0-9]+(?=[项个人件](?!次|左))", plain) if found != "0"]
    before = [str(then.total.counted)] if kind == "monthly" else []  # one page has no table of the differences
    assert counts == before


def test_a_cell_that_names_several_things_opens_each() -> None:
    page = html.fromstring(write_html(report_of([*portfolio()], kind="annual", around=AROUND), "/reports/1/standards").decode())
    cells = page.xpath("//*[@id='table-published']//tbody/tr/td[last()]")
    assert cells and all(cell.xpath("a/@href") == [f"/evidence/{number}" for number in cell.text_content().split("、")] for cell in cells)
    named = [cell for cell in page.xpath("//*[@id='table-published']//tbody/tr/td[11]") if "、" in cell.text_content()]
    assert named and all(len(cell.xpath("a")) == cell.text_content().count("、") + 1 for cell in named)


def test_promises_add_up_and_never_enter_the_count() -> None:
    report, alone = made("annual"), report_of(portfolio(), since=BEFORE, kind="annual")
    table = report.tables["promises_by_level"]
    assert table.rows[-1] == ("合计", 5, 1, 4, 0, 1, 2) and report.counted == alone.counted
    assert "差额4项次；到期未完成的承诺1件，涉及项目1个" in report.sections[3].blocks[0].text  # type: ignore[union-attr]
    assert [row[2] for row in report.tables["committees"].rows] == ["运行中", "未登记"]
    assert len(report.tables["positions"].rows) == 1


def test_a_correction_says_what_it_corrects_and_lists_the_differences() -> None:
    facts = portfolio()
    then = count(facts[: len(facts) // 2], PLAN, load_rule(), AS_OF)
    report = report_of(facts, kind="annual", correction=Correction(date(2026, 11, 3), then))
    texts = [b.text for b in report.sections[0].blocks if isinstance(b, Paragraph)]
    now = report.counted.total.counted
    assert f"本报告更正2026年11月3日签发的同期报告：累计发布数原为{then.total.counted}项，更正为{now}项，逐项差异见更正对照表。" in texts
    same = report_of(facts, kind="annual", correction=Correction(date(2026, 11, 3), report.counted)).sections[0].blocks
    assert f"本报告更正2026年11月3日签发的同期报告：累计发布数仍为{now}项，逐项差异见更正对照表。" in [
        b.text for b in same if isinstance(b, Paragraph)
    ]
    assert len(report.tables["corrections"].rows) == now - then.total.counted
    month = report_of(facts, kind="monthly", correction=Correction(date(2026, 11, 3), then)).sections[0].blocks
    assert any("逐项差异见电子表格的更正对照表。" in b.text for b in month if isinstance(b, Paragraph))  # one page prints no such table
    assert "更正对照" in CalamineWorkbook.from_filelike(BytesIO(write_xlsx(report))).sheet_names
