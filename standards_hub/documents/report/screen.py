"""The report as part of a page: the same sections and tables in HTML without styles, to stand in the hub's own frame."""

from typing import Any

from markupsafe import Markup, escape

from standards_hub.documents import figures
from standards_hub.documents.report.model import Column, Paragraph, ProgressReport, Table
from standards_hub.documents.report.pointing import MARK
from standards_hub.documents.report.wording import day, shown
from standards_hub.kernel.templates import render


def write_html(report: ProgressReport, opens: str = "") -> bytes:
    """Print the report as a fragment of HTML in UTF-8; everything typed is escaped, figures carry no styles.

    `opens` is the address under which this report opens what its numbers select; without it nothing leads anywhere.
    """

    def linked(query: str, text: str) -> Markup:
        if not opens or not query:
            return Markup(escape(text))
        return Markup('<a href="{}">{}</a>').format(query if query[0] in "/#" else f"{opens}?{query}", text)

    def sentence(block: Paragraph) -> Markup:
        if not block.marked:
            return Markup(escape(block.text))
        parts, at = [], 0
        for mark in MARK.finditer(block.marked):
            parts += [Markup(escape(block.marked[at : mark.start()])), linked(mark[1], mark[2])]
            at = mark.end()
        return Markup("").join([*parts, Markup(escape(block.marked[at:]))])

    def cell(table: Table, row: int, place: int, column: Column) -> Markup:
        value = table.rows[row][place]
        query = table.behind[row][place] if table.behind and value else ""
        text = shown(value, column.kind)
        several, parts = query.split(" "), text.split("、")
        if len(several) == 1 or len(several) != len(parts):  # a number may itself have the mark in it
            return linked(several[0], text) if len(several) == 1 else Markup(escape(text))
        return Markup("、").join(linked(one, part) for one, part in zip(several, parts, strict=True))

    values = {"day": day, "svg": _drawing, "kind": lambda block: type(block).__name__, "sentence": sentence, "cell": cell}
    return render("reports/letter.html", language="zh", report=report, **values).encode()


def _drawing(spec: dict[str, Any]) -> Markup:
    return Markup(figures.inline(spec))
