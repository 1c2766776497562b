"""A DOCX as it was sent: its document, headers, styles, lists and pictures, found by their relations and by nothing outside the file."""

import hashlib
import posixpath
from typing import Any

from msgspec import Struct, field

from standards_hub.committees.comments.sheets.guarding import parts_of
from standards_hub.committees.comments.sheets.model import Picture
from standards_hub.committees.comments.sheets.ooxml import REL, W, w
from standards_hub.kernel.archives import xml_of
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import say

DOCUMENT = "word/document.xml"
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"BM": "image/bmp", b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff", b"\x01\x00\x00\x00": "image/x-emf", b"\xd7\xcd\xc6\x9a": "image/x-wmf", b"\x01\x00\x09\x00": "image/x-wmf",
}  # fmt: skip
"""Kinds of pictures by their first bytes; a name or a claim of the file is not believed, and SVG may carry scripts."""
LOOKS = {"b", "i", "u", "strike", "dstrike", "vertAlign", "color", "highlight", "shd", "caps", "smallCaps"}


class Package(Struct):
    """The parts of one DOCX; headers and pictures are found by the id of their relation."""

    parts: dict[str, bytes]
    document: Any
    relations: dict[str, str]
    """Targets inside the package by id; what points outside is left out."""
    styles: dict[str, list[Any]] = field(default_factory=dict)
    """The looks of a run, by style and with those it is based on."""
    lists: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """The number format and the text of a level, by list and level."""
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes) -> "Package":
        """Raises `BadInput` for what is no DOCX."""
        parts = parts_of(content)
        document = xml_of(parts, DOCUMENT)
        if document is None:
            raise BadInput(say("这个文件不是 Word 文档，请另存为 .docx"), code="bad-sheet")
        made = cls(parts, document, _relations(parts, DOCUMENT))
        made._read_styles()
        made._read_lists()
        return made

    def headers(self) -> list[Any]:
        """The trees of the page headers in use, those of every page before those of the first page, each once."""
        found: list[str] = []
        for reference in sorted(self.document.iter(w("headerReference")), key=lambda r: r.get(w("type")) == "first"):
            target = self.relations.get(reference.get(f"{{{R_ID}}}id") or "")
            if target and target not in found:
                found.append(target)
        return [tree for name in found if (tree := xml_of(self.parts, name)) is not None]

    def picture(self, relation: str | None) -> tuple[str, Picture] | None:
        """The picture behind a relation, with its hash."""
        data = self.parts.get(self.relations.get(relation or "", ""))
        kind = next((kind for mark, kind in PICTURES.items() if data and data.startswith(mark)), None)
        return (hashlib.sha256(data).hexdigest(), Picture(kind, data)) if data and kind else None

    def label(self, list_id: str, level: str) -> str:
        """What a paragraph of a list is headed by, which is counted here and nowhere written."""
        if list_id == "0" or not level.isdecimal() or len(level) > 2:
            return ""
        kind, text = self.lists.get((list_id, level), ("bullet", "•"))
        if kind == "bullet":
            return "•"
        self.counts[list_id, level] = number = self.counts.get((list_id, level), 0) + 1
        for key in [key for key in self.counts if key[0] == list_id and key[1] > level]:
            del self.counts[key]
        return text.replace(f"%{int(level) + 1}", _counted(kind, number)) if "%" in text else _counted(kind, number)

    def _read_styles(self) -> None:
        tree = xml_of(self.parts, "word/styles.xml")
        found = {s.get(w("styleId")): s for s in (tree.iter(w("style")) if tree is not None else ())}
        for id in found:
            looks: dict[str, Any] = {}
            one, seen = id, set()
            while one in found and one not in seen:
                seen.add(one)
                for look in found[one].findall(f"{{{W}}}rPr/*"):
                    looks.setdefault(look.tag, look)
                based = found[one].find(w("basedOn"))
                one = based.get(w("val")) if based is not None else None
            self.styles[id] = [look for tag, look in looks.items() if tag.rpartition("}")[2] in LOOKS]

    def _read_lists(self) -> None:
        tree = xml_of(self.parts, "word/numbering.xml")
        if tree is None:
            return
        kinds = {a.get(w("abstractNumId")): a for a in tree.iter(w("abstractNum"))}
        for number in tree.iter(w("num")):
            named = number.find(w("abstractNumId"))
            kind = kinds.get(named.get(w("val"))) if named is not None else None
            for level in kind.findall(w("lvl")) if kind is not None else ():
                format_, text = level.find(w("numFmt")), level.find(w("lvlText"))
                key = (number.get(w("numId")) or "", level.get(w("ilvl")) or "0")
                self.lists[key] = (
                    format_.get(w("val")) if format_ is not None else "decimal",
                    text.get(w("val")) or "" if text is not None else "",
                )


R_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relations(parts: dict[str, bytes], name: str) -> dict[str, str]:
    """Where the relations of a part lead inside the package."""
    folder, file = posixpath.split(name)
    tree = xml_of(parts, f"{folder}/_rels/{file}.rels")
    found = {}
    for relation in tree.iter(f"{{{REL}}}Relationship") if tree is not None else ():
        target = relation.get("Target") or ""
        if relation.get("TargetMode") != "External":
            found[relation.get("Id") or ""] = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
    return found


def _counted(kind: str, number: int) -> str:
    if kind in ("lowerLetter", "upperLetter") and number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if kind == "lowerLetter" else letter.upper()
    return str(number)
