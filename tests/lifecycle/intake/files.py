"""Makes the files that the tests load, without the code under test."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

HEADER = (
    "名称",
    "轨道",
    "类型",
    "现处步骤",
    "计划下达日期",
    "征求意见日期",
    "发布日期",
    "计划号",
    "标准号",
    "归口标委会",
    "起草单位",
    "领域",
    "区域",
    "备注",
)
Rows = Sequence[Sequence[Any]]
GBT = "国家标准（推荐性）GB/T"


def good(n: int, **changes: Any) -> list[Any]:
    """A row under `HEADER`: every third is published, the others are at public comment."""
    published = n % 3 == 0
    row: dict[str, Any] = {
        "名称": f"示例标准第{n}项", "轨道": GBT, "类型": "制定", "现处步骤": "已发布" if published else "30.20 征求意见",
        "计划下达日期": date(2026, 1, 5), "征求意见日期": date(2026, 5, 6), "发布日期": date(2026, 9, 1) if published else None,
        "计划号": f"2026{n:04}-T-469", "标准号": f"GB/T {90000 + n}-2026" if published else None, "归口标委会": "SAC/TC 9309",
        "起草单位": "示例氢能研究院；示例大学", "领域": "氢能", "区域": "3201", "备注": None,
    }  # fmt: skip
    row.update(changes)
    return [row[name] for name in HEADER]


def workbook(rows: Rows, header: Sequence[str] = HEADER, sheet: str = "数据") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, name in enumerate(header):
        page.write_string(0, at, name)
    for down, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(down, at, cell, day)
            elif isinstance(cell, str):
                page.write_string(down, at, cell)
            elif cell is not None:
                page.write(down, at, cell)
    book.close()
    return out.getvalue()


def text(rows: Rows, header: Sequence[str] = HEADER, encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode(encoding)
