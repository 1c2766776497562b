"""What counting and reporting need to know of a plan and its standards: plain values as of one day.

They are filled from the database by the lifecycle's repository; nothing here reads a clock or a table.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.tracks.model import Level

Kind = Literal["new", "revision", "amendment", "adoption"]
DeadlineState = Literal["running", "overdue", "met", "executed"]

STAGES: dict[str, Message | Name] = {
    "00": say("预研"),
    "10": say("立项"),
    "20": say("起草"),
    "30": Name("征求意见", "comments"),  # what is out for comment is called by the same word
    "40": say("审查"),
    "50": say("批准"),
    "60": say("出版"),
}
"""Main stages of the harmonized codes, in the names of GB/T 16733."""
OTHER_STAGE = say("其他阶段")
INTERNATIONAL_ROLES: dict[str, Message] = {
    "project_leader": say("项目负责人"),
    "convenor": say("工作组召集人"),
    "editor": say("编辑"),
    "expert": say("注册专家"),
}


class Drafter(Struct, frozen=True, gc=False):
    """A drafting organisation as the foreword lists it."""

    organisation: str
    rank: int | None
    """Place in the list, from 1; None where the foreword gives no order, never 0."""
    region: str | None
    in_province: bool
    lead: bool = False
    """Named 负责起草单位."""


class ProjectRef(Struct, frozen=True, gc=False):
    """A science project that claims the standard."""

    project_no: str
    title: str
    relation: str = "output_of"
    """What the project says the standard is to it: its output, or something that it supported or rested on."""


class DeadlineFact(Struct, frozen=True, gc=False):
    name_zh: str
    name_en: str
    due: date
    """The last day; overrun from the day after."""
    holder: str | None = None
    state: DeadlineState = "running"
    consequence: str | None = None
    reason: str | None = None


class StandardFacts(Struct, frozen=True, gc=False):
    """One standard as it stood on the day of the report."""

    id: str
    number: str | None
    plan_number: str | None
    title_zh: str
    title_en: str
    level: Level
    kind: Kind
    nature: str | None
    document_type: str = "IS"
    """Deliverable of an international body: IS, TS, TR, PAS, IWA, REC."""
    family: str | None = None
    """Identifier family of the number, such as `national` or `group`."""
    status: str = "active"
    stage: str = ""
    """Harmonized code, such as `30.20`."""
    step: str = ""
    step_name_zh: str = ""
    step_name_en: str = ""
    stage_entered_on: date | None = None
    approved_on: date | None = None
    """Approved by the authority, or by the last ballot, whether or not it is published."""
    published_on: date | None = None
    effective_on: date | None = None
    withdrawn_on: date | None = None
    publication_evidence: tuple[str, ...] = ()
    """Papers in the dossier that show the publication: the announcement, the published text."""
    approval_evidence: tuple[str, ...] = ()
    """Papers in the dossier that show the approval."""
    same_source: tuple[str, ...] = ()
    """Ids of the standards it adopts or was derived from."""
    fields: tuple[str, ...] = ()
    primary_field: str | None = None
    region: str | None = None
    drafters: tuple[Drafter, ...] = ()
    international_role: str | None = None
    drafters_not_named: bool = False
    """The foreword of a mandatory GB names nobody, so rank does not apply."""
    projects: tuple[ProjectRef, ...] = ()
    committee: str | None = None
    holder: str | None = None
    fills_gap: bool = False
    stricter_than_national: bool = False
    deadlines: tuple[DeadlineFact, ...] = ()
    exemplar: bool = False
    """A row of the demonstration, marked 示例."""

    @property
    def output_of(self) -> list[str]:
        """The numbers of the projects of which it is said to be an output."""
        return [project.project_no for project in self.projects if project.relation == "output_of"]

    @property
    def main_stage(self) -> str:
        """The two digits of the stage; trial verification (25) belongs to drafting (20)."""
        return "20" if self.stage.startswith("25") else self.stage[:2]


class Term(Struct, frozen=True):
    """A word of the plan's vocabulary: a field or a region."""

    key: str
    zh: str
    en: str = ""


class TargetFacts(Struct, frozen=True):
    """One target of the plan: so many standards of these levels by a day."""

    key: str
    name: str
    levels: tuple[Level, ...]
    value: int
    name_en: str = ""
    tolerance: str | None = None
    """The plan's own hedge, such as 左右; printed, never calculated with."""
    due: date | None = None
    source: str = ""


class PlanFacts(Struct, frozen=True):
    key: str
    name: str
    targets: tuple[TargetFacts, ...]
    fields: tuple[Term, ...]
    regions: tuple[Term, ...]
    window_start: date
    window_end: date
    """Publication counts from the first to the second day, both included."""
    document: str = ""
    """Full title of the document that sets the targets."""
    count_rule: str = "default"
    """Key of the rule that the plan counts by, where nobody asks for another."""
    report_title: str = "关于未来产业标准规范研制工作进展情况的报告"
