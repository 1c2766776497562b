"""The table of acceptance packages, a projection of the log."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc


class AcceptancePackageRow(SQLModel, table=True):
    """A package as it was made; its files are kept under their hashes and never change."""

    __tablename__ = "acceptance_package"
    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(index=True)
    as_of: date
    made_at: datetime = Field(sa_type=Utc)
    asked_by: str
    final: bool
    """Made at the closing of the project."""
    promised: int
    reached: int
    outputs: int
    proofs: int
    head_id: int
    head_hash: str
    pdf_sha256: str
    pdf_size: int
    zip_sha256: str
    zip_size: int
