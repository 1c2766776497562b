"""What comes in and goes out about the ways of committees."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.committees.founding.rules import Gate, Limit
from standards_hub.committees.founding.values import Course, Milestone
from standards_hub.committees.schemas import LongText, Number, Text
from standards_hub.kernel.http import Said

ActKey = Literal[
    "propose", "prepare", "notify", "object", "approve", "decline", "begin", "enter", "renew", "renewed", "evaluate", "rectified",
    "reformed", "dissolve",
]  # fmt: skip
OutcomeKey = Literal["excellent", "qualified", "rectify", "change_host", "restructure", "dissolve"]


class ActIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an act says. `on` is the day it was done, which may be past: many acts are done elsewhere."""

    on: date | None = None
    reference: Text | None = None
    """The number of the paper that decided it, 文号."""
    reason: LongText | None = None
    exception: LongText | None = None
    """Why a condition that may be excepted is passed over."""
    until: date | None = None
    """The last day of the term that begins."""
    term: Annotated[int, Meta(ge=1, le=99)] | None = None
    number: Number | None = None
    """The committee's number, where the approval gives it."""
    outcome: OutcomeKey | None = None
    due: date | None = None
    """By when a rectification must be through."""


class CourseMove(ActIn, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An act on the way of a committee."""

    act: ActKey


class GateOut(Struct, frozen=True):
    """One condition of an act: met or not, and what is missing."""

    key: str
    name: Said
    met: bool
    why: Said
    waivable: bool

    @classmethod
    def of(cls, gate: Gate) -> "GateOut":
        return cls(gate.key, Said.of(gate.name), gate.met, Said.of(gate.why), gate.waivable)


class WayOut(Struct, frozen=True):
    """An act that leads on: whereto, what it asks for, its conditions, and whether this account may record it."""

    act: str
    name: Said
    to: str | None
    asks: list[str]
    gates: list[GateOut]
    permitted: bool


class LimitOut(Struct, frozen=True):
    """A day to keep; `warns` where it is past or near."""

    key: str
    due: date
    what: Said
    warns: bool
    source: str | None
    verified: bool

    @classmethod
    def of(cls, limit: Limit, warns: bool) -> "LimitOut":
        return cls(limit.key, limit.due, Said.of(limit.what), warns, limit.source, limit.verified)


class CourseOut(Struct, frozen=True):
    """Where a committee stands, what is missing to go on, the days it has to keep, and what was recorded."""

    course: Course | None
    ways: list[WayOut]
    limits: list[LimitOut]
    milestones: list[Milestone]


class CommitteeLimit(Struct, frozen=True):
    """A day that some committee has to keep."""

    committee_id: UUID
    committee_name: str
    committee_name_en: str
    step: str
    limit: LimitOut
