"""A paper of a meeting as DOCX and as PDF, in the styles of the house; a PDF embeds its fonts and fetches nothing."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from weasyprint import HTML

from standards_hub.documents.fonts import require_free_faces
from standards_hub.documents.meetings.model import Heading, Paper, Paragraph, Table
from standards_hub.documents.report import docx_styles as styles
from standards_hub.documents.report.pdf import PRODUCER, TEMPLATES, refuse

TALL = Mm(11)
DRAFT = "草稿　尚未形成，不作依据"
"""What every page of a draft says."""


def write_docx(paper: Paper) -> bytes:
    document = docx.Document()
    styles.apply_styles(document)
    styles.set_page(document.sections[0], wide=False)
    if paper.draft:
        _mark(document)
    core = document.core_properties
    core.title, core.author, core.language = f"{paper.title}　{paper.subtitle}"[:255], PRODUCER, "zh-CN"
    document.add_paragraph(paper.title, style=styles.TITLE)
    document.add_paragraph(paper.subtitle, style=styles.SUBTITLE)
    for block, after in zip(paper.blocks, [*paper.blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            document.add_paragraph(block.text, style=styles.HEADING1)
        else:
            last = [_paragraph(document, block)] if isinstance(block, Paragraph) else _table(document, block)
            for paragraph in last:  # a signature never stands on a page without anything that is signed
                paragraph.paragraph_format.keep_with_next = isinstance(after, Paragraph) and after.style in ("right", "kept")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _mark(document: Document) -> None:
    """Say in the head of every page that it is a draft."""
    line = document.sections[0].header.paragraphs[0]
    line.style = styles.HEAD
    run = line.add_run(DRAFT)
    run.font.size, run.font.color.rgb = Pt(16), RGBColor(0xB0, 0x1E, 0x1E)


def _paragraph(document: Document, block: Paragraph) -> Any:
    made = document.add_paragraph(block.text)
    if block.style in ("flush", "right"):
        made.paragraph_format.first_line_indent = 0
        made._p.get_or_add_pPr().append(styles.element("w:ind", firstLineChars=0, firstLine=0))
    if block.style == "right":
        made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return made


def _table(document: Document, block: Table) -> list[Any]:
    """The table; gives the paragraphs of its last row."""
    table = document.add_table(rows=0, cols=len(block.widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Mm(width)
    if block.heads:
        _row(table, block.heads, block.widths, styles.HEAD)
        table.rows[0]._tr.get_or_add_trPr().append(styles.element("w:tblHeader"))
    for row in block.rows:
        _row(table, row, block.widths, styles.CELL, tall=block.tall)
    return [cell.paragraphs[0] for cell in table.rows[-1].cells] if table.rows else []


def _row(table: Any, texts: tuple[str, ...], widths: tuple[int, ...], style: str, *, tall: bool = False) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(styles.element("w:cantSplit"))
    if tall:
        row.height = TALL
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].style = style
        cell.paragraphs[0].add_run(text)


def write_pdf(paper: Paper) -> bytes:
    """Print a paper as PDF. Raises `HubError` where the Chinese faces are not installed."""
    require_free_faces()
    css = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    html = _environment().get_template("meeting_paper.html").render(paper=paper, css=css, author=PRODUCER, draft=DRAFT)
    printed = HTML(string=html, url_fetcher=refuse).write_pdf()
    assert isinstance(printed, bytes)
    return printed


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["kind"] = lambda block: type(block).__name__
    return environment
