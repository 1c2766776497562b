"""The workbook to fill in, with its data dictionary and lists, and the workbook of the rows that were wrong."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from standards_hub.kernel.messages import Name
from standards_hub.lifecycle.intake.columns import CHOICES, ROW_HEADER, Column, column, columns, steps_listed, tracks
from standards_hub.lifecycle.intake.days import read_day
from standards_hub.lifecycle.intake.ports import Words
from standards_hub.lifecycle.intake.reading import DATA_SHEET, MOST_ROWS, Table
from standards_hub.lifecycle.intake.schemas import RowOut

DICTIONARY_SHEET, VALUES_SHEET = "数据字典", "取值"
FONT = "等线"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What begins with = stays text."""
LIST_NAMES = {
    "track": Name("轨道", "Tracks"), "step": Name("步骤", "Steps"), "kind": Name("类型", "Kinds"), "nature": Name("性质", "Natures"),
    "status": Name("状态", "Statuses"), "degree": Name("采标程度", "Degrees of adoption"), "role": Name("国际任职", "International roles"),
    "flag": Name("是否", "Yes or no"), "fields": Name("领域", "Fields"), "region": Name("区域", "Regions"), "plan_key": Name("考核计划", "Plans"),
}  # fmt: skip
KIND_NAMES = {
    "text": Name("文字", "text"), "day": Name("日期", "date"), "choice": Name("单选", "choice"), "flag": Name("是／否", "yes/no"),
    "list": Name("多项，“；”分隔", "list, “；” between"),
}  # fmt: skip
ERROR_COLUMNS = ((f"{ROW_HEADER.zh}\n{ROW_HEADER.en}", 9), ("错误", 46), ("Error", 46))
"""What the error file puts before the columns of the portfolio, and how wide."""
ERROR_FROZEN = 2
"""The row and what is wrong with it stay in sight; all three would leave no room for the cells."""


def make_template(words: Words) -> bytes:
    """The empty workbook: data with validation, the data dictionary, and the lists of values."""
    sheets = _Sheets(columns())
    sheets.head()
    sheets.validate(words)
    sheets.dictionary()
    return sheets.done()


def errors_file(table: Table, wrong: Sequence[RowOut], words: Words) -> bytes:
    """The rows that were wrong as they stood in the file, what is wrong beside them and on the cells; loadable as it is."""
    shown = [column(key) for key in table.places]
    shown += [c for c in columns() if c.required and c not in shown]
    sheets = _Sheets(tuple(shown), len(ERROR_COLUMNS))
    sheets.head(ERROR_FROZEN)
    sheets.head_errors()
    for at, row in enumerate(wrong, 1):
        sheets.row(at, row)
    sheets.validate(words)
    sheets.dictionary()
    return sheets.done()


