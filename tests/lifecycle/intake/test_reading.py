"""Files from outside: what is read, and what is refused before it can do harm."""

import io
import math
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards_hub.kernel import archives, workbooks
from standards_hub.kernel.errors import BadInput, HubError, TooLarge
from standards_hub.lifecycle.intake import reading
from standards_hub.lifecycle.intake.columns import Column, columns, headers
from standards_hub.lifecycle.intake.days import EPOCH, FIRST, LAST, read_day
from standards_hub.lifecycle.intake.ports import Words
from standards_hub.lifecycle.intake.reading import letters, read_table
from standards_hub.lifecycle.intake.template import make_template
from tests.lifecycle.intake.files import good, text, workbook

DAYS = st.dates(FIRST, LAST)
PLAIN = ("名称", "轨道", "现处步骤")


@given(DAYS)
def test_a_day_is_read_however_it_is_written(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    for written in (
        day.isoformat(), f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y} 年 {m} 月 {d} 日", f"{y}{m:02}{d:02}", int(f"{y}{m:02}{d:02}"),
        f" {day.isoformat()} 00:00:00", day, datetime(y, m, d, 13, 5), "".join(chr(ord(c) + 0xFEE0) for c in day.isoformat()),
    ):  # fmt: skip
        assert read_day(written) == day, written


@given(st.dates(date(1950, 1, 1), LAST))
def test_the_serial_of_a_spreadsheet_is_its_day(day: date) -> None:
    assert read_day(float((day - EPOCH) / timedelta(days=1))) == day


@given(st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.booleans(), st.none()))
def test_anything_at_all_is_a_day_in_range_or_none(value: object) -> None:
    found = read_day(value)
    assert found is None or (type(found) is date and FIRST <= found <= LAST)


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-13-01", "2026-11", "2026年11月", "26-11-24", "11/24/2026", "2026-11/24", "2026-11-24 13:05", True]
)
def test_what_is_not_a_whole_day_is_none(written: object) -> None:
    assert read_day(written) is None


def test_every_header_leads_to_one_column_and_days_of_all_tracks_have_theirs() -> None:
    known = headers()
    for column in columns():
        assert known[reading.folded(column.name.zh)] == column
        assert known[reading.folded(column.key)] == column
    assert (
        _column("征求意见日期").step == "30.20" and _column("DIS/CDV 投票").step == "40.20" and _column("试验验证").step == "verification"
    )


def _column(header: str) -> Column:
    return headers()[reading.folded(header)]


def test_headers_come_in_any_order_below_a_title_in_either_language() -> None:
    lines = [
        ["示例台账"], ["Track", "名称*\nTitle (Chinese)", " 现处 步骤 ", "entered_30.20", "错误", "Error"], [],
        ["national-gbt", "示例", "30.20", "2026-01-02", "旧的", "old"],
    ]  # fmt: skip
    table = read_table(text(lines[1:], lines[0]), "a.csv")
    assert [(row.number, row.cells) for row in table.rows] == [
        (4, {"track": "national-gbt", "title_zh": "示例", "step": "30.20", "entered_30.20": "2026-01-02"})
    ]
    assert table.cell(17, "title_zh") == "B17" and table.cell(17, "number") == "17"


@pytest.mark.parametrize(("header", "wheres", "words"), [
    (("名称", "轨道", "现处步骤", "心情"), ["D1"], "心情"),
    (("名称", "轨道", "备注"), ["A1"], "现处步骤"),
    (("名称", "轨道", "现处步骤", "标准名称"), ["D1"], "重复"),
])  # fmt: skip
def test_headers_that_are_unknown_missing_or_double_are_named(header: tuple[str, ...], wheres: list[str], words: str) -> None:
    for content, name in ((workbook([["示例"] * len(header)], header), "a.xlsx"), (text([["示例"] * len(header)], header), "a.csv")):
        with pytest.raises(BadInput) as error:
            read_table(content, name)
        assert [u.where for u in error.value.unmet] == wheres
        assert words in str(error.value)


def test_cells_keep_their_kind_and_the_sheet_named_data_is_read() -> None:
    table = read_table(workbook([good(1, 计划号=20260001.0, 备注="=1+1")]), "a.xlsx")
    cells = table.rows[0].cells
    assert cells["entered_20.00"] == date(2026, 1, 5) and cells["plan_number"] == "20260001" and cells["note"] == "=1+1"


def test_a_formula_comes_as_its_last_value_never_as_a_formula() -> None:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, ("名称", "轨道", "现处步骤"))
    sheet.write_formula(1, 0, '=HYPERLINK("http://example.invalid","x")', None, "示例")
    sheet.write_row(1, 1, ("national-gbt", "30.20"))
    book.close()
    assert read_table(out.getvalue(), "a.xlsx").rows[0].cells["title_zh"] == "示例"


