"""The figures of the overview, in the reader's language: every mark that counts something leads to what it counts.

Tones run from light to dark with the work's progress, so that a print without colour still tells them apart.
"""

from typing import Any

from msgspec import Struct

from standards_hub.documents import figures
from standards_hub.documents.figures import linked
from standards_hub.documents.fonts import SANS
from standards_hub.documents.overview.model import Aged, ForeseenView, Number, Overview, StageView, TargetView
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.linkage.facts import STAGES

WIDTH = 480
INK, GRID, LATE, SOON = "#1b2430", "#dfe3e8", "#9a4b00", "#c98a2b"
DONE, UNVERIFIED, SUBMITTED, RUNNING = "#1f3f66", "#5f7fa6", "#a9bfd8", "#dfe7f0"
STAGE_TONES = ("#eef3f8", "#d9e4ef", "#bfd0e3", "#9db7d3", "#7496bd", "#46709f", "#1f3f66")
PARTS = {"counted": say("已发布"), "unverified": say("待核"), "late": say("已报批"), "rest": say("其他在途")}
TONES = {"counted": DONE, "unverified": UNVERIFIED, "late": SUBMITTED, "rest": RUNNING}
AGE_STATES = {"late": say("已超期"), "soon": say("30 日内到期"), "in_time": say("期限内"), "free": say("无期限")}
AGE_TONES = {"late": LATE, "soon": SOON, "in_time": "#46709f", "free": "#8a95a5"}
AGE_SHAPES = {"late": "triangle-up", "soon": "diamond", "in_time": "circle", "free": "square"}
OUTLINES = {
    "triangle-up": "M6 1 11.5 10.5H.5z", "diamond": "M6 .5 11.5 6 6 11.5 .5 6z", "circle": "M6 1.5a4.5 4.5 0 1 0 .01 0z", "square": "M1.5 1.5h9v9h-9z",
}  # fmt: skip
"""The shapes of marks for a key beside the figure, on a square of 12."""
MARK_SIZE = 70
FONT = 12.5
BULLET = 82
"""The least height of a bullet bar with its words, so that rows with few words are as high as the others."""
ABOVE, BELOW, LANE = 10, 51, 16
"""Heights of the line of words above a bullet bar, which itself lies between 20 and 40, of the first below it and from one to the next."""
LEAST_GAP = 8
NAME_GAP = 14
BESIDE = 8
"""What a mark or a gap takes at the right end of an axis."""
AXIS = 45
"""Height of an axis below a figure with its numbers and its title."""


class Key(Struct, frozen=True):
    """What a tone and an outline stand for."""

    words: Message | Name
    tone: str
    outline: str


class Chart(Struct, frozen=True):
    """A figure with the finding that is its title, and the key to its marks."""

    title: Message
    svg: str = ""
    keys: tuple[Key, ...] = ()


class Figures(Struct, frozen=True):
    """All figures of an overview in one language."""

    bars: dict[str, str]
    """By the key of the target; none for those who may not see what counts, as a bar without it would mislead."""
    stages: Chart
    ageing: Chart


def drawn(view: Overview, language: str) -> Figures:
    """The figures; drawing one takes some 30 ms the first time, so it belongs on a thread."""
    far = reach(view)
    bars = {t.key: bullet(t, far, language) for t in view.targets} if view.counts else {}
    return Figures(bars, stages(view, language), ageing(view, language))


