"""GB/T 9704-2012 in a DOCX: page, grid, styles, fonts and page numbers. Lengths are twips, a twentieth of a point.

22 lines of 28 characters come out with a grid of lines, a pitch of 579, lines of exactly 579 and characters set 5 closer.
"""

from typing import cast

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from standards_hub.documents import fonts

PITCH = 579
SPACING = -5
PORTRAIT = {"w": 11906, "h": 16838, "top": 2098, "bottom": 1984, "left": 1588, "right": 1474}
TURNED = {"w": 16838, "h": 11906, "top": 1588, "bottom": 1474, "left": 1984, "right": 2098}
"""A portrait page turned clockwise: its bottom edge is now on the left."""
FOOTER = 1300
"""From the page's edge to the footer's bottom, which leaves the number 7 mm below the text."""
INDENT = 640
"""Two characters of 16 pt."""

BODY, HEADING1, HEADING2, TITLE = "Normal", "Heading 1", "Heading 2", "Title"
SUBTITLE, AUTHOR, NOTE, CAPTION, CELL, CELL_WIDE, HEAD, ANNEX, ANNEX_TITLE, NUMBER, PICTURE = (
    "报告副标题",
    "起草人填写",
    "报告注",
    "报告表题",
    "报告表格",
    "报告宽表格",
    "报告表头",
    "附件序号",
    "附件标题",
    "报告页码",
    "报告图",
)


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """A WordprocessingML element; attribute names get the `w:` prefix."""
    made = cast(BaseOxmlElement, OxmlElement(tag))
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def apply_styles(document: Document) -> None:
    """Give every style its official font, in all four scripts of `rFonts`, and its line."""
    _defaults(document)
    _style(document, BODY, fonts.BODY, 16, first_line=INDENT, justify="both")
    _style(document, HEADING1, fonts.HEI, 16, first_line=INDENT, keep=True, level=0)
    _style(document, HEADING2, fonts.KAI, 16, first_line=INDENT, keep=True, level=1)
    _style(document, TITLE, fonts.TITLE, 22, line=PITCH + 141, justify="center", keep=True)
    _style(document, SUBTITLE, fonts.KAI, 16, justify="center", after=PITCH)
    _style(document, AUTHOR, fonts.BODY, 16, first_line=INDENT, justify="both", shade="E7E6E6")
    _style(document, NOTE, fonts.BODY, 10.5, line=320, spacing=0, after=200)
    _style(document, CAPTION, fonts.HEI, 12, line=400, spacing=0, justify="center", keep=True, before=160, after=60)
    _style(document, CELL, fonts.BODY, 10.5, line=300, spacing=0)
    _style(document, CELL_WIDE, fonts.BODY, 9, line=250, spacing=0)
    _style(document, HEAD, fonts.HEI, 9, line=260, spacing=0, justify="center")
    _style(document, ANNEX, fonts.HEI, 16, keep=True)
    _style(document, ANNEX_TITLE, fonts.TITLE, 22, line=PITCH + 141, justify="center", keep=True, level=0)
    _style(document, NUMBER, fonts.SONG, 14, line=0, spacing=0)
    _style(document, PICTURE, fonts.HEI, 12, line=0, spacing=0, justify="center", keep=True)
    _font_table(document)


def tighten(document: Document, title: Paragraph) -> None:
    """The month on one page: GB/T 9704's page and faces, with smaller type as its annexes have."""
    _style(document, BODY, fonts.BODY, 11, line=340, spacing=0, first_line=440)
    _style(document, HEADING1, fonts.HEI, 11, line=340, spacing=0, first_line=440, keep=True, before=60, level=0)
    _style(document, SUBTITLE, fonts.KAI, 14, line=440, spacing=0, justify="center", after=80)
    _style(document, AUTHOR, fonts.BODY, 11, line=340, spacing=0, first_line=440, shade="E7E6E6")
    _style(document, NOTE, fonts.BODY, 8.5, line=240, spacing=0, after=40)
    _style(document, CELL, fonts.BODY, 8.5, line=220, spacing=0)
    _style(document, CELL_WIDE, fonts.BODY, 8.5, line=220, spacing=0)
    _style(document, HEAD, fonts.HEI, 8.5, line=220, spacing=0, justify="center")
    _style(document, TITLE, fonts.TITLE, 18, line=PITCH, justify="center", keep=True)
    title.style = document.styles[TITLE]


