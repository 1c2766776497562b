"""What counts, told by field, region and unit. Pure. Each table adds up to the count; participation stands beside it and does not."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from standards_hub.linkage.counting import Counted, Line

Axis = Literal["field", "region", "unit"]
AXES: tuple[Axis, ...] = ("field", "region", "unit")


class Row(Struct, frozen=True):
    """One key of an axis. `counted` is by primary assignment and adds up; `participation` may repeat (项次) and never does."""

    key: str | None
    """None for standards that nothing is recorded of."""
    counted: int
    by_target: dict[str, int]
    participation: int


class Breakdown(Struct, frozen=True):
    axis: Axis
    rows: tuple[Row, ...]
    total: int
    """Distinct standards, 项: the sum of `counted`."""
    participations: int
    """Sum of `participation`, 项次; not a count of standards."""


def unit_of(line: Line) -> str | None:
    """The primary unit: the leading drafter from the province, or else the first listed."""
    ours = sorted((d for d in line.standard.drafters if d.in_province), key=lambda d: (not d.lead, d.rank or 10**6, d.organisation))
    return ours[0].organisation if ours else None


def _fields(line: Line) -> set[str | None]:
    return {line.field, *(line.standard.fields if line.field else ())}


def _regions(line: Line) -> set[str | None]:
    return {line.region, *(d.region for d in line.standard.drafters if d.in_province and d.region)}


def _units(line: Line) -> set[str | None]:
    return {unit_of(line), *(d.organisation for d in line.standard.drafters if d.in_province)}


OF: dict[Axis, tuple[Callable[[Line], str | None], Callable[[Line], set[str | None]]]] = {
    "field": (lambda line: line.field, _fields),
    "region": (lambda line: line.region, _regions),
    "unit": (unit_of, _units),
}
"""For each axis where a standard is assigned, and everywhere it takes part."""


def breakdown(counted: Counted, axis: Axis) -> Breakdown:
    """The counted standards along one axis, the greatest first, what is not assigned last."""
    primary, taking_part = OF[axis]
    by_target: dict[str | None, Counter[str]] = defaultdict(Counter)
    joined: Counter[str | None] = Counter()
    lines = counted.having("counted")
    for line in lines:
        by_target[primary(line)][line.target or ""] += 1
        joined.update(taking_part(line))
    keys = sorted(joined, key=lambda key: (key is None, -sum(by_target[key].values()), key or ""))
    rows = tuple(Row(key, sum(by_target[key].values()), dict(sorted(by_target[key].items())), joined[key]) for key in keys)
    return Breakdown(axis, rows, len(lines), sum(joined.values()))


class Share(Struct, frozen=True):
    """A project's part in one standard, as it was claimed."""

    standard: str
    project: str
    share: Fraction


class Credit(Struct, frozen=True):
    """Shares of standards: what each project holds, and what nobody holds. Together they are one for each standard."""

    claims: int
    """项次: claims, however many are on one standard."""
    standards: int
    """项: distinct standards that are claimed."""
    projects: dict[str, Fraction]
    unassigned: Fraction


def credit(shares: Iterable[Share], *, renormalise: bool = False) -> Credit:
    """The credit of each project. With `renormalise` a freed share goes to those who still hold one, else it stays unassigned."""
    of_standard: dict[str, list[Share]] = defaultdict(list)
    for share in shares:
        of_standard[share.standard].append(share)
    held: dict[str, Fraction] = defaultdict(Fraction)
    unassigned = Fraction(0)
    for same in of_standard.values():
        total = sum((one.share for one in same), Fraction(0))
        whole = renormalise and total > 0
        for one in same:
            held[one.project] += one.share / total if whole else one.share
        unassigned += 0 if whole else 1 - total
    return Credit(sum(map(len, of_standard.values())), len(of_standard), dict(sorted(held.items())), unassigned)
