"""The relations of one standard as a small drawing: what points to it on the left, what it points to on the right. Pure."""

from collections.abc import Sequence

from lxml import etree
from msgspec import Struct

from standards_hub.kernel.messages import Message, Name, say

WIDE, TALL, BETWEEN, LABEL, EDGE = 150, 34, 12, 62, 6
"""Width and height of a box, the space between two, the length of a line with its word, the edge of the drawing; in pixels."""
TEXT, SMALL = 12, 10.5
MOST = 6
"""Neighbours drawn on each side; the list beside the drawing has them all."""
INK, QUIET, LINE, HERE, PAPER = "#1b2430", "#566273", "#8a95a5", "#1f5fa8", "#ffffff"


class Node(Struct, frozen=True):
    """A neighbour: the word of the relation as seen from the centre, its label, and where it leads if anywhere."""

    word: Message | Name
    label: Message | Name | str
    path: str | None = None


def draw(centre: str, incoming: Sequence[Node], outgoing: Sequence[Node], language: str) -> str:
    """The drawing as an SVG element with links, without any style."""
    sides = (incoming[:MOST], outgoing[:MOST])
    rows = max(len(side) + (len(all_) > MOST) for side, all_ in zip(sides, (incoming, outgoing), strict=True)) or 1
    height = EDGE * 2 + rows * TALL + (rows - 1) * BETWEEN
    left = WIDE + LABEL if incoming else 0
    width = EDGE * 2 + left + WIDE + (LABEL + WIDE if outgoing else 0)
    title = say("{standard}的关系图", standard=centre).into(language)
    svg = etree.Element("svg", {
        "viewBox": f"0 0 {width} {height}", "class": "graph", "role": "group", "aria-label": title, "font-size": str(TEXT),
    })  # fmt: skip
    middle = height / 2
    for side, nodes, whole in zip(("in", "out"), sides, (incoming, outgoing), strict=True):
        x = EDGE if side == "in" else EDGE + left + WIDE + LABEL
        count = len(nodes) + (len(whole) > MOST)
        top = middle - (count * TALL + (count - 1) * BETWEEN) / 2
        for place, node in enumerate(nodes):
            y = top + place * (TALL + BETWEEN)
            _line(svg, x, y + TALL / 2, EDGE + left, middle, node.word.into(language), side)
            _box(svg, x, y, _into(node.label, language), node.path)
        if len(whole) > MOST:
            more = say("另有 {count} 项", count=len(whole) - MOST).into(language)
            _text(svg, x + WIDE / 2, top + len(nodes) * (TALL + BETWEEN) + TALL / 2 + 4, more, QUIET)
    _box(svg, EDGE + left, middle - TALL / 2, centre, None, here=True)
    return etree.tostring(svg, encoding="unicode")


def _line(svg: etree._Element, x: float, y: float, centre: float, middle: float, word: str, side: str) -> None:
    """From the neighbour's box to the centre's, with the word near the neighbour."""
    start, end = (x + WIDE, centre) if side == "in" else (x, centre + WIDE)
    half = (start + end) / 2
    etree.SubElement(svg, "path", d=f"M{start} {y:g} C{half} {y:g} {half} {middle:g} {end} {middle:g}", fill="none", stroke=LINE)
    _text(svg, start + (LABEL / 2 if side == "in" else -LABEL / 2), y - 4, word, QUIET, SMALL)


def _box(svg: etree._Element, x: float, y: float, label: str, path: str | None, *, here: bool = False) -> None:
    place = etree.SubElement(svg, "a", href=path) if path else svg
    stroke = HERE if here or path else LINE
    shape = {"x": f"{x:g}", "y": f"{y:g}", "width": str(WIDE), "height": str(TALL), "rx": "3", "fill": PAPER, "stroke": stroke}
    etree.SubElement(place, "rect", shape | ({"stroke-width": "2"} if here else {}))
    etree.SubElement(place, "title").text = label
    _text(place, x + WIDE / 2, y + TALL / 2 + 4, _short(label), INK if here or not path else HERE)


def _text(place: etree._Element, x: float, y: float, text: str, fill: str, size: float = TEXT) -> None:
    etree.SubElement(
        place, "text", {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": "middle", "fill": fill, "font-size": str(size)}
    ).text = text  # fmt: skip


def _short(text: str) -> str:
    """What fits into a box; a Chinese character is as wide as two letters."""
    room = 22
    for at, character in enumerate(text):
        room -= 2 if ord(character) > 0x2E7F else 1
        if room < 0:
            return text[:at] + "…"
    return text


def _into(text: Message | Name | str, language: str) -> str:
    return text if isinstance(text, str) else text.into(language)
