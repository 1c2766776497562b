"""Snapshots as values, and how they are sealed: every fact of one goes into its hash, and the hash of the one before. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.events import GENESIS
from standards_hub.kernel.http import Said
from standards_hub.kernel.work import Subject
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.breakdown import unit_of
from standards_hub.linkage.counting import Counted, Line, Outcome, TargetCount
from standards_hub.linkage.facts import PlanFacts, StandardFacts
from standards_hub.linkage.rule import CountRule, Role

CONTENTS = ("data", "plan", "rule", "count")
"""What a snapshot keeps whole in the store of files; `<name>_hash` says where."""


class Snapshot(Subject, kw_only=True):
    """A signed count of a plan on a day, and the link it is in the plan's chain."""

    stream_kind: ClassVar[str] = "snapshot"
    plan_key: str
    n: int
    as_of: date
    known_at: datetime
    rule: str
    data_hash: str
    plan_hash: str
    rule_hash: str
    count_hash: str
    targets: list[TargetCount]
    total: TargetCount
    report: UUID | None
    files: dict[str, str]
    software: str
    corrects: int | None
    reason: str | None
    previous_hash: str
    hash: str
    signed_by: str
    signed_at: datetime

    def bodies(self) -> set[Body]:
        return {("plan", self.plan_key)}

    def seal(self) -> str:
        """SHA-256 over everything that it says, in a fixed order: what `hash` must be."""
        facts = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("id", "version", "hash")}
        facts["known_at"], facts["signed_at"] = _instant(self.known_at), _instant(self.signed_at)
        return hashlib.sha256(msgspec.json.encode(facts, order="deterministic")).hexdigest()

    def sealed(self) -> "Snapshot":
        """The same with its hash."""
        return structs.replace(self, hash=self.seal())

    def content_hash(self, name: str) -> str:
        found: str = getattr(self, f"{name}_hash")
        return found


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class SnapLine(Struct, frozen=True):
    """One standard in a snapshot: what became of it, and the clause of the rule that decided."""

    id: str
    number: str | None
    title_zh: str
    title_en: str
    level: Level
    stage: str
    target: str | None
    outcome: Outcome
    clause: str
    why: Said
    role: Role | None
    field: str | None
    region: str | None
    unit: str | None

    @classmethod
    def of(cls, line: Line) -> "SnapLine":
        s = line.standard
        return cls(
            s.id, s.number, s.title_zh, s.title_en, s.level, s.stage, line.target, line.outcome, line.code, Said.of(line.why), line.role,
            line.field, line.region, unit_of(line),
        )  # fmt: skip

    @property
    def counts(self) -> bool:
        return self.outcome == "counted"


def lines_of(counted: Counted) -> list[SnapLine]:
    return [SnapLine.of(line) for line in counted.lines]


def contents(facts: Iterable[StandardFacts], plan: PlanFacts, rule: CountRule, lines: list[SnapLine]) -> Mapping[str, bytes]:
    """The bytes of all that a count rests on and comes to; their SHA-256 stand in the snapshot."""
    values: dict[str, Any] = {"data": list(facts), "plan": plan, "rule": rule, "count": lines}
    return {name: encoded(value) for name, value in values.items()}


def encoded(value: Any) -> bytes:
    """A value as bytes, always the same for the same."""
    return msgspec.json.encode(value, order="deterministic")


class Broken(Struct, frozen=True):
    """The first link of a plan's chain that does not hold."""

    n: int
    why: Said


class Verification(Struct, frozen=True):
    """The walk of a plan's chain: how many links hold, the hash of the last of them, and the first that does not."""

    plan: str
    snapshots: int
    head: str
    broken: Broken | None = None

    @property
    def sound(self) -> bool:
        return self.broken is None


FIRST = GENESIS
"""What the first snapshot of a plan has in place of a hash before it."""
