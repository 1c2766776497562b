"""The summary tables: targets, stages, field × level and regions. Each is computed once and printed by every format."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from standards_hub.documents.report import prospect
from standards_hub.documents.report.model import Column, Table, Value
from standards_hub.documents.report.pointing import behind, to_plan, to_table
from standards_hub.documents.report.source import Source
from standards_hub.documents.report.wording import clean, signed
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.counting import Counted, Line, TargetCount
from standards_hub.linkage.facts import OTHER_STAGE, STAGES, PlanFacts, TargetFacts, Term

UNCLASSIFIED = "未分类"
NONE = "-"
"""Stands in a selection for a standard without field or region."""
NO_REGION = "未分区"


def targets_table(source: Source) -> Table:
    """T1: one row a target and their sum."""
    plan, counted, previous, forecast = source.plan, source.counted, source.previous, source.forecast
    columns = (
        Column("level", "级别", width=25),
        Column("target", "目标", "integer", 11),
        Column("counted", "已发布", "integer", 12),
        Column("lead", "其中主导", "integer", 11),
        Column("participate", "其中参与", "integer", 11),
        Column("not_ranked", "不分位次", "integer", 11),
        Column("unverified", "待核", "integer", 10),
        Column("in_progress", "在研", "integer", 10),
        Column("rate", "完成率", "permille", 14),
        Column("change", "较上期", width=10),
        prospect.column(plan, 18),
        Column("state", "状态", width=13),
    )
    before = {t.key: t for t in (*previous.targets, previous.total)} if previous else {}
    names = [clean(t.name) for t in plan.targets]

    def row(name: str, t: TargetCount, state: str) -> tuple[Value, ...]:
        change = signed(t.counted - before[t.key].counted) if t.key in before else None
        return (
            name,
            t.target,
            t.counted,
            t.lead,
            t.participate,
            t.not_ranked,
            t.unverified,
            t.in_progress,
            t.permille,
            change,
            prospect.cell(forecast.of(t.key)),
            state,
        )

    rows = [row(n, t, state_of(t, f, counted.as_of)) for n, f, t in zip(names, plan.targets, counted.targets, strict=True)]
    hedges = [f"{clean(t.name)}目标原文为“{t.value}项{clean(t.tolerance)}”" for t in plan.targets if t.tolerance]
    done = all(t.counted >= t.target for t in counted.targets)
    rows.append(row("合计", counted.total, "已完成" if done else "—"))
    note = "各级别目标分别考核，超额部分不抵补其他级别。" + (f"{'；'.join(hedges)}。" if hedges else "") + prospect.note(forecast)
    keys = [*(t.key for t in plan.targets), ""]
    opens = to_table("forecast") if "forecast" in source.annexes else ""
    marks = tuple(
        ("", to_plan(plan.key), *(behind(outcome="counted", target=k, role=role) for role in ("", "lead", "participate", "not_ranked")),
         behind(outcome="unverified", target=k), behind(outcome="in_progress", target=k), "", behind(change="either", target=k), opens, "")
        for k in keys
    )  # fmt: skip
    return Table("targets", "指标完成情况", columns, tuple(rows), total=True, note=note, behind=marks)


def state_of(counted: TargetCount, target: TargetFacts, as_of: date) -> str:
    """已完成, 进行中 or 未完成; no colours, as a light would need the forecast."""
    if counted.counted >= counted.target:
        return "已完成"
    return "未完成" if target.due is not None and as_of > target.due else "进行中"


def stages_table(plan: PlanFacts, counted: Counted) -> Table:
    """Work in progress: one row a target, one column a stage."""
    present = {stage for t in counted.targets for stage in t.stages}
    stages = [*STAGES, *(["other"] if "other" in present else [])]
    width = (156 - 40 - 14 - 18) // len(stages)
    columns = (
        Column("level", "级别", width=156 - 14 - 18 - width * len(stages)),
        *(Column(s, stage_name(s), "integer", width) for s in stages),
        Column("in_progress", "在研合计", "integer", 14),
        Column("halted", "其中冻结或暂停", "integer", 18),
    )
    parts = [*((clean(f.name), t) for f, t in zip(plan.targets, counted.targets, strict=True)), ("合计", counted.total)]
    rows: tuple[tuple[Value, ...], ...] = tuple((name, *(t.stages.get(s, 0) for s in stages), t.in_progress, t.halted) for name, t in parts)
    marks = tuple(
        ("", *(behind(outcome="in_progress", target=k, stage=s) if s in STAGES else "" for s in stages), behind(outcome="in_progress", target=k),
         behind(outcome="in_progress", target=k, halted="true"))
        for k in (*(t.key for t in plan.targets), "")
    )  # fmt: skip
    return Table("stages", "在研项目分阶段情况", columns, rows, total=True, behind=marks)


def stage_name(stage: str) -> str:
    return str(STAGES.get(stage, OTHER_STAGE))


def fields_table(plan: PlanFacts, counted: Counted) -> Table:
    """Counted standards by primary field and level; rows and columns add up to the total."""
    levels = [level for target in plan.targets for level in target.levels]
    numbers = Counter((line.field, line.standard.level) for line in counted.having("counted"))
    others = {o: Counter(line.field for line in counted.having(o) if line.target) for o in ("unverified", "in_progress")}
    rows: list[tuple[Value, ...]] = []
    marks: list[tuple[str, ...]] = []
    for key, name in [*((t.key, clean(t.zh)) for t in plan.fields), (None, UNCLASSIFIED)]:
        cells = [numbers[key, level] for level in levels]
        tail = [sum(cells), others["unverified"][key], others["in_progress"][key]]
        if key is not None or any(tail):
            rows.append((name, *cells, *tail))
            marks.append(_of_field(key or NONE, levels))
    columns = (
        Column("field", "领域", width=156 - 19 * len(levels) - 44),
        *(Column(level, str(LEVEL_NAMES[level]), "integer", 19) for level in levels),
        Column("counted", "已发布合计", "integer", 18),
        Column("unverified", "待核", "integer", 13),
        Column("in_progress", "在研", "integer", 13),
    )
    whole = (*rows, _sums(rows, len(columns)))
    return Table("fields", "分领域情况（按首要领域归集）", columns, whole, total=True, behind=(*marks, _of_field("", levels)))


def _of_field(field: str, levels: Sequence[str]) -> tuple[str, ...]:
    cells = (behind(outcome="counted", field=field, level=level) for level in levels)
    return ("", *cells, *(behind(outcome=outcome, field=field) for outcome in ("counted", "unverified", "in_progress")))


def regions_table(plan: PlanFacts, counted: Counted) -> Table:
    """Counted standards by primary region, which add up, and participation, which does not."""
    lines = counted.having("counted")
    primary = Counter(region_name(line.region, plan.regions) for line in lines)
    joined = Counter(name for line in lines for name in regions_of(line, plan.regions))
    waiting = Counter(region_name(line.region, plan.regions) for line in counted.having("in_progress") if line.target)
    known = [clean(r.zh) for r in plan.regions]
    extra = sorted((set(primary) | set(joined) | set(waiting)) - set(known) - {NO_REGION})
    names = [*known, *extra, *([NO_REGION] if primary[NO_REGION] or waiting[NO_REGION] else [])]
    rows: list[tuple[Value, ...]] = [(n, primary[n], waiting[n], joined[n]) for n in names]
    keys = {clean(r.zh): r.key for r in plan.regions} | {NO_REGION: NONE}
    marks = [
        (
            "",
            *(behind(outcome=o, region=keys.get(n, n)) for o in ("counted", "in_progress")),
            behind(outcome="counted", joined=keys.get(n, n)),
        )
        for n in names
    ]
    marks.append(("", behind(outcome="counted"), behind(outcome="in_progress"), ""))
    columns = (
        Column("region", "区域", width=36),
        Column("counted", "已发布（首要区域）", "integer", 40),
        Column("in_progress", "在研（首要区域）", "integer", 40),
        Column("participation", "参与（可重复）", "integer", 40),
    )
    claims = sum(joined.values())
    note = f"各区域参与数合计{claims}项次，去重后{len(lines)}项；“参与（可重复）”一列不作为完成数。"
    total = (*_sums(rows, 3), f"{claims}项次")
    return Table("regions", "分区域情况（按首要区域归集）", columns, (*rows, total), total=True, note=note, behind=tuple(marks))


def regions_of(line: Line, terms: Sequence[Term]) -> set[str]:
    """Every region that took part in a standard, the primary one included."""
    named = {region_name(d.region, terms) for d in line.standard.drafters if d.in_province and d.region}
    return named | {region_name(line.region, terms)}


def region_name(key: str | None, terms: Sequence[Term]) -> str:
    return clean(next((t.zh for t in terms if t.key == key), key)) or NO_REGION


def field_name(key: str | None, terms: Sequence[Term]) -> str:
    return clean(next((t.zh for t in terms if t.key == key), None)) or UNCLASSIFIED


def _sums(rows: list[tuple[Value, ...]], width: int) -> tuple[Value, ...]:
    return ("合计", *(sum(n for n in column if isinstance(n, int)) for column in ([row[i] for row in rows] for i in range(1, width))))
