"""The overview as it goes out, to the page and to the API alike: numbers with the addresses of what they count."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.http import Said
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.forecast.values import State


class Number(Struct, frozen=True):
    """How many, and where they are listed."""

    value: int
    url: str


class ForeseenView(Struct, frozen=True):
    """What is foreseen of a target by its day: a range of the total, or why there is none."""

    state: State
    due: date
    low: int | None
    high: int | None


class TargetView(Struct, frozen=True, kw_only=True):
    """One target: what is done of it, what is on the way, what changed. Counts are null for those who may not see reports."""

    key: str
    name: Said
    target: int
    due: date | None
    counted: Number | None
    lead: int | None
    unverified: Number | None
    running: Number
    late: Number
    """Of those under way, the ones that were submitted for approval."""
    halted: Number
    entered: Number | None
    """Counted now and not on the day compared with."""
    left: Number | None
    permille: int | None
    foreseen: ForeseenView | None = None
    """Null too where nothing is to be foreseen: the target is met or its day is past."""


class StageView(Struct, frozen=True):
    """Work under way of one level, by main stage."""

    level: Level
    name: Said
    stages: list[Number]
    total: Number


class FieldCell(Struct, frozen=True):
    counted: Number | None
    running: Number


class FieldView(Struct, frozen=True):
    """One field of the plan by level; the last cell is the sum."""

    field: str
    name: Said
    cells: list[FieldCell]


class Aged(Struct, frozen=True, kw_only=True):
    """A standard under way: how long it has stood in its stage, and the nearest limit."""

    id: UUID
    number: str | None
    title: Said
    level: Level
    stage: str
    step: Said
    days: int
    due: date | None
    left: int | None
    """Days to the limit; below zero, days since."""
    state: str
    """late, soon (30 days or less), in_time, or free where no limit runs."""


class OverdueView(Struct, frozen=True, kw_only=True):
    id: UUID
    number: str | None
    title: Said
    deadline: Said
    due: date
    days: int
    holder: Said | None
    body: str | None
    """The name of the unit or committee that the holder is, where the count knows it."""
    committee: str | None
    consequence: Said | None
    status: str


class PublishedView(Struct, frozen=True, kw_only=True):
    id: UUID
    number: str | None
    title: Said
    level: Level
    published_on: date
    effective_on: date | None


class Overview(Struct, frozen=True, kw_only=True):
    """A plan on a day, compared with an earlier one."""

    plan: str
    name: Said
    on: date
    since: date
    since_is_report: bool
    """Whether the day compared with is that of the last kept report."""
    counts: bool
    """Whether the caller sees what counts; else only what is under way."""
    head: str
    """Hash of the last link of the log the numbers rest on."""
    standards: int
    exemplars: int
    total: TargetView
    targets: list[TargetView]
    stage_keys: list[str]
    stages: list[StageView]
    levels: list[Level]
    fields: list[FieldView]
    ageing: list[Aged]
    overdue: list[OverdueView]
    overdue_url: str | None
    published: list[PublishedView]


class LineView(Struct, frozen=True, kw_only=True):
    """A standard behind a number, and why it is there."""

    id: UUID
    number: str | None
    title: Said
    level: Level
    step: Said
    status: str
    published_on: date | None
    outcome: str
    why: Said
    flags: list[Said]
