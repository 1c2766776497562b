"""Entering the days of a year, and asking whether a day is one off. The caller commits."""

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar
from uuid import NAMESPACE_URL, uuid5

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.holidays.models import Holiday, HolidayRow, HolidaysEntered
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Subject, Work

TABLE = table_of(HolidayRow)
MOST_DAYS = 400
COLUMNS = Holiday.__struct_fields__
KINDS = {"off": "off", "work": "work", "休": "off", "班": "work"}
SATURDAY = 5
LONGEST = timedelta(days=30)
"""No run of days off is longer."""


class HolidayTable(Struct, forbid_unknown_fields=True):
    """The days of one or more years, each of which is replaced as a whole."""

    days: list[Holiday]


class DayOff(Struct, frozen=True):
    """Why nobody is at work on a day, and the last working day before it."""

    why: Name | Message
    before: date

    @property
    def hint(self) -> Message:
        """What to say beside a limit that ends on it; the limit itself stays."""
        return say("{why}，建议提前至 {day}", why=self.why, day=self.before)


class Year(Subject, kw_only=True):
    """The stream of a year."""

    stream_kind: ClassVar[str] = "holidays"
    year: int


def read_csv(content: bytes) -> list[Holiday]:
    """A table with the columns of `Holiday`, in UTF-8 or GB 18030. Raises `BadInput` that names every row that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        return _read(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise _wrong([Unmet("csv", say("不是完好的 CSV 文件：{error}", error=str(error)), "file")]) from error


def _read(rows: "csv.DictReader[str]") -> list[Holiday]:
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise _wrong([Unmet("columns", say("缺少列 {columns}；第一行须为 {wanted}", columns=missing, wanted=",".join(COLUMNS)), "file")])
    days: list[Holiday] = []
    unmet: list[Unmet] = []
    for number, row in enumerate(rows, 2):
        given = {name: (row[name] or "").strip() for name in COLUMNS}
        given["kind"] = KINDS.get(given["kind"], given["kind"])
        try:
            days.append(msgspec.convert(given, Holiday, strict=False))
        except msgspec.ValidationError:
            unmet.append(
                Unmet("row", say("第 {row} 行有误：日期如 2026-10-01，种类为 off 或 work，verified 为 1 或 0", row=number), "file")
            )
        if number > MOST_DAYS:
            raise _wrong([Unmet("rows", say("最多 {most} 行", most=MOST_DAYS), "file")])
    if unmet:
        raise _wrong(unmet)
    return days


async def enter(work: Work, days: list[Holiday]) -> list[int]:
    """Put in the days of every year that occurs among them, in place of what was there. Tells the years."""
    work.actor.require("holiday.manage")
    _check(days)
    found = sorted({holiday.day.year for holiday in days})
    for year in found:
        before = [holiday.day for holiday in await of_year(work.connection, year)]
        subject = Year(id=uuid5(NAMESPACE_URL, f"holidays:{year}"), year=year)
        seq = sa.select(sa.func.coalesce(sa.func.max(table_of(EventRow).c.seq), 0)).where(table_of(EventRow).c.stream == subject.stream)
        subject.version = int((await work.connection.execute(seq)).scalar_one())
        of_this = sorted((h for h in days if h.day.year == year), key=lambda h: h.day)
        await work.append(subject, HolidaysEntered(of_this, before))
    return found


def _check(days: list[Holiday]) -> None:
    seen: set[date] = set()
    unmet = [] if days else [Unmet("empty", say("表中没有一天"), "days")]
    for number, holiday in enumerate(days, 1):
        if holiday.day in seen:
            unmet.append(Unmet("twice", say("{day} 出现两次", day=holiday.day), f"days.{number}"))
        if not holiday.source.strip() or not holiday.name_zh.strip() or not holiday.name_en.strip():
            unmet.append(Unmet("source", say("{day} 缺少名称或依据", day=holiday.day), f"days.{number}"))
        seen.add(holiday.day)
    if len(days) > MOST_DAYS:
        unmet.append(Unmet("rows", say("最多 {most} 行", most=MOST_DAYS), "days"))
    if unmet:
        raise _wrong(unmet)


def _wrong(unmet: list[Unmet]) -> BadInput:
    return BadInput(say("节假日表有误"), unmet=unmet)


async def of_year(connection: AsyncConnection, year: int) -> list[Holiday]:
    """The days of a year that were entered."""
    within = TABLE.c.day.between(date(year, 1, 1), date(year, 12, 31))
    return [Holiday(**row._mapping) for row in await connection.execute(sa.select(TABLE).where(within).order_by(TABLE.c.day))]


async def years(connection: AsyncConnection) -> list[int]:
    """The years of which days were entered."""
    return sorted({day.year for day in (await connection.execute(sa.select(TABLE.c.day))).scalars()})


async def days_off(connection: AsyncConnection, days: Iterable[date]) -> dict[date, DayOff]:
    """Those of the days on which nobody is at work: a holiday, or a weekend that is not made a working day."""
    wanted = sorted(set(days))
    if not wanted:
        return {}
    within = TABLE.c.day.between(wanted[0] - LONGEST, wanted[-1])
    entered = {row.day: row for row in await connection.execute(sa.select(TABLE).where(within))}

    def why(day: date) -> Name | Message | None:
        if (row := entered.get(day)) is not None:
            return Name(row.name_zh, row.name_en) if row.kind == "off" else None
        return say("周末") if day.weekday() >= SATURDAY else None

    found: dict[date, DayOff] = {}
    for day in wanted:
        if reason := why(day):
            earlier = (day - timedelta(days=n) for n in range(1, LONGEST.days + 1))
            found[day] = DayOff(reason, next((one for one in earlier if not why(one)), day - LONGEST))
    return found


async def day_off(connection: AsyncConnection, day: date) -> DayOff | None:
    """Whether nobody is at work on a day; none if it is a working day."""
    return (await days_off(connection, [day])).get(day)