def bullet(target: TargetView, reach: float, language: str) -> str:
    """One target as a bar: done, waiting, submitted and under way, beside the mark of the target. `reach` is the axis in targets."""
    sizes = (("counted", target.counted), ("unverified", target.unverified), ("late", target.late), ("rest", rest(target)))
    scale = WIDTH / max(1.0, target.target * reach)
    parts, labels, start = [], [], 0
    for kind, number in sizes:
        if number and number.value:
            parts.append({"kind": kind, "start": start * scale, "end": (start + number.value) * scale, "url": linked(number.url)})
            text = say("{name} {n}", name=PARTS[kind], n=number.value).into(language)
            labels.append({"x": start * scale, "text": text, "url": linked(number.url)})
            start += number.value
    goal = {"x": target.target * scale}
    band = foreseen_band(target.foreseen, scale)
    labels += [{"x": one["low"], "text": spanned(one["from"], one["to"]).into(language), "url": linked(target.running.url)} for one in band]
    named, height = placed_apart([*labels, {**goal, "text": say("目标 {target}", target=target.target).into(language), "url": ""}])
    x = {"field": "start", "type": "quantitative", "axis": None, "scale": {"domain": [0, WIDTH], "nice": False}}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [0, height], "reverse": True, "nice": False}}
    color = {"field": "kind", "type": "nominal", "legend": None, "scale": {"domain": list(TONES), "range": list(TONES.values())}}

    def words(of: list[dict[str, Any]], weight: str, **more: Any) -> dict[str, Any]:
        mark = {"type": "text", "aria": False, "align": "left", "baseline": "middle", "fontSize": FONT, "fontWeight": weight}
        return {"data": {"values": of}, "mark": mark, "encoding": {"x": {**x, "field": "x"}, "y": y, "text": {"field": "text"}, **more}}

    layers = [
        {
            "data": {"values": parts}, "mark": {"type": "bar", "aria": False, "stroke": DONE, "strokeWidth": 0.6},
            "encoding": {"x": x, "x2": {"field": "end"}, "y": {"value": 20}, "y2": {"value": 40}, "color": color, "href": {"field": "url"}},
        },
        words([label for label in named if label["url"]], "normal", href={"field": "url"}),
        *band_marks(band, x),
        {
            "data": {"values": [goal]}, "mark": {"type": "rule", "aria": False, "strokeWidth": 2.5, "color": "#000000"},
            "encoding": {"x": {**x, "field": "x"}, "y": {"value": 15}, "y2": {"value": 45}},
        },
        words([label for label in named if not label["url"]], "bold"),
    ]  # fmt: skip
    return figures.placed(framed(layers, height), left=figures.MARGIN, below=figures.MARGIN)


def foreseen_band(foreseen: ForeseenView | None, scale: float) -> list[dict[str, float]]:
    """From where to where the total is foreseen, in numbers and along the axis; nothing where no range is."""
    if foreseen is None or foreseen.low is None or foreseen.high is None:
        return []
    return [{"low": foreseen.low * scale, "high": foreseen.high * scale, "from": foreseen.low, "to": foreseen.high}]


def spanned(low: float, high: float) -> Message:
    return say("预计 {low}", low=low) if low == high else say("预计 {low}–{high}", low=low, high=high)


def band_marks(band: list[dict[str, float]], x: dict[str, Any]) -> list[dict[str, Any]]:
    """A line with ends over the bar, as the report has it."""
    if not band:
        return []
    mark, data = {"type": "rule", "aria": False, "strokeWidth": 2, "color": "#000000"}, {"values": band}
    line = {"data": data, "mark": mark, "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": {"value": 30}}}
    ends = [
        {"data": data, "mark": mark, "encoding": {"x": {**x, "field": end}, "y": {"value": 25}, "y2": {"value": 35}}}
        for end in ("low", "high")
    ]
    return [line, *ends]


