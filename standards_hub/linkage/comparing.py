"""Two counts side by side, standard by standard: under two rules on a day, or on two days under a rule. Pure."""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from standards_hub.linkage.counting import Counted, Line

Change = Literal["added", "removed", "role"]


class Difference(Struct, frozen=True):
    """A standard that the two counts judge differently; a side is None where the standard was not known."""

    id: str
    change: Change
    """Counted only by the second, only by the first, or by both in another role."""
    first: Line | None
    second: Line | None

    @property
    def line(self) -> Line:
        found = self.second or self.first
        assert found is not None
        return found


def differences(first: Counted, second: Counted) -> list[Difference]:
    """What the second counts otherwise than the first; added minus removed is the difference of the totals."""
    found = []
    for a, b in _pairs(first.lines, second.lines):
        was, now = a is not None and a.outcome == "counted", b is not None and b.outcome == "counted"
        if was != now:
            found.append(Difference(_id(a, b), "added" if now else "removed", a, b))
        elif was and a and b and (a.role, a.target) != (b.role, b.target):
            found.append(Difference(_id(a, b), "role", a, b))
    return found


def _pairs(first: Sequence[Line], second: Sequence[Line]) -> Iterable[tuple[Line | None, Line | None]]:
    """The lines of each standard in both; where the same facts were counted they stand in the same order, and nothing has to be looked up."""
    if len(first) == len(second) and all(a.standard is b.standard for a, b in zip(first, second, strict=True)):
        return zip(first, second, strict=True)
    left, right = ({line.standard.id: line for line in lines} for lines in (first, second))
    return ((left.get(id), right.get(id)) for id in dict.fromkeys((*right, *left)))


def _id(a: Line | None, b: Line | None) -> str:
    line = b or a
    assert line is not None
    return line.standard.id
