"""What comes in and goes out of the doors of divisions of targets."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from standards_hub.committees.schemas import LongText, Text
from standards_hub.linkage.allotments.comparing import Compared
from standards_hub.linkage.allotments.values import Allotment, Axis, Cell, Mode

Axes = Annotated[list[Axis], Meta(min_length=1, max_length=4, description="one or two of year, field, region, unit")]


class NewAllotment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A target divided: whole numbers by keys of the axes, in their order. What is left over stays open (未分解)."""

    axes: Axes
    cells: Annotated[list[Cell], Meta(max_length=2000)]
    source: Text
    reason: Text
    mode: Mode = "period"
    on: date | None = None


class TypedAllotment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same as it is typed on a page: a line for each cell, its keys and the number with spaces or commas between."""

    axes: str
    lines: LongText
    source: Text
    reason: Text
    mode: Mode = "period"
    on: date | None = None


class AllotmentOut(Struct, frozen=True, kw_only=True):
    """A division in force beside the count of the day."""

    allotment: Allotment
    target: str
    compared: Compared


class AllotmentsOut(Struct, frozen=True, kw_only=True):
    """The divisions of a plan's targets on a day beside what counts, and their former versions."""

    as_of: date
    divisions: list[AllotmentOut]
    former: list[Allotment]
