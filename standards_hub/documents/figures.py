"""Figures as Vega-Lite specifications, drawn to SVG or PNG by vl-convert: the same drawing on screen and on paper.

Tones differ in lightness, so that a black-and-white print still tells them apart. Nothing is fetched while drawing.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
import vl_convert
from lxml import etree
from msgspec import Struct

from standards_hub.documents.fonts import SANS

NOWHERE = "https://hub.invalid"
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
A, TEXT, HREF = f"{SVG}a", f"{SVG}text", f"{XLINK}href"
DRAWN = {"svg", "g", "path", "rect", "line", "text", "tspan", "a", "defs", "clipPath"}
DROPPED = {"style", "class", "role", "pointer-events", "version", "font-family"}
"""Attributes a page takes no notice of or forbids; its own font has a fallback on every machine."""
NO_FACE = "unmeasured"
"""A face that no machine has; a page gives words its own."""
MARGIN = 2
DONE, WAITING, RUNNING, GOAL = "#1f3f66", "#7f9cbd", "#dfe7f0", "#000000"


class Bullet(Struct, frozen=True):
    """One row of the bullet bars: what is done, waits and runs, beside the target."""

    name: str
    target: int
    counted: int
    unverified: int
    in_progress: int
    foreseen: tuple[int, int] | None = None
    """From where to where the total is foreseen, if it is."""


def bullet_bars(rows: Sequence[Bullet], *, width: int = 430) -> dict[str, Any]:
    """Stacked bars with a tick at each target and the count written beside it; `width` in points."""
    kinds = ["已发布", "待核", "在研"]
    parts = [
        {"name": r.name, "kind": kind, "order": order, "value": value}
        for r in rows
        for order, (kind, value) in enumerate(zip(kinds, (r.counted, r.unverified, r.in_progress), strict=True))
    ]
    goals = [{"name": r.name, "target": r.target, "label": f"{r.counted}/{r.target}", "end": _end(r)} for r in rows]
    names = [r.name for r in rows]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"domain": False, "ticks": False, "labelLimit": 200}}
    widest = max((_end(r) for r in rows), default=0)
    x_axis = {"title": None, "grid": True, "tickMinStep": 1, "format": "d"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": {"step": 31},
        "background": "white",
        "padding": 4,
        "layer": [
            {
                "data": {"values": parts},
                "mark": {"type": "bar", "height": 17, "stroke": DONE, "strokeWidth": 0.6},
                "encoding": {
                    "y": y,
                    "x": {
                        "field": "value",
                        "type": "quantitative",
                        "stack": "zero",
                        "axis": x_axis,
                        "scale": {"domain": [0, max(1, widest) * 1.12], "nice": False},
                    },
                    "color": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {"domain": kinds, "range": [DONE, WAITING, RUNNING]},
                        "legend": {"title": None, "orient": "bottom", "symbolType": "square", "symbolStrokeColor": DONE},
                    },
                    "order": {"field": "order", "type": "quantitative"},
                },
            },
            {
                "data": {"values": goals},
                "mark": {"type": "tick", "thickness": 2.5, "size": 30, "color": GOAL},
                "encoding": {"y": y, "x": {"field": "target", "type": "quantitative"}},
            },
            {
                "data": {"values": goals},
                "mark": {"type": "text", "align": "left", "dx": 7, "color": GOAL, "fontSize": 12},
                "encoding": {"y": y, "x": {"field": "end", "type": "quantitative"}, "text": {"field": "label"}},
            },
            *_ranges(rows, y),
        ],
        "config": {
            "font": SANS,
            "axis": {"labelFont": SANS, "labelFontSize": 12, "labelColor": GOAL, "gridColor": "#d9d9d9", "domainColor": GOAL},
            "legend": {"labelFont": SANS, "labelFontSize": 12, "labelColor": GOAL},
            "text": {"font": SANS},
            "view": {"stroke": None},
        },
    }


def _ranges(rows: Sequence[Bullet], y: dict[str, Any]) -> list[dict[str, Any]]:
    """A bar with ends over each row of which something is foreseen."""
    found = [{"name": r.name, "low": r.foreseen[0], "high": r.foreseen[1]} for r in rows if r.foreseen]
    if not found:
        return []
    line = {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
    ends = [{"y": y, "x": {"field": end, "type": "quantitative"}} for end in ("low", "high")]
    return [
        {"data": {"values": found}, "mark": {"type": "rule", "strokeWidth": 2, "color": GOAL}, "encoding": line},
        *({"data": {"values": found}, "mark": {"type": "tick", "thickness": 2, "size": 9, "color": GOAL}, "encoding": one} for one in ends),
    ]


def _end(row: Bullet) -> int:
    return max(row.target, row.counted + row.unverified + row.in_progress, row.foreseen[1] if row.foreseen else 0)


def svg(spec: dict[str, Any]) -> str:
    """The figure as an SVG element whose text stays text."""
    return _svg(msgspec.json.encode(spec, order="deterministic"))


def warm() -> None:
    """Draw something, as the first drawing of a process takes half a second."""
    inline({"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "mark": "bar", "data": {"values": []}})


def inline(spec: dict[str, Any]) -> str:
    """The figure as part of a page: no style attributes, which the hub's policy for content forbids, and links a reader can name.

    Its parts are read as the text they hold; a table beside it says the rest.
    """
    return _inline(msgspec.json.encode(spec, order="deterministic"))


def placed(spec: dict[str, Any], *, left: float, below: float, right: float = MARGIN) -> str:
    """`inline` for a figure whose margins are known, in px, and whose key stands beside it in the page.

    To find margins, Vega measures every word in the face it will have, which for Chinese is three quarters of the whole drawing.
    """
    margins = {"left": left, "top": MARGIN, "right": right, "bottom": below}
    return inline({**_unmeasured(spec), "autosize": "none", "padding": margins})


def _unmeasured(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {name: None if name == "legend" else _unmeasured(value) for name, value in spec.items()}
    if isinstance(spec, list):
        return [_unmeasured(one) for one in spec]
    return NO_FACE if spec == SANS else spec


def png(spec: dict[str, Any], *, scale: float = 3) -> bytes:
    """The figure as a PNG of `scale` × 72 dots an inch."""
    return _png(msgspec.json.encode(spec, order="deterministic"), scale)


@lru_cache(maxsize=64)
def _svg(spec: bytes) -> str:
    """Drawing is the dear part, so every format of a report takes the one drawing."""
    return str(vl_convert.vegalite_to_svg(spec.decode(), allowed_base_urls=[]))


@lru_cache(maxsize=512)
def _inline(spec: bytes) -> str:
    return fit_for_page(_svg(spec))


def unlinked(spec: Any) -> Any:
    """The same drawing without links, for paper and for what is kept: there an address would be stale."""
    if isinstance(spec, dict):
        return {name: unlinked(value) for name, value in spec.items() if name not in ("href", "url")}
    return [unlinked(one) for one in spec] if isinstance(spec, list) else spec


def linked(path: str) -> str:
    """An address of this hub as a figure must carry it; Vega would put a host of its own before a bare path."""
    return NOWHERE + path


def fit_for_page(drawn: str) -> str:
    """An SVG of vl-convert as it may stand in a page: shapes, text and links to this hub, nothing else.

    A link around a mark that describes itself is named by it; one around a bare shape repeats a neighbour's and is hidden from readers.
    Raises ValueError if something remains that a page must not hold.
    """
    root = etree.fromstring(drawn.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter():
        if etree.QName(element).localname not in DRAWN:
            raise ValueError(f"a figure with <{etree.QName(element).localname}>")
        parent = element.getparent()
        label = element.attrib.get("aria-label") if parent is not None and parent.tag == A else None
        for name in [n for n in map(str, element.attrib) if n in DROPPED or n.startswith("aria-")]:
            del element.attrib[name]
        if label and parent is not None:
            parent.attrib["aria-label"] = label
        if element.tag == A:
            _to_this_hub(element)
    for link in root.iter(A):
        if "aria-label" not in link.attrib and link[0].tag != TEXT:
            link.attrib.update({"tabindex": "-1", "aria-hidden": "true"})
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _to_this_hub(link: Any) -> None:
    address: str = link.attrib.pop(HREF)
    if not address.startswith(NOWHERE + "/"):
        raise ValueError(f"a figure leads elsewhere: {address[:80]}")
    link.attrib.clear()
    link.attrib["href"] = address.removeprefix(NOWHERE)


@lru_cache(maxsize=16)
def _png(spec: bytes, scale: float) -> bytes:
    return bytes(vl_convert.svg_to_png(_svg(spec), scale=scale))
