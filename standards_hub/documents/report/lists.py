"""The lists of the report: standards published, waiting, left out and in progress, overruns, projects, differences and the rule."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from standards_hub.documents.report.around import EvidenceFacts
from standards_hub.documents.report.model import Column, Table, Value
from standards_hub.documents.report.pointing import join, to_evidence, to_project, to_standard
from standards_hub.documents.report.summaries import field_name, region_name, stage_name
from standards_hub.documents.report.wording import clean, number_of, title_of
from standards_hub.kernel.messages import Message
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.counting import ENDED, ROLES, Counted, Line, Outcome
from standards_hub.linkage.facts import INTERNATIONAL_ROLES, PlanFacts, StandardFacts
from standards_hub.linkage.rule import CountRule
from standards_hub.linkage.values import RELATIONS

OUTCOMES = {"counted": "已计入", "unverified": "待核", "in_progress": "在研", "not_counted": "未计入"}
EVIDENCE = {
    "publication_notice": "发布公告", "published_text": "发布文本", "announcement": "发布公告", "approval_decision": "批准文件",
    "approval_notice": "批准公告", "vote_result": "投票结果",
}  # fmt: skip
"""The papers that show a publication or an approval, as the list names them."""
CONSEQUENCES = {"freeze": "冻结", "lapse": "计划失效", "cancel": "撤销", "return": "退回", "none": None}
CLAUSES = {
    "trigger": "计入时点",
    "window": "计入期间",
    "status": "标准状态",
    "kinds": "制修订类别",
    "types": "国际文件类型",
    "families": "标准类别",
    "roles": "主导与参与",
    "lead": "主导的认定",
    "evidence": "佐证材料",
    "parts": "分部分标准",
    "adoption": "采用国际标准",
    "distinct": "去重与归集",
}
"""The clauses of the rule, as the annex on counting names them."""


class Overdue(Struct, frozen=True):
    standard: StandardFacts
    name: str
    due: date
    days: int
    """Days since the last day of the limit."""
    holder: str | None
    consequence: str | None
    reason: str | None


def overdue_items(counted: Counted) -> list[Overdue]:
    """Limits that have passed for standards still at work, the longest overrun first."""
    found = []
    for line in counted.lines:
        if line.standard.status in ENDED or line.outcome not in ("in_progress", "unverified", "counted"):
            continue
        for d in line.standard.deadlines:
            if d.state != "met" and d.due < counted.as_of:
                holder = clean(d.holder or line.standard.holder) or None
                name, after = clean(d.name_zh or d.name_en), CONSEQUENCES.get(d.consequence or "none", clean(d.consequence))
                after = f"已执行：{after}" if after and d.state == "executed" else after
                found.append(Overdue(line.standard, name, d.due, (counted.as_of - d.due).days, holder, after, clean(d.reason) or None))
    return sorted(found, key=lambda o: (-o.days, number_of(o.standard) or "", o.standard.id, o.name))


def overdue_table(counted: Counted) -> Table:
    columns = (
        Column("row", "序号", "number", 9),
        Column("number", "标准号或计划号", width=25),
        Column("title", "名称", width=36),
        Column("deadline", "期限事项", width=18),
        Column("due", "到期日", "date", 20),
        Column("days", "超期天数", "integer", 10),
        Column("holder", "责任人", width=15),
        Column("consequence", "后果", width=10),
        Column("reason", "原因", width=13),
    )
    items = overdue_items(counted)
    rows = _numbered((number_of(o.standard), title_of(o.standard), o.name, o.due, o.days, o.holder, o.consequence, o.reason) for o in items)
    return Table("overdue", "超期事项清单", columns, rows, behind=_opening(columns, [o.standard for o in items], counted))


def published_table(plan: PlanFacts, counted: Counted, evidence: Sequence[EvidenceFacts] = ()) -> Table:
    """T2: the counted standards, with the numbers of what the count rests on."""
    columns = (
        Column("row", "序号", "number", 8),
        Column("number", "标准号", width=24),
        Column("title", "名称", width=31),
        Column("level", "级别", width=12),
        Column("published_on", "发布日期", "date", 19),
        Column("effective_on", "实施日期", "date", 19),
        Column("field", "领域", width=14),
        Column("region", "区域", width=12),
        Column("drafters", "本省起草单位（位次）", width=26),
        Column("role", "主导或参与", width=11),
        Column("projects", "项目编号", width=20),
        Column("evidence", "证据编号", width=29),
    )
    numbers: dict[str, list[str]] = {}
    for one in evidence:
        numbers.setdefault(one.standard, []).append(one.number)
    lines = _by_level(counted.having("counted"))
    rows = _numbered(
        (
            clean(s.number) or None,
            _with_flags(line),
            str(LEVEL_NAMES[s.level]),
            s.published_on,
            s.effective_on,
            field_name(line.field, plan.fields),
            region_name(line.region, plan.regions),
            drafters_of(s),
            str(ROLES[line.role]) if line.role else None,
            "、".join(clean(number) for number in s.output_of) or None,
            "、".join(numbers.get(s.id, ())) or None,
        )
        for line in lines
        for s in [line.standard]
    )
    several = {
        s.id: {"projects": join(map(to_project, s.output_of)), "evidence": join(map(to_evidence, numbers.get(s.id, ())))}
        for s in (i.standard for i in lines)
    }
    note = "证据编号可在系统中检索，验收材料用同一编号；各份证据的种类、来源和页码见电子表格。" if numbers else ""
    marks = _opening(columns, [line.standard for line in lines], counted, several)
    return Table("published", "已发布标准清单", columns, rows, note=note, behind=marks)


def evidence_table(counted: Counted, evidence: Sequence[EvidenceFacts]) -> Table:
    """What the counted standards rest on, piece by piece: the publication, and the verified claims of projects."""
    columns = (
        Column("row", "序号", "number", 9),
        Column("number", "证据编号", width=24),
        Column("standard", "标准号", width=32),
        Column("kind", "种类", width=30),
        Column("title", "名称", width=20),
        Column("source", "文件、文号或网址", width=52),
        Column("page", "页码", width=16),
        Column("dated", "日期", "date", 19),
        Column("project_no", "项目编号", width=23),
    )
    place = {line.standard.id: (at, line.standard) for at, line in enumerate(_by_level(counted.having("counted")))}
    found = sorted((one for one in evidence if one.standard in place), key=lambda one: place[one.standard][0])
    rows = _numbered(
        (
            one.number, number_of(place[one.standard][1]), clean(one.kind), clean(one.title if one.title != one.kind else "") or None, clean(one.source) or None,
            clean(one.page) or None, one.dated, clean(one.project_no) or None,
        )
        for one in found
    )  # fmt: skip
    marks = tuple(
        tuple({"number": to_evidence(one.number), "standard": to_standard(one.standard, counted.as_of)}.get(c.key, "") for c in columns)
        for one in found
    )
    return Table("evidence", "证据清单", columns, rows, empty="未记载证据", behind=marks)


def waiting_table(counted: Counted) -> Table:
    """What is said to be published and cannot be counted before somebody looks."""
    return _reasons("unverified", "待核标准清单", "待核原因", counted, "unverified")


def left_out_table(counted: Counted) -> Table:
    """What does not count, with the clause of the rule that says so."""
    return _reasons("not_counted", "未计入标准清单", "未计入原因", counted, "not_counted")


def _reasons(key: str, title: str, why: str, counted: Counted, outcome: Outcome) -> Table:
    columns = (
        Column("row", "序号", "number", 8),
        Column("number", "标准号或计划号", width=36),
        Column("title", "名称", width=70),
        Column("level", "级别", width=16),
        Column("published_on", "发布日期", "date", 19),
        Column("why", why, width=50),
        Column("clause", "口径条目", width=26),
    )
    lines = _by_level(counted.having(outcome))
    rows = _numbered(
        (number_of(s), _with_flags(line), str(LEVEL_NAMES[s.level]), s.published_on, clean(str(line.why)), CLAUSES[line.code])
        for line in lines
        for s in [line.standard]
    )
    return Table(key, title, columns, rows, behind=_opening(columns, [line.standard for line in lines], counted))


def in_progress_table(plan: PlanFacts, counted: Counted) -> Table:
    """T3: work in progress, the farthest advanced first."""
    columns = (
        Column("row", "序号", "number", 8),
        Column("number", "计划号或标准号", width=30),
        Column("title", "名称", width=46),
        Column("level", "级别", width=12),
        Column("field", "领域", width=18),
        Column("stage", "阶段", width=24),
        Column("entered_on", "进入日期", "date", 20),
        Column("days", "停留天数", "integer", 11),
        Column("due", "时限", "date", 20),
        Column("holder", "责任人", width=18),
        Column("risk", "风险", width=18),
    )
    lines = sorted(counted.having("in_progress"), key=lambda i: (_level_rank(i), _reverse(i.standard.stage), i.standard.id))
    rows = _numbered(_in_progress_row(line, plan, counted.as_of) for line in lines)
    return Table("in_progress", "在研标准清单", columns, rows, behind=_opening(columns, [line.standard for line in lines], counted))


def _in_progress_row(line: Line, plan: PlanFacts, as_of: date) -> tuple[Value, ...]:
    s = line.standard
    running = sorted((d for d in s.deadlines if d.state != "met"), key=lambda d: d.due)
    first = running[0] if running else None
    halted = {"frozen": "已冻结", "suspended": "已暂停"}.get(s.status)
    late = f"超期{(as_of - first.due).days}天" if first and first.due < as_of else None
    stage = clean(s.step_name_zh) or stage_name(s.main_stage)
    return (
        clean(s.plan_number or s.number) or None,
        title_of(s),
        str(LEVEL_NAMES[s.level]),
        field_name(line.field, plan.fields),
        f"{clean(s.stage)} {stage}".strip(),
        s.stage_entered_on,
        (as_of - s.stage_entered_on).days if s.stage_entered_on else None,
        first.due if first else None,
        clean(s.holder or (first.holder if first else None)) or None,
        "；".join(filter(None, (halted, late))) or None,
    )


def projects_table(counted: Counted) -> Table:
    """T4, the part that is on record: which project names which standard, one row a claim."""
    columns = (
        Column("row", "序号", "number", 10),
        Column("project_no", "项目编号", width=34),
        Column("project", "项目名称", width=55),
        Column("relation", "关系", width=15),
        Column("number", "标准号或计划号", width=36),
        Column("title", "标准名称", width=45),
        Column("level", "级别", width=15),
        Column("outcome", "统计结果", width=15),
    )
    claims = sorted(
        ((p, line) for line in counted.lines for p in line.standard.projects),
        key=lambda c: (c[0].project_no, number_of(c[1].standard) or "", c[1].standard.id),
    )
    rows = _numbered(
        (
            clean(p.project_no),
            clean(p.title) or None,
            str(RELATIONS.get(p.relation, p.relation)),
            number_of(line.standard),
            title_of(line.standard),
            str(LEVEL_NAMES[line.standard.level]),
            OUTCOMES[line.outcome],
        )
        for p, line in claims
    )
    done = [line for p, line in claims if line.outcome == "counted" and p.relation == "output_of"]
    note = f"已发布标准的产出申报合计{len(done)}项次，去重后{len({line.standard.id for line in done})}项。"
    marks = _opening(columns, [line.standard for _, line in claims], counted)
    marks = tuple((mark[0], to_project(p.project_no), *mark[2:]) for mark, (p, _) in zip(marks, claims, strict=True))
    return Table("projects", "项目—标准关联表", columns, rows, note=note, behind=marks)


def differences_table(counted: Counted, previous: Counted | None, name: str = "differences", title: str = "与上期差异表") -> Table:
    """What entered and left the count since the last report, and whose role changed; no rows where nothing is compared."""
    compared = previous is not None
    previous = previous or counted
    now = {line.standard.id: line for line in counted.having("counted")}
    then = {line.standard.id: line for line in previous.having("counted")}
    after = {line.standard.id: line for line in counted.lines}
    found: list[tuple[str, Line, str]] = []
    for key, line in now.items():
        if key not in then:
            found.append(("增加", line, str(line.why)))
        elif line.role != then[key].role:
            found.append(("角色变化", line, f"{_role(then[key])}→{_role(line)}"))
    for key, line in then.items():
        if key not in now:
            found.append(("减少", after.get(key, line), str(after[key].why) if key in after else "本期数据中没有此标准"))
    columns = (
        Column("row", "序号", "number", 10),
        Column("change", "变化", width=20),
        Column("number", "标准号或计划号", width=36),
        Column("title", "名称", width=80),
        Column("level", "级别", width=19),
        Column("why", "说明", width=60),
    )
    order = ("增加", "减少", "角色变化")
    found.sort(key=lambda f: (order.index(f[0]), _level_rank(f[1]), number_of(f[1].standard) or "", f[1].standard.id))
    rows = _numbered(
        (kind, number_of(i.standard), title_of(i.standard), str(LEVEL_NAMES[i.standard.level]), clean(why)) for kind, i, why in found
    )
    marks = _opening(columns, [line.standard for _, line, _ in found], counted)
    return Table(name, title, columns, rows, empty="计入的标准没有变化" if compared else "未指定对比的上期", behind=marks)


def rule_table(rule: CountRule, first: date, last: date) -> Table:
    """The counting rule clause by clause, with the source of each and whether the department confirmed it."""
    columns = (
        Column("row", "序号", "number", 10),
        Column("clause", "条目", width=24),
        Column("text", "口径", width=72),
        Column("source", "依据", width=36),
        Column("verified", "是否核实", width=14),
    )
    values = {"start": first.isoformat(), "end": last.isoformat(), "first": rule.lead.first}
    rows = _numbered(
        (CLAUSES[name], Message(c.zh, values).into("zh"), c.source, "已核实" if c.verified else "待确认") for name, c in rule.clauses
    )
    return Table("rule", "统计口径", columns, rows)


def drafters_of(standard: StandardFacts) -> str | None:
    """The province's drafters with their ranks; for international work the role; a plain word where rank does not apply."""
    if standard.level == "international":
        role = standard.international_role
        return clean(str(INTERNATIONAL_ROLES.get(role, role))) if role else None
    ours = sorted((d for d in standard.drafters if d.in_province), key=lambda d: (d.rank or 10**6, d.organisation))
    named = [f"{clean(d.organisation)}（{_place(d.rank, standard.drafters_not_named)}）" for d in ours]
    return "、".join(named) or None


