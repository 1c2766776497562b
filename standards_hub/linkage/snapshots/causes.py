"""Which event made the difference: the log between two snapshots, played again one event after the other.

An event is between them where the later could know of it and the earlier could not: because it was true only since, or because it
was recorded only since (补录).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from standards_hub.kernel.events import EVENT_NAMES, Replica
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import portfolio
from standards_hub.linkage.counting import count
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.portfolio import Surroundings
from standards_hub.linkage.rule import CountRule
from standards_hub.linkage.snapshots import repository
from standards_hub.linkage.snapshots.differing import Change
from standards_hub.linkage.snapshots.values import Snapshot, lines_of

Row = Mapping[str, Any]
Judgement = tuple[Any, ...] | None


class Cause(Struct, frozen=True):
    """An event that the later of two snapshots knows and the earlier does not."""

    event: int
    """Its place in the log."""
    type: str
    name: Said
    effective_on: date
    recorded_at: datetime
    actor: str
    late: bool
    """Recorded after the earlier snapshot of a day that the earlier one covers: 补录."""
    decisive: bool
    """From it on the standard is judged as the later snapshot does."""


async def causes(
    work: Work, earlier: Snapshot, later: Snapshot, changes: Sequence[Change], plan: PlanFacts, rule: CountRule
) -> dict[str, list[Cause]]:
    """For each standard that changed, what happened to it in between, oldest first; `plan` and `rule` are those of the later."""
    logs = await repository.events(work.connection, [f"standard:{one.id}" for one in changes])
    replica = Replica(partial=True)
    for log in logs.values():
        for row in log:
            if _seen(row, later):
                replica.apply(row)
    beside = await portfolio.surroundings(work.connection, replica, later.as_of, later.known_at)
    found = {}
    for one in changes:
        log = logs.get(f"standard:{one.id}", [])
        base, new = [r for r in log if _seen(r, earlier) and _seen(r, later)], [r for r in log if _seen(r, later) and not _seen(r, earlier)]
        decisive = _decisive(base, new, beside, later, plan, rule) if one.kind != "other" else None
        found[one.id] = [_cause(row, earlier, row["id"] == decisive) for row in new]
    return found


def _seen(row: Row, link: Snapshot) -> bool:
    return bool(row["effective_on"] <= link.as_of and row["recorded_at"] <= link.known_at)


def _decisive(
    base: Sequence[Row], new: Sequence[Row], beside: Surroundings, later: Snapshot, plan: PlanFacts, rule: CountRule
) -> int | None:
    """The event from which on the judgement is the final one; None where no event of the standard made the difference."""
    told = [_judged([*base, *new[:n]], beside, later, plan, rule) for n in range(len(new) + 1)]
    at = len(told) - 1
    while at and told[at - 1] == told[-1]:
        at -= 1
    return new[at - 1]["id"] if at else None


def _judged(rows: Iterable[Row], beside: Surroundings, later: Snapshot, plan: PlanFacts, rule: CountRule) -> Judgement:
    replica, begun = Replica(partial=True), False
    for row in sorted(rows, key=lambda row: row["id"]):
        begun = begun or row["seq"] == 1
        if begun:
            replica.apply(row)
    facts = portfolio.told(replica, beside, later.plan_key, later.as_of)
    lines = lines_of(count(facts, plan, rule, later.as_of))
    return next(((one.outcome, one.target, one.level, one.role, one.field, one.region, one.unit, one.number) for one in lines), None)


def _cause(row: Row, earlier: Snapshot, decisive: bool) -> Cause:
    name = EVENT_NAMES.get(row["type"], say("其他变动"))
    late = row["effective_on"] <= earlier.as_of
    return Cause(row["id"], row["type"], Said.of(name), row["effective_on"], row["recorded_at"], row["actor"], late, decisive)
