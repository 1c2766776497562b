"""What was allotted against what counts, cell by cell. Pure. Allotted and counted add up; participation stands beside and does not."""

from collections import Counter
from collections.abc import Iterable
from itertools import product

from msgspec import Struct

from standards_hub.linkage.allotments.values import Allotment, Axis
from standards_hub.linkage.breakdown import OF
from standards_hub.linkage.counting import Counted, Line, counting_day
from standards_hub.linkage.rule import CountRule

Keys = tuple[str | None, ...]


class Cell(Struct, frozen=True):
    """One combination of keys. None is what nothing is recorded of."""

    keys: list[str | None]
    allotted: int
    counted: int
    """By primary assignment; adds up."""
    participation: int
    """项次: everywhere a standard takes part; never adds up to a number of standards."""


class Compared(Struct, frozen=True):
    """A division beside the count. `open` is what is allotted to no key (未分解); with the cells it is the target."""

    cells: list[Cell]
    open: int
    target: int
    counted: int
    participations: int
    stale: bool
    """Whether the target was re-based since it was divided, so that the numbers no longer come to it."""


def compared(allotment: Allotment, counted: Counted, rule: CountRule, target: int) -> Compared:
    """The cells as they were allotted, then those that count and were allotted nothing, with 0."""
    lines = counted.having("counted", allotment.target_key)
    primary: Counter[Keys] = Counter(tuple(_primary(line, axis, rule) for axis in allotment.axes) for line in lines)
    joined: Counter[Keys] = Counter()
    for line in lines:
        joined.update(product(*(_everywhere(line, axis, rule) for axis in allotment.axes)))
    planned: dict[Keys, int] = {tuple(cell.keys): cell.value for cell in allotment.cells}
    cumulative = allotment.mode == "cumulative" and "year" in allotment.axes
    at = list(allotment.axes).index("year") if cumulative else 0

    def until(sums: Counter[Keys], keys: Keys) -> int:
        if not cumulative:
            return sums[keys]
        return sum(n for other, n in sums.items() if _same_but(other, keys, at) and (other[at] or "") <= (keys[at] or ""))

    others = sorted({*primary, *joined} - set(planned), key=lambda keys: tuple((key is None, key or "") for key in keys))
    cells = [Cell(list(keys), planned.get(keys, 0), until(primary, keys), until(joined, keys)) for keys in (*planned, *others)]
    return Compared(
        cells, target - allotment.total + allotment.open, target, len(lines), sum(joined.values()), target != allotment.total
    )  # fmt: skip


def _same_but(one: Keys, other: Keys, at: int) -> bool:
    return all(a == b for n, (a, b) in enumerate(zip(one, other, strict=True)) if n != at)


def _primary(line: Line, axis: Axis, rule: CountRule) -> str | None:
    return _year(line, rule) if axis == "year" else OF[axis][0](line)


def _everywhere(line: Line, axis: Axis, rule: CountRule) -> Iterable[str | None]:
    return [_year(line, rule)] if axis == "year" else OF[axis][1](line)


def _year(line: Line, rule: CountRule) -> str | None:
    day = counting_day(line.standard, rule)
    return str(day.year) if day else None
