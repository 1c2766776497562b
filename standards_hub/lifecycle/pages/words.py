"""A Word file as the page of a paper shows it: its paragraphs and tables as words. Nothing of the file itself reaches the page."""

from typing import Any

from msgspec import Struct

from standards_hub.committees.comments.sheets.cells import line_of, text_of
from standards_hub.committees.comments.sheets.ooxml import w
from standards_hub.kernel.archives import Limits, parts_of, xml_of
from standards_hub.kernel.errors import BadInput, TooLarge

LIMITS = Limits(entries=5000, unpacked=200 * 1024**2)
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
MOST_BYTES = 8 * 1024**2
"""Of the text of a document with its markup; what is longer is not worth reading on a page."""
MOST_BLOCKS, MOST_CELLS = 3000, 10_000
WRAPPERS = (w("sdt"), w("sdtContent"), w("customXml"), w("ins"))


class Block(Struct, frozen=True):
    """A paragraph, a heading, or a table."""

    text: str = ""
    heading: bool = False
    rows: list[list[str]] = []


class Words(Struct, frozen=True):
    blocks: list[Block]
    cut: bool
    """Whether there is more than the page shows."""


def words_of(content: bytes) -> Words | None:
    """What a DOCX says; nothing where it cannot be read, which is no fault of whoever looks at it."""
    try:
        parts = parts_of(content, LIMITS, lambda name: name in (DOCUMENT, STYLES))
        if len(parts.get(DOCUMENT, b"")) > MOST_BYTES:
            return None
        document, styles = xml_of(parts, DOCUMENT), xml_of(parts, STYLES)
    except (BadInput, TooLarge):
        return None
    body = document.find(w("body")) if document is not None else None
    if body is None:
        return None
    blocks: list[Block] = []
    headings, cells = _headings(styles), 0
    for element in _blocks(body):
        block = _table(element) if element.tag == w("tbl") else _paragraph(element, headings)
        cells += sum(len(row) for row in block.rows)
        if len(blocks) == MOST_BLOCKS or cells > MOST_CELLS:
            return Words(blocks, cut=True)
        if block.text or block.rows:
            blocks.append(block)
    return Words(blocks, cut=False) if blocks else None


def _blocks(element: Any) -> Any:
    for child in element:
        if child.tag in (w("p"), w("tbl")):
            yield child
        elif child.tag in WRAPPERS:
            yield from _blocks(child)


def _headings(styles: Any) -> set[str]:
    """The ids of the styles that are headings; Word gives them other ids in each language, and one name."""
    found = set()
    for style in styles.iter(w("style")) if styles is not None else ():
        name = style.find(w("name"))
        if name is not None and (name.get(w("val")) or "").lower().startswith(("heading", "title")):
            found.add(style.get(w("styleId")))
    return found


def _paragraph(element: Any, headings: set[str]) -> Block:
    style = element.find(f"{w('pPr')}/{w('pStyle')}")
    return Block(line_of(element).strip(), heading=style is not None and style.get(w("val")) in headings)


def _table(element: Any) -> Block:
    return Block(rows=[[text_of(cell) for cell in row.findall(w("tc"))] for row in element.findall(w("tr"))])
