"""The report as PDF: HTML from a template, set by WeasyPrint. Nothing is fetched; text stays text; fonts are embedded."""

from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from weasyprint import HTML

from standards_hub.documents import figures
from standards_hub.documents.fonts import require_free_faces
from standards_hub.documents.report.model import ProgressReport
from standards_hub.documents.report.wording import day, shown, title_lines

TEMPLATES = Path(__file__).parent / "templates"
PRODUCER = "Standards Hub"


def write_pdf(report: ProgressReport) -> bytes:
    """Print the report as PDF. Raises `HubError` where the Chinese faces are not installed."""
    require_free_faces()
    css = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    html = _environment().get_template("report.html").render(report=report, css=css, author=PRODUCER)
    printed = HTML(string=html, url_fetcher=refuse).write_pdf()
    assert isinstance(printed, bytes)
    return printed


def refuse(url: str, *_: Any, **__: Any) -> NoReturn:
    """Stands where a fetcher would: a report needs nothing from outside, so a request is a mistake or an attack."""
    raise ValueError(f"a report fetches nothing: {url[:80]}")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(shown=shown, day=day, title_lines=title_lines, svg=_drawing, kind=lambda block: type(block).__name__)
    return environment


def _drawing(spec: dict[str, Any]) -> Markup:
    return Markup(figures.svg(spec))
