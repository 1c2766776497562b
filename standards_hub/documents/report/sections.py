"""What is said in each section. Sentences carry numbers and no judgement; each number knows the standards it counts."""

from collections import Counter
from datetime import date

from standards_hub.documents.report import around as surroundings
from standards_hub.documents.report import lists, prospect, summaries
from standards_hub.documents.report.model import Block, Paragraph, Subheading
from standards_hub.documents.report.pointing import marked, n, paragraph, to_plan, to_table
from standards_hub.documents.report.source import Source
from standards_hub.documents.report.wording import ORDINALS, clean, day, number_of, rate, title_of
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.counting import TargetCount
from standards_hub.linkage.facts import INTERNATIONAL_ROLES, PlanFacts, StandardFacts, TargetFacts

EXAMPLES = 3
ALIVE = ("counted", "unverified", "in_progress")
LINKS, PROMISES, COMMITTEES, POSITIONS = (to_table(key) for key in ("projects", "promises", "committees", "positions"))
FIELDS, REGIONS, CORRECTIONS = (to_table(key) for key in ("fields", "regions", "corrections"))


def overall(source: Source) -> list[Block]:
    plan, counted, total = source.plan, source.counted, source.counted.total
    parts = "；".join(
        f"{clean(f.name)}{n(t.counted, outcome='counted', target=t.key)}项，目标{marked(t.target, to_plan(plan.key))}项，完成率{rate(t.permille)}"
        for f, t in zip(plan.targets, counted.targets, strict=True)
    )
    text = (
        f"截至{day(counted.as_of)}，{_document(plan)}确定的{marked(total.target, to_plan(plan.key))}项标准规范目标累计发布{n(total.counted, outcome='counted')}项，"
        f"完成率{rate(total.permille)}。其中，{parts}。"
        f"另有待核{n(total.unverified, outcome='unverified')}项、在研{n(total.in_progress, outcome='in_progress')}项，均不计入完成数。"
    )
    text += change(source)
    text += f"{prospect.sentence(source)}统计口径和数据时间见{source.annex('rule')}。"
    return [paragraph(text), *remarks(source)]


def change(source: Source) -> str:
    """What changed since last time, as a sentence."""
    if not source.previous or not source.since:
        return ""
    difference = source.counted.total.counted - source.previous.total.counted
    number = n(abs(difference), change="either")
    word = f"较上期增加{number}项" if difference > 0 else f"较上期减少{number}项" if difference < 0 else "与上期持平"
    return f"累计发布数{word}（上期截至{day(source.since)}）。"


def remarks(source: Source) -> list[Block]:
    """What must be said of the report itself: that it corrects another, that its data are examples."""
    said: list[Block] = []
    if source.correction:
        found = source.correction
        before, now = found.counted.total.counted, source.counted.total.counted
        new = n(now, outcome="counted")
        number = (
            f"仍为{new}项"
            if before == now
            else f"原为{marked(before, CORRECTIONS if source.kind.annex('differences') else '')}项，更正为{new}项"
        )
        where = "更正对照表" if source.kind.annex("differences") else "电子表格的更正对照表"
        said.append(paragraph(f"本报告更正{day(found.signed_on)}签发的同期报告：累计发布数{number}，逐项差异见{where}。"))
    if source.exemplars:
        said.append(Paragraph(f"本报告的数据中有{source.exemplars}项为示例数据，不反映实际工作。", "note"))
    return said


def _document(plan: PlanFacts) -> str:
    name = clean(plan.document or plan.name)
    return name if name.startswith("《") else f"《{name}》"


def targets(source: Source) -> list[Block]:
    blocks: list[Block] = []
    for ordinal, target, numbers in zip(ORDINALS, source.plan.targets, source.counted.targets, strict=False):
        blocks += [Subheading(f"（{ordinal}）{clean(target.name)}"), paragraph(_target_text(target, numbers, source))]
    return blocks


def _target_text(target: TargetFacts, numbers: TargetCount, source: Source) -> str:
    counted, key = source.counted, target.key
    due = f"，完成时限{day(target.due)}" if target.due else ""
    text = f"目标{marked(numbers.target, to_plan(source.plan.key))}项{clean(target.tolerance)}{due}。"
    text += f"累计发布{n(numbers.counted, outcome='counted', target=key)}项，完成率{rate(numbers.permille)}"
    if numbers.counted:
        roles = [
            ("主导", numbers.lead, "lead"),
            ("参与", numbers.participate, "participate"),
            ("不分位次", numbers.not_ranked, "not_ranked"),
        ]
        text += "，其中" + "、".join(
            f"{word}{n(number, outcome='counted', target=key, role=role)}项"
            for word, number, role in roles
            if number or role != "not_ranked"
        )
        if len(target.levels) > 1:
            levels = Counter(line.standard.level for line in counted.having("counted", key))
            parts = (f"{LEVEL_NAMES[level]}{n(levels[level], outcome='counted', level=level)}项" for level in target.levels)
            text += f"；{'、'.join(parts)}"
    text += f"。待核{n(numbers.unverified, outcome='unverified', target=key)}项。"
    if numbers.in_progress:
        stages = "、".join(
            f"{summaries.stage_name(stage)}{n(number, outcome='in_progress', target=key, stage=stage)}项"
            for stage, number in reversed(numbers.stages.items())
        )
        text += f"在研{n(numbers.in_progress, outcome='in_progress', target=key)}项，按阶段分：{stages}"
        halted = n(numbers.halted, outcome="in_progress", target=key, halted="true")
        text += f"；其中冻结或暂停{halted}项。" if numbers.halted else "。"
    else:
        text += "无在研项目。"
    latest = sorted(counted.having("counted", key), key=lambda i: (i.standard.published_on or date.min, i.standard.id), reverse=True)
    if latest:
        named = "、".join(_named(line.standard) for line in latest[:EXAMPLES])
        text += f"最近发布的有{named}。"
    return text


