"""What a number counts, said once: the selection gives the number, the list behind it, and the address of that list.

Where the filter of the list of standards finds exactly the same standards, the address is that list's; else it is the
overview's own list, which also knows past days and why a standard counts. Pure.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from msgspec import Struct

from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.breakdown import OF
from standards_hub.linkage.counting import HALTED, Counted, Line, Outcome, PlanFacts, StandardFacts, window_of
from standards_hub.linkage.rule import CountRule, Role

Change = Literal["entered", "left", "either"]
AT_WORK = ("active", *HALTED)
UNCLASSIFIED = "-"
"""Stands for a standard that has none of the plan's fields."""
taking_part = OF["region"][1]
LATE_STAGES = ("50", "60")
"""From submission for approval on: approval and publication of the harmonized codes."""


class Selection(Struct, frozen=True, kw_only=True):
    """Lines of the count: every part that is said must fit, several values of one part are alternatives."""

    outcome: tuple[Outcome, ...] = ()
    target: str | None = None
    level: Level | None = None
    stage: tuple[str, ...] = ()
    """Two digits of the harmonized code; trial verification belongs to drafting."""
    field: str | None = None
    region: str | None = None
    """The primary region."""
    role: Role | None = None
    halted: bool = False
    overdue: bool = False
    """Whether a limit of it is past."""
    change: Change | None = None
    joined: str | None = None
    """A region that takes part in it, primary or not."""
    gap: bool = False
    """Whether it is said to fill a gap."""
    stricter: bool = False
    """Whether it is said to ask for more than the national standard."""
    output: bool = False
    """Whether a project claims it as its output."""
    office: str | None = None
    """The office that the province holds in it abroad."""

    def holds(self, line: Line) -> bool:
        """Whether a line belongs to it; `change` needs two days and is asked elsewhere."""
        return (
            line.target is not None
            and (not self.outcome or line.outcome in self.outcome)
            and self.target in (None, line.target)
            and self.level in (None, line.standard.level)
            and (not self.stage or line.standard.main_stage in self.stage)
            and self.field in (None, line.field or UNCLASSIFIED)
            and self.region in (None, line.region or UNCLASSIFIED)
            and self.role in (None, line.role)
            and (not self.halted or line.standard.status in HALTED)
            and (self.joined is None or self.joined in {region or UNCLASSIFIED for region in taking_part(line)})
            and (not self.gap or line.standard.fills_gap)
            and (not self.stricter or line.standard.stricter_than_national)
            and (not self.output or bool(line.standard.output_of))
            and self.office in (None, line.standard.international_role)
        )

    def parameters(self) -> list[tuple[str, str]]:
        """Itself as the query of an address."""
        made = [("outcome", one) for one in self.outcome] + [("stage", one) for one in self.stage]
        words = ("target", "level", "field", "region", "role", "change", "joined", "office")
        made += [(name, value) for name in words if (value := getattr(self, name)) is not None]
        return made + [(name, "true") for name in ("halted", "overdue", "gap", "stricter", "output") if getattr(self, name)]


class Listed(Struct, frozen=True, kw_only=True):
    """A filter of the list of standards, as far as the overview speaks it."""

    plan: str
    level: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    field: str | None = None
    published: tuple[date, date] | None = None
    overdue: bool = False

    def finds(self, standard: StandardFacts) -> bool:
        """Whether the list would show this standard of the plan."""
        return (
            (not self.level or standard.level in self.level)
            and (not self.status or standard.status in self.status)
            and (not self.kind or standard.kind in self.kind)
            and (not self.stage or standard.stage[:2] in self.stage)
            and self.field in (None, standard.primary_field)
            and (self.published is None or bool(standard.published_on and self.published[0] <= standard.published_on <= self.published[1]))
            and (not self.overdue or any(d.state == "overdue" for d in standard.deadlines))
        )

    @property
    def address(self) -> str:
        made = [("plan", self.plan)]
        for name in ("level", "status", "kind", "stage"):
            made += [(name, value) for value in getattr(self, name)]
        made += [("field", self.field)] if self.field else []
        if self.published:
            made += [("published_from", str(self.published[0])), ("published_to", str(self.published[1]))]
        return "/standards?" + urlencode([*made, ("overdue", "true")] if self.overdue else made)


class Finder(Struct, frozen=True, kw_only=True):
    """The count of a day, and the way from a selection to its lines and their address."""

    counted: Counted
    plan: PlanFacts
    rule: CountRule
    today: date
    since: date | None = None

    def lines(self, chosen: Selection) -> list[Line]:
        return [line for line in self.counted.lines if chosen.holds(line)]

    def address(self, chosen: Selection, lines: Iterable[Line]) -> str:
        """Where the lines of a selection are listed."""
        listed = self._listed(chosen)
        if listed and self.counted.as_of == self.today:
            wanted = {line.standard.id for line in lines}
            if wanted == {line.standard.id for line in self.counted.lines if listed.finds(line.standard)}:
                return listed.address
        return self.own_address(chosen)

    def own_address(self, chosen: Selection) -> str:
        """The list of the overview itself, on any day."""
        day = [("plan", self.plan.key), ("on", str(self.counted.as_of))]
        since = [("since", str(self.since))] if chosen.change and self.since else []
        return "/overview/standards?" + urlencode([*day, *since, *chosen.parameters()])

    def _listed(self, chosen: Selection) -> Listed | None:
        """The filter of the list that comes nearest; none where it has no words for it."""
        if chosen.change or chosen.field == UNCLASSIFIED or len(chosen.outcome) != 1:
            return None
        levels = tuple(level for t in self.plan.targets if chosen.target in (None, t.key) for level in t.levels)
        level = (chosen.level,) if chosen.level else levels
        base = Listed(plan=self.plan.key, level=level, kind=self.rule.kinds.value, field=chosen.field)
        if chosen.outcome == ("in_progress",):
            return _with(base, status=HALTED if chosen.halted else AT_WORK, stage=chosen.stage)
        if chosen.outcome == ("counted",):
            first, last = window_of(self.plan, self.rule)
            return _with(base, status=self.rule.status.value, published=(first, min(last, self.counted.as_of)))
        return None


def _with(listed: Listed, *, status: tuple[str, ...], stage: tuple[str, ...] = (), published: tuple[date, date] | None = None) -> Listed:
    return Listed(
        plan=listed.plan, level=listed.level, kind=listed.kind, field=listed.field, status=status, stage=stage, published=published
    )
