"""The tables of committees' ways: where each is, and what was recorded. Projections of the log."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class CourseRow(SQLModel, table=True):
    """Where a committee is on its way; committees that nobody put on it have no row."""

    __tablename__ = "committee_course"
    committee_id: UUID = Field(primary_key=True, foreign_key="committee.id")
    step: str
    entered_on: date
    term: int | None
    term_since: date | None
    term_until: date | None
    due: date | None
    outcome: str | None
    evaluated_on: date | None
    host_id: UUID | None


class MilestoneRow(SQLModel, table=True):
    """An act on the way, by the place of its event in the committee's stream."""

    __tablename__ = "committee_milestone"
    committee_id: UUID = Field(primary_key=True, foreign_key="committee.id")
    seq: int = Field(primary_key=True)
    act: str
    step: str
    on: date
    reference: str | None
    """The number of the paper that decided it, 文号."""
    reason: str | None = Field(sa_type=sa.Text)
    exception: str | None = Field(sa_type=sa.Text)
    """Why a condition was passed over."""
    outcome: str | None
