"""A count as it goes out over the API and the command line."""

from datetime import date, datetime

from msgspec import Struct

from standards_hub.kernel.http import Said
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.breakdown import AXES, Breakdown, breakdown
from standards_hub.linkage.comparing import Change, Difference
from standards_hub.linkage.counting import Line, Outcome, TargetCount
from standards_hub.linkage.rule import CountRule, Role
from standards_hub.linkage.services.tallies import SideBySide, Tally


class RuleOut(Struct, frozen=True):
    id: str
    name: Said
    hash: str
    """SHA-256 over its content."""

    @classmethod
    def of(cls, rule: CountRule) -> "RuleOut":
        return cls(rule.id, Said(rule.zh, rule.en), rule.hash)


class StandardOut(Struct, frozen=True):
    """One standard: whether it counts, and the clause of the rule that decided."""

    id: str
    target: str | None
    counted: bool
    reason: str
    """The reason in both languages."""
    clause: str
    outcome: Outcome
    number: str | None
    title: str
    level: Level
    role: Role | None
    field: str | None
    region: str | None
    approved_on: date | None
    published_on: date | None
    flags: list[str]

    @classmethod
    def of(cls, line: Line) -> "StandardOut":
        s = line.standard
        return cls(
            id=s.id, target=line.target, counted=line.outcome == "counted", reason=line.why.both, clause=line.code, outcome=line.outcome,
            number=s.number, title=s.title_zh or s.title_en, level=s.level, role=line.role, field=line.field, region=line.region,
            approved_on=s.approved_on, published_on=s.published_on, flags=[flag.both for flag in line.flags],
        )  # fmt: skip


class TallyOut(Struct, frozen=True):
    """The count of a plan, with every standard of it. `tables` add up to the total; their `participation` does not."""

    plan: str
    as_of: date
    known_at: datetime
    rule: RuleOut
    data_hash: str
    targets: list[TargetCount]
    total: TargetCount
    standards: list[StandardOut]
    tables: list[Breakdown]

    @classmethod
    def of(cls, tally: Tally) -> "TallyOut":
        counted = tally.counted
        return cls(
            plan=counted.plan, as_of=counted.as_of, known_at=tally.held.known_at, rule=RuleOut.of(tally.rule),
            data_hash=tally.held.data_hash, targets=list(counted.targets), total=counted.total,
            standards=[StandardOut.of(line) for line in counted.lines], tables=[breakdown(counted, axis) for axis in AXES],
        )  # fmt: skip


class DifferenceOut(Struct, frozen=True):
    id: str
    number: str | None
    title: str
    target: str | None
    change: Change
    first: str | None
    """What the first rule says of it, in both languages."""
    second: str | None

    @classmethod
    def of(cls, one: Difference) -> "DifferenceOut":
        s = one.line.standard
        said = [side.why.both if side else None for side in (one.first, one.second)]
        return cls(one.id, s.number, s.title_zh or s.title_en, one.line.target, one.change, *said)


class SideBySideOut(Struct, frozen=True):
    """Two rules on one day. `differences` says of each standard that the rules judge otherwise what each of them says."""

    plan: str
    as_of: date
    known_at: datetime
    rules: list[RuleOut]
    targets: list[list[TargetCount]]
    """The targets under the first rule, then under the second."""
    totals: list[TargetCount]
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, both: SideBySide) -> "SideBySideOut":
        sides = (both.first, both.second)
        return cls(
            plan=both.first.plan.key, as_of=both.first.counted.as_of, known_at=both.first.held.known_at,
            rules=[RuleOut.of(side.rule) for side in sides], targets=[list(side.counted.targets) for side in sides],
            totals=[side.counted.total for side in sides], differences=[DifferenceOut.of(one) for one in both.differences],
        )  # fmt: skip
