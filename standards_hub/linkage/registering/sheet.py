"""The workbook of projects: its columns with their meaning, its template, from a file to rows of texts, and from projects to a file.

One row is a project with one promise of its contract; further promises of a project stand in further rows under the same number.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from standards_hub.committees.registering.sheet import Row, Table
from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.registers.sheets import guarded
from standards_hub.kernel.workbooks import repacked
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.roles import policies
from standards_hub.linkage.values import EVIDENCE_KINDS, ROLES_REQUIRED

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000


class Column(Struct, frozen=True):
    """A column: its head, what stands in it, an example, and what it is chosen from."""

    name: Message
    meaning: Message
    example: str
    choices: tuple[str, ...] = ()


def _names(found: Iterable[Message | Name]) -> tuple[str, ...]:
    return tuple(name.into("zh") for name in found)


COLUMNS: dict[str, Column] = {
    "project_no": Column(say("项目编号"), say("以合同为准，写法不限；已登记的项目按编号找到并补全"), "示例-2024-001"),
    "title": Column(say("项目名称"), say("新登记的项目必填"), "示例：氢能装备关键技术"),
    "programme": Column(say("计划类别"), say("新登记的项目必填，如省重点研发计划"), "示例计划"),
    "lead": Column(say("承担单位"), say("已登记单位的名称或统一社会信用代码"), "示例·苏南氢能研究院"),
    "partners": Column(say("合作单位"), say("已登记单位的名称或代码，以“；”分隔"), ""),
    "manager": Column(say("项目负责人"), say("已登记人员的姓名；同名的写作“姓名，单位”"), ""),
    "starts_on": Column(say("起始日期"), say("如 2024-01-01"), "2024-01-01"),
    "ends_on": Column(say("结束日期"), say("如 2026-12-31"), "2026-12-31"),
    "plan_key": Column(say("服务于计划"), say("计划的代号"), "jiangsu-5x100"),
    "role_policy": Column(say("位次口径"), say("主导与参与按哪一口径认定；不填为默认口径"), "", tuple(policies())),
    "level": Column(say("承诺层级"), say("合同承诺的标准的层级；没有承诺则以下各列都不填"), "国家标准", _names(LEVEL_NAMES.values())),
    "count": Column(say("承诺项数"), say("整数"), "1"),
    "role_required": Column(say("起草身份"), say("不填为主导或参与"), "主导", _names(ROLES_REQUIRED.values())),
    "min_stage": Column(say("至少达到"), say("国际协调阶段代码；不填为 60.60，即已出版"), "60.60"),
    "due": Column(say("期限"), say("不填即为项目结束日期"), "2026-12-31"),
    "evidence": Column(say("合同要求的佐证"), say("种类的名称，以“；”分隔"), "发布公告；标准封面和前言页"),
    "source_text": Column(say("合同原文"), say("合同中该项指标的原话，有承诺时必填"), "主导制定国家标准1项"),
}
REQUIRED = ("project_no",)
CHOSEN_EVIDENCE = _names(EVIDENCE_KINDS.values())
FOLDED = {column.name.into(language).casefold(): key for key, column in COLUMNS.items() for language in ("zh", "en")}
LETTERS = {key: chr(65 + at) for at, key in enumerate(COLUMNS)}


def read(content: bytes) -> Table:
    """The rows of a workbook, or of a CSV in UTF-8 or GB18030. Raises `BadInput` naming what is wrong with it as a whole, or `TooLarge`."""
    if len(content) > MOST_BYTES:
        raise TooLarge(say("文件超过 {most} MB，请拆分后再上传", most=MOST_BYTES // 1024**2))
    grid = _workbook(content) if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") else _lines(content)
    keys = _header(grid[0] if grid else [])
    rows = []
    for number, cells in enumerate(grid[1:], 2):
        values = {key: cells[at] for at, key in keys.items() if at < len(cells) and cells[at]}
        if values:
            rows.append(Row(number, values))
    if len(rows) > MOST_ROWS:
        raise TooLarge(say("数据超过 {most} 行，请拆分后再上传", most=MOST_ROWS))
    if not rows:
        raise BadInput(say("文件里只有表头，没有数据"), code="bad-file")
    return Table({key: chr(65 + at) for at, key in keys.items()}, rows)


def _workbook(content: bytes) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(repacked(content))).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, PasswordError, ValueError, OverflowError, IndexError) as error:
        raise BadInput(say("不是完好的 XLSX 文件，请用 Excel 或 WPS 打开后另存为 .xlsx"), code="bad-file") from error


def _lines(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    if "\0" in text:
        raise BadInput(say("不是 XLSX 或 CSV 文件"), code="bad-file")
    try:
        return [[_unguarded(cell.strip()) for cell in line] for line in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise BadInput(say("不是完好的 CSV 文件：{error}", error=str(error)), code="bad-file") from error


def _unguarded(cell: str) -> str:
    """A cell without the `'` that this hub puts before what a spreadsheet would compute."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell


