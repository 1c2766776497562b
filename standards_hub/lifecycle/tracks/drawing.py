"""A track as a drawing: steps in a column per stage, the way forward between them, the ways back below, short cuts above."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Literal

from lxml import etree
from msgspec import Struct

from standards_hub.kernel.messages import Name, say
from standards_hub.lifecycle.stages import STAGE_NAMES
from standards_hub.lifecycle.tracks.model import HOLDERS, Step, Track, Transition

BOX, TALL, BETWEEN = 124, 60, 30
"""Width and height of a step, and the space between two of a column, in pixels."""
MARGIN, HEAD, LANE, SLOT, GUTTER = 28, 40, 26, 12, 34
"""Edge of the page, height of the stage names, of a lane, width of a slot for a line, least width between columns."""
TEXT, SMALL = 13, 11
SIZES = {"zh": (TEXT, SMALL), "en": (12, SMALL, 10)}
"""Of the name of a step: the usual one, and those for names that are too long for it."""
PIECE = re.compile(r"[!-\u2E7F]+|.")
"""What stays on one line: a Latin word, a space, a Chinese character."""
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
INK, QUIET, PAPER = "#1f2933", "#52606d", "#ffffff"
LINES = {"advance": "#1d5fa8", "skip": "#1d5fa8", "return": "#b3261e", "repeat": "#a15c00", "fail": "#7a3e9d"}
DASHES = {"skip": "6 4", "fail": "2 3"}
"""Lines that are told apart without their colour too."""
FILLS = {"60": ("#e6f4ea", "#2e7d4f"), "90": ("#fff5e0", "#a15c00"), "95": ("#eceff1", "#607d8b")}
PLAIN = ("#eaf2fb", "#1d5fa8")
ACTS: dict[str, Name] = {
    "advance": Name("推进", "advance"),
    "skip": Name("跳过", "skip"),
    "return": Name("退回", "return"),
    "repeat": Name("重复", "repeat"),
    "fail": Name("未通过，仍在本阶段", "not passed, same stage"),
}
Side = Literal["straight", "above", "below"]


class Lane(Struct):
    """A transition drawn above or below the columns, on the `level`-th line counted from them."""

    transition: Transition
    side: Side
    label: str
    left: float = 0
    right: float = 0
    at: float = 0
    level: int = 0


class Plan(Struct):
    """Where everything stands. `slots` says at which x a bundle of lines runs through the space between columns."""

    boxes: dict[str, tuple[float, float]]
    columns: dict[str, float]
    slots: dict[tuple[str, str, str], float]
    lanes: list[Lane]
    width: float
    height: float
    top: float
    bottom: float


def draw(track: Track, counts: Mapping[str, int] | None = None, language: str = "zh") -> str:
    """The track as an SVG document; `counts` says by step key how many standards stand there now."""
    plan = _plan(track, language)
    width, height = round(plan.width), round(plan.height)
    svg = etree.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height),
        "role": "img", "aria-labelledby": "track-title track-desc", "font-family": FONT, "font-size": str(TEXT),
    })  # fmt: skip
    _add(svg, "title", track.name.into(language), id="track-title")
    way = " → ".join(f"{step.shown} {step.name.into(language)}" for step in track.steps)
    _add(
        svg, "desc", say("{track}，版本 {version}：{way}", track=track.name, version=track.version, way=way).into(language), id="track-desc"
    )
    defs = _add(svg, "defs")
    for colour in sorted(set(LINES.values())):
        marker = _add(
            defs,
            "marker",
            id=f"arrow-{colour[1:]}",
            viewBox="0 0 8 8",
            refX="7",
            refY="4",
            markerWidth="7",
            markerHeight="7",
            orient="auto",
        )
        _add(marker, "path", d="M0 0 L8 4 L0 8 z", fill=colour)
    _add(svg, "rect", width=str(width), height=str(height), fill=PAPER)
    _heads(svg, track, plan, language)
    for transition in track.transitions:
        if (lane := next((found for found in plan.lanes if found.transition is transition), None)) is None:
            _line(svg, transition, _straight(track, plan, transition), language)
        else:
            _line(svg, transition, _detour(plan, lane), language)
    for lane in plan.lanes:
        _label(svg, plan, lane)
    for step in track.steps:
        _box(svg, step, plan.boxes[step.key], counts, language)
    _legend(svg, track, plan, language)
    return etree.tostring(svg, encoding="unicode", pretty_print=True)


def _plan(track: Track, language: str) -> Plan:
    columns = [(stage, list(steps)) for stage, steps in groupby(track.steps, key=lambda step: step.code[:2])]
    column = {step.key: number for number, (_, steps) in enumerate(columns) for step in steps}
    row = {step.key: number for _, steps in columns for number, step in enumerate(steps)}
    bundles: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    lanes: list[Lane] = []

    def bundle(gutter: int, key: tuple[str, str, str]) -> None:
        if key not in bundles[gutter]:
            bundles[gutter].append(key)

    for transition in track.transitions:
        start, end, side = transition.from_, transition.to, _side(transition, column, row)
        if side != "straight":
            lanes.append(Lane(transition, side, _short(_caption(transition, language))))
            bundle(column[start] + 1, ("out", start, side))
            bundle(column[end], ("in", end, side))
        elif column[start] != column[end]:
            bundle(column[end], ("way", end, ""))
    x, lefts, slots = float(MARGIN), list[float](), dict[tuple[str, str, str], float]()
    for number in range(len(columns) + 1):
        lines = sorted(bundles[number], key=lambda key: (key[0] == "in", key[0] == "way"))
        wide = max(GUTTER, SLOT * (len(lines) + 2))
        slots |= {key: x + (index + 1) * wide / (len(lines) + 1) for index, key in enumerate(lines)}
        x += wide
        if number < len(columns):
            lefts.append(x)
            x += BOX
    for lane in lanes:
        t = lane.transition
        lane.left, lane.right = sorted((slots["out", t.from_, lane.side], slots["in", t.to, lane.side]))
        lane.at = min(lane.left + 6, x + MARGIN - _width(lane.label, SMALL) - 8)
    above, below = (_levels([lane for lane in lanes if lane.side == side]) for side in ("above", "below"))
    top = MARGIN + 30.0 + above * LANE + HEAD
    boxes = {step.key: (lefts[column[step.key]], top + row[step.key] * (TALL + BETWEEN)) for step in track.steps}
    bottom = max((y for _, y in boxes.values()), default=top) + TALL
    return Plan(
        boxes, {stage: lefts[number] for number, (stage, _) in enumerate(columns)}, slots, lanes,
        width=max(x + MARGIN, 640), height=bottom + (below + 1) * LANE + 36, top=top, bottom=bottom,
    )  # fmt: skip


def _side(transition: Transition, column: dict[str, int], row: dict[str, int]) -> Side:
    """Forward to the next step or the next stage is straight; all other ways forward go above, ways back below."""
    if transition.act not in ("advance", "skip"):
        return "below"
    start, end = transition.from_, transition.to
    next_below = column[end] == column[start] and row[end] == row[start] + 1
    next_stage = column[end] == column[start] + 1 and transition.act == "advance"
    return "straight" if next_below or next_stage else "above"


def _levels(lanes: list[Lane]) -> int:
    """Put lanes that would touch on different levels, the shortest nearest to the steps; how many levels there are."""
    taken: list[list[tuple[float, float]]] = []
    for lane in sorted(lanes, key=lambda lane: lane.right - lane.left):
        left, right = min(lane.left, lane.at) - 6, max(lane.right, lane.at + _width(lane.label, SMALL)) + 6
        free = (n for n, spans in enumerate(taken) if all(right < a or left > b for a, b in spans))
        lane.level = next(free, len(taken))
        if lane.level == len(taken):
            taken.append([])
        taken[lane.level].append((left, right))
    return len(taken)


def _straight(track: Track, plan: Plan, transition: Transition) -> list[tuple[float, float]]:
    (x, y), (to_x, to_y) = plan.boxes[transition.from_], plan.boxes[transition.to]
    if x == to_x:
        return [(x + BOX / 2, y + TALL), (x + BOX / 2, to_y)]
    turn = plan.slots["way", transition.to, ""]
    return [(x + BOX, y + TALL / 2), (turn, y + TALL / 2), (turn, to_y + TALL / 2), (to_x, to_y + TALL / 2)]


def _detour(plan: Plan, lane: Lane) -> list[tuple[float, float]]:
    start, end = lane.transition.from_, lane.transition.to
    (x, y), (to_x, to_y) = plan.boxes[start], plan.boxes[end]
    out, back = plan.slots["out", start, lane.side], plan.slots["in", end, lane.side]
    shift = TALL / 2 + (16 if lane.side == "below" else -16)
    level = _height(plan, lane)
    return [(x + BOX, y + shift), (out, y + shift), (out, level), (back, level), (back, to_y + shift), (to_x, to_y + shift)]


def _height(plan: Plan, lane: Lane) -> float:
    return plan.bottom + (lane.level + 1) * LANE if lane.side == "below" else plan.top - HEAD - lane.level * LANE - 6


def _line(svg: etree._Element, transition: Transition, points: list[tuple[float, float]], language: str) -> None:
    colour = LINES[transition.act]
    path = _add(
        svg, "path", d=_rounded(points), fill="none", stroke=colour,
        **{"class": transition.act, "stroke-width": "1.6", "marker-end": f"url(#arrow-{colour[1:]})"},
    )  # fmt: skip
    if dashes := DASHES.get(transition.act):
        path.set("stroke-dasharray", dashes)
    _add(path, "title", f"{transition.from_} → {transition.to}：{_caption(transition, language)}")


def _rounded(points: list[tuple[float, float]], radius: float = 6) -> str:
    """A path through points at right angles with its corners rounded."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _toward(here, before, radius), _toward(here, after, radius)
        parts.append(f"L{near[0]:.1f} {near[1]:.1f} Q{here[0]:.1f} {here[1]:.1f} {far[0]:.1f} {far[1]:.1f}")
    return " ".join([*parts, f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"])


def _toward(start: tuple[float, float], end: tuple[float, float], by: float) -> tuple[float, float]:
    x, y = end[0] - start[0], end[1] - start[1]
    length = abs(x) + abs(y)
    part = min(by, length / 2) / length if length else 0
    return start[0] + x * part, start[1] + y * part


def _box(svg: etree._Element, step: Step, at: tuple[float, float], counts: Mapping[str, int] | None, language: str) -> None:
    x, y = at
    fill, edge = FILLS.get(step.code[:2], PLAIN)
    group = _add(svg, "g", **{"class": "step", "data-step": step.key})
    hint = step.hint.into(language) if step.hint else ""
    words = say("{code} {step}，由{holder}办理", code=step.shown, step=step.name, holder=HOLDERS.get(step.holder, step.holder))
    _add(group, "title", f"{words.into(language)}\n{hint}".strip())
    rect = _add(
        group, "rect", x=f"{x}", y=f"{y}", width=f"{BOX}", height=f"{TALL}", rx="9", fill=fill, stroke=edge, **{"stroke-width": "1.5"}
    )
    if step.key != step.code:
        rect.set("stroke-dasharray", "5 3")
    lines, size = _fitted(step.name.into(language), BOX - 16, SIZES[language])
    _add(group, "text", step.shown, x=f"{x + 10}", y=f"{y + 17}", fill=edge, **{"font-size": f"{SMALL}", "font-weight": "bold"})
    for number, line in enumerate(lines):
        _add(
            group,
            "text",
            line,
            x=f"{x + 10}",
            y=f"{y + (38 if len(lines) == 1 else 34) + number * 15}",
            fill=INK,
            **{"font-size": f"{size}"},
        )
    if counts is not None:
        _badge(group, x + BOX - 8, y, counts.get(step.key, 0), edge)


def _badge(group: etree._Element, right: float, y: float, count: int, colour: str) -> None:
    text = str(count)
    wide = 14 + 7 * len(text)
    shown = {"fill": colour} if count else {"fill": PAPER, "stroke": "#b8c2cc"}
    _add(group, "rect", x=f"{right - wide}", y=f"{y - 10}", width=f"{wide}", height="20", rx="10", **shown)
    _add(
        group, "text", text, x=f"{right - wide / 2}", y=f"{y + 4}", fill=PAPER if count else QUIET,
        **{"class": "count", "text-anchor": "middle", "font-size": "12", "font-weight": "bold"},
    )  # fmt: skip


def _heads(svg: etree._Element, track: Track, plan: Plan, language: str) -> None:
    title = say("{track}　版本 {version}", track=track.name, version=track.version).into(language)
    _add(svg, "text", title, x=f"{MARGIN}", y=f"{MARGIN + 4}", fill=INK, **{"font-size": "17", "font-weight": "bold"})
    for stage, x in plan.columns.items():
        name = STAGE_NAMES[stage].into(language) if stage in STAGE_NAMES else ""
        _add(svg, "text", f"{stage} {name}", x=f"{x}", y=f"{plan.top - 18}", fill=QUIET, **{"font-size": "12", "font-weight": "bold"})


def _label(svg: etree._Element, plan: Plan, lane: Lane) -> None:
    _add(
        svg, "text", lane.label, x=f"{lane.at}", y=f"{_height(plan, lane) - 5}", fill=LINES[lane.transition.act], stroke=PAPER,
        **{"font-size": f"{SMALL}", "stroke-width": "3", "paint-order": "stroke"},
    )  # fmt: skip


def _legend(svg: etree._Element, track: Track, plan: Plan, language: str) -> None:
    x, y = float(MARGIN), plan.height - 16
    for act in [act for act in ACTS if any(t.act == act for t in track.transitions)]:
        line = _add(svg, "path", d=f"M{x} {y - 4} h26", stroke=LINES[act], **{"stroke-width": "1.6"})
        if dashes := DASHES.get(act):
            line.set("stroke-dasharray", dashes)
        words = ACTS[act].into(language)
        _add(svg, "text", words, x=f"{x + 32}", y=f"{y}", fill=QUIET, **{"font-size": f"{SMALL}"})
        x += 56 + _width(words, SMALL)


def _caption(transition: Transition, language: str) -> str:
    words = (transition.name.into(language) if transition.name else ACTS[transition.act].into(language)).strip()
    return f"{transition.via} {words}" if transition.via else words


def _short(text: str, wide: float = 330) -> str:
    if _width(text, SMALL) <= wide:
        return text
    while text and _width(text + "…", SMALL) > wide:
        text = text[:-1]
    return text.rstrip(" ，,;；") + "…"


def _width(text: str, size: float) -> float:
    """About how wide a text is in pixels: a Chinese character is as wide as it is high, a Latin one about half."""
    return sum(size if ord(letter) > 0x2E7F else size * 0.56 for letter in text)


def _fitted(text: str, wide: float, sizes: Iterable[float]) -> tuple[list[str], float]:
    """A text on two lines in the first size in which it is whole, else cut in the last."""
    lines, size = [text], 0.0
    for size in sizes:
        lines = _wrap(text, wide, size)
        if not lines[-1].endswith("…"):
            break
    return lines, size


def _wrap(text: str, wide: float, size: float) -> list[str]:
    """At most two lines, broken where there is a space if it can be, and never within a Latin word that fits into one."""
    if _width(text, size) <= wide:
        return [text]
    pieces = [part for piece in PIECE.findall(text) for part in ([piece] if _width(piece, size) <= wide else piece)]
    first = ""
    while pieces and _width(first + pieces[0], size) <= wide:
        first += pieces.pop(0)
    second = "".join(pieces)
    before, _, broken = first.rpartition(" ")
    if before and not second.startswith(" ") and _width(broken + second, size) <= wide:
        first, second = before, broken + second
    second = second.strip()
    while second and _width(second, size) > wide:
        second = second[:-2] + "…"
    return [line for line in (first.strip(), second) if line]


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, tag, attributes)
    child.text = text
    return child