def _rewritten(change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """A sound workbook with some of its parts changed, and more of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([good(1)]))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = change(entry.filename, old.read(entry))
            if data is not None:
                new.writestr(entry.filename, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def _sheet(old: bytes, new: bytes) -> bytes:
    return _rewritten(lambda name, data: data.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else data)


SHEET_ROW = b'<row r="2"'
ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst'
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "空"),
    "not a zip": (b"PK but no archive", "XLSX"),
    "cut short": (workbook([good(1)])[:-200], "XLSX"),
    "old or encrypted": (archives.OLE + b"\0" * 600, "密码"),
    "another archive": (_rewritten(lambda name, data: None, {"hello.txt": b"x"}), "XLSX"),
    "macros": (_rewritten(lambda name, data: data, {"xl/vbaProject.bin": b"x"}), "宏"),
    "external entity": (_rewritten(lambda name, data: data.replace(b"<sst", ENTITY, 1)), "XML"),
    "utf-16 part": (_rewritten(lambda name, data: data.decode().encode("utf-16") if name.endswith("sharedStrings.xml") else data), "XML"),
    "far row": (_sheet(b'<c r="A2"', b'<c r="A1048576"'), "A1048576"),
    "far column": (_sheet(b'<c r="A2"', b'<c r="XFD2"'), "XFD2"),
    "cell without place": (_sheet(b'<c r="A2"', b"<c"), "位置"),
    "place behind a namespace": (_sheet(b'<c r="A2"', b'<c x:r="A2" r="XFD1048576"'), "XFD1048576"),
    "place in single quotes": (_sheet(b'<c r="A2"', b"<c r='XFD1048576'"), "位置"),
    "place hidden in another value": (_sheet(b'<c r="A2"', b"<c x=\" r='A2\" r=\"XFD1048576\""), "XFD1048576"),
    "place as reference": (_sheet(b'<c r="A2"', b'<c r="&#88;FD2"'), "位置"),
    "far empty row": (_sheet(SHEET_ROW, b'<row r="1048576"'), "1048576"),
}  # fmt: skip


@pytest.mark.parametrize("which", HOSTILE)
def test_a_hostile_workbook_is_refused_with_the_mend(which: str) -> None:
    content, words = HOSTILE[which]
    with pytest.raises((BadInput, TooLarge)) as error:
        read_table(content, "台账.xlsx")
    assert words in error.value.message.both + str(error.value)


def test_a_bomb_is_refused_before_it_is_unpacked_whatever_size_it_claims() -> None:
    bomb = _rewritten(lambda name, data: data, {"xl/worksheets/sheet9.xml": b" " * (160 * 1024 * 1024)})
    assert len(bomb) < 1_000_000
    liar = bytearray(bomb)
    at = bytes(liar).rindex(b"xl/worksheets/sheet9.xml") - 46  # the entry of the directory, and its size
    liar[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    begun = time.monotonic()
    tracemalloc.start()
    try:
        for content in (bomb, bytes(liar)):
            with pytest.raises((TooLarge, BadInput)):
                read_table(content, "a.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert time.monotonic() - begun < 20


def test_many_entries_are_refused() -> None:
    with pytest.raises(BadInput, match="部件过多"):
        read_table(_rewritten(lambda name, data: data, {f"xl/x{n}.xml": b"" for n in range(600)}), "a.xlsx")


def test_media_and_links_to_outside_never_reach_the_parser() -> None:
    content = _rewritten(lambda name, data: data, {"xl/media/a.png": b"x" * 10, "xl/externalLinks/externalLink1.xml": b"<!DOCTYPE x>"})
    with zipfile.ZipFile(io.BytesIO(workbooks.repacked(content))) as clean:
        assert not [name for name in clean.namelist() if "media" in name or "external" in name]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_twenty_thousand_rows_are_read_and_one_more_is_refused(name: str) -> None:
    rows = [["示例", "national-gbt", "30.20"]] * 20_001
    make = workbook if name.endswith("x") else text
    with pytest.raises(TooLarge, match="20000"):
        read_table(make(rows, PLAIN), name)
    assert len(read_table(make(rows[:-1], PLAIN), name).rows) == 20_000


def test_a_file_beyond_the_size_is_refused() -> None:
    with pytest.raises(TooLarge, match="20 MB"):
        read_table(b"x" * (reading.MOST_BYTES + 1), "a.csv")


@pytest.mark.parametrize(("content", "words"), [
    ("名称,轨道".encode("utf-16"), "UTF-16"),
    (b"\x00\x01\x02", "文本"),
    ("名称,轨道\n".encode() + b"\xff\xff", "第 2 行"),
    ("名称,轨道,现处步骤\n\"没有收尾,a,b\n".encode(), "CSV"),
    ("名称,轨道,现处步骤\n".encode("big5", "replace"), "表头"),
])  # fmt: skip
def test_a_csv_that_cannot_be_read_is_refused_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(HubError) as error:
        read_table(content, "a.csv")
    assert words in str(error.value)


@pytest.mark.parametrize("name", ["a.xlsm", "a.xlsb", "a.xltm"])
def test_kinds_with_macros_are_refused_by_name(name: str) -> None:
    with pytest.raises(BadInput, match="xlsx"):
        read_table(workbook([good(1)]), name)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_clear_error(content: bytes) -> None:
    for name in ("a.xlsx", "a.csv", "a"):
        with pytest.raises(HubError):
            read_table(content, name)


def test_letters_count_as_a_spreadsheet_does() -> None:
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_the_headings_of_the_template_fit_the_height_of_their_row() -> None:
    with zipfile.ZipFile(io.BytesIO(make_template(Words()))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    height = float(re.search(r'<row r="1"[^>]* ht="([\d.]+)"', sheet)[1])  # type: ignore[index]
    lines = max(1 + math.ceil(len(one.name.en) / (one.width - 2)) for one in columns())
    assert lines * 13.5 <= height, "a line of 10 points wants 13.5"