def placed_apart(labels: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Labels in the first lane where they do not meet their neighbour, and never beyond the edge; and the height that this takes."""
    lanes = (ABOVE, *(BELOW + n * LANE for n in range(len(labels))))
    ends = dict.fromkeys(lanes, -LEAST_GAP)
    placed = []
    for label in sorted(labels, key=lambda one: one["x"]):
        width = width_of(label["text"])
        x = max(0.0, min(label["x"], WIDTH - width))
        lane = next(y for y in lanes if ends[y] + LEAST_GAP <= x)
        ends[lane] = x + width
        placed.append({**label, "x": x, "y": lane})
    return placed, max(BULLET, max(one["y"] for one in placed) + LANE - 1)


def width_of(text: str) -> float:
    """About how wide words are in a figure, in px: Chinese characters are square, others a little wider than half of that."""
    return sum(FONT if ord(c) > 0x2E80 else FONT * 0.56 for c in text)


def rest(target: TargetView) -> Number:
    """What is under way and not yet submitted; its list is that of all under way."""
    return Number(target.running.value - target.late.value, target.running.url)


def reach(view: Overview) -> float:
    """How far the bars go, in targets: a little beyond the longest, the same for all, so that the marks stand in one line."""
    ends = [max(_end(t), (t.foreseen.high or 0) if t.foreseen else 0) / t.target for t in view.targets if t.target]
    return max([1.0, *ends]) * 1.1


def _end(target: TargetView) -> int:
    return sum(number.value for number in (target.counted, target.unverified, target.running) if number)


def stages(view: Overview, language: str) -> Chart:
    """Work under way by level and stage; the title names the stage where most of it stands."""
    sums = {key: sum(row.stages[n].value for row in view.stages) for n, key in enumerate(view.stage_keys)}
    total = view.total.running.value
    most = max(sums, key=lambda key: sums[key])
    title = (
        say("在途 {total} 项，最多的在{stage}阶段：{most} 项", total=total, stage=STAGES[most], most=sums[most])
        if total
        else say("没有在途的标准")
    )
    if not total:
        return Chart(title)
    names = [row.name.zh if language == "zh" else row.name.en for row in view.stages]
    right = max(width_of(str(row.total.value)) for row in view.stages) + BESIDE
    svg = figures.placed(stage_stack(view.stage_keys, view.stages, language), left=_room(names), below=figures.MARGIN, right=right)
    keys = (Key(STAGES[key], tone, OUTLINES["square"]) for key, tone in zip(view.stage_keys, STAGE_TONES, strict=True))
    return Chart(title, svg, tuple(keys))


def _room(names: list[str]) -> float:
    """What the names along a figure's left side take."""
    return max(map(width_of, names)) + NAME_GAP


def stage_stack(stage_keys: list[str], rows: list[StageView], language: str) -> dict[str, Any]:
    """One bar a level, its parts the stages from light to dark with their numbers."""
    names = [row.name.zh if language == "zh" else row.name.en for row in rows]
    keys = [STAGES[key].into(language) for key in stage_keys]
    parts = []
    for name, row in zip(names, rows, strict=True):
        start = 0
        for order, number in enumerate(row.stages):
            if number.value:
                parts.append({
                    "name": name, "stage": keys[order], "start": start, "end": start + number.value, "middle": start + number.value / 2,
                    "value": number.value, "url": linked(number.url), "words": f"{name} {keys[order]} {number.value}", "dark": order >= len(STAGE_TONES) - 3,
                })  # fmt: skip
                start += number.value
    sums = [
        {"name": name, "end": row.total.value, "url": linked(row.total.url), "words": f"{name} {row.total.value}"}
        for name, row in zip(names, rows, strict=True)
    ]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "title": None,
        "axis": {"domain": False, "ticks": False, "labelLimit": 0, "labelPadding": 6},
    }
    x = {
        "field": "start", "type": "quantitative", "title": None, "axis": None,
        "scale": {"domain": [0, max(1, *(row.total.value for row in rows)) * 1.08], "nice": False},
    }  # fmt: skip
    color = {
        "field": "stage", "type": "nominal", "scale": {"domain": keys, "range": list(STAGE_TONES)},
        "legend": {"title": None, "orient": "top", "direction": "horizontal", "columns": 4, "symbolType": "square", "symbolStrokeColor": DONE},
    }  # fmt: skip
    light = {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": INK}
    return framed(
        [
            {
                "data": {"values": parts}, "mark": {"type": "bar", "aria": False, "height": 20, "stroke": DONE, "strokeWidth": 0.6},
                "encoding": {"y": y, "x": x, "x2": {"field": "end"}, "color": color, "href": {"field": "url"}},
            },
            {
                "data": {"values": parts}, "mark": {"type": "text", "fontSize": FONT},
                "encoding": {
                    "y": y, "x": {**x, "field": "middle"}, "text": {"field": "value"}, "color": light, "href": {"field": "url"},
                    "description": {"field": "words"},
                },
            },
            {
                "data": {"values": sums}, "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": FONT, "fontWeight": "bold"},
                "encoding": {
                    "y": y, "x": {**x, "field": "end"}, "text": {"field": "end"}, "href": {"field": "url"}, "description": {"field": "words"},
                },
            },
        ],
        {"step": 32}, width=WIDTH - 110,
    )  # fmt: skip


