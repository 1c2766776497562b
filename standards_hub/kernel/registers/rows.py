"""The file of a register: its columns with their meaning, from a workbook or a CSV to rows of texts, and from rows to a file.

What is read is still unchecked; everything is text, in and out.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from standards_hub.kernel.errors import BadInput, TooLarge, Unmet
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.registers.sheets import guarded
from standards_hub.kernel.workbooks import repacked

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
PACKED = (b"PK", b"\xd0\xcf\x11\xe0")
"""How a workbook begins, or one of the old form; everything else is read as a CSV."""


class Column(Struct, frozen=True):
    """A column: its head, what stands in it, an example, and what it is chosen from."""

    name: Message
    meaning: Message
    example: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    """Whether a cell may hold several of the choices."""
    wide: bool = False


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


class Sheet(Struct, frozen=True, kw_only=True):
    """The columns of a register's file."""

    title: Message
    name: str
    """Of the file, without its ending."""
    columns: dict[str, Column]
    required: tuple[str, ...]

    @property
    def letters(self) -> dict[str, str]:
        return {key: chr(65 + at) for at, key in enumerate(self.columns)}

    def read(self, content: bytes) -> Table:
        """The rows of a workbook, or of a CSV in UTF-8 or GB18030. Raises `BadInput` naming what is wrong with it as a whole, `TooLarge`."""
        if len(content) > MOST_BYTES:
            raise TooLarge(say("文件超过 {most} MB，请拆分后再上传", most=MOST_BYTES // 1024**2))
        grid = _workbook(content) if content.startswith(PACKED) else _lines(content)
        keys = self._header(grid[0] if grid else [])
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

    def _header(self, cells: Sequence[str]) -> dict[int, str]:
        """The key of each column by its place. Raises `BadInput` with every head that is not right."""
        folded = {column.name.into(language).casefold(): key for key, column in self.columns.items() for language in ("zh", "en")}
        unmet, found = list[Unmet](), dict[int, str]()
        for at, cell in enumerate(cells):
            key = folded.get(cell.partition("\n")[0].strip().casefold())
            where = f"{chr(65 + at % 26)}1"
            if key is None and cell:
                unmet.append(Unmet("column.unknown", say("没有“{name}”这一列，请改用模板的表头或删去此列", name=cell[:60]), where))
            elif key in found.values():
                unmet.append(Unmet("column.twice", say("“{name}”列重复", name=cell), where))
            elif key:
                found[at] = key
        if missing := [self.columns[key].name for key in self.required if key not in found.values()]:
            unmet.append(Unmet("column.missing", say("缺少必填的列：{names}", names=missing), "A1"))
        if unmet:
            raise BadInput(say("表头有误，请对照模板修改"), unmet=unmet, code="bad-header")
        return found

    def workbook(self, rows: Iterable[Mapping[str, str]] = ()) -> bytes:
        """The workbook, empty as a template or with rows: the data, and a dictionary of its columns."""
        out = io.BytesIO()
        book = xlsxwriter.Workbook(
            out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        )
        head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(self.title.into("zh"))
        for at, column in enumerate(self.columns.values()):
            sheet.set_column(at, at, 32 if column.wide else 18, text)
            sheet.write_string(0, at, f"{column.name.into('zh')}\n{column.name.into('en')}", head)
            if column.choices and not column.several:
                sheet.data_validation(1, at, MOST_ROWS, at, {"validate": "list", "source": list(column.choices)})
        for number, row in enumerate(rows, 1):
            for at, key in enumerate(self.columns):
                if row.get(key):
                    sheet.write_string(number, at, row[key], text)
        sheet.freeze_panes(1, len(self.required))
        sheet.autofilter(0, 0, MOST_ROWS, len(self.columns) - 1)
        self._dictionary(book.add_worksheet("数据字典"), head)
        book.close()
        return out.getvalue()

    def _dictionary(self, sheet: xlsxwriter.worksheet.Worksheet, head: xlsxwriter.format.Format) -> None:
        for at, (name, width) in enumerate((("列 Column", 16), ("含义 Meaning", 60), ("可选值 Choices", 50), ("示例 Example", 30))):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, name, head)
        for number, (letter, column) in enumerate(zip(self.letters.values(), self.columns.values(), strict=True), 1):
            for at, cell in enumerate((f"{letter} {column.name.both}", column.meaning.both, "、".join(column.choices), column.example)):
                sheet.write_string(number, at, cell)
        sheet.freeze_panes(1, 0)

    def table(self, rows: Iterable[Mapping[str, str]]) -> list[list[str]]:
        """The same as lines for a CSV, the heads in Chinese."""
        heads = [column.name.into("zh") for column in self.columns.values()]
        return [heads, *([row.get(key, "") for key in self.columns] for row in rows)]


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


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() if cell is not None else ""