def _named(standard: StandardFacts) -> str:
    published = f"，{day(standard.published_on)}发布" if standard.published_on else ""
    return f"《{title_of(standard)}》（{number_of(standard) or '无编号'}{published}）"


def breakdown(source: Source) -> list[Block]:
    lines = source.counted.having("counted")
    fields = len({line.field for line in lines if line.field})
    regions = len({line.region for line in lines if line.region})
    gap, stricter = sum(line.standard.fills_gap for line in lines), sum(line.standard.stricter_than_national for line in lines)
    text = (
        f"已发布的{n(len(lines), outcome='counted')}项标准分布在{marked(fields, FIELDS)}个领域、{marked(regions, REGIONS)}个区域；"
        f"其中标注填补空白的{n(gap, outcome='counted', gap='true')}项、标注高于国家标准的{n(stricter, outcome='counted', stricter='true')}项。"
    )
    said = paragraph(text) if lines else Paragraph("尚无计入完成数的标准。")
    return [said, summaries.fields_table(source.plan, source.counted), summaries.regions_table(source.plan, source.counted)]


def projects(source: Source) -> list[Block]:
    counted, around = source.counted, source.around
    claims = [(number, line.standard.id) for line in counted.having("counted") for number in line.standard.output_of]
    running = sum(bool(line.standard.output_of) for line in counted.having("in_progress"))
    fruitful = {number for number, _ in claims}
    text = (
        f"已发布标准中，{n(len({s for _, s in claims}), outcome='counted', output='true')}项由{marked(len(fruitful), LINKS)}个科技项目申报为产出，"
        f"合计{marked(len(claims), LINKS)}项次；在研标准中，{n(running, outcome='in_progress', output='true')}项由科技项目申报为产出。"
        f"逐项关联情况见{source.annex('projects')}。"
    )
    promises = [promise for project in around.projects for promise in project.promises]
    if not promises:
        return [paragraph(f"{text}本计划的科技项目未记载承诺的标准产出。")]
    late = sum(promise.overdue(counted.as_of) for promise in promises)
    own = sum(one.project_no in fruitful for one in around.projects)
    told = {name: marked(sum(getattr(one, name) for one in promises), PROMISES) for name in ("count", "done", "pending", "short", "late")}
    after = f"，逾期完成{told['late']}项次" if any(one.late for one in promises) else ""
    text += (
        f"本计划的{marked(len(around.projects), PROMISES)}个科技项目中，{marked(own, LINKS)}个已有发布的标准产出，占{rate(_permille(own, len(around.projects)))}；"
        f"承诺标准产出{told['count']}项次，已认定{told['done']}项次，待认定{told['pending']}项次，差额{told['short']}项次{after}；"
        f"到期未完成的承诺{marked(late, PROMISES)}件，涉及项目{marked(sum(one.short(counted.as_of) for one in around.projects), PROMISES)}个。"
        f"项目履约按各项目分别认定，不计入完成数。"
    )
    return [paragraph(text), surroundings.levels_table(around)]


def _permille(part: int, whole: int) -> int | None:
    """A share in tenths of a percent, rounded half up."""
    return (2000 * part + whole) // (2 * whole) if whole else None


def organisations(source: Source) -> list[Block]:
    alive = [line for line in source.counted.lines if line.outcome in ALIVE]
    committees = {line.standard.committee for line in alive if line.standard.committee}
    roles = Counter(line.standard.international_role for line in alive if line.standard.level == "international")
    held = "、".join(
        f"{name}{n(roles[key], outcome=ALIVE, level='international', office=key)}项"
        for key, name in INTERNATIONAL_ROLES.items()
        if roles[key]
    )
    text = (
        f"纳入统计的标准归口于{marked(len(committees), '/committees')}个标准化技术委员会或技术机构。"
        if committees
        else "纳入统计的标准未记载归口的标准化技术委员会。"
    )
    text += f"国际标准中，本省专家任{held}。" if held else "国际标准中未记载本省专家的任职。"
    blocks: list[Block] = []
    if around := source.around.committees:
        states = Counter(one.state or "未登记" for one in around)
        told = "、".join(f"{state}{marked(number, COMMITTEES)}个" for state, number in states.items())
        text += f"行动方案所列{marked(len(around), COMMITTEES)}个标准化技术组织中，{told}。"
        blocks.append(surroundings.committees_table(source.around))
    if positions := source.around.positions:
        people = len({one.person for one in positions})
        numbers = [marked(number, POSITIONS) for number in (people, len(positions), sum(one.leads for one in positions))]
        text += f"本省专家{numbers[0]}人在国际标准化组织担任职务{numbers[1]}个，其中牵头职务{numbers[2]}个。"
        blocks.append(surroundings.positions_table(source.around))
    return [paragraph(text), *blocks]


def problems(source: Source) -> list[Block]:
    overdue, total = lists.overdue_items(source.counted), source.counted.total
    text = (
        f"超期事项{marked(len(overdue), to_table('overdue'))}件，涉及标准{n(len({o.standard.id for o in overdue}), overdue='true')}项；"
        f"冻结或暂停{n(total.halted, outcome='in_progress', halted='true')}项；"
        f"因佐证不足待核{n(total.unverified, outcome='unverified')}项。"
    )
    return [paragraph(text), lists.overdue_table(source.counted)]
