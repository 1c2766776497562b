"""What comes in and goes out about reports."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.kernel.http import Said
from standards_hub.kernel.work import Subject

Step = Literal["waiting", "counting", "docx", "pdf", "xlsx", "json", "html", "keeping"]
State = Literal["running", "failed", "done"]


class PrintedFile(Struct, frozen=True):
    """One print of a report in the store of files."""

    format: str
    sha256: str
    size: int


class NewReport(Struct, forbid_unknown_fields=True):
    """A report to be made: the plan, the day it states, and the day it is compared with."""

    plan: Annotated[str, Meta(min_length=1, max_length=100)]
    as_of: date | None = None
    """Today if left out."""
    since: date | None = None


class Report(Subject, kw_only=True):
    """A report that was made."""

    stream_kind: ClassVar[str] = "report"
    plan_key: str
    as_of: date
    since: date | None
    title: str
    made_at: datetime
    made_by: str
    known_at: datetime
    rule: str
    data_hash: str
    head_id: int
    head_hash: str
    counted: int
    target: int
    files: list[PrintedFile]

    def file(self, format: str) -> PrintedFile | None:
        return next((file for file in self.files if file.format == format), None)


class Order(Struct, kw_only=True):
    """A report that was asked for and is not there yet."""

    id: UUID
    plan_key: str
    as_of: date
    since: date | None
    asked_by: str
    asked_at: datetime
    step: Step
    failed: bool = False
    """Whether the hub has given it up; it tries several times."""


class ReportOut(Struct, kw_only=True):
    """A report, made or in the making."""

    id: UUID
    state: State
    plan: str
    as_of: date
    since: date | None
    asked_by: str
    """Name of whoever asked for it."""
    step: Said | None = None
    """What is being done."""
    done: int
    of: int
    """Steps done, and all of them."""
    report: Report | None = None
