"""Entries as a DOCX in one of the forms; cells that keep their markup are written with it, pictures and all."""

import io
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Twips
from lxml import etree

from standards_hub.committees.comments.sheets.cells import element_of
from standards_hub.committees.comments.sheets.forms import FORMS, Form, FormColumn
from standards_hub.committees.comments.sheets.model import Entry, Head, Rich, Statistics
from standards_hub.committees.comments.sheets.ooxml import SPACE, WP, A, R, W, w
from standards_hub.committees.comments.wording import observation
from standards_hub.kernel.clock import Clock

SUFFIXES = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/bmp": "bmp", "image/tiff": "tiff", "image/x-emf": "emf",
    "image/x-wmf": "wmf",
}  # fmt: skip
PAGE = (16840, 11907)
"""A4 across, in twentieths of a point."""
MARGIN, EDGE = 851, 567
EMPTY_ROWS = 12
"""Of a form to fill in: as many as are filled in by hand on one page."""
TITLE_ROW = (7740, 2410, 3119, 2607)
NOTES = (
    "1  MB = Member body / NC = National Committee (enter the ISO 3166 two-letter country code, e.g. CN for China; "
    "comments from the ISO/CS editing unit are identified by **)",
    "2  Type of comment:  ge = general   te = technical   ed = editorial",
)
SIZE = {"zh": 21, "en": 18}
"""Half-points of the type in the tables."""
Looks = tuple[str, ...]


def write_docx(form_key: str, head: Head, entries: Iterable[Entry], statistics: Statistics | None = None) -> bytes:
    """The form filled in with these entries, in the order given; with none it is the form to fill in."""
    form = FORMS[form_key]
    document = Document()
    _page(document, form)
    body = document.element.body
    for paragraph in list(body.iter(w("p"))):
        body.remove(paragraph)
    pictures = _Pictures(document)
    table = _table([c.width for c in form.columns])
    if form.heads_in_header:
        _iso_header(document, form, head)
    else:
        for paragraph in _chinese_head(form, head):
            body.insert(len(body) - 1, paragraph)
        table.append(_row([_cell(c.width, [_paragraph(c.head, ("b",), align="center")]) for c in form.columns], heads=True))
    for serial, entry in enumerate(entries, 1):
        table.append(_row([_filled(column, entry, serial, form, pictures) for column in form.columns]))
    if len(table.findall(w("tr"))) < 2:
        for _ in range(EMPTY_ROWS):
            table.append(_row([_cell(c.width, [_paragraph("")]) for c in form.columns]))
    body.insert(len(body) - 1, table)
    for paragraph in _foot(form, statistics):
        body.insert(len(body) - 1, paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Pictures:
    """The pictures of a document, each kept once, and numbers for its drawings."""

    def __init__(self, document: Any) -> None:
        self.part = document.part
        self.known: dict[str, str] = {}
        self.numbers = itertools.count(1)

    def put(self, rich: Rich) -> Iterator[Any]:
        """The blocks of a cell, referring to pictures of this document."""
        cell = element_of(rich)
        for blip in cell.iter(f"{{{A}}}blip"):
            blip.set(f"{{{R}}}embed", self._relation(blip.get(f"{{{R}}}embed") or "", rich))
        for properties in cell.iter(f"{{{WP}}}docPr"):
            properties.set("id", str(next(self.numbers)))
        yield from list(cell)

    def _relation(self, digest: str, rich: Rich) -> str:
        if digest not in self.known:
            picture = rich.pictures[digest]
            name = PackURI(f"/word/media/{digest[:24]}.{SUFFIXES[picture.media_type]}")
            part = Part(name, picture.media_type, picture.data, self.part.package)
            self.known[digest] = self.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self.known[digest]


def _page(document: Any, form: Form) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Twips(n) for n in PAGE)
    section.orientation = 1
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Twips(MARGIN)
    section.header_distance = section.footer_distance = Twips(EDGE)
    style = document.styles["Normal"].element
    properties = style.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    latin, chinese = ("Times New Roman", "宋体") if form.language == "zh" else ("Arial", "宋体")
    etree.SubElement(properties, w("rFonts"), {w("ascii"): latin, w("hAnsi"): latin, w("eastAsia"): chinese, w("cs"): latin})
    etree.SubElement(properties, w("sz"), {w("val"): str(SIZE[form.language])})
    spacing = style.get_or_add_pPr()
    for child in list(spacing):
        spacing.remove(child)
    etree.SubElement(spacing, w("spacing"), {w("before"): "0", w("after"): "0", w("line"): "240", w("lineRule"): "auto"})
    footer = section.footer
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]._p
    parent = paragraph.getparent()
    parent.remove(paragraph)
    if form.heads_in_header:
        parent.extend([_paragraph(note, size=14) for note in NOTES])
        parent.append(_fields("page {PAGE} of {NUMPAGES}", "right"))
    else:
        parent.append(_fields("共 {NUMPAGES} 页　第 {PAGE} 页", "right"))
    now = Clock().now().replace(tzinfo=None)
    properties = document.core_properties
    properties.author = properties.comments = ""
    properties.title, properties.created, properties.modified = form.title, now, now