def ageing(view: Overview, language: str) -> Chart:
    """Days in the present stage, a mark a standard, by stage; the title says how many are beyond their limit."""
    late = sum(one.state == "late" for one in view.ageing)
    if not view.ageing:
        return Chart(say("没有在途的标准"))
    longest = view.ageing[0]
    title = say("{late} 项在途标准已超期限；停留最久的已 {days} 天", late=late, days=longest.days)
    names = [STAGES[key].into(language) for key in STAGES]
    svg = figures.placed(age_marks(view.ageing, view.stage_keys, language), left=_room(names), below=AXIS, right=BESIDE)
    present = [state for state in AGE_STATES if any(one.state == state for one in view.ageing if one.stage in STAGES)]
    return Chart(title, svg, tuple(Key(AGE_STATES[s], AGE_TONES[s], OUTLINES[AGE_SHAPES[s]]) for s in present))


def age_marks(ages: list[Aged], stage_keys: list[str], language: str) -> dict[str, Any]:
    """One mark a standard: its stage, its days in it, and by shape and tone how it stands to its limit."""
    present = [key for key in stage_keys if any(one.stage == key for one in ages)]
    names = [STAGES[key].into(language) for key in present]
    states = [state for state in AGE_STATES if any(one.state == state for one in ages)]
    points = [
        {
            "stage": STAGES[one.stage].into(language), "days": one.days, "state": AGE_STATES[one.state].into(language),
            "url": linked(f"/standards/{one.id}"), "name": f"{one.number or ''} {one.title.zh if language == 'zh' else one.title.en}".strip(),
        }
        for one in ages if one.stage in STAGES
    ]  # fmt: skip
    shown = [AGE_STATES[state].into(language) for state in states]
    return framed(
        [
            {
                "data": {"values": points}, "mark": {"type": "point", "filled": True, "size": MARK_SIZE, "opacity": 0.85, "stroke": "#ffffff", "strokeWidth": 0.5},
                "encoding": {
                    "y": {"field": "stage", "type": "nominal", "sort": names, "title": None, "axis": {"domain": False, "ticks": False, "grid": True, "labelPadding": 10}},
                    "x": {
                        "field": "days", "type": "quantitative", "title": say("在现阶段的天数").into(language), "axis": {"grid": False, "format": "d", "tickCount": 6},
                    },
                    "color": {
                        "field": "state", "type": "nominal", "scale": {"domain": shown, "range": [AGE_TONES[s] for s in states]},
                        "legend": {"title": None, "orient": "top"},
                    },
                    "shape": {
                        "field": "state", "type": "nominal", "scale": {"domain": shown, "range": [AGE_SHAPES[s] for s in states]},
                        "legend": {"title": None, "orient": "top"},
                    },
                    "href": {"field": "url"}, "description": {"field": "name"},
                },
            }
        ],
        {"step": 30}, width=WIDTH - 70,
    )  # fmt: skip


def framed(layers: list[dict[str, Any]], height: int | dict[str, int], width: int = WIDTH) -> dict[str, Any]:
    """Layers as a whole specification, in the look that all figures share."""
    font = SANS
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "width": width, "height": height, "padding": 2, "layer": layers,
        "background": None,
        "config": {
            "font": font, "view": {"stroke": None}, "text": {"font": font, "color": INK},
            "axis": {"labelFont": font, "labelFontSize": FONT, "labelColor": INK, "gridColor": GRID, "titleFont": font, "titleFontSize": FONT,
                     "titleFontWeight": "normal", "titleColor": INK, "domainColor": GRID, "tickColor": GRID},
            "legend": {"labelFont": font, "labelFontSize": FONT, "labelColor": INK},
        },
    }  # fmt: skip
