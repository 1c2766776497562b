"""The report as XLSX: one sheet a table, real days and numbers, identifiers as text, formulas only in rows of totals."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from standards_hub.documents.report.kinds import kind_of
from standards_hub.documents.report.model import Column, ProgressReport, Table, Value
from standards_hub.documents.report.wording import day, moment, shown
from standards_hub.kernel.clock import ZONE

FONT = "宋体"
SUMMARY = ("targets", "stages", "fields", "regions")
LISTS = {
    "published": "已发布",
    "in_progress": "在研",
    "projects": "项目关联",
    "differences": "差异",
    "promises": "项目承诺",
    "corrections": "更正对照",
    "evidence": "证据",
    "overdue": "超期",
    "unverified": "待核",
    "not_counted": "未计入",
    "forecast": "预测",
    "backtest": "回溯检验",
}
"""Sheets of one list each, in the order of the book; one without a table is left out."""
LINE, MARGIN = 13.5, 2.5
"""Points of a line of text in a cell, and what is left above and below all of them."""
EDGE = 1.0
"""Characters of a column's width that its text leaves free."""
EXPLAINED = (16, 70, 36, 12)
SUMMED = (26, *[12] * 14)
"""Widths of the columns of 说明 and 汇总, in the characters that a workbook measures by."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Book:
    """A workbook with the few formats the report uses."""

    def __init__(self) -> None:
        self.buffer = BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, OPTIONS)
        base = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        total = {"bold": True, "bg_color": "#EDEDED"}
        self.plain = self.book.add_format(base)
        self.title = self.book.add_format({**base, "font_size": 16, "bold": True})
        self.caption = self.book.add_format({**base, "font_size": 12, "bold": True})
        self.header = self.book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#D9E2EC"})
        looks = {
            "text": {"num_format": "@"},
            "integer": {"num_format": "0", "align": "center"},
            "number": {"num_format": "0", "align": "center"},
            "permille": {"num_format": "0.0%", "align": "center"},
            "date": {"num_format": "yyyy-mm-dd", "align": "center"},
        }
        self.cells = {kind: self.book.add_format({**cell, **look}) for kind, look in looks.items()}
        self.totals = {kind: self.book.add_format({**cell, **look, **total}) for kind, look in looks.items()}


def write_xlsx(report: ProgressReport) -> bytes:
    """Print the report as an Excel workbook without macros, links or merged cells."""
    out = _Book()
    out.book.set_properties(
        {
            "title": f"{report.title}{report.subtitle}",
            "subject": report.plan_name,
            "created": report.known_at.astimezone(ZONE).replace(tzinfo=None),
        }
    )
    tables = report.tables
    _explain(out, report, tables["rule"])
    _summarise(out, report, [tables[key] for key in SUMMARY])
    for key, name in LISTS.items():
        if key in tables:
            _list(out, name, tables[key], report)
    out.book.close()
    return out.buffer.getvalue()


def _explain(out: _Book, report: ProgressReport, rule: Table) -> None:
    """The sheet 说明: what this is, of when, and by which rule."""
    sheet = out.book.add_worksheet("说明")
    _page(sheet, report)
    for place, width in enumerate(EXPLAINED):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, report.title, out.title)
    lines: list[tuple[str, Value]] = [
        ("种类", kind_of(report.kind).zh),
        ("计划", report.plan_name),
        ("依据文件", report.document or "—"),
        ("统计截止日", report.as_of),
        ("数据时间", f"{moment(report.known_at)}（北京时间）"),
        ("上期截止日", report.previous_as_of),
        ("统计口径", f"{report.rule.zh}（{report.rule.key}，第{report.rule.version}版）"),
        ("口径校验值", report.rule.hash),
        ("数据校验值", report.data_hash),
        ("示例数据项数", report.exemplars),
        ("更正", f"更正{day(report.corrects)}签发的同期报告" if report.corrects else "—"),
    ]
    row = 2
    for name, value in lines:
        sheet.write_string(row, 0, name, out.header)
        _write(sheet, row, 1, value, "date" if isinstance(value, date) else "text", out.cells)
        _room(sheet, row, (name, shown(value, "text")), EXPLAINED)
        row += 1
    for source in report.sources:
        sheet.write_string(row, 0, "目标来源", out.header)
        sheet.write_string(row, 1, source, out.cells["text"])
        _room(sheet, row, ("", source), EXPLAINED)
        row += 1
    row += 1
    for column, head in enumerate(("条目", "口径", "依据", "是否核实")):
        sheet.write_string(row, column, head, out.header)
    for entry in rule.rows:
        row += 1
        for column, value in enumerate(entry[1:]):
            _write(sheet, row, column, value, "text", out.cells)
        _room(sheet, row, [shown(value, "text") for value in entry[1:]], EXPLAINED)


def _summarise(out: _Book, report: ProgressReport, tables: list[Table]) -> None:
    """The sheet 汇总: the summary tables one under another, their totals as formulas."""
    sheet = out.book.add_worksheet("汇总")
    _page(sheet, report)
    for place, width in enumerate(SUMMED):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, f"{report.title}{report.subtitle}", out.title)
    row = 2
    for table in tables:
        sheet.write_string(row, 0, table.title, out.caption)
        row = _table(out, sheet, row + 1, table, SUMMED)
        if table.note:
            sheet.write_string(row, 0, table.note, out.book.add_format({"font_name": FONT, "font_size": 9}))
            row += 1
        row += 1
    sheet.freeze_panes(1, 1)


def _list(out: _Book, name: str, table: Table, report: ProgressReport) -> None:
    """One list on its own sheet: header frozen, filter set, header row repeated in print."""
    sheet = out.book.add_worksheet(name)
    _page(sheet, report)
    widths = [_width(column) for column in table.columns]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = _table(out, sheet, 0, table, widths)
    if not table.rows:
        sheet.write_string(1, 0, table.empty, out.plain)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(last - 1, 0), len(table.columns) - 1)


def _table(out: _Book, sheet: Worksheet, row: int, table: Table, widths: Sequence[float]) -> int:
    """Write header and rows from `row` on; returns the first row below."""
    for place, column in enumerate(table.columns):
        sheet.write_string(row, place, column.title, out.header)
    _room(sheet, row, [column.title for column in table.columns], widths)
    first = row + 1
    for number, values in enumerate(table.rows, 1):
        row += 1
        sums = table.total and number == len(table.rows)
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            if sums and column.kind == "integer" and isinstance(value, int) and number > 1:
                top, bottom = xlsxwriter.utility.xl_rowcol_to_cell(first, place), xlsxwriter.utility.xl_rowcol_to_cell(row - 1, place)
                sheet.write_formula(row, place, f"=SUM({top}:{bottom})", out.totals["integer"], value)
            else:
                _write(sheet, row, place, value, column.kind, out.totals if sums else out.cells)
        _room(sheet, row, [shown(value, column.kind) for column, value in zip(table.columns, values, strict=True)], widths)
    return row + 1


def _room(sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    """Make a row as high as its longest text needs: not every program that opens a workbook does so by itself."""
    lines = max(ceil(sum(map(_broad, text)) / (width - EDGE)) for text, width in zip(texts, widths, strict=False))
    sheet.set_row(row, max(1, lines) * LINE + MARGIN)


def _broad(character: str) -> float:
    """How much of a column's width a character takes: a Chinese one two, a Latin one a little more than the digit that widths count in."""
    return 2 if character > "\u2000" else 1.1


def _write(sheet: Worksheet, row: int, place: int, value: Value, kind: str, formats: dict[str, Format]) -> None:
    """One cell by its type; a text is always written as text, whatever character it starts with."""
    look = formats[kind]
    if value is None:
        sheet.write_blank(row, place, None, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, look)
    elif isinstance(value, int):
        sheet.write_number(row, place, value / 1000 if kind == "permille" else value, look)
    else:
        sheet.write_string(row, place, value, formats["text"])


def _page(sheet: Worksheet, report: ProgressReport) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_footer(f"&L截至{day(report.as_of)}&C— &P —&R{report.rule.id}")


def _width(column: Column) -> float:
    """Characters of a column from its millimetres on paper."""
    return max(7.0, column.width * 0.62)
