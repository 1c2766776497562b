"""The tables of ballots and of those who may vote in them. Both are projections of the log."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class BallotRow(SQLModel, table=True):
    """A ballot on one version of a subject, under one rule."""

    __tablename__ = "ballot"
    __table_args__ = (
        sa.Index("ballot_of_committee", "committee_id", "closes_on"),
        sa.Index("ballot_on_subject", "subject_kind", "subject_id"),
        sa.Index("ballot_due", "state", "closes_on"),
    )
    id: UUID = Field(primary_key=True)
    version: int
    committee_id: UUID = Field(foreign_key="committee.id")
    title: str
    question: str | None = Field(sa_type=sa.Text)
    subject_kind: str
    """`standard`, or another kind that a room answers for; `matter` is what stands in the ballot itself"""
    subject_id: UUID
    subject_label: str
    subject_hash: str | None
    """The hash of the text, frozen when the ballot opens."""
    rule: str
    terms: dict[str, Any] | None = Field(sa_type=sa.JSON)
    """The rule as it was when the ballot opened."""
    form: str
    """letter or meeting"""
    closes_on: date
    """The last day; it ends at 24:00."""
    invited: dict[str, Any] = Field(sa_type=sa.JSON)
    """Before opening: experts, bodies and recusals that the roll will be made of."""
    counts: dict[str, Any] = Field(sa_type=sa.JSON)
    """Numbers that are not votes, such as those present."""
    state: str
    """prepared, open, closed or void"""
    exemplar: bool
    prepared_on: date
    opened_on: date | None
    closed_on: date | None
    outcome: str | None
    """passed, failed, invalid or consultation"""
    decision: str | None
    result: dict[str, Any] | None = Field(sa_type=sa.JSON)
    void_reason: str | None


class VoterRow(SQLModel, table=True):
    """Somebody on the roll of a ballot, as they were when it opened, and their vote as it stands."""

    __tablename__ = "ballot_voter"
    __table_args__ = (sa.UniqueConstraint("ballot_id", "place"),)
    id: UUID = Field(primary_key=True)
    ballot_id: UUID = Field(foreign_key="ballot.id")
    place: int
    person_id: UUID | None = Field(foreign_key="person.id", index=True)
    seat_id: UUID | None
    name: str
    organisation: str | None
    position: str | None
    p_member: bool
    recused: bool
    recusal_reason: str | None
    vote: str | None
    reason: str | None = Field(sa_type=sa.Text)
    expert_named: bool
    cast_on: date | None
    cast_by: str | None
    """The account that cast it, which is the voter's own or the secretariat's for a paper that came in."""
    paper: str | None
    """Where the voter's paper is kept, if the secretariat entered the vote."""


class BallotSheetRow(SQLModel, table=True):
    """A result sheet that came back signed; the file is in the store under its hash, and the one filed last is what counts."""

    __tablename__ = "ballot_sheet"
    id: UUID = Field(primary_key=True)
    ballot_id: UUID = Field(foreign_key="ballot.id", index=True)
    seq: int
    sha256: str
    filename: str
    media_type: str
    size: int
    signed_on: date
    filed_on: date
    filed_by: str
    paper_id: UUID | None
    """The same sheet in the dossier of what was voted on, where it has one."""
