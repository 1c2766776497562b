"""The table of snapshots, a projection of the log."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class SnapshotRow(SQLModel, table=True):
    """A signed count of a plan; a link of the plan's chain. Never changed: a later truth makes a correction."""

    __tablename__ = "plan_snapshot"
    __table_args__ = (sa.UniqueConstraint("plan_key", "n"),)
    id: UUID = Field(primary_key=True)
    version: int
    plan_key: str
    n: int
    """Counts the plan's snapshots from 1 without gaps."""
    as_of: date
    known_at: datetime = Field(sa_type=Utc)
    """The instant whose knowledge the count rests on."""
    rule: str
    data_hash: str
    """Of the facts of every standard; like the next three the SHA-256 of a file in the store."""
    plan_hash: str
    """Of the plan as it was: targets, fields, regions and the window."""
    rule_hash: str
    count_hash: str
    """Of the lines: each standard, what became of it and why."""
    targets: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    total: dict[str, Any] = Field(sa_type=sa.JSON)
    report: UUID | None
    files: dict[str, str] = Field(sa_type=sa.JSON)
    """The report's files and their SHA-256, by file name."""
    software: str
    corrects: int | None
    """The number of the snapshot that this one corrects."""
    reason: str | None
    previous_hash: str
    hash: str
    signed_by: str
    signed_at: datetime = Field(sa_type=Utc)
