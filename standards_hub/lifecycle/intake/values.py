"""What the checks hand on: problems of cells, what a row would become, and what is there already."""

from typing import Literal
from uuid import UUID

from msgspec import Struct, field

from standards_hub.kernel.access.actor import Body
from standards_hub.kernel.messages import Message
from standards_hub.lifecycle.intake.ports import FoundProject, Words
from standards_hub.lifecycle.schemas import Entry

Severity = Literal["warning", "error"]
Outcome = Literal["ok", "warning", "error"]


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is to be taken."""

    create_organisations: bool = False
    """Put drafting organisations that are unknown on the register."""
    plan_key: str | None = None
    """The plan of rows that name none."""


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong with a cell, or odd about it, and the mend."""

    column: str
    """Key of the column."""
    code: str
    why: Message
    severity: Severity = "error"


class Link(Struct, frozen=True):
    """A relation that a row asks for; `key` identifies the standard it is to."""

    kind: Literal["adopts", "replaces"]
    identifier: str
    key: str
    degree: str | None = None


class Draft(Struct, kw_only=True):
    """A row as it was understood, before names are looked up."""

    number: int
    """Row of the file."""
    title: str
    entry: Entry | None = None
    """None where too much is wrong to say what it would be."""
    committee: str | None = None
    department: str | None = None
    units: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    region: str | None = None
    plan: str | None = None
    projects: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    note: str | None = None
    track_key: str | None = None
    plan_number: str | None = None
    plan_number_strict: bool = False
    """Of a register that numbers each project; others may give one document number to many."""
    number_key: str | None = None
    problems: list[Problem] = field(default_factory=list)
    creates: list[Message] = field(default_factory=list)
    unit_ids: list[UUID | str] = field(default_factory=list)
    """The drafting organisations in rank order: ids, and names of those that are to be put on the register."""
    claims: list[FoundProject] = field(default_factory=list)

    def wrong(self, column: str, code: str, why: Message, *, warn: bool = False) -> None:
        severity: Severity = "warning" if warn else "error"
        self.problems.append(Problem(column=column, code=code, why=why, severity=severity))

    @property
    def outcome(self) -> Outcome:
        severities = {problem.severity for problem in self.problems}
        return "error" if "error" in severities or self.entry is None else "warning" if severities else "ok"


class Reach(Struct, frozen=True):
    """The bodies of a standard that is not there yet, for the permission to take it in."""

    of: frozenset[Body] = frozenset()

    def bodies(self) -> set[Body]:
        return set(self.of)


class Named(Struct, frozen=True):
    """Something a cell can name."""

    id: UUID
    label: str
    active: bool = True


class There(Struct, frozen=True):
    """A standard that is in the portfolio already."""

    id: UUID
    label: str
    title: str
    track_key: str
    kind: str
    number_key: str | None
    plan_number: str | None


class Known(Struct, kw_only=True):
    """Everything outside the file that its rows are checked against, looked up once."""

    committees: dict[str, list[Named]]
    """By number key and by name."""
    committee_names: list[str]
    organisations: dict[str, Named]
    """By name, former name and code, folded."""
    organisation_names: list[str]
    words: Words
    projects: dict[str, FoundProject]
    by_number: dict[str, There]
    by_plan_number: dict[str, There]
    by_title: dict[str, list[There]]
