"""The figures of the report: one specification each, drawn the same on screen, in PDF and in DOCX.

Parts differ in lightness, dashes or shape and carry their numbers, so that a print without colour says the same. Pure.
"""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from standards_hub.documents import figures
from standards_hub.documents.figures import Bullet, bullet_bars
from standards_hub.documents.overview.ageing import standing
from standards_hub.documents.overview.charts import DONE, FONT, GRID, INK, SUBMITTED, age_marks, framed, stage_stack
from standards_hub.documents.overview.model import Aged, Number, StageView
from standards_hub.documents.report.wording import clean, day
from standards_hub.kernel.http import Said
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.counting import Counted, Line
from standards_hub.linkage.facts import STAGES, PlanFacts
from standards_hub.linkage.forecast.values import Forecast
from standards_hub.linkage.rule import CountRule

WIDTH = 430
NOBODY = UUID(int=0)
"""Marks of the report lead nowhere, so they need no id."""
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
HEATS = ("#ffffff", "#e3ebf4", "#c6d6e8", "#a3bcd8", "#7496bd", "#3f6797")
Drawn = tuple[str, str, dict[str, Any]]
"""A caption without its number, the sentence that says the same, and the specification."""


def targets(plan: PlanFacts, counted: Counted, forecast: Forecast) -> Drawn:
    """Bullet bars: what is done, waits and runs beside the mark of each target; over them the range that is foreseen."""
    rows = [
        Bullet(clean(f.name), t.target, t.counted, t.unverified, t.in_progress, forecast.of(t.key).range)
        for f, t in zip(plan.targets, counted.targets, strict=True)
    ]
    words = "；".join(
        f"{r.name}已发布{r.counted}项、待核{r.unverified}项、在研{r.in_progress}项，目标{r.target}项"
        + (f"，预计{r.foreseen[0]}至{r.foreseen[1]}项" if r.foreseen else "")
        for r in rows
    )
    marks = "竖线为目标，横线为预计区间" if any(r.foreseen for r in rows) else "竖线为目标"
    return f"各级别目标完成情况（{marks}，项）", f"{words}。", bullet_bars(rows)


def counts_on(line: Line, rule: CountRule) -> date:
    """The day from which a counted standard counts."""
    trigger: date | None = getattr(line.standard, rule.trigger.value)
    return trigger or line.standard.published_on or date.max


def cumulative(plan: PlanFacts, counted: Counted, rule: CountRule) -> Drawn:
    """Steps: how many counted by each day since the window opened, one line a target, its name at its end."""
    begins, ends = plan.window_start, counted.as_of
    points: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    words = []
    for place, (facts, target) in enumerate(zip(plan.targets, counted.targets, strict=True)):
        days = Counter(counts_on(line, rule) for line in counted.having("counted", facts.key))
        total, name = 0, clean(facts.name)
        points.append({"on": begins.isoformat(), "total": 0, "name": name})
        for on in sorted(days):
            total += days[on]
            points.append({"on": on.isoformat(), "total": total, "name": name})
        points.append({"on": ends.isoformat(), "total": total, "name": name})
        names.append({"on": ends.isoformat(), "total": total, "text": f"{name} {total}/{target.target}", "place": place})
        words.append(f"{name}{total}项，目标{target.target}项")
    _apart(names)
    order = [clean(t.name) for t in plan.targets]
    x = {
        "field": "on", "type": "temporal", "title": None,
        "axis": {"format": "%Y-%m", "grid": False, "tickCount": 6, "labelOverlap": True},
        "scale": {"domain": [begins.isoformat(), (ends + (ends - begins) / 2.6).isoformat()]},
    }  # fmt: skip
    y = {"field": "total", "type": "quantitative", "title": "累计（项）", "axis": {"tickMinStep": 1, "format": "d", "tickCount": 5}}
    dash = {
        "field": "name",
        "type": "nominal",
        "sort": order,
        "legend": None,
        "scale": {"domain": order, "range": [list(d) for d in DASHES[: len(order)]]},
    }
    spec = framed(
        [
            {
                "data": {"values": points}, "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "color": DONE},
                "encoding": {"x": x, "y": y, "strokeDash": dash, "detail": {"field": "name"}},
            },
            {
                "data": {"values": names}, "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": FONT},
                "encoding": {"x": x, "y": {**y, "field": "at"}, "text": {"field": "text"}},
            },
        ],
        190, width=WIDTH - 40,
    )  # fmt: skip
    return "累计发布数（线末为已发布数/目标数，项）", f"{day(begins)}至{day(ends)}，累计发布：{'；'.join(words)}。", spec


def _apart(names: list[dict[str, Any]]) -> None:
    """Give each label a height `at`, its own number or a little more, so that no two meet."""
    ordered = sorted(names, key=lambda one: int(one["total"]))
    gap = max([1.0, *(float(one["total"]) for one in names)]) / 12
    lowest = -gap
    for one in ordered:
        one["at"] = lowest = max(float(one["total"]), lowest + gap)


