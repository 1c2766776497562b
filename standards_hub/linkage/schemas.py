"""What comes in and goes out of the register of plans and projects."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from standards_hub.committees.schemas import LongText, Number, Region, Text
from standards_hub.kernel.complaints import worded
from standards_hub.kernel.http import Said
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.tracks.model import Level
from standards_hub.linkage.fulfilment import Answer, Kept, sentence
from standards_hub.linkage.values import (
    Claim,
    Commitment,
    EvidenceKind,
    Plan,
    PlanCommittee,
    PlanField,
    PlanRegion,
    Project,
    ProjectAlias,
    ProjectState,
    Relation,
    RoleRequired,
    Target,
)
from standards_hub.linkage.versions import RuleVersion, WordsVersion

KEY = worded(r"^[a-z0-9][a-z0-9-]{0,59}$", say("只用小写字母、数字和连字符，不超过 60 个"))
RULE_KEY = worded(r"^[a-z0-9][a-z0-9-]{0,49}(@\d{1,9})?$", say("应为统计口径的代号，可带版本，如 default@1"))
STAGE = worded(r"^\d{2}\.\d{2}$", say("应为国际统一阶段代码，如 60.60"))
Key = Annotated[str, Meta(pattern=KEY, description="lower-case letters, digits and hyphens")]
RuleKey = Annotated[
    str,
    Meta(
        pattern=RULE_KEY,
        description="key of a counting rule, with its version as in default@1 or the newest",
    ),
]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Promised = Annotated[int, Meta(ge=1, le=1000)]
Levels = Annotated[list[Level], Meta(min_length=1)]
Stage = Annotated[str, Meta(pattern=STAGE, description="harmonized stage code, such as 60.60")]
Share = Annotated[str, Meta(max_length=30, description="1/3, 0.25 or 25%")]


class NewTarget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: Key
    name_zh: Text
    name_en: Text
    levels: Levels
    value: Count
    due: date
    source: Text
    tolerance: Text | None = None


class Rebase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the new version says; the rest is taken from the old one."""

    reason: Text
    source: Text
    value: Count | UnsetType = UNSET
    due: date | UnsetType = UNSET
    levels: Levels | UnsetType = UNSET
    tolerance: Text | None | UnsetType = UNSET
    on: date | None = None


class NewField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: Key
    name_zh: Text
    name_en: Text


class NewRegion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Region
    name_zh: Text
    name_en: Text


class NewPlanCommittee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name_zh: Text
    name_en: Text
    committee_id: UUID | None = None


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """More of the plan's vocabulary; nothing is taken away, for standards may be tagged with it."""

    fields: list[NewField] = field(default_factory=list)
    regions: list[NewRegion] = field(default_factory=list)
    committees: list[NewPlanCommittee] = field(default_factory=list)


class NewPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan as its document has it. The file of a plan has this shape."""

    key: Key
    name_zh: Text
    name_en: Text
    document_title: Text
    source: Text
    window_start: date
    window_end: date
    count_rule: RuleKey = "default"
    department_id: UUID | None = None
    """The department that answers for it; its officers make and sign the reports."""
    targets: list[NewTarget] = field(default_factory=list)
    fields: list[NewField] = field(default_factory=list)
    regions: list[NewRegion] = field(default_factory=list)
    committees: list[NewPlanCommittee] = field(default_factory=list)


class PlanChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name_zh: Text | UnsetType = UNSET
    name_en: Text | UnsetType = UNSET
    document_title: Text | UnsetType = UNSET
    source: Text | UnsetType = UNSET
    window_start: date | UnsetType = UNSET
    window_end: date | UnsetType = UNSET
    count_rule: RuleKey | UnsetType = UNSET
    department_id: UUID | None | UnsetType = UNSET


class CommitteeLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which committee of the register an entry of the plan means."""

    entry: UUID
    committee_id: UUID


class PlanOut(Struct):
    """A plan with the targets in force, their former versions, its words, and which rule and words held from when."""

    plan: Plan
    targets: list[Target]
    former_targets: list[Target]
    fields: list[PlanField]
    regions: list[PlanRegion]
    committees: list[PlanCommittee]
    rules: list[RuleVersion]
    words: list[WordsVersion]


class NewCommitment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    level: Level
    count: Promised
    source_text: LongText
    role_required: RoleRequired = "either"
    min_stage: Stage = "60.60"
    due: date | None = None
    evidence: list[EvidenceKind] | None = None
    """The kinds of evidence the contract asks for."""


class NewProject(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    project_no: Number
    title: Text
    programme: Text
    lead_organisation_id: UUID | None = None
    manager_person_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    plan_key: Key | None = None
    role_policy: Key | None = None
    exemplar: bool = False
    partners: list[UUID] = field(default_factory=list)
    commitments: list[NewCommitment] = field(default_factory=list)


class ProjectChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is unset stays; a number that is given up is kept and still found."""

    project_no: Number | UnsetType = UNSET
    title: Text | UnsetType = UNSET
    programme: Text | UnsetType = UNSET
    lead_organisation_id: UUID | None | UnsetType = UNSET
    manager_person_id: UUID | None | UnsetType = UNSET
    starts_on: date | None | UnsetType = UNSET
    ends_on: date | None | UnsetType = UNSET
    plan_key: Key | None | UnsetType = UNSET
    role_policy: Key | None | UnsetType = UNSET
    partners: list[UUID] | UnsetType = UNSET


class ProjectStateChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    state: ProjectState
    reason: Text
    on: date | None = None


class NewClaim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    standard_id: UUID
    relation: Relation = "output_of"
    share: Share | None = None
    primary: bool = False
    note: LongText | None = None
    contribution: LongText | None = None
    """What the project itself gave, by clause."""
    on: date | None = None


class ClaimChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is unset stays. Making one claim the primary takes that from a project the actor manages too; else both contest it."""

    relation: Relation | UnsetType = UNSET
    share: Share | None | UnsetType = UNSET
    primary: bool | UnsetType = UNSET
    note: LongText | None | UnsetType = UNSET
    contribution: LongText | None | UnsetType = UNSET
    reason: Text | None = None


class ProjectOut(Struct):
    """A project with what it promised, what it claims, and the numbers it had."""

    project: Project
    commitments: list[Commitment]
    claims: list[Claim]
    aliases: list[ProjectAlias]
    partners: list[UUID] = field(default_factory=list)


class AnswerOut(Struct, frozen=True):
    standard_id: UUID
    answer: Answer


class KeptOut(Struct, frozen=True):
    """A promise with the standards that answer it: reached, reached but the part in drafting not confirmed, or under way."""

    commitment: Commitment
    answers: list[AnswerOut]
    missing: int
    said: Said

    @classmethod
    def of(cls, kept: Kept) -> "KeptOut":
        answers = [AnswerOut(id, answer) for id, answer in kept.answers]
        return cls(kept.commitment, answers, kept.missing, Said.of(sentence([kept])[0]))
