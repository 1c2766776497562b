"""The PDF of an acceptance package, in the look of the progress report. Nothing is fetched; fonts are embedded."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from weasyprint import HTML

from standards_hub.documents.acceptance.model import Package
from standards_hub.documents.fonts import require_free_faces
from standards_hub.documents.report.pdf import PRODUCER, refuse
from standards_hub.documents.report.pdf import TEMPLATES as REPORT
from standards_hub.documents.report.wording import day, moment

TEMPLATES = Path(__file__).parent / "templates"


def write_pdf(package: Package) -> bytes:
    """Print the package as PDF. Raises `HubError` where the Chinese faces are not installed."""
    require_free_faces()
    css = "".join(path.read_text(encoding="utf-8") for path in (REPORT / "report.css", TEMPLATES / "package.css"))
    html = _environment().get_template("package.html").render(package=package, css=Markup(css), author=PRODUCER)
    printed = HTML(string=html, url_fetcher=refuse).write_pdf()
    assert isinstance(printed, bytes)
    return printed


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(day=day, moment=moment)
    return environment
