"""A division of a target in one of its versions, and its rules: whole numbers, two axes at most, and nothing lost. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal
from uuid import UUID

from msgspec import Struct

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import Message, say

Axis = Literal["year", "field", "region", "unit"]
AXES: dict[Axis, Message] = {"year": say("年度"), "field": say("领域"), "region": say("区域"), "unit": say("单位")}
Mode = Literal["period", "cumulative"]
MODES: dict[Mode, Message] = {"period": say("各年当年数"), "cumulative": say("各年末累计数")}
MOST_AXES = 2
"""On more axes the cells would hold less than one standard each."""


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """So many standards for a key of each axis."""

    keys: list[str]
    value: int


class Allotment(Struct, frozen=True, kw_only=True):
    """A division in version `n` of its target and axes. The cells and what is left open come to `total`, the target's value."""

    id: UUID
    target_key: str
    axes: list[Axis]
    n: int
    mode: Mode
    """Whether the value of a year is that year's own, or all until its end; chosen once for a target."""
    cells: list[Cell]
    open: int
    """未分解: what is not allotted to any key."""
    total: int
    since: date
    superseded_on: date | None
    source: str
    reason: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.superseded_on is None or day < self.superseded_on)


def allotted(axes: Sequence[str], mode: Mode, cells: Iterable[Cell]) -> int:
    """What the cells come to: their sum, or where they are cumulative the sum of the last year's of each other key."""
    if mode == "period" or "year" not in axes:
        return sum(cell.value for cell in cells)
    return sum(values[max(values)] for values in _by_other(axes, cells).values())


def _by_other(axes: Sequence[str], cells: Iterable[Cell]) -> Mapping[tuple[str, ...], dict[str, int]]:
    at = list(axes).index("year")
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for cell in cells:
        found.setdefault(tuple(key for n, key in enumerate(cell.keys) if n != at), {})[cell.keys[at]] = cell.value
    return found


def unmet_for_allotment(
    axes: Sequence[Axis], mode: Mode, cells: Sequence[Cell], total: int, known: Mapping[Axis, set[str]], chosen: Mode | None
) -> list[Unmet]:
    """What stands in the way of dividing `total`: the axes, unknown or repeated keys, more than there is, another mode than before."""
    if not 1 <= len(axes) <= MOST_AXES or len(set(axes)) != len(axes):
        return [Unmet("allotment.axes", say("一次按一个或两个不同的维度分解，再多则每格不足一项"), "axes")]
    unmet = []
    if "year" in axes and chosen and chosen != mode:
        unmet.append(Unmet("allotment.mode", say("这项指标的年度数已按“{mode}”填写，不能改换", mode=MODES[chosen]), "mode"))
    if "year" not in axes and mode == "cumulative":
        unmet.append(Unmet("allotment.mode", say("只有按年度分解才有累计数"), "mode"))
    whole = True
    for row, cell in enumerate(cells, 1):
        if len(cell.keys) != len(axes):
            whole = False
            unmet.append(
                Unmet(
                    "allotment.keys",
                    say("第 {row} 行应写 {count} 个键：{axes}", row=row, count=len(axes), axes=[AXES[a] for a in axes]),
                    "cells",
                )
            )
            continue
        for axis, key in zip(axes, cell.keys, strict=True):
            if key not in known[axis]:
                unmet.append(
                    Unmet("allotment.unknown", say("第 {row} 行：{axis}“{key}”不在计划中", row=row, axis=AXES[axis], key=key), "cells")
                )
        if cell.value < 0:
            unmet.append(Unmet("allotment.negative", say("第 {row} 行应为 0 或正整数", row=row), "cells"))
    for keys, times in Counter(tuple(cell.keys) for cell in cells).items():
        if times > 1:
            unmet.append(Unmet("allotment.again", say("{keys} 重复", keys=list(keys)), "cells"))
    if not whole:
        return unmet
    if mode == "cumulative" and "year" in axes:
        for other, values in _by_other(axes, cells).items():
            years = sorted(values)
            if any(values[a] > values[b] for a, b in pairwise(years)):
                unmet.append(Unmet("allotment.falling", say("累计数不能逐年减少：{keys}", keys=list(other) or years), "cells"))
    if (come := allotted(axes, mode, cells)) > total:
        unmet.append(Unmet("allotment.sum", say("各格合计 {sum} 项，超过指标的 {total} 项", sum=come, total=total), "cells"))
    return unmet