def _style(
    document: Document,
    name: str,
    font: str,
    size: float,
    *,
    line: int = PITCH,
    spacing: int = SPACING,
    first_line: int = 0,
    justify: str = "left",
    before: int = 0,
    after: int = 0,
    keep: bool = False,
    level: int | None = None,
    shade: str = "",
) -> None:
    names = {s.name for s in document.styles}
    style = document.styles[name] if name in names else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    if name != BODY:
        style.base_style = document.styles[BODY]
    body = style.element
    for tag in ("w:pPr", "w:rPr"):
        for old in body.findall(qn(tag)):
            body.remove(old)
    paragraph = element("w:pPr")
    if keep:
        paragraph.append(element("w:keepNext"))
    paragraph.append(element("w:widowControl", val="0" if name in (CELL, CELL_WIDE) else "1"))
    if shade:
        paragraph.append(element("w:shd", val="clear", color="auto", fill=shade))
    if line != PITCH:
        paragraph.append(element("w:snapToGrid", val=0))
    exact = {"line": line, "lineRule": "exact" if line >= PITCH else "atLeast"} if line else {"line": 240, "lineRule": "auto"}
    paragraph.append(element("w:spacing", before=before, after=after, **exact))
    paragraph.append(element("w:ind", firstLineChars=200 if first_line else 0, firstLine=first_line))
    paragraph.append(element("w:jc", val=justify))
    if level is not None:
        paragraph.append(element("w:outlineLvl", val=level))
    body.append(paragraph)
    run = element("w:rPr")
    run.append(element("w:rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    run.append(element("w:b", val=0))
    run.append(element("w:i", val=0))
    run.append(element("w:color", val="000000"))
    run.append(element("w:spacing", val=spacing))
    run.append(element("w:kern", val=0))
    run.append(element("w:sz", val=round(size * 2)))
    run.append(element("w:szCs", val=round(size * 2)))
    run.append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    body.append(run)


def _defaults(document: Document) -> None:
    """The document's defaults name fonts too, or a word processor falls back to its theme's Latin face."""
    for fonts_element in document.styles.element.iter(qn("w:rFonts")):
        for attribute in list(fonts_element.attrib):
            del fonts_element.attrib[attribute]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts_element.set(qn(f"w:{script}"), fonts.BODY)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _font_table(document: Document) -> None:
    """Say in the font table what may stand in for an official font that is not installed."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{";".join(others)}"/><w:charset w:val="86"/></w:font>'
        for name, others in fonts.ALTERNATIVES.items()
    )
    table = f"<w:fonts {nsdecls('w')}>{entries}</w:fonts>"
    part = next(r.target_part for r in document.part.rels.values() if r.reltype.endswith("/fontTable"))
    part._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{table}'.encode()


def set_page(section: Section, *, wide: bool) -> None:
    """Page, margins and grid of GB/T 9704, upright or turned, with its numbers on odd and even pages."""
    page = TURNED if wide else PORTRAIT
    body = section._sectPr
    for tag in ("w:pgSz", "w:pgMar", "w:docGrid", "w:cols"):
        for old in body.findall(qn(tag)):
            body.remove(old)
    size = element("w:pgSz", w=page["w"], h=page["h"])
    if wide:
        size.set(qn("w:orient"), "landscape")
    body.append(size)
    sides = {side: page[side] for side in ("top", "right", "bottom", "left")}
    body.append(element("w:pgMar", **sides, header=851, footer=FOOTER if not wide else 600, gutter=0))
    body.append(element("w:cols", space=425))
    body.append(element("w:docGrid", type="lines", linePitch=PITCH))
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        _number_aside(footer, odd=odd) if wide else _number_below(footer, odd=odd)


def _number_below(footer: _Footer, *, odd: bool) -> None:
    """Odd numbers right, even ones left, one character in from the edge of the text."""
    paragraph = footer.paragraphs[0]
    paragraph.style = NUMBER
    properties = paragraph._p.get_or_add_pPr()
    properties.append(element("w:ind", **({"rightChars": 100, "right": 280} if odd else {"leftChars": 100, "left": 280, "firstLine": 0})))
    properties.append(element("w:jc", val="right" if odd else "left"))
    for run in _number_runs():
        paragraph._p.append(run)


def _number_aside(footer: _Footer, *, odd: bool) -> None:
    """On a turned page the number stands along the left edge, where the other pages have their bottom: odd low, even high."""
    top = TURNED["h"] - TURNED["bottom"] - 1700 if odd else TURNED["top"]
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="page" w:horzAnchor="page" w:tblpX="1180" w:tblpY="{top}"/>'
        '<w:tblOverlap w:val="never"/><w:tblW w:w="560" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        '<w:tblGrid><w:gridCol w:w="560"/></w:tblGrid>'
        '<w:tr><w:trPr><w:trHeight w:val="1700" w:hRule="exact"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="560" w:type="dxa"/>'
        '<w:textDirection w:val="tbRl"/><w:vAlign w:val="center"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    )
    paragraph = table.find(f".//{qn('w:p')}")
    assert paragraph is not None
    properties = element("w:pPr")
    properties.append(element("w:pStyle", val=str(footer.part.get_style_id(NUMBER, WD_STYLE_TYPE.PARAGRAPH))))
    properties.append(element("w:jc", val="right" if odd else "left"))
    paragraph.append(properties)
    for run in _number_runs():
        paragraph.append(run)
    first = footer.paragraphs[0]
    first.style = NUMBER
    first._p.addprevious(table)


def _number_runs() -> list[BaseOxmlElement]:
    runs = []
    for kind, text in (("t", "— "), ("begin", ""), ("instrText", " PAGE "), ("end", ""), ("t", " —")):
        run = element("w:r")
        if kind in ("t", "instrText"):
            inner = element(f"w:{kind}")
            inner.text = text
            inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        else:
            inner = element("w:fldChar", fldCharType=kind)
        run.append(inner)
        runs.append(run)
    return runs
