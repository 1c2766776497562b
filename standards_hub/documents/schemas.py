"""What comes in and goes out about reports."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.documents.report.kinds import ReportKind
from standards_hub.documents.report.narrative import EMPTY, Narrative
from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.errors import Unmet
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
    """A report to be made: the plan, the day it states, the day it is compared with, and its kind."""

    plan: Annotated[str, Meta(min_length=1, max_length=100)]
    as_of: date | None = None
    """Today if left out."""
    since: date | None = None
    """The day before its period if left out, for a kind that has one."""
    kind: ReportKind = "progress"


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
    kind: ReportKind = "progress"
    narrative: int = 0
    missing: list[str] = []
    short: list[str] = []
    corrects: UUID | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    snapshot: int | None = None
    snapshot_hash: str | None = None
    department_id: UUID | None = None
    """The department that answers for its plan today."""

    def bodies(self) -> set[Body]:
        department: set[Body] = {("organisation", str(self.department_id))} if self.department_id else set()
        return {("plan", self.plan_key)} | department

    def file(self, format: str) -> PrintedFile | None:
        return next((file for file in self.files if file.format == format), None)


class Order(Struct, kw_only=True):
    """A report that was asked for and is not there yet."""

    id: UUID
    plan_key: str
    as_of: date
    since: date | None
    kind: ReportKind = "progress"
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
    kind: ReportKind
    asked_by: str
    """Name of whoever asked for it."""
    step: Said | None = None
    """What is being done."""
    done: int
    of: int
    """Steps done, and all of them."""
    report: Report | None = None


class NarrativeText(Subject, kw_only=True):
    """The author's words for one plan, kind and day, as they are on record."""

    stream_kind: ClassVar[str] = "narrative"
    plan_key: str
    kind: ReportKind
    as_of: date
    content: Narrative = EMPTY
    written_at: datetime | None = None
    written_by: str | None = None


class NarrativeOut(Struct, kw_only=True):
    """The author's words, their version, and those of the period before, which are a suggestion only."""

    plan: str
    kind: ReportKind
    as_of: date
    version: int
    """0 while nothing was written."""
    content: Narrative
    missing: list[str]
    previous_as_of: date | None
    previous: Narrative | None


class SignReport(Struct, forbid_unknown_fields=True):
    """Signing. The reason is needed where the report corrects one that was signed."""

    reason: Annotated[str, Meta(max_length=1000)] = ""


class Signing(Struct, kw_only=True):
    """What would be signed, and what stands in the way."""

    report: Report
    corrects: Report | None
    """The signed report of the same period that this one corrects."""
    unmet: list[Unmet]
