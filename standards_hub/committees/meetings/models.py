"""The tables of meetings, their agendas, papers, attendance, decisions and duties. All are projections of the log."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

MEETING = "meeting.id"


class MeetingRow(SQLModel, table=True):
    """A meeting of a committee."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index("meeting_of_committee", "committee_id", "starts_on"),
        sa.Index("meeting_by_day", "starts_on", "id"),
    )
    id: UUID = Field(primary_key=True)
    version: int
    committee_id: UUID = Field(foreign_key="committee.id")
    kind: str
    """plenary, review or working"""
    title: str
    starts_on: date
    starts_at: str
    """09:00, in Asia/Shanghai"""
    ends_on: date | None
    ends_at: str | None
    place: str | None
    link: str | None
    note: str | None = Field(sa_type=sa.Text)
    chaired_by: UUID | None
    rule: str | None
    """The vote rule by which its quorum is told."""
    state: str
    """prepared, called, held, minutes, signed or cancelled"""
    sequence: int
    """How often its invitation was changed, as calendars count."""
    exemplar: bool
    prepared_on: date
    called_on: date | None
    papers_on: date | None
    """The day on which the papers went out."""
    held_on: date | None
    minutes_on: date | None
    signed_on: date | None
    reason: str | None
    """Why it was moved or cancelled."""
    unreached: list[str] = Field(sa_type=sa.JSON)
    """Who was called and has neither an account nor an address here."""
    breaches: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    """The times that were not kept: which, the last day there was, the day it was done, why."""
    signed: dict[str, Any] | None = Field(sa_type=sa.JSON)
    """The files that came back signed."""


class ItemRow(SQLModel, table=True):
    """An item of an agenda, on a subject or on a matter of its own."""

    __tablename__ = "meeting_item"
    __table_args__ = (sa.Index("meeting_item_on", "subject_kind", "subject_id"),)
    id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key=MEETING, index=True)
    place: int
    title: str
    purpose: str
    subject_kind: str | None
    subject_id: UUID | None
    profile: str | None
    """The subject's procedure, where it has times of its own."""
    ballot_id: UUID | None
    discussion: str | None = Field(sa_type=sa.Text)


class TabledRow(SQLModel, table=True):
    """A paper that lies before a meeting."""

    __tablename__ = "meeting_paper"
    id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key=MEETING, index=True)
    item_id: UUID
    title: str
    sha256: str
    filename: str
    media_type: str
    size: int
    source_id: UUID | None
    """The paper of the subject's dossier that it is."""
    added_on: date


class AttendeeRow(SQLModel, table=True):
    """Who was called or came, and whether they were there."""

    __tablename__ = "meeting_attendee"
    id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key=MEETING, index=True)
    person_id: UUID | None = Field(index=True)
    seat_id: UUID | None
    name: str
    organisation: str | None
    position: str | None
    """The seat's position; none for guests."""
    presence: str
    """present, proxy, excused or absent"""
    proxy: str | None
    """Who came in their place."""
    note: str | None


class DecisionRow(SQLModel, table=True):
    """What a meeting decided on an item."""

    __tablename__ = "meeting_decision"
    __table_args__ = (sa.Index("meeting_decision_on", "subject_kind", "subject_id"),)
    id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key=MEETING, index=True)
    item_id: UUID
    kind: str
    text: str = Field(sa_type=sa.Text)
    form: str
    """meeting or letter: how a review is held"""
    subject_kind: str | None
    subject_id: UUID | None
    subject_hash: str | None
    """The hash of the text that was decided on."""
    decided_on: date


class DutyRow(SQLModel, table=True):
    """What somebody has to do by a day because a meeting decided so."""

    __tablename__ = "meeting_duty"
    __table_args__ = (sa.Index("meeting_duty_of", "person_id", "done_on"),)
    id: UUID = Field(primary_key=True)
    meeting_id: UUID = Field(foreign_key=MEETING, index=True)
    item_id: UUID
    person_id: UUID
    what: str = Field(sa_type=sa.Text)
    due_on: date
    done_on: date | None
    done_by: str | None
    outcome: str | None