def _iso_header(document: Any, form: Form, head: Head) -> None:
    header = document.sections[0].header
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]._p
    title = _table(TITLE_ROW)
    project = head.title
    texts = (form.title, f"Date: {head.date}", f"Document: {head.document}", f"Project: {project}")
    title.append(_row([_cell(width, [_paragraph(_tidy(text), ("b",))]) for width, text in zip(TITLE_ROW, texts, strict=True)]))
    heads = _table([c.width for c in form.columns])
    heads.append(_row([_cell(c.width, [_head_of(c)]) for c in form.columns]))
    paragraph.addprevious(title)
    paragraph.addprevious(_paragraph("", size=8))
    paragraph.addprevious(heads)
    for child in list(paragraph):
        paragraph.remove(child)
    _small(paragraph)


def _head_of(column: FormColumn) -> Any:
    """A column's head, its note's number raised."""
    found = re.fullmatch(r"(.*[A-Za-z])([12])", column.head)
    made = _paragraph(found[1] if found else column.head, ("b",), align="center", size=16)
    if found:
        made.append(_run(found[2], ("b", "vertAlign"), size=16))
    return made


def _chinese_head(form: Form, head: Head) -> list[Any]:
    title = f"《{head.title}》{form.title}" if head.title else form.title
    lines = [_paragraph(_tidy(title), ("b",), align="center", size=32)]
    if form.key == "zh-table":
        lines += [
            _labels(("标准项目名称", head.title), ("负责起草单位", head.lead)),
            _labels(("承办人", head.handler), ("电话", head.phone), ("填写日期", head.date)),
        ]
    else:
        lines += [_labels(("标准项目名称", head.title), ("稿件", head.document))]
        lines += [_labels(("单位", head.author), ("联系人", head.handler), ("电话", head.phone), ("邮箱", head.email))]
    return lines


def _labels(*pairs: tuple[str, str]) -> Any:
    made = _paragraph("")
    for at, (label, value) in enumerate(pairs):
        run = _run(("" if at == 0 else "　　") + f"{label}：{_tidy(value)}")
        made.append(run)
    return made


def _foot(form: Form, statistics: Statistics | None) -> list[Any]:
    if form.key == "zh-table" and statistics:
        lines = [
            _paragraph(f"说明：① 发送“征求意见稿”的单位数：{statistics.sent} 个；"),
            _paragraph(f"　　　② 收到“征求意见稿”后，回函的单位数：{statistics.replied} 个；"),
            _paragraph(f"　　　③ 收到“征求意见稿”后，回函并有建议或意见的单位数：{statistics.with_comments} 个；"),
            _paragraph(f"　　　④ 没有回函的单位数：{statistics.silent} 个。"),
        ]
        for line in lines[:-1]:  # on one page, whatever is left of it below the table
            properties = etree.Element(w("pPr"))
            etree.SubElement(properties, w("keepNext"))
            line.insert(0, properties)
        return lines
    return [_paragraph("", size=4)]


