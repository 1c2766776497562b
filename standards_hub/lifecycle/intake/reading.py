"""From a file to rows of cells under known columns: XLSX, or CSV in UTF-8 or GB18030. What is read is still unchecked."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct, structs
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.http import number_in
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.workbooks import MOST_COLUMNS, repacked
from standards_hub.lifecycle.intake.columns import ERROR_HEADERS, ROW_HEADER, Column, columns, folded, headers

Cell = str | float | bool | date | None
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
LONGEST_CELL = 5_000
HEADER_WITHIN = 5
"""The header may stand a little below the top, under a title."""
DATA_SHEET = "数据"


class Row(Struct, frozen=True):
    """A row of the file that is not blank; `number` counts from 1 as a spreadsheet shows it."""

    number: int
    cells: dict[str, Cell]
    """By the key of the column; blank cells are left out."""
    source: int | None = None
    """Of an error file: the row of the first file that it puts right."""


class Table(Struct, frozen=True):
    """What a file holds. `places` are the letters of each column, by key, in the order of the file."""

    places: dict[str, str]
    rows: list[Row]

    def cell(self, row: int, column: str) -> str:
        """The name of a cell, `D17`; the row alone where the file has no such column."""
        return f"{self.places.get(column, '')}{row}"

    def corrected(self, corrections: Mapping[int, Mapping[str, str]]) -> "Table":
        """The same with some cells written anew."""
        if not corrections:
            return self
        places, width = dict(self.places), len(self.places)
        for key in dict.fromkeys(key for cells in corrections.values() for key in cells):
            if key not in places:
                places[key], width = letters(width), width + 1
        rows = []
        for row in self.rows:
            cells = {**row.cells, **corrections.get(row.number, {})}
            rows.append(structs.replace(row, cells={key: value for key, value in cells.items() if value not in (None, "")}))
        return Table(places, rows)


def read_table(content: bytes, name: str) -> Table:
    """The rows of a file. Raises `BadInput` naming what is wrong with the file as a whole, `TooLarge` beyond the limits."""
    if len(content) > MOST_BYTES:
        raise TooLarge(say("文件超过 {most} MB，请拆分后再上传", most=MOST_BYTES // 1024**2))
    if not content.strip():
        raise _bad(say("文件是空的"))
    suffix = name.rpartition(".")[2].lower()
    if suffix in ("xlsm", "xltm", "xlsb"):
        raise _bad(say("不接受 .{suffix}，请另存为不带宏的 .xlsx", suffix=suffix))
    workbook = suffix in ("xlsx", "xls", "et") or content[:2] == b"PK"
    return _table(_sheet(content) if workbook else _csv(content))


def _sheet(content: bytes) -> list[list[object]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(repacked(content)))
        visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        if not visible:
            raise _bad(say("工作簿里没有可见的工作表"))
        sheet = book.get_sheet_by_name(DATA_SHEET if DATA_SHEET in visible else visible[0])
        found: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        return found
    except PasswordError as error:
        raise _bad(say("工作簿加了密码，请去除密码后再上传")) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise _bad(say("不是完好的 XLSX 文件，请用 Excel 或 WPS 打开后另存为 .xlsx")) from error


def _csv(content: bytes) -> list[list[object]]:
    text = decoded(content)
    line = text.partition("\n")[0]
    delimiter = "\t" if line.count("\t") > line.count(",") else ","
    try:
        rows: list[list[object]] = []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            rows.append(list(row[: MOST_COLUMNS + 1]))
            if len(rows) > MOST_ROWS + HEADER_WITHIN + 1:
                break
        return rows
    except csv.Error as error:
        raise _bad(say("第 {line} 行附近的 CSV 引号或分隔有误，请改用 XLSX 或重新导出", line=reader.line_num)) from error


def decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without its mark, else GB18030. Raises `BadInput` naming the byte."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _bad(say("文件是 UTF-16 编码，请另存为 UTF-8 或 GB18030 的 CSV，或另存为 XLSX"))
    if b"\0" in content:
        raise _bad(say("不是文本文件，请上传 XLSX 或 CSV"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _bad(say("第 {line} 行的文字既不是 UTF-8 也不是 GB18030，请另存为 UTF-8", line=line)) from error


def _table(grid: list[list[object]]) -> Table:
    top, found = _header(grid)
    source = next((at for at, cell in enumerate(grid[top]) if folded(str(cell or "").partition("\n")[0]) == folded(ROW_HEADER.zh)), None)
    rows = []
    for number, cells in enumerate(grid[top + 1 :], top + 2):
        values: dict[str, Cell] = {
            column.key: value for at, column in found.items() if at < len(cells) and (value := _tidy(cells[at])) is not None
        }
        if values:
            rows.append(Row(number, values, _whole(cells, source)))
        if len(rows) > MOST_ROWS:
            raise TooLarge(say("数据超过 {most} 行，请拆分后再上传", most=MOST_ROWS))
    if not rows:
        raise _bad(say("文件里只有表头，没有数据"))
    return Table({column.key: letters(at) for at, column in found.items()}, rows)


def _whole(cells: list[object], at: int | None) -> int | None:
    text = str(_tidy(cells[at]) or "") if at is not None and at < len(cells) else ""
    return number_in(text, 8)


def _header(grid: list[list[object]]) -> tuple[int, dict[int, Column]]:
    """Where the header stands, and the column at each place. Raises `BadInput` with every header that is not right."""
    known = [[_column(cell) for cell in row] for row in grid[:HEADER_WITHIN]]
    top = max(range(len(known)), key=lambda at: (sum(column is not None for column in known[at]), -at), default=0)
    unmet: list[Unmet] = []
    found: dict[int, Column] = {}
    for at, cell in enumerate(grid[top] if grid else []):
        text = str(cell or "").strip()
        column = known[top][at]
        where = f"{letters(at)}{top + 1}"
        if column is None and text and folded(text.partition("\n")[0]) not in ERROR_HEADERS:
            unmet.append(Unmet("column.unknown", say("没有“{name}”这一列，请改用模板的表头或删去此列", name=text[:60]), where))
        elif column is not None and column in found.values():
            unmet.append(Unmet("column.twice", say("“{name}”列重复", name=column.name), where))
        elif column is not None:
            found[at] = column
    missing = [column.name for column in columns() if column.required and column not in found.values()]
    if missing:
        unmet.append(Unmet("column.missing", say("缺少必填的列：{names}", names=missing), f"A{top + 1}"))
    if unmet:
        raise BadInput(say("表头有误，请对照模板修改；CSV 文件还请确认编码"), unmet=unmet[:50], code="bad-header")
    return top, found


def _column(cell: object) -> Column | None:
    text = str(cell or "")
    for part in (text.partition("\n")[0], text, text.rpartition("\n")[2]):
        if len(part) <= 200 and (column := headers().get(folded(part))):
            return column
    return None


def _tidy(value: object) -> Cell:
    """A cell as a value without its wrapping: whole numbers without point, texts without spaces around them."""
    if value is None or isinstance(value, bool | date):
        return value.date() if isinstance(value, datetime) and value.time() == time() else value
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, time | timedelta):
        return str(value)
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[:LONGEST_CELL] or None


def letters(at: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text


def texts(rows: Iterable[Row], column: str) -> Iterator[str]:
    """The cells of a column that are filled in, as text."""
    return (str(value) for row in rows if (value := row.cells.get(column)) is not None)


def _bad(message: Message) -> BadInput:
    return BadInput(message, code="bad-file")
