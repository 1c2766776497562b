"""A cell's content, cleaned: what is formatting, formula or picture survives; what runs, links out or belongs to its old file goes.

The clean form is canonical, so that a cell written and read again is the very same text. Looks that came from a style stand at their
runs afterwards, numbers of lists are words, and pictures are named by their hash.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from standards_hub.committees.comments.sheets.model import Picture, Rich
from standards_hub.committees.comments.sheets.ooxml import MC, PIC, SPACE, WP, A, M, R, V, W, local, m, w
from standards_hub.committees.comments.sheets.package import Package

PICTURE_MARK = "［图］"
UNWRAPPED = {"hyperlink", "ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "fldSimple", "dir", "bdo"}
KEPT = {"p", "r", "t", "tab", "br", "cr", "noBreakHyphen", "softHyphen", "sym", "tbl", "tr", "tc"}
ARRANGED = {"jc", "ind", "spacing"}
TABLES = {"tblPr", "tblGrid", "trPr", "tcPr"}
DULL = {"rFonts", "sz", "szCs", "lang", "kern", "spacing", "bCs", "iCs", "w", "noProof", "snapToGrid", "color:auto", "color:000000"}
DROPPED_LOOKS = {"rStyle", "rPrChange", "lang", "noProof", "ins", "del"}
SIZE = re.compile(r"(width|height):([\d.]+)(pt|in)?")
EMU = {"pt": 12700, "in": 914400, "": 12700}
MOST_EMU = 20_000_000
MOST_DEPTH = 60
NAMESPACES = {"w": W, "r": R, "m": M, "wp": WP, "a": A, "pic": PIC}


class Taken:
    """One cell while it is cleaned."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.pictures: dict[str, Picture] = {}

    def cell(self, cell: Any) -> Any:
        made = etree.Element(w("tc"), nsmap=NAMESPACES)
        for child in cell:
            self._block(child, made, 0)
        while len(made) and made[-1].tag == w("p") and not _says(made[-1]) and len(made) > 1:
            made.remove(made[-1])
        return made

    def _block(self, element: Any, into: Any, depth: int) -> None:
        space, name = local(element.tag)
        if space != W or depth > MOST_DEPTH:
            return
        if name in UNWRAPPED:
            for child in element:
                self._block(child, into, depth + 1)
        elif name == "p":
            self._paragraph(element, into, depth)
        elif name in ("tbl", "tr", "tc"):
            made = etree.SubElement(into, element.tag)
            for child in element:
                if local(child.tag) in {(W, part) for part in TABLES}:
                    made.append(_plainly(child))
                else:
                    self._block(child, made, depth + 1)

    def _paragraph(self, element: Any, into: Any, depth: int) -> None:
        made = etree.SubElement(into, w("p"))
        properties = element.find(w("pPr"))
        looks: list[Any] = []
        if properties is not None:
            kept = [_plainly(child) for child in properties if local(child.tag) in {(W, name) for name in ARRANGED}]
            if kept:
                etree.SubElement(made, w("pPr")).extend(kept)
            style, listed = properties.find(w("pStyle")), properties.find(w("numPr"))
            looks = self.package.styles.get(style.get(w("val")), []) if style is not None else []
            if listed is not None:
                level, id = (listed.find(w(name)) for name in ("ilvl", "numId"))
                label = (
                    self.package.label(id.get(w("val")) or "0", level.get(w("val")) or "0" if level is not None else "0")
                    if id is not None
                    else ""
                )
                if label:
                    run = etree.SubElement(made, w("r"))
                    _text(run, label)
                    etree.SubElement(run, w("tab"))
        for child in element:
            self._inline(child, made, looks, depth + 1)

    def _inline(self, element: Any, into: Any, looks: list[Any], depth: int) -> None:
        space, name = local(element.tag)
        if depth > MOST_DEPTH:
            return
        if space == M:
            if made := self._formula(element, depth):
                into.append(made[0])
        elif space == W and name in UNWRAPPED:
            for child in element:
                self._inline(child, into, looks, depth + 1)
        elif space == W and name == "r":
            self._run(element, into, looks)

    def _run(self, element: Any, into: Any, looks: list[Any]) -> None:
        made = etree.Element(w("r"))
        given = element.find(w("rPr"))
        own = {} if given is None else {c.tag: c for c in given if local(c.tag)[0] == W and local(c.tag)[1] not in DROPPED_LOOKS}
        style = given.find(w("rStyle")) if given is not None else None
        for look in [*(self.package.styles.get(style.get(w("val")), []) if style is not None else []), *looks]:
            own.setdefault(look.tag, look)
        if own:
            etree.SubElement(made, w("rPr")).extend(_plainly(look) for _, look in sorted(own.items(), key=lambda pair: pair[0]))
        before = len(made)
        for child in self._chosen(element):
            space, name = local(child.tag)
            if space == W and name == "t":
                _text(made, child.text or "")
            elif space == W and name in KEPT:
                made.append(_plainly(child))
            elif (space == W and name in ("drawing", "pict", "object")) and (drawing := self._drawing(child)) is not None:
                made.append(drawing)
        if len(made) > before:
            into.append(made)

    def _chosen(self, element: Any) -> Iterator[Any]:
        """The children of a run, with what Word offers in several ways taken in the first that holds a picture."""
        for child in element:
            if child.tag == f"{{{MC}}}AlternateContent":
                ways = [way for way in child if way.find(f".//{{{A}}}blip") is not None or way.find(f".//{{{V}}}imagedata") is not None]
                yield from ways[0] if ways else ()
            else:
                yield child

    def _drawing(self, element: Any) -> Any:
        """A picture as an inline drawing that refers to it by its hash; nothing for shapes without one and for linked ones."""
        blip, vml = element.find(f".//{{{A}}}blip"), element.find(f".//{{{V}}}imagedata")
        relation = blip.get(f"{{{R}}}embed") if blip is not None else vml.get(f"{{{R}}}id") if vml is not None else None
        found = self.package.picture(relation)
        if found is None:
            return None
        self.pictures[found[0]] = found[1]
        return drawing(found[0], *_size(element))

    def _formula(self, element: Any, depth: int) -> list[Any]:
        """A formula with its own markup only; the runs in it may look as runs do."""
        made = etree.Element(element.tag)
        for name, value in element.attrib.items():
            if local(name)[0] == M:
                made.set(name, value)
        made.text = element.text if element.tag == m("t") else None
        if made.text is not None and made.text != made.text.strip():
            made.set(f"{{{SPACE}}}space", "preserve")
        for child in element:
            space, name = local(child.tag)
            if space == M and depth < MOST_DEPTH:
                made.extend(self._formula(child, depth + 1))
            elif space == W and name == "rPr":
                made.append(_plainly(child))
        return [made]


