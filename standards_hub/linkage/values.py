"""Plans, targets, projects and claims as values in memory, and the small rules of their numbers."""

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from standards_hub.committees.values import Patch
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.kernel.work import Subject
from standards_hub.lifecycle.tracks.model import Level

ProjectState = Literal["running", "closed", "terminated", "merged"]
Relation = Literal["output_of", "supports", "background"]
RoleRequired = Literal["lead", "participate", "either"]
ClaimState = Literal["suggested", "claimed", "in_review", "verified", "accepted", "returned", "withdrawn", "revoked"]
EvidenceKind = Literal[
    "publication_notice", "foreword", "plan_notice", "meeting_minutes", "approval_receipt", "vote_result", "international_page",
    "appointment", "certificate", "other",
]  # fmt: skip

PROJECT_STATES: dict[str, Message] = {
    "running": say("在研"), "closed": say("已验收"), "terminated": say("已终止"), "merged": say("已并入"),
}  # fmt: skip
RELATIONS: dict[str, Message] = {"output_of": say("产出于"), "supports": say("支撑"), "background": say("背景")}
ROLES_REQUIRED: dict[str, Message] = {"lead": say("主导"), "participate": say("参与"), "either": say("主导或参与")}
CLAIM_STATES: dict[str, Message] = {
    "suggested": say("建议申报"), "claimed": say("已申报"), "in_review": say("待认定"), "verified": say("已认定"),
    "accepted": say("验收采信"), "returned": say("已退回"), "withdrawn": say("已撤回"), "revoked": say("已撤销"),
}  # fmt: skip
LIVE: tuple[ClaimState, ...] = ("claimed", "in_review", "verified", "accepted")
"""The states in which a claim holds its share and, if it says so, the primary."""
CONFIRMED: tuple[ClaimState, ...] = ("verified", "accepted")
"""The states in which a claim keeps a promise."""
EVIDENCE_KINDS: dict[str, Message] = {
    "publication_notice": say("发布公告"), "foreword": say("标准封面和前言页"), "plan_notice": say("立项文件"),
    "meeting_minutes": say("会议纪要和签到表"), "approval_receipt": say("报批文件或受理凭证"), "vote_result": say("投票结果"),
    "international_page": say("国际组织项目页"), "appointment": say("任职或注册函件"), "certificate": say("主管部门证明"), "other": say("其他"),
}  # fmt: skip
"""What a claim may be shown by; the first eight are what grants offices take (procedure of acceptance)."""
PROJECT_STATE_CHANGES: dict[ProjectState, tuple[ProjectState, ...]] = {
    "running": ("closed", "terminated"),
    "closed": ("running",),
    "terminated": ("running",),
    "merged": (),
}


def project_key(number: str) -> str:
    """A project's number as it is compared: NFKC, upper case, without spaces, dashes and invisible characters.

    No grammar is applied, for numbers come in every spelling. The result is its own key.
    """
    key = number
    while (folded := _folded(key)) != key:
        key = folded
    return key


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    return re.sub(r"[\s\u2212]", "", "".join(character for character in text if unicodedata.category(character) not in ("Pd", "Cf", "Cc")))


def share_of(text: str) -> Fraction | None:
    """A share of a standard as an exact fraction, from `1/3`, `0.25` or `25%`; None unless more than 0 and at most 1."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    if not re.fullmatch(r"\d{1,9}/\d{1,9}|\d{1,9}(\.\d{1,9})?%?", plain):
        return None
    try:
        share = Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ZeroDivisionError:
        return None
    return share if 0 < share <= 1 else None


class Target(Struct, frozen=True, kw_only=True):
    """A target in version `n`: so many distinct standards of these levels by a day."""

    id: UUID
    key: str
    n: int
    name_zh: str
    name_en: str
    position: int
    levels: list[Level]
    value: int
    due: date
    source: str
    since: date
    tolerance: str | None = None
    superseded_on: date | None = None
    reason: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force; the first also holds before anybody entered it."""
        return (self.n == 1 or self.since <= day) and (self.superseded_on is None or day < self.superseded_on)


class PlanField(Struct, frozen=True, kw_only=True):
    """A field of the plan's vocabulary."""

    id: UUID
    key: str
    name_zh: str
    name_en: str
    position: int


