"""Everything a report is built from, in one value: the counts, what stands around them, and what the author wrote."""

from datetime import date, datetime

from msgspec import Struct

from standards_hub.documents.report.around import NOTHING, Around, short_projects
from standards_hub.documents.report.kinds import Kind, ReportKind, kind_of
from standards_hub.documents.report.narrative import EMPTY, Narrative
from standards_hub.linkage.counting import Counted
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.forecast.values import Forecast
from standards_hub.linkage.rule import CountRule


class Correction(Struct, frozen=True):
    """The signed report of the same period: the day it was signed, and what it counted."""

    signed_on: date
    counted: Counted


class Source(Struct, frozen=True, kw_only=True):
    plan: PlanFacts
    counted: Counted
    rule: CountRule
    key: ReportKind
    known_at: datetime
    data_hash: str
    forecast: Forecast
    previous: Counted | None = None
    since: date | None = None
    around: Around = NOTHING
    narrative: Narrative = EMPTY
    correction: Correction | None = None

    @property
    def kind(self) -> Kind:
        return kind_of(self.key)

    @property
    def short(self) -> list[str]:
        return short_projects(self.around, self.counted.as_of) if "shortfalls" in self.kind.places else []

    @property
    def exemplars(self) -> int:
        return sum(line.standard.exemplar for line in self.counted.lines)

    @property
    def annexes(self) -> list[str]:
        """The annexes of the kind that this report has: changes where something is compared, the forecast before the day."""
        left_out = {"differences": not (self.previous or self.correction), "forecast": not self.forecast.open}
        return [key for key in self.kind.annexes if not left_out.get(key)]

    def annex(self, key: str) -> str:
        """Where an annex is found, in words; the workbook has what this kind does not print."""
        number = self.annexes.index(key) + 1 if key in self.annexes else None
        return f"附件{number}" if number else "电子表格"