def _plainly(element: Any) -> Any:
    """A property with its own attributes and nothing of relations, revisions or other languages."""
    made = etree.Element(element.tag)
    for name, value in element.attrib.items():
        space, bare = local(name)
        if space == W and not bare.startswith("rsid"):
            made.set(name, value)
    for child in element:
        space, name = local(child.tag)
        if space == W and name not in DROPPED_LOOKS and not name.endswith("Change"):
            made.append(_plainly(child))
    return made


def _text(run: Any, said: str) -> None:
    made = etree.SubElement(run, w("t"))
    made.text = said
    if said != said.strip():
        made.set(f"{{{SPACE}}}space", "preserve")


def _size(element: Any) -> tuple[int, int]:
    extent = element.find(f".//{{{WP}}}extent")
    if extent is not None and (extent.get("cx") or "").isdecimal() and (extent.get("cy") or "").isdecimal():
        return min(int(extent.get("cx")), MOST_EMU), min(int(extent.get("cy")), MOST_EMU)
    shape = element.find(f".//{{{V}}}shape")
    said = {
        name: float(number) * EMU[unit or ""] for name, number, unit in SIZE.findall(shape.get("style") or "" if shape is not None else "")
    }
    return int(min(said.get("width", 914400), MOST_EMU)), int(min(said.get("height", 914400), MOST_EMU))


def drawing(picture: str, width: int, height: int) -> Any:
    """An inline picture."""
    made = etree.Element(w("drawing"), nsmap=NAMESPACES)
    inline = etree.SubElement(made, f"{{{WP}}}inline", distT="0", distB="0", distL="0", distR="0")
    size = {"cx": str(width), "cy": str(height)}
    etree.SubElement(inline, f"{{{WP}}}extent", size)
    etree.SubElement(inline, f"{{{WP}}}docPr", id="1", name="picture")
    data = etree.SubElement(etree.SubElement(inline, f"{{{A}}}graphic"), f"{{{A}}}graphicData", uri=PIC)
    pic = etree.SubElement(data, f"{{{PIC}}}pic")
    names = etree.SubElement(pic, f"{{{PIC}}}nvPicPr")
    etree.SubElement(names, f"{{{PIC}}}cNvPr", id="0", name="picture")
    etree.SubElement(names, f"{{{PIC}}}cNvPicPr")
    fill = etree.SubElement(pic, f"{{{PIC}}}blipFill")
    etree.SubElement(fill, f"{{{A}}}blip", {f"{{{R}}}embed": picture})
    etree.SubElement(etree.SubElement(fill, f"{{{A}}}stretch"), f"{{{A}}}fillRect")
    shape = etree.SubElement(pic, f"{{{PIC}}}spPr")
    place = etree.SubElement(shape, f"{{{A}}}xfrm")
    etree.SubElement(place, f"{{{A}}}off", x="0", y="0")
    etree.SubElement(place, f"{{{A}}}ext", size)
    etree.SubElement(etree.SubElement(shape, f"{{{A}}}prstGeom", prst="rect"), f"{{{A}}}avLst")
    return made