def _filled(column: FormColumn, entry: Entry, serial: int, form: Form, pictures: _Pictures) -> Any:
    rich = entry.cells.text if column.key == "text" else entry.cells.proposed if column.key == "proposed" else None
    if rich is not None:
        return _cell(column.width, list(pictures.put(rich)))
    return _cell(column.width, [_paragraph(line) for line in words_of(entry, column.key, serial, form).split("\n")])


def words_of(entry: Entry, column: str, serial: int, form: Form) -> str:
    """What stands in a column for an entry."""
    if column == "serial":
        return str(serial)
    if column == "observation":
        return observation(entry.disposition, entry.reason, form.language)
    if column == "type":
        return entry.type or ""
    if column == "justification":
        return ""  # reasons stand below the comment itself, where they were read into
    value: str = getattr(entry, column)
    return value


def _table(widths: Iterable[int]) -> Any:
    made = etree.Element(w("tbl"), nsmap={"w": W})
    properties = etree.SubElement(made, w("tblPr"))
    etree.SubElement(properties, w("tblW"), {w("w"): str(sum(widths)), w("type"): "dxa"})
    borders = etree.SubElement(properties, w("tblBorders"))
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        etree.SubElement(borders, w(side), {w("val"): "single", w("sz"): "4", w("space"): "0", w("color"): "auto"})
    etree.SubElement(properties, w("tblLayout"), {w("type"): "fixed"})
    margins = etree.SubElement(properties, w("tblCellMar"))
    for side, gap in (("top", "28"), ("left", "57"), ("bottom", "28"), ("right", "57")):
        etree.SubElement(margins, w(side), {w("w"): gap, w("type"): "dxa"})
    grid = etree.SubElement(made, w("tblGrid"))
    for width in widths:
        etree.SubElement(grid, w("gridCol"), {w("w"): str(width)})
    return made


def _row(cells: list[Any], *, heads: bool = False) -> Any:
    made = etree.Element(w("tr"))
    properties = etree.SubElement(made, w("trPr"))
    etree.SubElement(properties, w("cantSplit")) if heads else None
    etree.SubElement(properties, w("tblHeader")) if heads else None
    made.extend(cells)
    return made


def _cell(width: int, blocks: list[Any]) -> Any:
    made = etree.Element(w("tc"))
    etree.SubElement(etree.SubElement(made, w("tcPr")), w("tcW"), {w("w"): str(width), w("type"): "dxa"})
    made.extend(blocks)
    if made[-1].tag != w("p"):
        made.append(_paragraph(""))
    return made


def _paragraph(text: str, looks: Looks = (), *, align: str | None = None, size: int | None = None) -> Any:
    made = etree.Element(w("p"))
    if align:
        etree.SubElement(etree.SubElement(made, w("pPr")), w("jc"), {w("val"): align})
    if text:
        made.append(_run(text, looks, size=size))
    elif size:
        _small(made)
    return made


def _small(paragraph: Any) -> None:
    properties = etree.SubElement(paragraph, w("pPr"))
    etree.SubElement(properties, w("spacing"), {w("before"): "0", w("after"): "0", w("line"): "40", w("lineRule"): "exact"})


def _run(text: str, looks: Looks = (), *, size: int | None = None) -> Any:
    made = etree.Element(w("r"))
    if looks or size:
        properties = etree.SubElement(made, w("rPr"))
        for look in ("b", "i"):
            if look in looks:
                etree.SubElement(properties, w(look))
        if size:
            etree.SubElement(properties, w("sz"), {w("val"): str(size)})
        if "vertAlign" in looks:
            etree.SubElement(properties, w("vertAlign"), {w("val"): "superscript"})
    for at, piece in enumerate(text.split("\t")):
        if at:
            etree.SubElement(made, w("tab"))
        if piece:
            words = etree.SubElement(made, w("t"))
            words.text = piece
            words.set(f"{{{SPACE}}}space", "preserve")
    return made


def _fields(text: str, align: str) -> Any:
    """A paragraph in which `{NAME}` is a field of Word's, as the number of the page."""
    made = _paragraph("", align=align)
    for piece in re.split(r"(\{\w+\})", text):
        if piece.startswith("{"):
            field = etree.SubElement(made, w("fldSimple"), {w("instr"): piece[1:-1]})
            field.append(_run("1"))
        elif piece:
            made.append(_run(piece))
    return made


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
