"""The workbook of organisations: its columns, its template, and from a file to rows of texts. What is read is still unchecked."""

import io
from collections.abc import Mapping

import xlsxwriter
from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from standards_hub.committees.values import ORGANISATION_KINDS
from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.workbooks import repacked

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
COLUMNS: dict[str, Message] = {
    "name_zh": say("名称"),
    "kind": say("类别"),
    "uscc": say("统一社会信用代码"),
    "region": say("行政区划代码"),
    "short_name": say("简称"),
    "name_en": say("英文名称"),
    "ror": say("ROR"),
}
REQUIRED = ("name_zh", "kind")
FOLDED = {name.into(language).casefold(): key for key, name in COLUMNS.items() for language in ("zh", "en")}


class Row(Struct, frozen=True):
    """A row that is not blank; `number` is as a spreadsheet shows it."""

    number: int
    cells: Mapping[str, str]


class Table(Struct, frozen=True):
    letters: Mapping[str, str]
    """The letter of each column, by key."""
    rows: list[Row]

    def place(self, row: int, key: str | None) -> str:
        """The name of a cell, `B7`; the row alone where it is no one cell."""
        return f"{self.letters.get(key, '')}{row}" if key else str(row)


def read(content: bytes) -> Table:
    """The rows of a workbook. Raises `BadInput` naming what is wrong with it as a whole, `TooLarge` beyond the limits."""
    if len(content) > MOST_BYTES:
        raise TooLarge(say("文件超过 {most} MB，请拆分后再上传", most=MOST_BYTES // 1024**2))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(repacked(content))).get_sheet_by_index(0)
        grid = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, PasswordError, ValueError, OverflowError, IndexError) as error:
        raise BadInput(say("不是完好的 XLSX 文件，请用 Excel 或 WPS 打开后另存为 .xlsx"), code="bad-file") from error
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


def _header(cells: list[str]) -> dict[int, str]:
    """The key of each column by its place. Raises `BadInput` with every header that is not right."""
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
    if missing := [COLUMNS[key] for key in REQUIRED if key not in found.values()]:
        unmet.append(Unmet("column.missing", say("缺少必填的列：{names}", names=missing), "A1"))
    if unmet:
        raise BadInput(say("表头有误，请对照模板修改"), unmet=unmet, code="bad-header")
    return found


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() if cell is not None else ""


def template() -> bytes:
    """The empty workbook: its header in both languages, texts kept as texts, the kinds to choose from."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    sheet, head, text = book.add_worksheet("单位"), book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    for at, (key, name) in enumerate(COLUMNS.items()):
        sheet.set_column(at, at, 32 if key in ("name_zh", "name_en") else 22, text)
        sheet.write_string(0, at, f"{name.into('zh')}\n{name.into('en')}", head)
    kinds = [name.into("zh") for name in ORGANISATION_KINDS.values()]
    sheet.data_validation(1, 1, MOST_ROWS, 1, {"validate": "list", "source": kinds})
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()
