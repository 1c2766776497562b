"""The progress report as one object: numbers, sections, tables. The four writers print it and calculate nothing.

The letter is an official document in Chinese (GB/T 9704), so its own words are Chinese in every format.
"""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

from standards_hub.documents.report.kinds import ReportKind, kind_of
from standards_hub.linkage.counting import Counted
from standards_hub.linkage.forecast.values import Forecast
from standards_hub.linkage.rule import CountRule

Value = str | int | date | None
Kind = Literal["text", "integer", "permille", "date", "number"]
"""`permille` is tenths of a percent, printed with one decimal; `number` is the running number of a row."""


SHORT = 16
"""Rows up to which a table is kept on one page."""


class Column(Struct, frozen=True):
    key: str
    title: str
    kind: Kind = "text"
    width: int = 20
    """Millimetres on paper; the widths of a table add up to the width of its page's text."""


class Table(Struct, frozen=True, tag="table"):
    """Rows of values under typed columns. `total` says that the last row sums the rows above it."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: bool = False
    note: str = ""
    empty: str = "无"
    """What is printed where there are no rows."""
    behind: tuple[tuple[str, ...], ...] = ()
    """For each cell what stands behind it, a selection or an address, empty where nothing does; said for all cells or for none."""

    @property
    def short(self) -> bool:
        """Whether it is a summary small enough to be kept on one page."""
        return self.total and len(self.rows) <= SHORT

    def column(self, key: str) -> list[Value]:
        """The values of one column, total row included."""
        place = [c.key for c in self.columns].index(key)
        return [row[place] for row in self.rows]


class Paragraph(Struct, frozen=True, tag="paragraph"):
    text: str
    style: Literal["body", "author", "note"] = "body"
    """`author` marks the place of a text that only a person can write."""
    marked: str = ""
    """The same sentence with marks that say what its numbers count; empty where it has none."""


class Subheading(Struct, frozen=True, tag="subheading"):
    text: str


class Figure(Struct, frozen=True, tag="figure"):
    """A drawing as a Vega-Lite specification, with the sentence that stands in for it."""

    key: str
    caption: str
    alternative: str
    spec: dict[str, Any]


Block = Paragraph | Subheading | Table | Figure


class Section(Struct, frozen=True):
    heading: str
    blocks: tuple[Block, ...]


class Annex(Struct, frozen=True):
    number: int
    title: str
    blocks: tuple[Block, ...]
    wide: bool = False
    """Printed on turned pages."""


class ProgressReport(Struct, frozen=True):
    title: str
    subtitle: str
    plan_key: str
    plan_name: str
    document: str
    as_of: date
    known_at: datetime
    """The instant whose knowledge the numbers rest on, with time zone."""
    data_hash: str
    rule: CountRule
    counted: Counted
    forecast: Forecast
    previous_as_of: date | None
    exemplars: int
    """How many of the standards are rows of the demonstration."""
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...]
    issued_on: date
    kind: ReportKind = "progress"
    lists: tuple[Table, ...] = ()
    """Tables that this kind does not print on paper; workbook and JSON carry them in every kind."""
    sources: tuple[str, ...] = ()
    """Where each target is written."""
    missing: tuple[str, ...] = ()
    """Places of the author that are still empty."""
    short: tuple[str, ...] = ()
    """Numbers of the projects that fall short of what they promised by its day."""
    corrects: date | None = None
    """The day on which the report was signed that this one corrects."""

    @property
    def one_page(self) -> bool:
        return kind_of(self.kind).one_page

    @property
    def tables(self) -> dict[str, Table]:
        """Every table of the report by its key: the printed ones in the order of printing, then the others."""
        parts: tuple[Section | Annex, ...] = (*self.sections, *self.annexes)
        printed = {block.key: block for part in parts for block in part.blocks if isinstance(block, Table)}
        return printed | {table.key: table for table in self.lists if table.key not in printed}
