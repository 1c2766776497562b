"""Small comment sheets made by hand, as other people's Word would make them, and hostile ones."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.shared import Pt

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
FORMULA = (
    f'<m:oMath xmlns:m="{M}"><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>'
    "<m:r><m:t>+1</m:t></m:r></m:oMath>"
)
CHINESE = ("序号", "标准章条编号", "意见内容", "修改建议", "提出单位", "处理意见", "备注")
ISO = ("MB/NC1", "Line number (e.g. 17)", "Clause/ Subclause (e.g. 3.1)", "Paragraph/ Figure/ Table/ (e.g. Table 1)", "Type of comment2",
       "Comments", "Proposed change", "Observations of the secretariat")  # fmt: skip
OLD = ("MB1", "Clause No./ Subclause No./ Annex (e.g. 3.1)", "Paragraph/ Figure/Table/Note (e.g. Table 1)", "Type of com-ment2",
       "Comment (justification for change) by the MB", "Proposed change by the MB", "Secretariat observations on each comment submitted")  # fmt: skip


def png(red: int = 200) -> bytes:
    """A picture of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes((0, red, 10, 10))))
        + chunk(b"tEXt", b"a\0b")
        + chunk(b"IEND", b"")
    )


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def table(document: Any, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Any:
    made = document.add_table(rows=1, cols=len(heads))
    for cell, text in zip(made.rows[0].cells, heads, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    return made


def chinese(rows: list[tuple[str, ...]], more: Callable[[Any, Any], None] | None = None, heads: tuple[str, ...] = CHINESE) -> bytes:
    """A 汇总处理表 with its title block above the table."""
    document = Document()
    document.add_paragraph("《示例 氢能 术语》征求意见汇总处理表")
    document.add_paragraph("标准项目名称：示例 氢能 术语\t负责起草单位：示例研究院")
    document.add_paragraph("承办人：示例甲\t电话：000-0000\t2026年11月3日填写")
    made = table(document, heads, rows)
    if more:
        more(document, made)
    document.add_paragraph("说明：① 发送“征求意见稿”的单位数：40 个；")
    return saved(document)


def iso(rows: list[tuple[str, ...]], heads: tuple[str, ...] = ISO, first_page: bool = False) -> bytes:
    """The ISO template: title block and heads in the page header, the body without heads."""
    document = Document()
    section = document.sections[0]
    header = section.first_page_header if first_page else section.header
    section.different_first_page_header_footer = first_page
    header.is_linked_to_previous = False
    block = header.add_table(1, 4, Pt(600))
    texts = ("Template for comments and secretariat observations", "Date: 2026-11-03", "Document: ISO/CD 99001", "Project: 示例 99001")
    for cell, text in zip(block.rows[0].cells, texts, strict=True):
        cell.text = text
    head = header.add_table(1, len(heads), Pt(600))
    for cell, text in zip(head.rows[0].cells, heads, strict=True):
        cell.text = text
    body = document.add_table(rows=0, cols=len(heads))
    for row in rows:
        for cell, text in zip(body.add_row().cells, row, strict=True):
            cell.text = text
    return saved(document)


def decorate(document: Any, made: Any) -> None:
    """Bold, raised and struck words, a formula and a picture in the comment of the first row; a red word in its proposal."""
    cell = made.rows[1].cells[2]
    paragraph = cell.paragraphs[0]
    paragraph.add_run("m").bold = True
    paragraph.add_run("2").font.superscript = True
    paragraph._p.append(parse_xml(FORMULA))
    paragraph.add_run().add_picture(io.BytesIO(png()), width=Pt(20))
    made.rows[1].cells[3].paragraphs[0].add_run("删去").font.strike = True


def rezipped(content: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The same file with parts changed and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return out.getvalue()


GIF = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAA=")