class PlanRegion(Struct, frozen=True, kw_only=True):
    """A region the plan is reported by; `code` is that of GB/T 2260."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    position: int


class PlanCommittee(Struct, frozen=True, kw_only=True):
    """A committee the plan names, in its words."""

    id: UUID
    name_zh: str
    name_en: str
    position: int
    committee_id: UUID | None = None


class PlanPatch(Patch, frozen=True, kw_only=True):
    name_zh: str | UnsetType = UNSET
    name_en: str | UnsetType = UNSET
    document_title: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    window_start: date | UnsetType = UNSET
    window_end: date | UnsetType = UNSET
    count_rule: str | UnsetType = UNSET
    department_id: UUID | None | UnsetType = UNSET


class Plan(Subject, kw_only=True):
    """A plan that sets targets; publications count from `window_start` to `window_end`, both included."""

    stream_kind: ClassVar[str] = "plan"
    key: str
    name_zh: str
    name_en: str
    document_title: str
    source: str
    window_start: date
    window_end: date
    count_rule: str
    department_id: UUID | None = None
    """The department that answers for it; its officers make and sign the reports."""

    def bodies(self) -> set[Body]:
        department: set[Body] = {("organisation", str(self.department_id))} if self.department_id else set()
        return {("plan", self.key)} | department

    @property
    def name(self) -> Name:
        return Name(self.name_zh, self.name_en)


class Commitment(Struct, frozen=True, kw_only=True):
    """What a project's contract promises, with the contract's own words."""

    id: UUID
    level: Level
    role_required: RoleRequired
    count: int
    min_stage: str
    source_text: str
    due: date | None = None
    withdrawn_on: date | None = None
    evidence: list[EvidenceKind] | None = None
    """The kinds of evidence the contract asks for; None where it names none."""
    cause: str | None = None
    """Why it stays short, and what is done about it; said before the project is closed."""
    remedy: str | None = None


class ProjectAlias(Struct, frozen=True, kw_only=True):
    """A number the project had until a day, that day excluded."""

    id: UUID
    project_no: str
    until: date


class ProjectPatch(Patch, frozen=True, kw_only=True):
    project_no: str | UnsetType = UNSET
    project_no_key: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    programme: str | UnsetType = UNSET
    lead_organisation_id: UUID | None | UnsetType = UNSET
    manager_person_id: UUID | None | UnsetType = UNSET
    starts_on: date | None | UnsetType = UNSET
    ends_on: date | None | UnsetType = UNSET
    plan_key: str | None | UnsetType = UNSET
    role_policy: str | None | UnsetType = UNSET


class Project(Subject, kw_only=True):
    """A science project; `project_no` as written, `project_no_key` as compared."""

    stream_kind: ClassVar[str] = "project"
    project_no: str
    project_no_key: str
    title: str
    programme: str
    lead_organisation_id: UUID | None = None
    manager_person_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    plan_key: str | None = None
    exemplar: bool = False
    state: ProjectState = "running"
    role_policy: str | None = None
    """By which policy leading is told from taking part; None for the default."""
    unchecked: bool | None = None
    """待核: entered with a claim because it is not on the list."""
    merged_into: UUID | None = None

    def bodies(self) -> set[Body]:
        bodies: set[Body] = {("project", str(self.id))}
        if self.lead_organisation_id:
            bodies.add(("organisation", str(self.lead_organisation_id)))
        if self.plan_key:
            bodies.add(("plan", self.plan_key))
        return bodies


class ClaimPatch(Patch, frozen=True, kw_only=True):
    relation: Relation | UnsetType = UNSET
    share: str | None | UnsetType = UNSET
    primary: bool | UnsetType = UNSET
    note: str | None | UnsetType = UNSET
    contribution: str | None | UnsetType = UNSET


class Ground(Struct, frozen=True):
    """Why a claim is suggested: an organisation or a person of the project that the standard names."""

    kind: Literal["lead", "partner", "manager"]
    id: UUID
    rank: int | None = None
    """Its place among the drafters, where one is recorded."""


class Claim(Struct, frozen=True, kw_only=True):
    """A project's claim on a standard. `share` is an exact fraction such as `1/3`, null while unassigned."""

    id: UUID
    project_id: UUID
    standard_id: UUID
    relation: Relation
    share: str | None
    primary: bool
    state: ClaimState
    claimed_on: date | None
    """Null while it is only suggested."""
    withdrawn_on: date | None = None
    """The day since which it does not hold: returned, withdrawn or revoked."""
    note: str | None = None
    contribution: str | None = None
    """What the project itself gave, by clause."""
    grounds: list[Ground] | None = None
    submitted_on: date | None = None
    decided_on: date | None = None
    role: str | None = None
    """The part found when it was verified: lead, participate or not_ranked."""
    policy: str | None = None
    """The policy by which the part was found."""
    reason: str | None = None
    """Why it was returned, withdrawn or revoked last, or what the verifier noted."""

    @property
    def live(self) -> bool:
        return self.state in LIVE


class ProjectLink(Claim, frozen=True, kw_only=True):
    """A claim with what names its project."""

    project_no: str
    title: str
    programme: str
    project_state: ProjectState
