"""What can happen to plans and projects, and the rows each of it writes. All pure."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec import field, structs

from standards_hub.kernel.events import Change, Event, Stamp, insert, named, projection, update
from standards_hub.kernel.messages import say
from standards_hub.linkage.models import (
    CommitmentRow,
    PlanCommitteeRow,
    PlanFieldRow,
    PlanRegionRow,
    PlanRow,
    ProjectAliasRow,
    ProjectRow,
    ProjectStandardRow,
    TargetRow,
)
from standards_hub.linkage.values import (
    ClaimPatch,
    Commitment,
    PlanCommittee,
    PlanField,
    PlanPatch,
    PlanRegion,
    ProjectPatch,
    ProjectState,
    Relation,
    Target,
)

projection(PlanRow, TargetRow, PlanFieldRow, PlanRegionRow, PlanCommitteeRow, stream="plan")
projection(ProjectRow, ProjectAliasRow, CommitmentRow, ProjectStandardRow, stream="project")


def _row(value: Any) -> dict[str, Any]:
    return structs.asdict(value)


class PlanExtended(Event, frozen=True, kw_only=True):
    """Words added to the plan's vocabulary, and committees it names."""

    fields: list[PlanField] = field(default_factory=list)
    regions: list[PlanRegion] = field(default_factory=list)
    committees: list[PlanCommittee] = field(default_factory=list)

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield from (insert(PlanFieldRow, plan_id=at.subject, **_row(one)) for one in self.fields)
        yield from (insert(PlanRegionRow, plan_id=at.subject, **_row(one)) for one in self.regions)
        yield from (insert(PlanCommitteeRow, plan_id=at.subject, **_row(one)) for one in self.committees)


class PlanRegistered(Event, frozen=True, kw_only=True):
    """A plan with its targets and words."""

    key: str
    facts: PlanPatch
    targets: list[Target]
    words: PlanExtended

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(PlanRow, id=at.subject, version=at.seq, key=self.key, **self.facts.said())
        yield from (insert(TargetRow, plan_id=at.subject, **_row(target)) for target in self.targets)
        yield from self.words.changes(at)


class PlanEdited(Event, frozen=True, kw_only=True):
    before: PlanPatch
    after: PlanPatch

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PlanRow, at.subject, **self.after.said())


class PlanCommitteeLinked(Event, frozen=True, kw_only=True):
    """A committee the plan names was found in the register."""

    entry: UUID
    committee_id: UUID

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(PlanCommitteeRow, self.entry, committee_id=self.committee_id)


class TargetAdded(Event, frozen=True, kw_only=True):
    target: Target

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(TargetRow, plan_id=at.subject, **_row(self.target))


class TargetRebased(Event, frozen=True, kw_only=True):
    """A target gets a new version; the old one stays as it was, with its last day."""

    before: UUID
    target: Target

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(TargetRow, self.before, superseded_on=at.effective_on)
        yield insert(TargetRow, plan_id=at.subject, **_row(self.target))


class ProjectRegistered(Event, frozen=True, kw_only=True):
    facts: ProjectPatch
    commitments: list[Commitment]
    exemplar: bool = False

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(ProjectRow, id=at.subject, version=at.seq, exemplar=self.exemplar, state="running", **self.facts.said())
        yield from (insert(CommitmentRow, project_id=at.subject, **_row(one)) for one in self.commitments)


class ProjectEdited(Event, frozen=True, kw_only=True):
    """Facts that were changed; `alias` is the id under which a number that was given up is kept."""

    before: ProjectPatch
    after: ProjectPatch
    alias: UUID | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ProjectRow, at.subject, **self.after.said())
        if self.alias:
            old = self.before.said()
            yield insert(
                ProjectAliasRow, id=self.alias, project_id=at.subject, project_no=old["project_no"], project_no_key=old["project_no_key"],
                until=at.effective_on,
            )  # fmt: skip


class ProjectStateChanged(Event, frozen=True, kw_only=True):
    before: ProjectState
    after: ProjectState
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ProjectRow, at.subject, state=self.after)


class CommitmentAdded(Event, frozen=True, kw_only=True):
    """A promise of the contract, or of an amendment to it."""

    commitment: Commitment

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(CommitmentRow, project_id=at.subject, **_row(self.commitment))


class CommitmentWithdrawn(Event, frozen=True, kw_only=True):
    """An amendment of the contract took the promise back."""

    commitment: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(CommitmentRow, self.commitment, withdrawn_on=at.effective_on)


class StandardClaimed(Event, frozen=True, kw_only=True):
    """The project claims a standard as its output, as supported by it, or as its background."""

    claim: UUID
    standard_id: UUID
    relation: Relation
    share: str | None
    primary: bool
    note: str | None = None
    contribution: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield insert(
            ProjectStandardRow, id=self.claim, project_id=at.subject, standard_id=self.standard_id, relation=self.relation, share=self.share,
            primary=self.primary, state="claimed", claimed_on=at.effective_on, note=self.note, contribution=self.contribution,
        )  # fmt: skip


class ClaimEdited(Event, frozen=True, kw_only=True):
    claim: UUID
    standard_id: UUID
    before: ClaimPatch
    after: ClaimPatch
    reason: str | None = None

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ProjectStandardRow, self.claim, **self.after.said())


class ClaimWithdrawn(Event, frozen=True, kw_only=True):
    claim: UUID
    standard_id: UUID
    reason: str

    def changes(self, at: Stamp) -> Iterable[Change]:
        yield update(ProjectStandardRow, self.claim, state="withdrawn", withdrawn_on=at.effective_on, primary=False)


named(
    {
        PlanExtended: say("计划延期"),
        PlanRegistered: say("登记计划"),
        PlanEdited: say("修改计划"),
        PlanCommitteeLinked: say("计划关联委员会"),
        TargetAdded: say("增加指标"),
        TargetRebased: say("调整指标"),
        ProjectRegistered: say("登记科技项目"),
        ProjectEdited: say("修改科技项目"),
        ProjectStateChanged: say("项目状态变更"),
        CommitmentAdded: say("增加承诺"),
        CommitmentWithdrawn: say("撤回承诺"),
        StandardClaimed: say("认领标准"),
        ClaimEdited: say("修改认领"),
        ClaimWithdrawn: say("撤回认领"),
    }
)
