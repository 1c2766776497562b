"""The first visible sheet of an XLSX as words by row and place. Formulae are never computed: a cell says what the file says it showed."""

import re
from typing import Any

from lxml import etree

from standards_hub.committees.comments.sheets.cells import NAMESPACES
from standards_hub.committees.comments.sheets.guarding import parts_of
from standards_hub.committees.comments.sheets.model import Rich
from standards_hub.committees.comments.sheets.ooxml import REL, SPACE, R, S, w
from standards_hub.kernel.archives import xml_of
from standards_hub.kernel.errors import BadInput, TooLarge
from standards_hub.kernel.messages import say

MOST_ROWS = 3000
MOST_COLUMNS = 40
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LOOKS = {"b": ("b", None), "i": ("i", None), "strike": ("strike", None), "u": ("u", "single")}
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
Cell = tuple[str, Rich | None]


def s(name: str) -> str:
    return f"{{{S}}}{name}"


def read(content: bytes) -> tuple[list[str], list[tuple[int, list[Cell]]], bool]:
    """Texts of the page header, the rows with their numbers, and whether there are pictures, which are not read."""
    parts = parts_of(content)
    book = xml_of(parts, "xl/workbook.xml")
    if book is None:
        raise BadInput(say("这个文件不是 Excel 工作簿，请另存为 .xlsx"), code="bad-sheet")
    sheet = _sheet(parts, book)
    shared = xml_of(parts, "xl/sharedStrings.xml")
    strings = [_string(item) for item in shared.findall(s("si"))] if shared is not None else []
    rows: list[tuple[int, list[Cell]]] = []
    for row in sheet.iter(s("row")):
        cells: list[Cell] = []
        number = int(row.get("r")) if (row.get("r") or "").isdecimal() else (rows[-1][0] + 1 if rows else 1)
        for cell in row.findall(s("c")):
            found = PLACE.fullmatch(cell.get("r") or "")
            place = _place(found[1]) if found else len(cells)
            value = _value(cell, strings)
            if not value[0]:
                continue
            if place >= MOST_COLUMNS or number > MOST_ROWS * 4:
                raise TooLarge(say("单元格 {place} 过远，请删去数据以外的行和列", place=cell.get("r") or str(number)))
            cells += [("", None)] * (place + 1 - len(cells))
            cells[place] = value
        if any(words for words, _ in cells):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise TooLarge(say("数据超过 {most} 行，请拆分后再上传", most=MOST_ROWS))
    header = [re.sub(r"&[LCR]|&\"[^\"]*\"|&\d+", "\t", e.text or "") for e in sheet.iter(s("oddHeader"))]
    return header, rows, any(name.startswith("xl/media/") for name in parts)


def _sheet(parts: dict[str, bytes], book: Any) -> Any:
    relations = xml_of(parts, "xl/_rels/workbook.xml.rels")
    targets = {r.get("Id"): r.get("Target") or "" for r in (relations.iter(f"{{{REL}}}Relationship") if relations is not None else ())}
    for sheet in book.iter(s("sheet")):
        target = targets.get(sheet.get(f"{{{R}}}id"), "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if sheet.get("state") in (None, "visible") and (tree := xml_of(parts, name)) is not None:
            return tree
    raise BadInput(say("工作簿里没有可见的工作表"), code="bad-sheet")


def _place(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Any, strings: list[Cell]) -> Cell:
    kind, value = cell.get("t"), cell.find(s("v"))
    if kind == "inlineStr":
        inline = cell.find(s("is"))
        return _string(inline) if inline is not None else ("", None)
    text = value.text or "" if value is not None else ""
    if kind == "s":
        return strings[int(text)] if text.isdecimal() and int(text) < len(strings) else ("", None)
    if kind in (None, "n") and re.fullmatch(r"\d+\.\d{8,}", text):
        text = f"{float(text):.10g}"  # 3.1 that was kept as 3.1000000000000001
    return _clean(text), None


def _string(item: Any) -> Cell:
    runs = item.findall(s("r"))
    if not runs:
        return _clean("".join(t.text or "" for t in item.findall(s("t")))), None
    words = _clean("".join(t.text or "" for run in runs for t in run.findall(s("t"))))
    made, marked = etree.Element(w("tc"), nsmap=NAMESPACES), False
    paragraph = etree.SubElement(made, w("p"))
    for run in runs:
        looks = _looks(run.find(s("rPr")))
        marked = marked or bool(looks)
        for at, line in enumerate(_unescaped("".join(t.text or "" for t in run.findall(s("t")))).split("\n")):
            if at:
                paragraph = etree.SubElement(made, w("p"))
            if line:
                into = etree.SubElement(paragraph, w("r"))
                if looks:
                    properties = etree.SubElement(into, w("rPr"))
                    for name, value in sorted(looks):
                        etree.SubElement(properties, w(name), {w("val"): value} if value else {})
                said = etree.SubElement(into, w("t"))
                said.text = line
                if line != line.strip():
                    said.set(f"{{{SPACE}}}space", "preserve")
    return words, Rich(etree.tostring(made, method="c14n", exclusive=True).decode()) if marked and words else None


def _looks(properties: Any) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for child in properties if properties is not None else ():
        name, value = str(child.tag).rpartition("}")[2], child.get("val")
        if name in LOOKS and value not in ("0", "false", "none"):
            found.append(LOOKS[name])
        elif name == "vertAlign" and value in ("superscript", "subscript"):
            found.append(("vertAlign", value))
    return found


def _unescaped(text: str) -> str:
    """The text without what no XML and no database keeps, which a workbook can spell all the same."""
    spelt = ESCAPE.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")
    return UNCLEAN.sub("", spelt)


def _clean(text: str) -> str:
    return _unescaped(text).strip()