def _header(cells: Sequence[str]) -> dict[int, str]:
    """The key of each column by its place. Raises `BadInput` with every head that is not right."""
    unmet, found = list[Unmet](), dict[int, str]()
    for at, cell in enumerate(cells):
        key = FOLDED.get(cell.partition("\n")[0].strip().casefold())
        where = f"{chr(65 + at % 26)}1"
        if key is None and cell:
            unmet.append(Unmet("column.unknown", say("没有“{name}”这一列，请改用模板的表头或删去此列", name=cell[:60]), where))
        elif key in found.values():
            unmet.append(Unmet("column.twice", say("“{name}”列重复", name=cell), where))
        elif key:
            found[at] = key
    if missing := [COLUMNS[key].name for key in REQUIRED if key not in found.values()]:
        unmet.append(Unmet("column.missing", say("缺少必填的列：{names}", names=missing), "A1"))
    if unmet:
        raise BadInput(say("表头有误，请对照模板修改"), unmet=unmet, code="bad-header")
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() if cell is not None else ""


def workbook(rows: Iterable[Mapping[str, str]] = ()) -> bytes:
    """The workbook, empty as a template or with projects: the data, and a dictionary of its columns. Everything is kept as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    sheet, head, text = book.add_worksheet("项目"), book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    for at, (key, column) in enumerate(COLUMNS.items()):
        sheet.set_column(at, at, 32 if key in ("title", "source_text") else 18, text)
        sheet.write_string(0, at, f"{column.name.into('zh')}\n{column.name.into('en')}", head)
        if column.choices:
            sheet.data_validation(1, at, MOST_ROWS, at, {"validate": "list", "source": list(column.choices)})
    for number, row in enumerate(rows, 1):
        for at, key in enumerate(COLUMNS):
            if row.get(key):
                sheet.write_string(number, at, row[key], text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, MOST_ROWS, len(COLUMNS) - 1)
    _dictionary(book.add_worksheet("数据字典"), head)
    book.close()
    return out.getvalue()


def _dictionary(sheet: xlsxwriter.worksheet.Worksheet, head: xlsxwriter.format.Format) -> None:
    for at, (name, width) in enumerate((("列 Column", 16), ("含义 Meaning", 60), ("可选值 Choices", 50), ("示例 Example", 30))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, name, head)
    for number, (key, column) in enumerate(COLUMNS.items(), 1):
        choices = CHOSEN_EVIDENCE if key == "evidence" else column.choices
        cells = (f"{LETTERS[key]} {column.name.both}", column.meaning.both, "、".join(choices), column.example)
        for at, cell in enumerate(cells):
            sheet.write_string(number, at, cell)
    sheet.freeze_panes(1, 0)


def table(rows: Iterable[Mapping[str, str]]) -> list[list[str]]:
    """The same as lines for a CSV, the heads in Chinese."""
    return [[column.name.into("zh") for column in COLUMNS.values()], *([row.get(key, "") for key in COLUMNS] for row in rows)]
