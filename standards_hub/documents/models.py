"""The tables of reports: those that were made, which are part of the record, and those that were asked for and are being made."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class ReportRow(SQLModel, table=True):
    """A progress report as it was made; signing is all that ever comes to it, a later truth makes another."""

    __tablename__ = "report"
    __table_args__ = (sa.Index("report_newest", "made_at", "id"), sa.Index("report_of_plan", "plan_key", "as_of"))
    id: UUID = Field(primary_key=True)
    version: int
    plan_key: str
    as_of: date
    since: date | None
    """The day it was compared with."""
    title: str
    made_at: datetime = Field(sa_type=Utc)
    made_by: str
    """Who asked for it, as the log names actors."""
    known_at: datetime = Field(sa_type=Utc)
    """The instant whose knowledge the numbers rest on."""
    rule: str
    data_hash: str
    head_id: int = Field(sa_type=sa.BigInteger)
    """The last link of the log when it was computed."""
    head_hash: str
    counted: int
    target: int
    files: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    """For each format its SHA-256 in the store of files, and its size in bytes."""
    kind: str = Field(sa_column_kwargs={"server_default": "progress"})
    """progress, monthly, quarterly or annual"""
    narrative: int = Field(sa_column_kwargs={"server_default": "0"})
    """The version of the author's words that it prints; 0 for none."""
    missing: list[str] = Field(sa_type=sa.JSON, sa_column_kwargs={"server_default": "[]"})
    """Places of the author that were empty."""
    short: list[str] = Field(sa_type=sa.JSON, sa_column_kwargs={"server_default": "[]"})
    """Projects that owe the cause of a shortfall, by number."""
    corrects: UUID | None
    """The signed report of the same period that it corrects."""
    signed_at: datetime | None = Field(sa_type=Utc)
    signed_by: str | None
    snapshot: int | None
    """The number of the snapshot in the plan's chain that was signed with it."""
    snapshot_hash: str | None


class NarrativeRow(SQLModel, table=True):
    """What an author wrote for the reports of one plan, kind and day; every report made of them prints it."""

    __tablename__ = "report_narrative"
    __table_args__ = (sa.UniqueConstraint("plan_key", "kind", "as_of"),)
    id: UUID = Field(primary_key=True)
    version: int
    plan_key: str
    kind: str
    as_of: date
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    written_at: datetime = Field(sa_type=Utc)
    written_by: str


class ReportOrderRow(SQLModel, table=True):
    """A report that was asked for and is not there yet. It is run from, not replayed, and goes when the report is made."""

    __tablename__ = "report_order"
    id: UUID = Field(primary_key=True)
    """The id the report will have."""
    plan_key: str
    as_of: date
    since: date | None
    kind: str = Field(sa_column_kwargs={"server_default": "progress"})
    asked_by: str
    """Who asked for it; `system` where its period was over."""
    asked_at: datetime = Field(sa_type=Utc)
    step: str
    """What is being done: one of `kept.STEPS`."""
