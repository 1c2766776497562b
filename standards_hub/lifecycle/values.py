"""What a standard is in memory, and the small values around it. Rows become these; nothing here does I/O."""

from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Name
from standards_hub.kernel.work import Subject

Kind = Literal["new", "revision", "amendment", "adoption"]
Degree = Literal["IDT", "MOD", "NEQ"]

UNDER_WAY = ("active", "frozen", "suspended")
ENDED = ("terminated", "cancelled", "lapsed", "merged", "split")
ISSUED = ("published", "superseded", "withdrawn")


class Standard(Subject, kw_only=True):
    """A standard as its row tells it. Dates are days in Asia/Shanghai; `stage` is a harmonized code."""

    stream_kind: ClassVar[str] = "standard"
    track: str
    level: str
    kind: str
    nature: str | None
    document_type: str
    title_zh: str
    title_en: str
    scope: str
    step: str
    stage: str
    step_entered_on: date
    status: str
    round: int
    failures: int
    proposed_on: date
    plan_number: str | None
    number: str | None
    number_key: str | None
    approved_on: date | None
    published_on: date | None
    effective_on: date | None
    withdrawn_on: date | None
    committee_id: UUID | None
    department_id: UUID | None
    lead_drafter_id: UUID | None
    leader_id: UUID | None
    region: str | None
    ics: list[str]
    ccs: list[str]
    plan_key: str | None
    primary_field: str | None
    fields: list[str]
    fills_gap: bool
    stricter: bool
    patents: bool
    measurable: bool
    drafters_not_named: bool
    international_role: str | None
    entered_mid_life: bool
    exemplar: bool
    import_id: UUID | None

    def bodies(self) -> set[Body]:
        """The bodies whose roles count for this standard."""
        bodies: set[Body] = {("standard", str(self.id))}
        if self.committee_id:
            bodies.add(("committee", str(self.committee_id)))
        if self.department_id:
            bodies.add(("organisation", str(self.department_id)))
        if self.lead_drafter_id:
            bodies.add(("organisation", str(self.lead_drafter_id)))
        if self.plan_key:
            bodies.add(("plan", self.plan_key))
        return bodies

    @property
    def label(self) -> str:
        """How it is called: its number, else its plan number, else its title."""
        return self.number or self.plan_number or self.title_zh

    @property
    def called(self) -> Name:
        """How it is called in either language: as its label, and by its English title where the title is the label."""
        number = self.number or self.plan_number
        return Name(number, number) if number else self.title

    @property
    def title(self) -> Name:
        return Name(self.title_zh, self.title_en or self.title_zh)

    def conditions(self) -> set[str]:
        """The conditions of its track's gates that hold for it."""
        flags = {"mandatory": self.nature == "mandatory", "patent": self.patents, "measurable": self.measurable}
        return {self.kind, *(name for name, on in flags.items() if on)}


class Patch(Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """The facts of a standard that may be edited; what is unset stays as it is."""

    title_zh: str | UnsetType = UNSET
    title_en: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET
    nature: str | None | UnsetType = UNSET
    document_type: str | UnsetType = UNSET
    committee_id: UUID | None | UnsetType = UNSET
    department_id: UUID | None | UnsetType = UNSET
    leader_id: UUID | None | UnsetType = UNSET
    region: str | None | UnsetType = UNSET
    ics: list[str] | UnsetType = UNSET
    ccs: list[str] | UnsetType = UNSET
    plan_key: str | None | UnsetType = UNSET
    primary_field: str | None | UnsetType = UNSET
    fields: list[str] | UnsetType = UNSET
    fills_gap: bool | UnsetType = UNSET
    stricter: bool | UnsetType = UNSET
    patents: bool | UnsetType = UNSET
    measurable: bool | UnsetType = UNSET
    drafters_not_named: bool | UnsetType = UNSET
    international_role: str | None | UnsetType = UNSET

    def said(self) -> dict[str, Any]:
        """Only the fields that are set."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}


class DraftingUnit(Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation that drafts; `rank` counts from 1 in the order of the foreword, null where none are named."""

    organisation_id: UUID
    rank: int | None = None
    lead: bool = False


class Drafter(Struct, frozen=True, forbid_unknown_fields=True):
    person_id: UUID
    rank: int | None = None


class Paper(Struct, frozen=True):
    """A paper of the dossier."""

    id: UUID
    standard_id: UUID
    kind: str
    title: str
    dated: date
    sha256: str | None
    filename: str | None
    media_type: str | None
    size: int | None
    reference: str | None
    seq: int
    """Its place in the log of its standard: the higher, the later filed."""
    added_on: date
    added_by: str
    accepted_on: date | None
    accepted_by: str | None
    stale_on: date | None
    withdrawn_on: date | None
    note: str | None

    @property
    def counts(self) -> bool:
        """Whether it may meet a gate."""
        return self.accepted_on is not None and self.stale_on is None and self.withdrawn_on is None


class Deadline(Struct, frozen=True):
    """A limit that runs, or ran, for a standard."""

    id: UUID
    standard_id: UUID
    limit: str
    name_zh: str
    name_en: str
    cause: str
    holder: str
    consequence: str
    opened_on: date
    due_on: date
    first_due_on: date
    extensions: int
    state: str
    ended_on: date | None

    def overdue_on(self, day: date) -> bool:
        return self.state == "running" and day > self.due_on


class Visit(Struct, frozen=True):
    id: UUID
    standard_id: UUID
    step: str
    stage: str
    round: int
    entered_on: date
    left_on: date | None
    act: str
    via: str | None
    elsewhere: bool


class Waiver(Struct, frozen=True):
    id: UUID
    standard_id: UUID
    gate: str
    gate_name_zh: str
    gate_name_en: str
    from_step: str
    to_step: str
    reason: str
    waived_on: date
    waived_by: str


class Extension(Struct, frozen=True):
    id: UUID
    standard_id: UUID
    deadline_id: UUID
    months: int
    reason: str
    asked_on: date
    asked_by: str
    state: str
    decided_on: date | None
    decided_by: str | None
    decision: str | None


class Relation(Struct, frozen=True):
    id: UUID
    standard_id: UUID
    kind: str
    target_id: UUID | None
    catalogue_id: UUID | None
    identifier: str | None
    degree: str | None
    edition: str | None
    part: str | None
    since: date


class Alias(Struct, frozen=True):
    id: UUID
    standard_id: UUID
    number: str
    since: date
    until: date | None


class SavedView(Struct, frozen=True):
    """A list that somebody keeps under a name; `usual` where it is shown when nothing else is asked for."""

    id: UUID
    account_id: UUID
    name: str
    query: str
    usual: bool
