"""The report as PDF: HTML from a template, set by WeasyPrint. Nothing is fetched; text stays text; fonts are embedded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from weasyprint import CSS, HTML

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
    with _uncollected():
        printed = _Page(html).write_pdf()
    assert isinstance(printed, bytes)
    return printed


class _Page(HTML):  # type: ignore[misc]
    """A page of our own template, which is well-formed: read by the parser of XML and set by the few rules its elements need.

    WeasyPrint would read it by the rules for broken pages and by a sheet for all of HTML, which together take a fifth of the time.
    """

    def __init__(self, text: str) -> None:
        self.base_url, self.url_fetcher, self.media_type = None, refuse, "print"
        self.wrapper_element = ElementWrapper.from_html_root(ElementTree.fromstring(text), content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_elements()]


@cache
def _elements() -> CSS:
    return CSS(string=(TEMPLATES / "elements.css").read_text(encoding="utf-8"), url_fetcher=refuse)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the search for garbage: all that a layout makes lives to its end, so a tenth of the time would go into finding none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


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
