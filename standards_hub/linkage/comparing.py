"""Two counts side by side, standard by standard: under two rules on a day, or on two days under a rule. Pure."""

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
    left, right = ({line.standard.id: line for line in counted.lines} for counted in (first, second))
    found = []
    for id in dict.fromkeys((*right, *left)):
        a, b = left.get(id), right.get(id)
        was, now = (one is not None and one.outcome == "counted" for one in (a, b))
        if was != now:
            found.append(Difference(id, "added" if now else "removed", a, b))
        elif was and a and b and (a.role, a.target) != (b.role, b.target):
            found.append(Difference(id, "role", a, b))
    return found
