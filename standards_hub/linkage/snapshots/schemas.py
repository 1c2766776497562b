"""What comes in and goes out of the doors of snapshots."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.committees.schemas import Text
from standards_hub.kernel.complaints import SHA256
from standards_hub.kernel.http import Said
from standards_hub.linkage.counting import TargetCount
from standards_hub.linkage.snapshots.causes import Cause
from standards_hub.linkage.snapshots.differing import KINDS, WHATS, Change, Kind, Moved
from standards_hub.linkage.snapshots.service import Difference, Due
from standards_hub.linkage.snapshots.values import SnapLine, Snapshot

Hash = Annotated[str, Meta(pattern=SHA256, description="SHA-256 in hex")]


class NewSnapshot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sign what counts on a day."""

    as_of: date
    expected: Hash | None = None
    """The hash of the lines that were shown before; signed only if they are still these."""


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a snapshot is corrected."""

    reason: Text


class SnapshotOut(Struct, frozen=True, kw_only=True):
    """A snapshot as it was signed. The four hashes are those of its contents, `hash` that of the whole link."""

    n: int
    plan: str
    as_of: date
    known_at: datetime
    rule: str
    targets: list[TargetCount]
    total: TargetCount
    data_hash: str
    plan_hash: str
    rule_hash: str
    count_hash: str
    files: dict[str, str]
    report: UUID | None
    software: str
    corrects: int | None
    corrected_by: int | None
    """The number of the snapshot that corrects this one."""
    reason: str | None
    previous_hash: str
    hash: str
    signed_by: str
    """As the log names actors."""
    signed_at: datetime

    @classmethod
    def of(cls, link: Snapshot, corrected_by: int | None = None) -> "SnapshotOut":
        same = {name: getattr(link, name) for name in cls.__struct_fields__ if name not in ("plan", "corrected_by")}
        return cls(plan=link.plan_key, corrected_by=corrected_by, **same)

    @classmethod
    def all(cls, links: list[Snapshot]) -> "list[SnapshotOut]":
        corrected = {link.corrects: link.n for link in links if link.corrects}
        return [cls.of(link, corrected.get(link.n)) for link in links]


class MovedOut(Struct, frozen=True):
    what: Said
    before: str | None
    after: str | None

    @classmethod
    def of(cls, moved: Moved) -> "MovedOut":
        return cls(Said.of(WHATS[moved.what]), moved.before, moved.after)


class ChangeOut(Struct, frozen=True, kw_only=True):
    """A standard of which the two say different things."""

    id: str
    number: str | None
    title: str
    target: str | None
    kind: Kind
    said: Said
    before: SnapLine | None
    after: SnapLine | None
    moves: list[MovedOut]
    causes: list[Cause]
    """What happened to it in between; the decisive one made the difference, without one the plan, the rule or the day did."""

    @classmethod
    def of(cls, one: Change, causes: list[Cause]) -> "ChangeOut":
        line = one.line
        return cls(
            id=one.id, number=line.number, title=line.title_zh or line.title_en, target=line.target, kind=one.kind,
            said=Said.of(KINDS[one.kind]), before=one.before, after=one.after, moves=[MovedOut.of(moved) for moved in one.moves],
            causes=causes,
        )  # fmt: skip


class DueOut(Struct, frozen=True, kw_only=True):
    """A snapshot that has to be corrected, and what a correction would say otherwise."""

    snapshot: SnapshotOut
    counted: int
    """What counts on its day by what is known now."""
    changes: list[ChangeOut]

    @classmethod
    def of(cls, one: Due) -> "DueOut":
        return cls(snapshot=SnapshotOut.of(one.snapshot), counted=one.counted, changes=[ChangeOut.of(change, []) for change in one.changes])


class DifferenceOut(Struct, frozen=True, kw_only=True):
    """What became different between two snapshots; the totals differ by `added` minus `removed`."""

    earlier: SnapshotOut
    later: SnapshotOut
    added: int
    removed: int
    moved: int
    other: int
    changes: list[ChangeOut]

    @classmethod
    def of(cls, found: Difference) -> "DifferenceOut":
        sums = {kind: len(found.of_kind(kind)) for kind in KINDS}
        return cls(
            earlier=SnapshotOut.of(found.earlier), later=SnapshotOut.of(found.later), changes=[ChangeOut.of(one, found.causes.get(one.id, [])) for one in found.changes],
            **sums,
        )  # fmt: skip
