"""The report as part of a page: the same sections and tables in HTML without styles, to stand in the hub's own frame."""

from typing import Any

from markupsafe import Markup

from standards_hub.documents import figures
from standards_hub.documents.report.model import ProgressReport
from standards_hub.documents.report.wording import day, shown
from standards_hub.kernel.templates import render


def write_html(report: ProgressReport) -> bytes:
    """Print the report as a fragment of HTML in UTF-8; everything typed is escaped, figures carry no styles."""
    values = {"shown": shown, "day": day, "svg": _drawing, "kind": lambda block: type(block).__name__}
    return render("reports/letter.html", language="zh", report=report, **values).encode()


def _drawing(spec: dict[str, Any]) -> Markup:
    return Markup(figures.inline(spec))
