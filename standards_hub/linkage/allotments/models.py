"""The table of divisions of targets, a projection of the log."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class AllotmentRow(SQLModel, table=True):
    """A target divided among the keys of one or two axes, in one version; a later one never changes it but for its last day."""

    __tablename__ = "target_allotment"
    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    target_key: str
    axes: list[str] = Field(sa_type=sa.JSON)
    n: int
    mode: str
    cells: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    open: int
    """What is allotted to no key; with the cells it comes to `total`."""
    total: int
    since: date
    superseded_on: date | None
    source: str
    reason: str
