"""The tables of reports: those that were made, which are part of the record, and those that were asked for and are being made."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class ReportRow(SQLModel, table=True):
    """A progress report as it was made; never changed, a later truth makes another."""

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


class ReportOrderRow(SQLModel, table=True):
    """A report that was asked for and is not there yet. It is run from, not replayed, and goes when the report is made."""

    __tablename__ = "report_order"
    id: UUID = Field(primary_key=True)
    """The id the report will have."""
    plan_key: str
    as_of: date
    since: date | None
    asked_by: str
    asked_at: datetime = Field(sa_type=Utc)
    step: str
    """What is being done: one of `kept.STEPS`."""
