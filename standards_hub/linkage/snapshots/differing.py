"""What became different between two snapshots, standard by standard. Pure."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from standards_hub.kernel.messages import Message, say
from standards_hub.linkage.snapshots.values import SnapLine

Kind = Literal["added", "removed", "moved", "other"]
KINDS: dict[Kind, Message] = {
    "added": say("新计入"),
    "removed": say("不再计入"),
    "moved": say("计入而归属有变"),
    "other": say("未计入而情况有变"),
}
What = Literal["level", "target", "role", "field", "region", "unit", "number", "outcome", "stage"]
WHATS: dict[What, Message] = {
    "level": say("层级"), "target": say("指标"), "role": say("角色"), "field": say("领域"), "region": say("区域"), "unit": say("单位"),
    "number": say("标准号"), "outcome": say("计数结果"), "stage": say("阶段"),
}  # fmt: skip
COUNTED: tuple[What, ...] = ("level", "target", "role", "field", "region", "unit", "number")
"""What makes a difference to a standard that counts; its stage does not."""
ALL: tuple[What, ...] = (*COUNTED, "outcome", "stage")


class Moved(Struct, frozen=True):
    """One thing said of a standard that is otherwise than before."""

    what: What
    before: str | None
    after: str | None


class Change(Struct, frozen=True):
    """A standard of which the two snapshots say different things; a side is None where it was not under the plan."""

    id: str
    kind: Kind
    before: SnapLine | None
    after: SnapLine | None
    moves: tuple[Moved, ...]

    @property
    def line(self) -> SnapLine:
        found = self.after or self.before
        assert found is not None
        return found


def changes(earlier: Iterable[SnapLine], later: Iterable[SnapLine]) -> list[Change]:
    """What the later says otherwise: added minus removed is the difference of the totals. First what moves the count."""
    left, right = ({line.id: line for line in lines} for lines in (earlier, later))
    found = [made for id in dict.fromkeys((*right, *left)) if (made := _change(left.get(id), right.get(id)))]
    order = list(KINDS)
    return sorted(found, key=lambda one: (order.index(one.kind), one.line.target or "~", one.line.number or "~", one.id))


def of_the_count(found: Iterable[Change]) -> list[Change]:
    """Those that touch what counts. A stage that was recorded late is a difference too, but no reason to correct what was signed."""
    return [one for one in found if one.kind != "other"]


def _change(before: SnapLine | None, after: SnapLine | None) -> Change | None:
    line = after or before
    assert line is not None
    was, now = before is not None and before.counts, after is not None and after.counts
    whats = COUNTED if was and now else ALL
    moves = tuple(
        Moved(what, *values) for what in whats
        if len(set(values := tuple(getattr(side, what) if side else None for side in (before, after)))) > 1
    )  # fmt: skip
    if was != now:
        return Change(line.id, "added" if now else "removed", before, after, moves)
    return Change(line.id, "moved" if was else "other", before, after, moves) if moves else None