def changes(plan: PlanFacts, counted: Counted, previous: Counted | None) -> Drawn | None:
    """Waterfall: from the count of last time over what entered and left by target to the count of today."""
    if previous is None:
        return None
    steps: list[tuple[str, int]] = []
    for facts in plan.targets:
        now, then = ({line.standard.id for line in one.having("counted", facts.key)} for one in (counted, previous))
        name = clean(facts.name)
        steps += [(f"{name} 增加", len(now - then))] if now - then else []
        steps += [(f"{name} 减少", -len(then - now))] if then - now else []
    level = previous.total.counted
    first, last = f"上期（{previous.as_of}）", f"本期（{counted.as_of}）"
    bars = [{"name": first, "low": 0, "high": level, "kind": "sum", "text": str(level), "end": level}]
    for name, step in steps:
        low, high = sorted((level, level + step))
        kind = "up" if step > 0 else "down"
        bars.append({"name": name, "low": low, "high": high, "kind": kind, "text": f"+{step}" if step > 0 else f"−{-step}", "end": high})
        level += step
    bars.append({"name": last, "low": 0, "high": level, "kind": "sum", "text": str(level), "end": level})
    names = [bar["name"] for bar in bars]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"domain": False, "ticks": False, "labelLimit": 220}}
    x = {
        "field": "low", "type": "quantitative", "title": None, "axis": {"format": "d", "tickMinStep": 1, "tickCount": 6},
        "scale": {"domain": [0, max(1, *(int(str(bar["high"])) for bar in bars)) * 1.12], "nice": False},
    }  # fmt: skip
    fill = {
        "field": "kind",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["sum", "up", "down"], "range": [DONE, SUBMITTED, "#ffffff"]},
    }
    spec = framed(
        [
            {
                "data": {"values": bars}, "mark": {"type": "bar", "height": 16, "stroke": DONE, "strokeWidth": 1},
                "encoding": {"y": y, "x": x, "x2": {"field": "high"}, "color": fill},
            },
            {
                "data": {"values": bars}, "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": FONT},
                "encoding": {"y": y, "x": {**x, "field": "end"}, "text": {"field": "text"}},
            },
        ],
        {"step": 26}, width=WIDTH - 150,
    )  # fmt: skip
    words = "，".join(
        [f"上期{previous.total.counted}项", *(f"{name}{abs(step)}项" for name, step in steps), f"本期{counted.total.counted}项"]
    )
    return "累计发布数较上期的变化（项）", f"{words}。", spec


def stages(plan: PlanFacts, counted: Counted) -> Drawn | None:
    """Stack: what is under way by level and stage."""
    running = [line for line in counted.having("in_progress") if line.target]
    if not running:
        return None
    levels = [level for level in LEVEL_NAMES if any(level in target.levels for target in plan.targets)]
    numbers = Counter((line.standard.level, line.standard.main_stage) for line in running)
    rows = [
        StageView(
            level, Said.of(LEVEL_NAMES[level]), [Number(numbers[level, stage], "") for stage in STAGES],
            Number(sum(numbers[level, stage] for stage in STAGES), ""),
        )
        for level in levels
    ]  # fmt: skip
    words = "；".join(
        f"{row.name.zh}" + "、".join(f"{STAGES[s]}{one.value}项" for s, one in zip(STAGES, row.stages, strict=True) if one.value)
        for row in rows if row.total.value
    )  # fmt: skip
    return "在研标准按层级和阶段（项）", f"{words}。", figures.unlinked(stage_stack(list(STAGES), rows, "zh"))


def fields(plan: PlanFacts, counted: Counted) -> Drawn | None:
    """Heat: counted standards by field and level, the number in every cell."""
    levels = [level for level in LEVEL_NAMES if any(level in target.levels for target in plan.targets)]
    numbers = Counter((line.field, line.standard.level) for line in counted.having("counted"))
    names = {term.key: clean(term.zh) for term in plan.fields}
    most = max(numbers.values(), default=0)
    if not names or not most:
        return None
    columns = [str(LEVEL_NAMES[level]) for level in levels]
    cells = [
        {"field": name, "level": str(LEVEL_NAMES[level]), "number": numbers[key, level], "heat": -(-5 * numbers[key, level] // most)}
        for key, name in names.items() for level in levels
    ]  # fmt: skip
    x = {
        "field": "level",
        "type": "nominal",
        "sort": columns,
        "title": None,
        "axis": {"orient": "top", "domain": False, "ticks": False, "labelAngle": 0},
    }
    y = {
        "field": "field",
        "type": "nominal",
        "sort": list(names.values()),
        "title": None,
        "axis": {"domain": False, "ticks": False, "labelLimit": 200},
    }
    ink = {"condition": {"test": "datum.heat >= 4", "value": "#ffffff"}, "value": INK}
    spec = framed(
        [
            {
                "data": {"values": cells}, "mark": {"type": "rect", "stroke": GRID},
                "encoding": {
                    "x": x, "y": y,
                    "color": {"field": "heat", "type": "ordinal", "legend": None, "scale": {"domain": list(range(6)), "range": list(HEATS)}},
                },
            },
            {
                "data": {"values": cells}, "mark": {"type": "text", "fontSize": FONT},
                "encoding": {"x": x, "y": y, "text": {"field": "number"}, "color": ink},
            },
        ],
        {"step": 20}, width=WIDTH - 120,
    )  # fmt: skip
    words = "；".join(
        f"{name}" + "、".join(f"{LEVEL_NAMES[level]}{numbers[key, level]}项" for level in levels if numbers[key, level])
        for key, name in names.items() if any(numbers[key, level] for level in levels)
    )  # fmt: skip
    return "已发布标准按领域和层级（项）", f"{words}。", spec


def ageing(counted: Counted) -> Drawn | None:
    """Marks: days in the present stage, a mark a standard, by shape whether its limit is past."""
    ages = [Aged(id=NOBODY, **standing(line.standard, counted.as_of)) for line in counted.having("in_progress") if line.target]
    if not ages:
        return None
    late, longest = sum(one.state == "late" for one in ages), max(one.days for one in ages)
    words = f"在研{len(ages)}项，其中超期{late}项；在现阶段停留最长{longest}天。"
    return "在研标准在现阶段的天数（每一标记为1项）", words, figures.unlinked(age_marks(ages, list(STAGES), "zh"))


__all__ = ["ageing", "changes", "counts_on", "cumulative", "fields", "stages", "targets"]
