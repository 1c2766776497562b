"""From facts to the report: what is said in each section. Sentences carry numbers and no judgement."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from standards_hub.documents.figures import Bullet, bullet_bars
from standards_hub.documents.report import lists, summaries
from standards_hub.documents.report.model import Annex, Figure, Paragraph, ProgressReport, Section, Subheading, Table
from standards_hub.documents.report.wording import AUTHOR, clean, day, moment, number_of, rate, title_of
from standards_hub.kernel.clock import ZONE
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.counting import Counted, TargetCount, count, window_of
from standards_hub.linkage.facts import INTERNATIONAL_ROLES, PlanFacts, StandardFacts, TargetFacts
from standards_hub.linkage.rule import CountRule

ORDINALS = "一二三四五六七八九十"
EXAMPLES = 3


def build(
    plan: PlanFacts,
    facts: Iterable[StandardFacts],
    rule: CountRule,
    *,
    as_of: date,
    known_at: datetime,
    data_hash: str,
    previous: Counted | None = None,
    previous_as_of: date | None = None,
) -> ProgressReport:
    """The report on a plan as of the end of a day, knowing what was on record at `known_at` (an aware instant).

    `previous` is the count of an earlier report; with it come the changes and annex 6. Raises `BadInput` from counting.
    """
    counted = count(facts, plan, rule, as_of)
    since = (previous_as_of or previous.as_of) if previous else None
    exemplars = sum(line.standard.exemplar for line in counted.lines)
    sections = (
        _overall(plan, counted, previous, since, exemplars),
        _targets(plan, counted),
        Section("三、分领域、分区域进展", (*_by_field(plan, counted), summaries.regions_table(plan, counted))),
        _projects(counted),
        _organisations(counted),
        _problems(counted),
        Section("七、下一步工作安排", (Paragraph(f"{AUTHOR}（工作事项、责任单位、完成时限）", "author"),)),
    )
    return ProgressReport(
        title=clean(plan.report_title),
        subtitle=f"（截至{day(as_of)}）",
        plan_key=plan.key,
        plan_name=clean(plan.name),
        document=clean(plan.document),
        as_of=as_of,
        known_at=known_at,
        data_hash=data_hash,
        rule=rule,
        counted=counted,
        previous_as_of=since,
        exemplars=exemplars,
        sections=sections,
        annexes=_annexes(plan, counted, rule, previous, known_at, data_hash, exemplars),
        issued_on=known_at.astimezone(ZONE).date(),
    )


def _overall(plan: PlanFacts, counted: Counted, previous: Counted | None, since: date | None, exemplars: int) -> Section:
    total = counted.total
    parts = "；".join(
        f"{clean(f.name)}{t.counted}项，目标{t.target}项，完成率{rate(t.permille)}"
        for f, t in zip(plan.targets, counted.targets, strict=True)
    )
    text = (
        f"截至{day(counted.as_of)}，{_document(plan)}确定的{total.target}项标准规范目标累计发布{total.counted}项，"
        f"完成率{rate(total.permille)}。其中，{parts}。"
        f"另有待核{total.unverified}项、在研{total.in_progress}项，均不计入完成数。"
    )
    if previous and since:
        change = total.counted - previous.total.counted
        word = f"较上期增加{change}项" if change > 0 else f"较上期减少{-change}项" if change < 0 else "与上期持平"
        text += f"累计发布数{word}（上期截至{day(since)}）。"
    text += "本报告不作年底完成情况的预测。统计口径和数据时间见附件5。"
    blocks = [Paragraph(text)]
    if exemplars:
        blocks.append(Paragraph(f"本报告的数据中有{exemplars}项为示例数据，不反映实际工作。", "note"))
    rows = [
        Bullet(clean(f.name), t.target, t.counted, t.unverified, t.in_progress) for f, t in zip(plan.targets, counted.targets, strict=True)
    ]
    words = "；".join(f"{r.name}已发布{r.counted}项、待核{r.unverified}项、在研{r.in_progress}项，目标{r.target}项" for r in rows)
    figure = Figure("targets", "图1 各级别目标完成情况（竖线为目标，项）", f"{words}。", bullet_bars(rows))
    return Section("一、总体进展", (*blocks, figure))


def _document(plan: PlanFacts) -> str:
    name = clean(plan.document or plan.name)
    return name if name.startswith("《") else f"《{name}》"


def _targets(plan: PlanFacts, counted: Counted) -> Section:
    blocks: list[Paragraph | Subheading] = []
    for ordinal, target, numbers in zip(ORDINALS, plan.targets, counted.targets, strict=False):
        blocks += [Subheading(f"（{ordinal}）{clean(target.name)}"), Paragraph(_target_text(target, numbers, counted))]
    return Section("二、目标完成情况", tuple(blocks))


def _target_text(target: TargetFacts, numbers: TargetCount, counted: Counted) -> str:
    due = f"，完成时限{day(target.due)}" if target.due else ""
    text = f"目标{numbers.target}项{clean(target.tolerance)}{due}。累计发布{numbers.counted}项，完成率{rate(numbers.permille)}"
    if numbers.counted:
        roles = [f"主导{numbers.lead}项", f"参与{numbers.participate}项"]
        roles += [f"不分位次{numbers.not_ranked}项"] if numbers.not_ranked else []
        text += f"，其中{'、'.join(roles)}"
        if len(target.levels) > 1:
            levels = Counter(line.standard.level for line in counted.having("counted", target.key))
            text += f"；{'、'.join(f'{LEVEL_NAMES[level]}{levels[level]}项' for level in target.levels)}"
    text += f"。待核{numbers.unverified}项。"
    if numbers.in_progress:
        stages = "、".join(f"{summaries.stage_name(stage)}{n}项" for stage, n in reversed(numbers.stages.items()))
        text += f"在研{numbers.in_progress}项，按阶段分：{stages}"
        text += f"；其中冻结或暂停{numbers.halted}项。" if numbers.halted else "。"
    else:
        text += "无在研项目。"
    latest = sorted(counted.having("counted", target.key), key=lambda i: (i.standard.published_on or date.min, i.standard.id), reverse=True)
    if latest:
        named = "、".join(_named(line.standard) for line in latest[:EXAMPLES])
        text += f"最近发布的有{named}。"
    return text


def _named(standard: StandardFacts) -> str:
    published = f"，{day(standard.published_on)}发布" if standard.published_on else ""
    return f"《{title_of(standard)}》（{number_of(standard) or '无编号'}{published}）"


def _by_field(plan: PlanFacts, counted: Counted) -> Sequence[Paragraph | Table]:
    lines = counted.having("counted")
    fields = len({line.field for line in lines if line.field})
    regions = len({line.region for line in lines if line.region})
    flags = sum(line.standard.fills_gap for line in lines), sum(line.standard.stricter_than_national for line in lines)
    text = (
        f"已发布的{len(lines)}项标准分布在{fields}个领域、{regions}个区域；其中标注填补空白的{flags[0]}项、标注高于国家标准的{flags[1]}项。"
    )
    return (Paragraph(text if lines else "尚无计入完成数的标准。"), summaries.fields_table(plan, counted))


def _projects(counted: Counted) -> Section:
    claims = [(p.project_no, line.standard.id) for line in counted.having("counted") for p in line.standard.projects]
    running = {line.standard.id for line in counted.having("in_progress") if line.standard.projects}
    text = (
        f"已发布标准中，{len({s for _, s in claims})}项由{len({p for p, _ in claims})}个科技项目申报为产出，"
        f"合计{len(claims)}项次；在研标准中，{len(running)}项关联科技项目。逐项关联情况见附件4。"
        "项目承诺指标和认定结果尚未纳入统计，本报告不列承诺数与认定数的差额。"
    )
    return Section("四、项目产出与绩效关联情况", (Paragraph(text), Paragraph(f"{AUTHOR}（未完成项目的偏差原因及改进措施）", "author")))


def _organisations(counted: Counted) -> Section:
    alive = [line for line in counted.lines if line.outcome != "not_counted"]
    committees = {line.standard.committee for line in alive if line.standard.committee}
    roles = Counter(line.standard.international_role for line in alive if line.standard.level == "international")
    held = "、".join(f"{name}{roles[key]}项" for key, name in INTERNATIONAL_ROLES.items() if roles[key])
    text = (
        f"纳入统计的标准归口于{len(committees)}个标准化技术委员会或技术机构。"
        if committees
        else "纳入统计的标准未记载归口的标准化技术委员会。"
    )
    text += f"国际标准中，本省专家任{held}。" if held else "国际标准中未记载本省专家的任职。"
    text += "标准化技术委员会的组建和考核情况尚未纳入统计。"
    return Section("五、标准化组织建设", (Paragraph(text),))


def _problems(counted: Counted) -> Section:
    overdue = lists.overdue_items(counted)
    text = (
        f"超期事项{len(overdue)}件，涉及标准{len({o.standard.id for o in overdue})}项；"
        f"冻结或暂停{counted.total.halted}项；因佐证不足待核{counted.total.unverified}项。"
    )
    author = Paragraph(f"{AUTHOR}（存在问题及原因）", "author")
    return Section("六、存在问题", (Paragraph(text), lists.overdue_table(counted), author))


def _annexes(
    plan: PlanFacts, counted: Counted, rule: CountRule, previous: Counted | None, known_at: datetime, data_hash: str, exemplars: int
) -> tuple[Annex, ...]:
    facts = [
        f"统计截止日：{day(counted.as_of)}（含当日，北京时间）。数据时间：{moment(known_at)}（北京时间）。",
        f"统计口径：{rule.zh}（{rule.key}，第{rule.version}版）。",
    ]
    hashes = [f"口径校验值（SHA-256）：{rule.hash}", f"数据校验值（SHA-256）：{clean(data_hash)}"]
    if exemplars:
        facts.append(f"数据中有示例{exemplars}项。")
    sources = [f"{clean(t.name)}目标{t.value}项{clean(t.tolerance)}：{clean(t.source)}。" for t in plan.targets if t.source]
    first, last = window_of(plan, rule)
    annexes = [
        Annex(1, "指标完成情况表", (summaries.targets_table(plan, counted, previous), summaries.stages_table(plan, counted))),
        Annex(
            2,
            "已发布标准清单",
            (lists.published_table(plan, counted), lists.waiting_table(counted), lists.left_out_table(counted)),
            wide=True,
        ),
        Annex(3, "在研标准清单", (lists.in_progress_table(plan, counted),), wide=True),
        Annex(4, "项目—标准关联表", (lists.projects_table(counted),), wide=True),
        Annex(
            5,
            "统计口径说明",
            (*(Paragraph(f) for f in (*facts, *sources)), *(Paragraph(h, "note") for h in hashes), lists.rule_table(rule, first, last)),
        ),
    ]
    if previous:
        annexes.append(Annex(6, "与上期差异表", (lists.differences_table(counted, previous),), wide=True))
    return tuple(annexes)
