"""The tables of a standard's life. All but `watch` and `saved_view` are projections of the log."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

STANDARD = "standard.id"


class StandardRow(SQLModel, table=True):
    """A standard of the portfolio, from the first proposal to withdrawal."""

    __tablename__ = "standard"
    __table_args__ = (
        sa.Index("standard_by_stage", "level", "stage", "step_entered_on", "id"),
        sa.Index("standard_by_status", "status", "step_entered_on", "id"),
        sa.Index("standard_by_committee", "committee_id", "step_entered_on", "id"),
        sa.Index("standard_by_day", "step_entered_on", "id"),
    )
    id: UUID = Field(primary_key=True)
    version: int
    track: str
    """The track and version it was started under, `national-gbt@2026.1`."""
    level: str
    kind: str
    """new, revision, amendment or adoption"""
    nature: str | None
    document_type: str
    title_zh: str
    title_en: str
    scope: str
    step: str
    stage: str
    """The harmonized code of the step, `30.20`."""
    step_entered_on: date
    status: str = Field(index=True)
    round: int
    """Counts returns and repeats, from 1."""
    failures: int
    """Reviews that were not passed."""
    proposed_on: date
    plan_number: str | None = Field(index=True)
    number: str | None = Field(index=True)
    number_key: str | None = Field(unique=True)
    approved_on: date | None
    published_on: date | None = Field(index=True)
    effective_on: date | None
    withdrawn_on: date | None
    committee_id: UUID | None
    department_id: UUID | None
    """The competent department, 归口主管部门."""
    lead_drafter_id: UUID | None = Field(index=True)
    leader_id: UUID | None
    """The person who leads the project, or an international project's leader from here."""
    region: str | None
    ics: list[str] = Field(sa_type=sa.JSON)
    ccs: list[str] = Field(sa_type=sa.JSON)
    plan_key: str | None = Field(index=True)
    """The plan whose targets it is tracked under."""
    primary_field: str | None
    fields: list[str] = Field(sa_type=sa.JSON)
    fills_gap: bool
    stricter: bool
    """Stricter than the national standard, 高于国家标准."""
    patents: bool
    measurable: bool
    """Has indicators that can be tried, so trial verification applies."""
    drafters_not_named: bool
    international_role: str | None
    """project_leader, convenor, editor or expert, for work at ISO, IEC and ITU."""
    entered_mid_life: bool
    exemplar: bool
    """示例: an invented row for demonstration."""
    import_id: UUID | None = Field(index=True)


class PlanSpellRow(SQLModel, table=True):
    """That an event put a standard under a plan. Rows stay when it leaves, or is erased, so that a past day finds it."""

    __tablename__ = "plan_spell"
    __table_args__ = (sa.Index("plan_spell_by_plan", "plan_key", "standard_id"),)
    standard_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    """The event's place in the standard's stream."""
    plan_key: str


class AliasRow(SQLModel, table=True):
    """A plan number over time: numbers change, and old ones are still found."""

    __tablename__ = "standard_alias"
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    number: str = Field(index=True)
    since: date
    until: date | None


class DraftingUnitRow(SQLModel, table=True):
    """An organisation that drafts, in the order of the foreword."""

    __tablename__ = "drafting_unit"
    standard_id: UUID = Field(primary_key=True, foreign_key=STANDARD)
    organisation_id: UUID = Field(primary_key=True)
    rank: int | None
    lead: bool
    """Named 负责起草单位."""


class DrafterRow(SQLModel, table=True):
    """A person who drafts, in rank order."""

    __tablename__ = "drafter"
    standard_id: UUID = Field(primary_key=True, foreign_key=STANDARD)
    person_id: UUID = Field(primary_key=True)
    rank: int | None


class VisitRow(SQLModel, table=True):
    """A stay at one step."""

    __tablename__ = "visit"
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    step: str
    stage: str
    round: int
    entered_on: date
    left_on: date | None
    act: str
    """What led here: propose, advance, return, repeat, skip, fail."""
    via: str | None
    elsewhere: bool


class PaperRow(SQLModel, table=True):
    """A paper in the dossier. It meets a gate once somebody accepted it, and until a return makes it stale."""

    __tablename__ = "paper"
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    kind: str
    title: str
    dated: date
    sha256: str | None = Field(index=True)
    """The file; none where only the reference of a paper kept elsewhere is known."""
    filename: str | None
    media_type: str | None
    size: int | None
    reference: str | None
    """Where it is kept when it is not here: document number or address."""
    seq: int
    """The number of its event in the log of its standard: of two papers of one day, the later filed one has the higher."""
    added_on: date
    added_by: str
    accepted_on: date | None
    accepted_by: str | None
    stale_on: date | None
    withdrawn_on: date | None
    note: str | None


class WaiverRow(SQLModel, table=True):
    """A gate that was passed unmet, by whom and why."""

    __tablename__ = "waiver"
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    gate: str
    gate_name_zh: str
    gate_name_en: str
    from_step: str
    to_step: str
    reason: str
    waived_on: date
    waived_by: str


class DeadlineRow(SQLModel, table=True):
    """A limit that runs, or ran, for one standard. Overdue is `running` past its day."""

    __tablename__ = "deadline"
    __table_args__ = (sa.Index("deadline_due", "state", "due_on"),)
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    limit: str
    name_zh: str
    name_en: str
    cause: str
    """Where the figure stands: source of the track's fact."""
    holder: str
    consequence: str
    opened_on: date
    due_on: date
    first_due_on: date
    extensions: int
    state: str
    """running, paused, met, executed or void"""
    ended_on: date | None


class ExtensionRow(SQLModel, table=True):
    """A request for more time and its decision."""

    __tablename__ = "extension"
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    deadline_id: UUID
    months: int
    reason: str
    asked_on: date
    asked_by: str
    state: str
    """asked, granted or refused"""
    decided_on: date | None
    decided_by: str | None
    decision: str | None


class RelationRow(SQLModel, table=True):
    """A relation to another standard of the portfolio, to a catalogue entry, or to an identifier as text."""

    __tablename__ = "relation"
    id: UUID = Field(primary_key=True)
    standard_id: UUID = Field(foreign_key=STANDARD, index=True)
    kind: str
    target_id: UUID | None = Field(index=True)
    catalogue_id: UUID | None = Field(index=True)
    identifier: str | None
    degree: str | None
    """IDT, MOD or NEQ for adoptions"""
    edition: str | None
    part: str | None
    """What part is replaced; null means the whole."""
    since: date


class WatchRow(SQLModel, table=True):
    """Who wants to hear of a standard. A preference, not part of the record."""

    __tablename__ = "watch"
    standard_id: UUID = Field(primary_key=True, foreign_key=STANDARD)
    account_id: UUID = Field(primary_key=True)


class SavedViewRow(SQLModel, table=True):
    """A list that somebody keeps under a name. A preference, not part of the record."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("account_id", "name"),)
    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(index=True)
    name: str
    query: str
    """What stands after the question mark of its address."""
    usual: bool
    """Shown where nothing else is asked for."""


def columns(model: type[SQLModel]) -> dict[str, Any]:
    """The columns of a table by name."""
    return dict(SQLModel.metadata.tables[str(model.__tablename__)].columns)
