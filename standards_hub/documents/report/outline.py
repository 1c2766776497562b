"""The outline of a report: which function says each section, where each figure stands, and how a kind puts them in order."""

from collections.abc import Callable

from standards_hub.documents.report import charts, month, narrative
from standards_hub.documents.report import sections as said
from standards_hub.documents.report.charts import Drawn
from standards_hub.documents.report.kinds import heading, place_of
from standards_hub.documents.report.model import Block, Figure, Section
from standards_hub.documents.report.source import Source
from standards_hub.documents.report.wording import ORDINALS

SECTIONS: dict[str, Callable[[Source], list[Block]]] = {
    "overall": said.overall, "targets": said.targets, "breakdown": said.breakdown, "projects": said.projects, "organisations": said.organisations,
    "problems": said.problems, "next": lambda source: [],
    "month_numbers": month.numbers, "month_changes": month.changes, "month_overdue": month.overdue,
}  # fmt: skip
FIGURES: dict[str, tuple[str, Callable[[Source], Drawn | None]]] = {
    "targets": ("overall", lambda s: charts.targets(s.plan, s.counted, s.forecast)),
    "cumulative": ("overall", lambda s: charts.cumulative(s.plan, s.counted, s.rule)),
    "changes": ("overall", lambda s: charts.changes(s.plan, s.counted, s.previous)),
    "stages": ("targets", lambda s: charts.stages(s.plan, s.counted)),
    "fields": ("breakdown", lambda s: charts.fields(s.plan, s.counted)),
    "ageing": ("problems", lambda s: charts.ageing(s.counted)),
}
"""Each figure with the section it stands in."""


def sections(source: Source) -> tuple[Section, ...]:
    """The sections of the kind in their order, numbered without gaps, each with its figures and the places of its author."""
    made, figures = [], 0
    for ordinal, key in zip(ORDINALS, source.kind.sections, strict=False):
        blocks = list(SECTIONS[key](source))
        for name in source.kind.figures:
            home, draw = FIGURES[name]
            if home == key and (drawn := draw(source)):
                figures += 1
                caption, words, spec = drawn
                blocks.append(Figure(name, f"图{figures} {caption}", words, spec))
        for place in source.kind.places:
            one = place_of(place)
            if one.section == key:
                blocks += narrative.blocks(place, one, source.narrative, source.short)
        made.append(Section(f"{ordinal}、{heading(key)}", tuple(blocks)))
    return tuple(made)
