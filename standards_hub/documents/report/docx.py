"""The report as DOCX in the layout of GB/T 9704, to be edited and signed in an office."""

from collections.abc import Iterable
from datetime import UTC
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable

from standards_hub.documents import figures
from standards_hub.documents.report import docx_styles as styles
from standards_hub.documents.report.docx_styles import element
from standards_hub.documents.report.model import Block, Column, Figure, Paragraph, ProgressReport, Subheading, Table, Value
from standards_hub.documents.report.wording import day, shown, title_lines

WIDTH = {False: 156, True: 225}
"""Millimetres of text across an upright and a turned page."""
MM = 56.6929
"""Twips in a millimetre."""
STYLES = {"body": styles.BODY, "author": styles.AUTHOR, "note": styles.NOTE}


def write_docx(report: ProgressReport) -> bytes:
    """Print the report as a Word document."""
    document = docx.Document()
    styles.apply_styles(document)
    document.settings.odd_and_even_pages_header_footer = True
    styles.set_page(document.sections[0], wide=False)
    _properties(document, report)

    title = document.add_paragraph("\n".join(title_lines(report.title, 24 if report.one_page else 20)), style=styles.TITLE)
    if report.one_page:
        styles.tighten(document, title)
    document.add_paragraph(report.subtitle, style=styles.SUBTITLE)
    for section in report.sections:
        document.add_paragraph(section.heading, style=styles.HEADING1)
        _blocks(document, section.blocks, wide=False, bare=report.one_page)
    _closing(document, report)

    wide = False
    for annex in report.annexes:
        if annex.wide != wide:
            styles.set_page(document.add_section(WD_SECTION.NEW_PAGE), wide=annex.wide)
            wide = annex.wide
            start = document.add_paragraph(style=styles.ANNEX)
        else:
            start = document.add_paragraph(style=styles.ANNEX)
            start.paragraph_format.page_break_before = True
        start.add_run(f"附件{annex.number}")
        document.add_paragraph(annex.title, style=styles.ANNEX_TITLE)
        _blocks(document, annex.blocks, wide=wide, under=annex.title)

    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _properties(document: Document, report: ProgressReport) -> None:
    core = document.core_properties
    core.title = f"{report.title}{report.subtitle}"[:255]
    core.subject = report.plan_name[:255]
    core.author = core.last_modified_by = "Standards Hub"
    core.language = "zh-CN"
    core.comments = ""
    core.created = core.modified = report.known_at.astimezone(UTC)


def _closing(document: Document, report: ProgressReport) -> None:
    """The list of annexes one line below the text, then the day, four characters in from the right."""
    if report.annexes:
        document.add_paragraph().paragraph_format.keep_with_next = True
    for place, annex in enumerate(report.annexes):
        line = document.add_paragraph(f"{'附件：' if place == 0 else ''}{annex.number}.{annex.title}")
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.left_indent = Mm(28.2)
        line.paragraph_format.first_line_indent = Mm(-16.9 if place == 0 else 0)
    if not report.one_page:
        document.add_paragraph().paragraph_format.keep_with_next = True
    date = document.add_paragraph(day(report.issued_on))
    date._p.get_or_add_pPr().append(element("w:ind", rightChars=400, right=1280, firstLine=0, firstLineChars=0))
    date._p.get_or_add_pPr().append(element("w:jc", val="right"))


def _blocks(document: Document, blocks: Iterable[Block], *, wide: bool, under: str = "", bare: bool = False) -> None:
    """Print blocks; tables without captions where they stand `bare` under their sentence."""
    for block in blocks:
        match block:
            case Paragraph():
                document.add_paragraph(block.text, style=STYLES[block.style])
            case Subheading():
                document.add_paragraph(block.text, style=styles.HEADING2)
            case Figure():
                _figure(document, block)
            case Table():
                _table(document, block, wide=wide, captioned=not bare and block.title != under)


def _figure(document: Document, figure: Figure) -> None:
    paragraph = document.add_paragraph(style=styles.PICTURE)
    picture = paragraph.add_run().add_picture(BytesIO(figures.png(figure.spec)), width=Mm(154))
    picture._inline.docPr.set("descr", figure.alternative)
    caption = document.add_paragraph(figure.caption, style=styles.CAPTION)
    caption.paragraph_format.keep_with_next = False


def _table(document: Document, table: Table, *, wide: bool, captioned: bool) -> None:
    """A table whose header repeats on every page and whose rows do not split."""
    if captioned:
        document.add_paragraph(table.title, style=styles.CAPTION)
    count = len(table.columns)
    word = document.add_table(rows=0, cols=count)
    widths = _widths(table.columns, WIDTH[wide])
    _frame(word, widths)
    style = styles.CELL_WIDE if wide or count > 8 else styles.CELL
    ids = {name: document.styles[name].style_id for name in (style, styles.HEAD)}
    last = len(table.rows)
    rows = [_row([c.title for c in table.columns], widths, ids[styles.HEAD], [True] * count, header=True, keep=table.short)]
    for place, values in enumerate(table.rows, 1):
        look = ids[styles.HEAD if table.total and place == last else style]
        texts = [shown(value, column.kind) for column, value in zip(table.columns, values, strict=True)]
        centred = [_centred(c, v) for c, v in zip(table.columns, values, strict=True)]
        rows.append(_row(texts, widths, look, centred, keep=table.short and place < last))
    if not table.rows:
        rows.append(_row([table.empty], [sum(widths)], ids[style], [True], span=count))
    word._tbl.extend(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows)}</w:tbl>"))
    below = document.add_paragraph(table.note, style=styles.NOTE)
    if not table.note:  # two tables need a paragraph between them, and it should not fill a page by itself
        below.paragraph_format.space_after = Pt(0)
        below.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        below.paragraph_format.line_spacing = Pt(4)


def _centred(column: Column, value: Value) -> bool:
    return column.kind != "text" or value is None


def _widths(columns: tuple[Column, ...], millimetres: int) -> list[int]:
    """Column widths in twips that fill the width of the text."""
    whole = sum(c.width for c in columns)
    return [int(c.width * millimetres * MM / whole) for c in columns]


def _frame(table: WordTable, widths: list[int]) -> None:
    properties = table._tbl.tblPr
    for old in list(properties):
        properties.remove(old)
    properties.append(element("w:tblW", w=sum(widths), type="dxa"))
    properties.append(element("w:jc", val="center"))
    borders = element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
    properties.append(borders)
    properties.append(element("w:tblLayout", type="fixed"))
    margins = element("w:tblCellMar")
    for side, width in (("top", 20), ("left", 50), ("bottom", 20), ("right", 50)):
        margins.append(element(f"w:{side}", w=width, type="dxa"))
    properties.append(margins)
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(width))


def _row(
    texts: list[str], widths: list[int], style: str, centred: list[bool], *, header: bool = False, span: int = 1, keep: bool = False
) -> str:
    """One row as XML, which is read with its whole table: made element by element, lists of hundreds are slow."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    kept = "<w:keepNext/>" if keep else ""
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{kept}<w:jc w:val="{"center" if middle else "left"}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, width, middle in zip(texts, widths, centred, strict=True)
    ]
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{''.join(cells)}</w:tr>"