def taken(package: Package, cell: Any) -> tuple[str, Rich | None]:
    """The words of a cell, and its markup where the words are not all."""
    taking = Taken(package)
    clean = taking.cell(cell)
    words = text_of(clean)
    if not words or _dull(clean):
        return words, None
    return words, Rich(etree.tostring(clean, method="c14n", exclusive=True).decode(), taking.pictures)


def joined(first: Rich | None, words: str, second: Rich | None, more: str, label: str) -> Rich | None:
    """Two cells as one, the second below the first and headed by a label."""
    if first is None and second is None:
        return None
    made = element_of(first) if first else _of_words(words)
    below = element_of(second) if second else _of_words(more)
    head = next(below.iter(w("p")))
    run = etree.Element(w("r"))
    _text(run, label)
    head.insert(1 if len(head) and head[0].tag == w("pPr") else 0, run)
    made.extend(below)
    pictures = {**(first.pictures if first else {}), **(second.pictures if second else {})}
    return Rich(etree.tostring(made, method="c14n", exclusive=True).decode(), pictures)


def _of_words(words: str) -> Any:
    made = etree.Element(w("tc"), nsmap=NAMESPACES)
    for line in words.split("\n"):
        _text(etree.SubElement(etree.SubElement(made, w("p")), w("r")), line)
    return made


def element_of(rich: Rich) -> Any:
    """The markup as a tree; it was cleaned when it was taken."""
    return etree.fromstring(rich.xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def _says(paragraph: Any) -> bool:
    return any(local(e.tag)[1] in ("t", "drawing", "oMath", "sym") for e in paragraph.iter())


def _dull(clean: Any) -> bool:
    """Whether a cell is words and nothing else."""
    for element in clean.iter():
        space, name = local(element.tag)
        if space != W or name in ("drawing", "tbl", "sym", "ind"):
            return False
        if element.getparent() is not None and element.getparent().tag == w("rPr"):
            value = element.get(w("val"))
            if name not in DULL and f"{name}:{value}" not in DULL and value not in ("0", "false", "none", "baseline"):
                return False
    return True


def text_of(element: Any) -> str:
    """The words of a cell, a paragraph a line; formulae in a line of their own notation, pictures as a mark."""
    return "\n".join(line_of(p) for p in element.iter(w("p"))).strip()


def line_of(element: Any) -> str:
    """The words of a paragraph or a run."""
    said = []
    for child in element:
        space, name = local(child.tag)
        if space == M:
            said.append(_linear(child))
        elif space == W and name == "t":
            said.append(child.text or "")
        elif space == W and name in ("br", "cr"):
            said.append("\n")
        elif space == W and name in ("tab", "noBreakHyphen", "drawing", "sym"):
            said.append({"tab": "\t", "noBreakHyphen": "‑", "drawing": PICTURE_MARK, "sym": _symbol(child)}[name])
        elif space == W and name not in ("pPr", "rPr", "p", "tbl"):
            said.append(line_of(child))
    return "".join(said)


def _symbol(element: Any) -> str:
    """The letter of a symbol; a box for one that only its font knows, and for codes that are no letters."""
    code = element.get(w("char")) or ""
    letter = chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else ""
    return letter if letter.isprintable() and letter > "ÿ" else "□"


def _linear(element: Any) -> str:
    """A formula in one line: powers by ^, indices by _, fractions by /."""

    def part(name: str) -> str:
        found = element.find(m(name))
        return _linear(found) if found is not None else ""

    def grouped(text: str) -> str:
        return text if len(text) <= 1 or text.isalnum() else f"({text})"

    name = local(element.tag)[1]
    if name == "t":
        return element.text or ""
    if name == "f":
        return f"{grouped(part('num'))}/{grouped(part('den'))}"
    if name in ("sSup", "sSub", "sSubSup"):
        return part("e") + (f"_{grouped(part('sub'))}" if part("sub") else "") + (f"^{grouped(part('sup'))}" if part("sup") else "")
    if name == "rad":
        return f"√({part('e')})"
    if name == "nary":
        char = element.find(f"{m('naryPr')}/{m('chr')}")
        sign = char.get(m("val")) if char is not None else "∫"
        return (
            f"{sign}"
            + (f"_{grouped(part('sub'))}" if part("sub") else "")
            + (f"^{grouped(part('sup'))}" if part("sup") else "")
            + part("e")
        )
    if name == "d":
        return "(" + ", ".join(_linear(e) for e in element.findall(m("e"))) + ")"
    return "".join(_linear(child) for child in element if local(child.tag)[0] == M)