def _place(rank: int | None, not_named: bool) -> str:
    return "不适用" if not_named else str(rank) if rank else "未记载"


def _role(line: Line) -> str:
    return str(ROLES[line.role]) if line.role else "—"


def _with_flags(line: Line) -> str:
    flags = [str(f) for f in line.flags if str(f) != "示例"]
    return title_of(line.standard) + (f"〔{'；'.join(flags)}〕" if flags else "")


def _opening(
    columns: Sequence[Column], standards: Iterable[StandardFacts], counted: Counted, besides: Mapping[str, Mapping[str, str]] = {}
) -> tuple[tuple[str, ...], ...]:
    """For each row the page of its standard as of the day, behind the title and the days it counts; `besides` is what other cells open."""

    def cell(standard: StandardFacts, key: str) -> str:
        opens = key in ("title", "days")
        return to_standard(standard.id, counted.as_of) if opens else besides.get(standard.id, {}).get(key, "")

    return tuple(tuple(cell(standard, column.key) for column in columns) for standard in standards)


def _numbered(rows: Iterable[tuple[Value, ...]]) -> tuple[tuple[Value, ...], ...]:
    return tuple((n, *row) for n, row in enumerate(rows, 1))


def _by_level(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda i: (_level_rank(i), i.standard.published_on or date.max, i.standard.number or "", i.standard.id))


def _level_rank(line: Line) -> int:
    return list(LEVEL_NAMES).index(line.standard.level)


def _reverse(stage: str) -> tuple[int, ...]:
    return tuple(-ord(c) for c in stage)
