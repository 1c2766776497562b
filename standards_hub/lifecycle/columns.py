"""The columns that a list of standards can show: on the page, in the CSV and in the workbook, from one value each. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.services.moving import KIND_NAMES, STATUS_NAMES
from standards_hub.lifecycle.tracks import track as track_of
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES

Value = Message | Name | str | date | None


class Limit(Protocol):
    """A limit that runs."""

    @property
    def due_on(self) -> date: ...
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


class Beside(Struct, frozen=True):
    """What stands beside the rows of a list: their next limits and the names of what they point to."""

    today: date
    due: Mapping[UUID, Limit]
    committees: dict[UUID, tuple[Name, Name]]
    """The short name and the whole one."""
    plans: dict[str, Name]
    fields: dict[str, Name]
    regions: dict[str, Name]


class Column(Struct, frozen=True):
    name: Message
    value: Callable[[Any, Beside], Value]
    needs: tuple[str, ...] = ()
    """The columns of the table that it is made from."""
    css: str = ""
    width: int = 14
    """In characters, in the workbook."""
    link: Callable[[Any], str | None] | None = None
    inside: bool = False
    """Only for those who are signed in."""


@cache
def step_name(track: str, step: str) -> Name:
    """The code and the name of a step, as the track shows it."""
    found = track_of(track).step(step)
    return Name(f"{found.shown} {found.name.zh}", f"{found.shown} {found.name.en}")


@cache
def track_name(track: str) -> Name:
    return track_of(track).name


def left(due: date, today: date) -> Message:
    """How far a last day is off, in calendar days."""
    days = (due - today).days
    if days < 0:
        return say("逾期 {days} 天", days=-days)
    return say("还有 {days} 天", days=days) if days else say("今天届满")


def _title(row: Any, _beside: Beside) -> Name:
    return Name(row.title_zh, row.title_en or row.title_zh)


def _due(row: Any, beside: Beside) -> date | None:
    return found.due_on if (found := beside.due.get(row.id)) else None


def _left(row: Any, beside: Beside) -> Message | None:
    return left(found.due_on, beside.today) if (found := beside.due.get(row.id)) else None


def _limit(row: Any, beside: Beside) -> Name | None:
    return Name(found.name_zh, found.name_en) if (found := beside.due.get(row.id)) else None


def _committee(row: Any, beside: Beside) -> Name | None:
    return beside.committees[row.committee_id][0] if row.committee_id in beside.committees else None


def _committee_name(row: Any, beside: Beside) -> Name | None:
    return beside.committees[row.committee_id][1] if row.committee_id in beside.committees else None


def _committee_link(row: Any) -> str | None:
    return f"/committees/{row.committee_id}" if row.committee_id else None


def _yes(on: bool) -> Message | None:
    return say("是") if on else None


COLUMNS: dict[str, Column] = {
    "label": Column(say("编号"), lambda row, _: row.number or row.plan_number, css="id", width=22, link=lambda row: f"/standards/{row.id}"),
    "title": Column(say("名称"), _title, css="title whole", width=48, link=lambda row: f"/standards/{row.id}"),
    "level": Column(say("层级"), lambda row, _: LEVEL_NAMES[row.level], ("level",), "level aside", 10),
    "stage": Column(say("阶段"), lambda row, _: step_name(row.track, row.step), css="step", width=20),
    "due": Column(say("期限"), _due, css="nowrap", width=12, inside=True),
    "left": Column(say("剩余"), _left, css="nowrap", width=14, inside=True),
    "committee": Column(say("委员会"), _committee, ("committee_id",), "aside body", 16, _committee_link),
    "status": Column(say("状态"), lambda row, _: STATUS_NAMES[row.status], css="nowrap", width=10),
    "entered": Column(say("进入本步"), lambda row, _: row.step_entered_on, css="nowrap aside", width=12),
    "limit": Column(say("期限名称"), _limit, css="aside", width=24, inside=True),
    "committee_name": Column(say("委员会名称"), _committee_name, ("committee_id",), "aside", 36, _committee_link),
    "title_en": Column(say("英文名称"), lambda row, _: row.title_en, css="aside", width=48),
    "plan_number": Column(say("计划号"), lambda row, _: row.plan_number, css="nowrap aside", width=20),
    "number": Column(say("标准编号"), lambda row, _: row.number, css="nowrap aside", width=22),
    "kind": Column(say("类型"), lambda row, _: KIND_NAMES[row.kind], ("kind",), "nowrap aside", 10),
    "track": Column(say("轨道"), lambda row, _: track_name(row.track), css="aside", width=28, link=lambda row: f"/tracks/{row.track}"),
    "plan": Column(say("考核计划"), lambda row, beside: beside.plans.get(row.plan_key, row.plan_key), ("plan_key",), "aside", 24),
    "field": Column(say("领域"), lambda row, beside: beside.fields.get(row.primary_field, row.primary_field), ("primary_field",), "aside", 18),
    "region": Column(say("区域"), lambda row, beside: beside.regions.get(row.region, row.region), ("region",), "nowrap aside", 12),
    "fills_gap": Column(say("填补空白"), lambda row, _: _yes(row.fills_gap), ("fills_gap",), "nowrap aside", 10),
    "stricter": Column(say("高于国家标准"), lambda row, _: _yes(row.stricter), ("stricter",), "nowrap aside", 14),
    "proposed": Column(say("提出日期"), lambda row, _: row.proposed_on, ("proposed_on",), "nowrap aside", 12),
    "published": Column(say("发布日期"), lambda row, _: row.published_on, ("published_on",), "nowrap aside", 12),
    "effective": Column(say("实施日期"), lambda row, _: row.effective_on, ("effective_on",), "nowrap aside", 12),
}  # fmt: skip
USUAL = ("label", "title", "level", "stage", "due", "left", "committee", "status")
ALWAYS = ("id", "number", "plan_number", "title_zh", "title_en", "track", "step", "stage", "step_entered_on", "status")
"""What every row is read with."""


def shown(chosen: tuple[str, ...], inside: bool) -> dict[str, Column]:
    """The columns to show, the usual ones where none were chosen; the title is always among them."""
    names = {*(chosen or USUAL), "title"}
    return {name: column for name, column in COLUMNS.items() if name in names and (inside or not column.inside)}


def needed(columns: dict[str, Column]) -> tuple[str, ...]:
    """The columns of the table that they are made from."""
    return tuple(dict.fromkeys([*ALWAYS, *(name for column in columns.values() for name in column.needs)]))


def printed(value: Value, language: str) -> str | date:
    """A value as a file takes it: a day, or text in one language."""
    if isinstance(value, Message | Name):
        return value.into(language)
    return value if value is not None else ""
