"""The tables of plans, projects and the links from projects to standards. All are projections of the log."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

PLAN = "plan.id"
PROJECT = "project.id"
LIVE_CLAIM = "state IN ('claimed', 'in_review', 'verified', 'accepted')"


class PlanRow(SQLModel, table=True):
    """A plan that sets targets for standards, and the window in which they count."""

    __tablename__ = "plan"
    id: UUID = Field(primary_key=True)
    version: int
    key: str = Field(unique=True)
    """Short and stable, `jiangsu-5x100`."""
    name_zh: str
    name_en: str
    document_title: str
    source: str
    """Where the document stands: number, publisher or address."""
    window_start: date
    window_end: date
    count_rule: str
    """The counting rule and its version, by key."""
    department_id: UUID | None = Field(foreign_key="organisation.id", index=True)
    """The department that answers for it; its officers make and sign the reports."""


class TargetRow(SQLModel, table=True):
    """A target in one of its versions; re-basing adds a version, and old reports keep theirs."""

    __tablename__ = "target"
    __table_args__ = (sa.UniqueConstraint("plan_id", "key", "n"),)
    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key=PLAN, index=True)
    key: str
    n: int
    """Counts versions from 1; the row without `superseded_on` is in force."""
    name_zh: str
    name_en: str
    position: int
    levels: list[str] = Field(sa_type=sa.JSON)
    value: int
    """Distinct standards, 项."""
    tolerance: str | None
    """The words that soften it, such as 左右; never a number to hide behind."""
    due: date
    source: str
    since: date
    superseded_on: date | None
    reason: str | None
    """Why it was re-based; null for the first version."""


class PlanFieldRow(SQLModel, table=True):
    """A field of the plan's vocabulary, in the order the plan names them."""

    __tablename__ = "plan_field"
    __table_args__ = (sa.UniqueConstraint("plan_id", "key"),)
    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key=PLAN, index=True)
    key: str
    name_zh: str
    name_en: str
    position: int


class PlanRegionRow(SQLModel, table=True):
    """A region the plan is reported by."""

    __tablename__ = "plan_region"
    __table_args__ = (sa.UniqueConstraint("plan_id", "code"),)
    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key=PLAN, index=True)
    code: str
    """Administrative division code of GB/T 2260, 4 or 6 digits."""
    name_zh: str
    name_en: str
    position: int


class PlanCommitteeRow(SQLModel, table=True):
    """A committee the plan names, in the plan's words, and the committee of the register once it is there."""

    __tablename__ = "plan_committee"
    __table_args__ = (sa.UniqueConstraint("plan_id", "name_zh"),)
    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key=PLAN, index=True)
    name_zh: str
    name_en: str
    position: int
    committee_id: UUID | None = Field(foreign_key="committee.id", index=True)


class ProjectRow(SQLModel, table=True):
    """A science project that pays for work on standards."""

    __tablename__ = "project"
    __table_args__ = (sa.Index("project_by_title", "title", "id"),)
    id: UUID = Field(primary_key=True)
    version: int
    project_no: str
    """As written in the contract."""
    project_no_key: str = Field(unique=True)
    """What is compared: NFKC, upper case, without spaces and dashes."""
    title: str
    programme: str
    lead_organisation_id: UUID | None = Field(foreign_key="organisation.id", index=True)
    manager_person_id: UUID | None = Field(foreign_key="person.id", index=True)
    starts_on: date | None
    ends_on: date | None
    plan_key: str | None = Field(index=True)
    exemplar: bool
    """示例: an invented row for demonstration."""
    state: str
    """running, closed or terminated"""
    role_policy: str | None
    """By which policy leading is told from taking part; null for the default."""
    unchecked: bool | None
    """待核: entered with a claim because it is not on the list; an officer confirms or merges it."""
    merged_into: UUID | None


class ProjectPartnerRow(SQLModel, table=True):
    """An organisation that takes part in a project beside the leading one."""

    __tablename__ = "project_partner"
    project_id: UUID = Field(primary_key=True, foreign_key=PROJECT)
    organisation_id: UUID = Field(primary_key=True, index=True)


class ProjectAliasRow(SQLModel, table=True):
    """A number a project had before; it is still found under it."""

    __tablename__ = "project_alias"
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key=PROJECT, index=True)
    project_no: str
    project_no_key: str = Field(index=True)
    until: date
    """The first day it no longer held."""


class CommitmentRow(SQLModel, table=True):
    """What a project's contract promises: so many standards of a level, at least at a stage, by a day."""

    __tablename__ = "commitment"
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key=PROJECT, index=True)
    level: str
    role_required: str
    """lead, participate or either"""
    count: int
    min_stage: str
    """The harmonized code that must be reached, `60.60`."""
    due: date | None
    """Null means the project's end."""
    source_text: str
    """The contract's own words."""
    withdrawn_on: date | None
    evidence: list[str] | None = Field(sa_type=sa.JSON(none_as_null=True))
    """The kinds of evidence the contract asks for."""
    cause: str | None
    remedy: str | None


class ProjectStandardRow(SQLModel, table=True):
    """A project's claim on a standard. Many may claim one; where several say they are the primary, all of those wait for a ruling."""

    __tablename__ = "project_standard"
    __table_args__ = (
        sa.Index(
            "project_standard_one_claim", "project_id", "standard_id", unique=True,
            sqlite_where=sa.text(LIVE_CLAIM), postgresql_where=sa.text(LIVE_CLAIM),
        ),
    )  # fmt: skip
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key=PROJECT, index=True)
    standard_id: UUID = Field(index=True)
    """A standard of the portfolio; its table belongs to another room."""
    relation: str
    """output_of (产出于), supports (支撑) or background (背景)"""
    share: str | None
    """The share of the credit as an exact fraction in lowest terms, `1/3`; null while unassigned."""
    primary: bool
    state: str
    """suggested, claimed, in_review, verified, accepted, returned, withdrawn or revoked"""
    claimed_on: date | None
    """Null while it is only suggested."""
    withdrawn_on: date | None
    """The day since which it does not hold."""
    note: str | None
    contribution: str | None
    """What the project itself gave, by clause."""
    grounds: list[dict[str, Any]] | None = Field(sa_type=sa.JSON(none_as_null=True))
    """Why it was suggested."""
    submitted_on: date | None
    decided_on: date | None
    role: str | None
    """lead, participate or not_ranked, as found when it was verified"""
    policy: str | None
    reason: str | None


class ClaimEvidenceRow(SQLModel, table=True):
    """What shows that a claim is true: a kept file with its page, or an address with the day it was read."""

    __tablename__ = "claim_evidence"
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key=PROJECT, index=True)
    claim_id: UUID = Field(index=True)
    kind: str
    title: str
    sha256: str | None
    filename: str | None
    media_type: str | None
    size: int | None
    page: str | None
    """Where in the file it is said, `前言第2页`."""
    url: str | None
    retrieved_on: date | None
    added_on: date
    added_by: str
    withdrawn_on: date | None
    reason: str | None
