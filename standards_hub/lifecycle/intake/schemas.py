"""What comes in and goes out of an import."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from standards_hub.kernel.errors import HubError
from standards_hub.kernel.http import Said
from standards_hub.lifecycle.intake.columns import column
from standards_hub.lifecycle.intake.reading import Table
from standards_hub.lifecycle.intake.values import Draft, Options, Outcome, Severity

State = Literal["planned", "accepting", "accepted", "undoing", "undone"]
RowNumber = Annotated[int, Meta(ge=1, le=100_000)]
Text = Annotated[str, Meta(max_length=5_000)]


class Acceptance(Struct, kw_only=True, forbid_unknown_fields=True):
    only_good: bool = False
    """Take the good rows although others are wrong; else nothing is written unless every row is good."""
    wait: bool = True
    """Answer when all is written; else at once with 202, and the import, read again, says how far it is."""


class Undoing(Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=2, max_length=2000)]
    wait: bool = True
    """Answer when all is erased; else at once with 202, and the import, read again, says how far it is."""


class Correction(Struct, kw_only=True, forbid_unknown_fields=True):
    """A cell put right in place; an empty value clears it."""

    row: RowNumber
    column: Annotated[str, Meta(min_length=1, max_length=200)]
    """Key or header of the column."""
    value: Text


class Corrections(Struct, kw_only=True, forbid_unknown_fields=True):
    cells: Annotated[list[Correction], Meta(min_length=1, max_length=2_000)]


class ProblemOut(Struct, frozen=True):
    column: str
    name: Said
    cell: str
    """Where it stands in the file, `D17`."""
    severity: Severity
    code: str
    why: Said


class RowOut(Struct, frozen=True):
    """What became, or would become, of one row."""

    row: int
    title: str
    outcome: Outcome
    problems: list[ProblemOut] = []
    creates: list[Said] = []
    values: dict[str, str] = {}
    """The cells as read, for rows with problems."""
    standard_id: UUID | None = None


class Counts(Struct, frozen=True):
    rows: int = 0
    ok: int = 0
    warning: int = 0
    error: int = 0
    taken: int = 0
    """Standards that were taken in."""

    @classmethod
    def of(cls, drafts: Collection[Draft], taken: int = 0) -> "Counts":
        outcomes = [draft.outcome for draft in drafts]
        return cls(len(drafts), outcomes.count("ok"), outcomes.count("warning"), outcomes.count("error"), taken)


class Progress(Struct, frozen=True):
    """How far an acceptance or undoing is that a job does."""

    state: Literal["waiting", "running", "failed"]
    done: int = 0
    """Rows written or erased so far, as far as this process knows."""
    rows: int = 0
    attempts: int = 0


class Obstacle(Struct, frozen=True):
    """One thing that stood in the way: its code, why, and the cell or standard that it concerns."""

    code: str
    why: Said
    where: str | None = None


class Failure(Said, frozen=True):
    """Why a job changed nothing, and everything that stood in its way."""

    unmet: list[Obstacle] = []

    @classmethod
    def from_error(cls, error: HubError) -> "Failure":
        unmet = [Obstacle(one.code, Said.of(one.why), one.where) for one in error.unmet]
        return cls(error.message.into("zh"), error.message.into("en"), unmet)


class IntakeOut(Struct, frozen=True, kw_only=True):
    """An import as it stands; `rows` are checked afresh until it is accepted, then they are the outcome."""

    id: UUID
    name: str
    sha256: str
    state: State
    options: Options
    counts: Counts
    created_at: datetime
    created_by: str
    begun_at: datetime | None = None
    progress: Progress | None = None
    """Only while it is being accepted or undone."""
    failure: Failure | None = None
    """Why the last acceptance or undoing by a job changed nothing."""
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None
    notes: list[Said] = []
    rows: list[RowOut] = []


def rows_out(table: Table, drafts: Iterable[Draft], made: dict[int, UUID] | None = None) -> list[RowOut]:
    """The outcome of each row, in both languages."""
    cells = {row.number: row.cells for row in table.rows}
    found = []
    for draft in drafts:
        problems = [
            ProblemOut(p.column, Said.of(column(p.column).name), table.cell(draft.number, p.column), p.severity, p.code, Said.of(p.why))
            for p in draft.problems
        ]
        values = {key: str(value) for key, value in cells[draft.number].items()} if problems else {}
        found.append(RowOut(draft.number, draft.title, draft.outcome, problems, [Said.of(one) for one in draft.creates], values,
                            (made or {}).get(draft.number)))  # fmt: skip
    return found
