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

ProjectState = Literal["running", "closed", "terminated"]
Relation = Literal["output_of", "supports", "background"]
RoleRequired = Literal["lead", "participate", "either"]

PROJECT_STATES: dict[str, Message] = {"running": say("在研"), "closed": say("已验收"), "terminated": say("已终止")}
RELATIONS: dict[str, Message] = {"output_of": say("产出于"), "supports": say("支撑"), "background": say("背景")}
ROLES_REQUIRED: dict[str, Message] = {"lead": say("主导"), "participate": say("参与"), "either": say("主导或参与")}
PROJECT_STATE_CHANGES: dict[ProjectState, tuple[ProjectState, ...]] = {
    "running": ("closed", "terminated"),
    "closed": ("running",),
    "terminated": ("running",),
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

    def bodies(self) -> set[Body]:
        return {("plan", self.key)}

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


class Claim(Struct, frozen=True, kw_only=True):
    """A project's claim on a standard. `share` is an exact fraction such as `1/3`, null while unassigned."""

    id: UUID
    project_id: UUID
    standard_id: UUID
    relation: Relation
    share: str | None
    primary: bool
    state: Literal["claimed", "withdrawn"]
    claimed_on: date
    withdrawn_on: date | None = None
    note: str | None = None


class ProjectLink(Claim, frozen=True, kw_only=True):
    """A claim with what names its project."""

    project_no: str
    title: str
    programme: str
    project_state: ProjectState
