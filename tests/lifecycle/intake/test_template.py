"""The workbooks that are to be filled in and sent back: the template and the file of errors."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.intake import service
from tests.lifecycle.intake.driving import OFFICER, planned
from tests.lifecycle.intake.files import GBT, good, workbook


async def test_the_error_file_is_text_in_every_cell_and_says_what_is_wrong_where(registers: Hub) -> None:
    evil = '=HYPERLINK("http://example.invalid","x")'
    first = await planned(registers, workbook([good(1, 名称=evil, 备注="=1+1"), good(2)]))
    async with registers.reading(OFFICER) as work:
        content = await service.errors(work, first.id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        comments = archive.read("xl/comments1.xml").decode()
    assert b"<f>" not in sheet and b"<hyperlink" not in sheet
    assert "不能以 = 开头" in comments
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("数据").to_python()
    assert rows[0][:3] == ["原行号\nOriginal row", "错误", "Error"] and len(rows) == 2 and rows[1][3] == evil
    assert rows[1][0] == 2 and "名称：不能以 = 开头" in str(rows[1][1]) and "Title (Chinese): " in str(rows[1][2])
    assert b'xSplit="2" ySplit="1"' in sheet  # the row and what is wrong with it stay in sight


async def test_the_template_comes_back_with_its_own_headers_and_words(registers: Hub) -> None:
    async with registers.reading(OFFICER) as work:
        content = await service.template(work)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["数据", "数据字典", "取值"]
    values = book.get_sheet_by_name("取值").to_python()
    assert "氢能" in {cell for row in values for cell in row} and GBT in {row[0] for row in values}
    dictionary = book.get_sheet_by_name("数据字典").to_python()
    header = book.get_sheet_by_name("数据").to_python()[0]
    assert [str(cell).partition("\n")[0].rstrip("*") for cell in header] == [row[0] for row in dictionary[1:]]
    with pytest.raises(BadInput, match="只有表头"):
        await planned(registers, content)
