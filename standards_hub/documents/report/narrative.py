"""What only the author can say: texts, next steps and the causes of shortfalls. What is empty is printed as a visible place and is missing."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from standards_hub.documents.report.kinds import Place, ReportKind, places_of
from standards_hub.documents.report.model import Column, Paragraph, Table
from standards_hub.documents.report.wording import AUTHOR, clean

Line = Annotated[str, Meta(max_length=500)]
MOST_ROWS = 60


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One task of the next period."""

    task: Line
    unit: Line
    due: date | None = None

    @property
    def whole(self) -> bool:
        return bool(self.task.strip() and self.unit.strip() and self.due)


class Shortfall(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a project falls short of what it promised, and what is done about it."""

    project_no: Line
    cause: Line = ""
    remedy: Line = ""

    @property
    def whole(self) -> bool:
        return bool(self.cause.strip() and self.remedy.strip())


class Narrative(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that an author wrote for one plan, kind and day. `omitted` are places of which the author says that nothing is to be said."""

    texts: dict[str, Annotated[str, Meta(max_length=3000)]] = {}
    omitted: tuple[str, ...] = ()
    steps: Annotated[tuple[Step, ...], Meta(max_length=MOST_ROWS)] = ()
    shortfalls: Annotated[tuple[Shortfall, ...], Meta(max_length=MOST_ROWS)] = ()

    def text(self, place: str) -> str:
        return self.texts.get(place, "").strip()

    def of(self, project_no: str) -> Shortfall | None:
        return next((one for one in self.shortfalls if one.project_no == project_no), None)


EMPTY = Narrative()


def missing(kind: ReportKind, narrative: Narrative, short: Sequence[str]) -> list[str]:
    """The places that are still empty, in the order of printing; `short` are the projects whose shortfall needs a cause."""
    return [key for key, place in places_of(kind).items() if not written(key, place, narrative, short)]


def written(key: str, place: Place, narrative: Narrative, short: Sequence[str]) -> bool:
    """Whether nothing is missing at a place: it is filled in, left out on purpose, or has nothing to say."""
    if place.form == "steps":
        return bool(narrative.steps) and all(step.whole for step in narrative.steps)
    if place.form == "shortfalls":
        return all((one := narrative.of(number)) is not None and one.whole for number in short)
    return bool(narrative.text(key)) or (place.omit and key in narrative.omitted)


def blocks(key: str, place: Place, narrative: Narrative, short: Sequence[str]) -> list[Paragraph | Table]:
    """What is printed at a place: the author's paragraphs or table, or a visible mark that they are missing."""
    hint = Paragraph(f"{AUTHOR}（{place.zh}）", "author")
    if place.form == "steps":
        return [steps_table(narrative.steps)] if narrative.steps else [hint]
    if place.form == "shortfalls":
        return [] if written(key, place, narrative, short) else [hint]
    if text := narrative.text(key):
        return [Paragraph(clean(part)) for part in text.splitlines() if clean(part)]
    return [] if place.omit and key in narrative.omitted else [hint]


def steps_table(steps: Sequence[Step]) -> Table:
    columns = (
        Column("row", "序号", "number", 12),
        Column("task", "工作事项", width=72),
        Column("unit", "责任单位", width=44),
        Column("due", "完成时限", "date", 28),
    )
    rows = tuple((n, clean(s.task) or AUTHOR, clean(s.unit) or AUTHOR, s.due) for n, s in enumerate(steps, 1))
    return Table("steps", "下一步工作", columns, rows)
