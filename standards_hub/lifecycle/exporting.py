"""A list as a file: the very rows, columns and order that its page shows, as CSV and as a workbook, in flat memory."""

import asyncio
import contextlib
import csv
import io
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.registers.sheets import guarded
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle import queries
from standards_hub.lifecycle.columns import Beside, Column, needed, printed
from standards_hub.lifecycle.listing import CHUNK_BYTES, apart
from standards_hub.lifecycle.repository import Filter
from standards_hub.lifecycle.services import listing

BATCH = 1000
FONT = "等线"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What begins with = stays text."""
Line = list[str | date]


async def as_csv(
    hub: Hub, actor: Actor, wanted: Filter, order: str, columns: Mapping[str, Column], language: str
) -> AsyncGenerator[bytes, None]:
    """The list as CSV in UTF-8 with a BOM, for Excel."""
    yield b"\xef\xbb\xbf" + _csv([_head(columns, language)])
    async with contextlib.aclosing(apart(_pieces(hub, actor, wanted, order, columns, language))) as pieces:
        async for piece in pieces:
            yield piece


async def _pieces(
    hub: Hub, actor: Actor, wanted: Filter, order: str, columns: Mapping[str, Column], language: str
) -> AsyncGenerator[bytes, None]:
    async with contextlib.aclosing(_batches(hub, actor, wanted, order, columns, language)) as batches:
        async for lines in batches:
            yield _csv(lines)


def _csv(lines: list[Line]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [[guarded(value) if isinstance(value, str) else value.isoformat() for value in line] for line in lines]
    )
    return text.getvalue().encode()


async def as_xlsx(
    hub: Hub, actor: Actor, wanted: Filter, order: str, columns: Mapping[str, Column], language: str
) -> AsyncGenerator[bytes, None]:
    """The list as a workbook, written to a file that is gone when it has been read."""
    async with contextlib.aclosing(apart(_workbook(hub, actor, wanted, order, columns, language))) as pieces:
        async for piece in pieces:
            yield piece


async def _workbook(
    hub: Hub, actor: Actor, wanted: Filter, order: str, columns: Mapping[str, Column], language: str
) -> AsyncGenerator[bytes, None]:
    with tempfile.TemporaryDirectory(prefix="standards-") as folder:
        path = Path(folder) / "standards.xlsx"
        book = _Book(path, columns, language)
        async with contextlib.aclosing(_batches(hub, actor, wanted, order, columns, language)) as batches:
            async for lines in batches:
                await asyncio.to_thread(book.write, lines)
        await asyncio.to_thread(book.close)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield piece


class _Book:
    """The workbook while it is written, row by row."""

    def __init__(self, path: Path, columns: Mapping[str, Column], language: str) -> None:
        self.book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
        self.sheet = self.book.add_worksheet("标准" if language == "zh" else "Standards")
        made = self.book.add_format
        base = {"font_name": FONT, "font_size": 10, "valign": "top"}
        self.text, self.day = made({**base, "num_format": "@"}), made({**base, "num_format": "yyyy-mm-dd", "align": "left"})
        self.sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns.values()):
            self.sheet.set_column(at, at, column.width)
        self.row, self.last = 0, len(columns) - 1
        heading = made({**base, "bold": True, "bg_color": "#E7EEF7", "bottom": 1})
        for at, name in enumerate(_head(columns, language)):
            self.sheet.write_string(0, at, str(name), heading)

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            self.row += 1
            for at, value in enumerate(line):
                if isinstance(value, date):
                    self.sheet.write_datetime(self.row, at, value, self.day)
                else:
                    self.sheet.write_string(self.row, at, value, self.text)

    def close(self) -> None:
        self.sheet.autofilter(0, 0, self.row, self.last)
        self.book.close()


def _head(columns: Mapping[str, Column], language: str) -> Line:
    return [column.name.into(language) for column in columns.values()]


async def _batches(
    hub: Hub, actor: Actor, wanted: Filter, order: str, columns: Mapping[str, Column], language: str
) -> AsyncGenerator[list[Line], None]:
    """The lines of a list, some at a time, as they are printed on its page."""
    async with hub.reading(actor) as work:
        query = queries.listed(actor, wanted, order, needed(dict(columns)))
        async with work.connection.stream(query.execution_options(yield_per=BATCH)) as result:
            async for rows in result.partitions(BATCH):
                beside = await listing.beside(work, rows, columns)
                yield await asyncio.to_thread(_lines, rows, beside, columns, language)


def _lines(rows: Sequence[Any], beside: Beside, columns: Mapping[str, Column], language: str) -> list[Line]:
    return [[printed(column.value(row, beside), language) for column in columns.values()] for row in rows]


KINDS: dict[str, tuple[str, Callable[..., AsyncGenerator[bytes, None]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
