"""The drawing of a standard's relations: links, both sides, and nothing that a browser would run."""

import re

from lxml import etree

from standards_hub.kernel.messages import Name
from standards_hub.lifecycle.graph import MOST, Node, draw

SVG = etree.XMLParser(resolve_entities=False)


def test_neighbours_stand_on_their_sides_with_links_and_words() -> None:
    drawn = draw("GB/T 1", [Node(Name("被代替", "replaced by"), "GB/T 2", "/standards/2")], [Node(Name("采用", "adopts"), "ISO 1")], "en")
    svg = etree.fromstring(drawn, SVG)
    boxes = {rect.getnext().text: float(rect.get("x")) for rect in svg.iter("rect")}
    assert boxes["GB/T 2"] < boxes["GB/T 1"] < boxes["ISO 1"]
    assert [link.get("href") for link in svg.iter("a")] == ["/standards/2"]
    assert {"replaced by", "adopts"} <= {text.text for text in svg.iter("text")}
    assert not re.search(r"style=|<script|\bon\w+=", drawn)


def test_what_stands_in_the_data_cannot_break_out() -> None:
    drawn = draw("<b>", [Node(Name("x", "x"), '"><script>alert(1)</script>', '/a"b')], [], "zh")
    assert "<script>" not in drawn and etree.fromstring(drawn, SVG) is not None


def test_many_neighbours_are_counted_and_not_drawn() -> None:
    drawn = draw("GB/T 1", [], [Node(Name("引用", "references"), f"ISO {n}", f"/{n}") for n in range(MOST + 4)], "zh")
    assert drawn.count("<a ") == MOST and "另有 4 项" in drawn


def test_a_long_label_is_cut_and_kept_as_a_title() -> None:
    drawn = draw("示例：石墨烯粉体中金属杂质含量的测定方法", [], [], "zh")
    assert "示例：石墨烯粉体中金属杂质含量的测定方法</title>" in drawn and "…</text>" in drawn
