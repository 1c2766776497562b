"""The table of declared interests: what keeps a member from voting on something. A projection of the log."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class InterestRow(SQLModel, table=True):
    """A conflict of interest that a member declared, or that was found; it holds until it is lifted."""

    __tablename__ = "interest"
    __table_args__ = (sa.Index("interest_by_committee", "committee_id", "since"),)
    id: UUID = Field(primary_key=True)
    committee_id: UUID = Field(foreign_key="committee.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    subject_kind: str | None
    """What it is about, `standard`; null where it is about no one thing."""
    subject_id: UUID | None
    subject: str
    """How the thing is called."""
    relation: str
    """One of RELATIONS."""
    note: str | None = Field(sa_type=sa.Text)
    since: date
    until: date | None
    """The day it was lifted."""