class _Sheets:
    """The three sheets of a workbook."""

    def __init__(self, shown: tuple[Column, ...], first: int = 0) -> None:
        """`first` is how many columns stand before those shown."""
        self.shown = list(enumerate(shown, first))
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, OPTIONS)
        self.data, self.words_sheet, self.values = (self.book.add_worksheet(name) for name in (DATA_SHEET, DICTIONARY_SHEET, VALUES_SHEET))
        made = self.book.add_format
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        head = {**base, "bold": True, "text_wrap": True, "align": "center", "border": 1}
        self.heading = made({**head, "bg_color": "#E7EEF7"})
        self.required = made({**head, "bg_color": "#FCE9C9"})
        self.text = made({**base, "num_format": "@"})
        self.day = made({**base, "num_format": "yyyy-mm-dd"})
        self.wrapped = made({**base, "text_wrap": True, "valign": "top"})
        self.wrong_text = made({**base, "num_format": "@", "bg_color": "#FBDADA"})
        self.wrong_day = made({**base, "num_format": "yyyy-mm-dd", "bg_color": "#FBDADA"})

    def head(self, frozen: int = 1) -> None:
        """The first row in both languages, frozen, with the meaning of each column in a note."""
        self.data.set_row(0, 56)  # the longest heading takes four lines
        self.data.freeze_panes(1, frozen)
        for at, wanted in self.shown:
            self.data.set_column(at, at, wanted.width, self.day if wanted.kind == "day" else self.text)
            star = "*" if wanted.required else ""
            self.data.write_string(0, at, f"{wanted.name.zh}{star}\n{wanted.name.en}", self.required if star else self.heading)
            self.data.write_comment(0, at, f"{wanted.meaning.zh}\n{wanted.meaning.en}", {"x_scale": 2, "font_name": FONT})

    def head_errors(self) -> None:
        for at, (title, width) in enumerate(ERROR_COLUMNS):
            self.data.set_column(at, at, width, self.wrapped)
            self.data.write_string(0, at, title, self.required)

    def row(self, at: int, row: RowOut) -> None:
        problems = [p for p in row.problems if p.severity == "error"]
        by_column: dict[str, list[str]] = {}
        for problem in problems:
            by_column.setdefault(problem.column, []).append(f"{problem.why.zh}\n{problem.why.en}")
        for place, wanted in self.shown:
            value, wrong = row.values.get(wanted.key), wanted.key in by_column
            day = read_day(value) if wanted.kind == "day" and value else None
            if day is not None and day > date(1900, 3, 1):
                self.data.write_datetime(at, place, day, self.wrong_day if wrong else self.day)
            elif value:
                self.data.write_string(at, place, value, self.wrong_text if wrong else self.text)
            elif wrong:
                self.data.write_blank(at, place, None, self.wrong_text)
            if wrong:
                self.data.write_comment(at, place, "\n".join(by_column[wanted.key]), {"x_scale": 3, "y_scale": 1.5, "font_name": FONT})
        self.data.write_number(at, 0, row.row, self.wrapped)
        self.data.write_string(at, 1, "\n".join(f"{p.name.zh}：{p.why.zh}" for p in problems), self.wrapped)
        self.data.write_string(at, 2, "\n".join(f"{p.name.en}: {p.why.en}" for p in problems), self.wrapped)

    def validate(self, words: Words) -> None:
        """The lists on their sheet, and the cells that offer them."""
        lists: dict[str, list[str]] = {"track": [t.name.zh for t in tracks().values()], "step": steps_listed()}
        lists |= {name: [n.zh for n in names.values()] for name, names in CHOICES.items()}
        lists["fields"] = _distinct(words.of(None, "fields"))
        lists["region"] = _distinct(words.of(None, "regions"))
        lists["plan_key"] = list(words.plans)
        ranges: dict[str, str] = {}
        for at, (name, members) in enumerate(lists.items()):
            self.values.set_column(at, at, 26, self.text)
            self.values.write_string(0, at, f"{LIST_NAMES[name].zh}\n{LIST_NAMES[name].en}", self.heading)
            for down, member in enumerate(members, 1):
                self.values.write_string(down, at, member, self.text)
            if members:
                letter = xlsxwriter.utility.xl_col_to_name(at)
                ranges[name] = f"='{VALUES_SHEET}'!${letter}$2:${letter}${len(members) + 1}"
        self.values.set_row(0, 30)
        self.values.freeze_panes(1, 0)
        for at, wanted in self.shown:
            self._validate(at, wanted, ranges)

    def _validate(self, at: int, wanted: Column, ranges: dict[str, str]) -> None:
        rule: dict[str, Any] | None = None
        if wanted.kind == "day":
            rule = {"validate": "date", "criteria": "between", "minimum": date(1949, 10, 1), "maximum": date(2199, 12, 31),
                    "error_title": "日期 / Date", "error_message": "请填写日期，如 2026-11-24 / Please enter a date"}  # fmt: skip
        elif source := ranges.get(wanted.choices or wanted.key):
            strict = wanted.choices is not None and wanted.choices != "step"
            rule = {"validate": "list", "source": source, "show_error": strict, "error_title": wanted.name.zh,
                    "error_message": "请从列表中选择 / Please choose from the list"}  # fmt: skip
        if rule:
            self.data.data_validation(1, at, MOST_ROWS, at, rule)

    def dictionary(self) -> None:
        """Each column: name, key, required, form, meaning, allowed values and an example that is marked as one."""
        sheet = self.words_sheet
        titles = [
            Name("列名", "Column"), Name("英文列名", "English name"), Name("键", "Key"), Name("必填", "Required"), Name("形式", "Form"),
            Name("含义", "Meaning"), Name("Meaning", "Meaning"), Name("可填的值", "Allowed values"), Name("示例", "Example"),
        ]  # fmt: skip
        for at, (title, width) in enumerate(zip(titles, (18, 26, 20, 8, 16, 40, 50, 30, 28), strict=True)):
            sheet.set_column(at, at, width, self.wrapped)
            sheet.write_string(0, at, title.zh if title.zh == title.en else f"{title.zh}\n{title.en}", self.heading)
        sheet.set_row(0, 30)
        sheet.freeze_panes(1, 1)
        for down, one in enumerate(columns(), 1):
            source = LIST_NAMES.get(one.choices or one.key)
            allowed = f"{VALUES_SHEET}：{source.zh}" if source else f"≤ {one.most}" if one.kind in ("text", "list") else "2026-11-24"
            cells = (one.name.zh, one.name.en, one.key, "是 yes" if one.required else "否 no",
                     f"{KIND_NAMES[one.kind].zh} {KIND_NAMES[one.kind].en}", one.meaning.zh, one.meaning.en, allowed, one.example)  # fmt: skip
            for at, cell in enumerate(cells):
                sheet.write_string(down, at, cell, self.wrapped)

    def done(self) -> bytes:
        self.book.close()
        return self.out.getvalue()


def _distinct(words: dict[str, Name]) -> list[str]:
    return list(dict.fromkeys(name.zh for name in words.values()))
