"""A track's rules in sentences, each with its source and whether somebody read the official text."""

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from standards_hub.kernel.access.actor import ROLE_NAMES
from standards_hub.kernel.messages import Message, Name, say
from standards_hub.lifecycle.tracks.drawing import ACTS
from standards_hub.lifecycle.tracks.model import HOLDERS, Fact, Gate, Limit, Track, Transition

Topic = Literal["step", "transition", "gate", "limit", "termination", "review", "fast-track", "fact"]
PART_OF: dict[Topic, Topic] = {"transition": "step", "gate": "step"}
"""Topics that are told within another."""


class Rule(Struct, frozen=True):
    """One sentence. `place` is the step it belongs to, or the key of the limit or figure."""

    topic: Topic
    place: str
    text: Message
    source: str
    verified: bool

    def marked(self) -> Message:
        """The sentence with its source, and the mark of what nobody has checked."""
        if self.verified:
            return say("{rule}［{source}］", rule=self.text, source=self.source)
        return say("{rule}［{source}，未核实］", rule=self.text, source=self.source)


UNITS: dict[str, Name] = {
    "days": Name("日", "days"),
    "weeks": Name("周", "weeks"),
    "months": Name("个月", "months"),
}
CONSEQUENCES: dict[str, Name] = {
    "none": Name("只提醒", "reminder only"),
    "freeze": Name("项目冻结", "the project is frozen"),
    "lapse": Name("计划自动失效", "the plan lapses"),
    "cancel": Name("项目撤销", "the project is cancelled"),
    "return": Name("退回", "back to an earlier step"),
}
CONDITION_NAMES: dict[str, Name] = {
    "new": Name("制定", "new standards"),
    "revision": Name("修订", "revisions"),
    "amendment": Name("修改单", "amendments"),
    "adoption": Name("采标", "adoptions"),
    "mandatory": Name("强制性标准", "mandatory standards"),
    "patent": Name("涉及专利", "standards with patents"),
    "measurable": Name("含可测指标", "standards with measurable indicators"),
}
PROVIDER_NAMES: dict[str, Name] = {
    "ballots": Name("表决", "ballot"),
    "comments": Name("意见处理", "comments"),
    "verification": Name("试验验证", "verification"),
    "documents": Name("文档", "document"),
}
OUTCOME_NAMES: dict[str, Name] = {
    "confirm": Name("继续有效", "confirm"),
    "revise": Name("修订", "revise"),
    "amend": Name("修改", "amend"),
    "withdraw": Name("废止", "withdraw"),
}
FACTS: dict[str, Message] = {
    "proposal_notice_days": say("立项公示 {value} 日"),
    "approval_notice_days": say("报批公示 {value} 日"),
    "experts_least": say("没有标委会的，审查专家组不少于 {value} 人"),
    "meeting_required": say("审查须采用会议形式"),
    "vote_rule": say("审查表决按规则 V{value}"),
    "np_vote_rule": say("NP 表决按规则 V{value}"),
    "dis_vote_rule": say("DIS、FDIS 表决按规则 V{value}"),
    "repeat_comment_days": say("重新征求意见不少于 {value} 日"),
    "amendments_most": say("每项标准至多 {value} 个修改单"),
    "proposal_months": say("立项阶段 {value} 个月"),
    "drafting_months": say("起草阶段 {value} 个月"),
    "comment_stage_months": say("征求意见阶段 {value} 个月"),
    "review_stage_months": say("审查阶段 {value} 个月"),
    "wto_notification_days": say("WTO/TBT 通报评议 {value} 日"),
    "foreword_no_drafters": say("前言只写组织起草部门，不列起草单位和起草人"),
    "transition_months_least": say("发布到实施的过渡期不少于 {value} 个月"),
    "stage_report_days": say("国际标准每进入一个阶段，{value} 日内报告"),
    "filing_days": say("发布后 {value} 日内备案"),
    "interpretation_days": say("发布后 {value} 日内公布解读"),
    "comment_organisations_least": say("征求意见的单位不少于 {value} 家"),
    "city_months": say("计划下达后 {value} 个月内完成征求意见（设区市示例）"),
    "papers_days_before": say("审查会议前 {value} 日送达材料"),
    "letter_papers_days_before": say("函审截止前 {value} 日送达材料"),
    "letter_days_most": say("函审不超过 {value} 日"),
    "letter_ballot_if_minor": say("影响小、分歧小的可以函审"),
    "applicant_clean_years": say("申报单位 {value} 年内无重大事故和失信"),
    "verification_months_most": say("试验验证不超过 {value} 个月"),
    "leader_max_items": say("同一负责人同时承担不超过 {value} 项"),
    "group_within_days": say("计划下达后 {value} 日内组成起草组"),
    "late_penalty_years": say("逾期且未申请延期的，{value} 年内不再立项"),
    "np_experts_small": say("P 成员不超过 16 个的委员会，须有 {value} 个赞成的 P 成员提名专家"),
    "np_experts_large": say("P 成员超过 16 个的委员会，须有 {value} 个赞成的 P 成员提名专家"),
    "wd_months": say("工作草案参考时间 {value} 个月"),
    "translation_weeks": say("DIS 投票前翻译 {value} 周"),
    "iec_fdis_weeks": say("IEC 的 FDIS 投票 {value} 周"),
    "missed_ballots_to_lose_p": say("漏投 {value} 次 DIS、FDIS 或系统复审，可能失去 P 成员资格"),
    "supporters_least": say("新工作项须有不少于 {value} 个成员支持"),
    "procedure_fixed": say("同意或确定之后不得在 AAP 与 TAP 之间改换"),
    "share_percent": say("约 {value}% 的建议书走此程序"),
    "objecting_states_most": say("研究组会上至多 {value} 个到会成员国反对仍可批准"),
    "replies_in_favour_percent": say("答复中赞成不少于 {value}%"),
    "opposing_states_block": say("{value} 个成员国反对即不能批准"),
}
"""What the further figures of our own files mean; one that a new file brings is shown by its key and note."""


def words(track: Track) -> list[Rule]:
    """Every rule of a track: step by step with what leads on, then limits, termination, review, fast track, figures."""
    return [*_steps(track), *_limits(track), *_rest(track)]


class Reworded(Struct, frozen=True):
    """What two tracks say otherwise of one step, limit or figure; a side is empty where that track says nothing."""

    topic: Topic
    place: str
    before: list[Rule]
    after: list[Rule]


def reworded(old: Track, new: Track) -> list[Reworded]:
    """The rules of `old` that `new` does not have as they are, with those that it has instead, in the order of the rules."""
    before, after = words(old), words(new)
    topics = {(_told_with(rule), rule.place): None for rule in [*before, *after] if (rule in before) != (rule in after)}

    def only(rules: list[Rule], others: list[Rule], at: tuple[Topic, str]) -> list[Rule]:
        return [rule for rule in rules if (_told_with(rule), rule.place) == at and rule not in others]

    return [Reworded(*at, only(before, after, at), only(after, before, at)) for at in topics]


def _told_with(rule: Rule) -> Topic:
    """The topic under which people look for a rule: what leads on from a step, and its gates, are told with the step."""
    return PART_OF.get(rule.topic, rule.topic)


def gate_words(track: Track, gate: Gate) -> Message:
    """What one gate asks for."""
    names = {paper.key: paper.name for paper in track.papers}
    wanted = _wanted(gate, names)
    if gate.when:
        wanted = say("{conditions}的：{wanted}", conditions=[CONDITION_NAMES.get(c, c) for c in gate.when], wanted=wanted)
    fixed = say("{wanted}；由{fixer}办理", wanted=wanted, fixer=HOLDERS.get(gate.fixer, gate.fixer))
    return say("{rule}（可说明理由豁免）", rule=fixed) if gate.waivable else fixed


def _wanted(gate: Gate, names: dict[str, Name]) -> Message:
    match gate.kind:
        case "paper":
            return say("须有{paper}", paper=names.get(gate.paper or "", gate.name))
        case "evidence":
            papers = [names[p] for p in gate.papers if p in names]
            shown: Any = PROVIDER_NAMES.get(gate.provider or "", gate.provider)
            if gate.rules:
                shown = say("按规则 {rules} 的{provider}", rules=list(gate.rules), provider=shown)
            return say("{name}：以{provider}记录或{papers}之一为据", name=gate.name, provider=shown, papers=papers)
        case "comment_period":
            return say("{name}：不少于 {days} 日", name=gate.name, days=gate.days.value if gate.days else 0)
        case "field":
            return say("须登记{name}", name=gate.name)
        case "attempts":
            return say("{name}：未通过不满 {most} 次", name=gate.name, most=gate.most.value if gate.most else 0)


def _steps(track: Track) -> Iterator[Rule]:
    names = {step.key: step for step in track.steps}
    for step in track.steps:
        text = say("{code} {step}，由{holder}办理", code=step.shown, step=step.name, holder=HOLDERS.get(step.holder, step.holder))
        if step.hint:
            text = say("{rule}：{hint}", rule=text, hint=step.hint)
        yield Rule("step", step.key, text, step.source or "", step.verified)
        for transition in track.leaving(step.key):
            to = names[transition.to]
            text = _transition(transition, say("{code} {step}", code=to.shown, step=to.name))
            yield Rule("transition", step.key, text, transition.source or "", transition.verified)
            for gate in transition.gates:
                checked = gate.verified and all(fact.verified for fact in (gate.days, gate.most) if fact)
                yield Rule("gate", step.key, gate_words(track, gate), gate.source, checked)


def _transition(transition: Transition, to: Message) -> Message:
    roles = [ROLE_NAMES.get(role, role) for role in transition.by]
    text = say("{act}到 {to}，由{roles}登记", act=ACTS[transition.act], to=to, roles=roles)
    if transition.name:
        text = say("{name}：转到 {to}，由{roles}登记", name=transition.name, to=to, roles=roles)
    return say("{rule}，记为 {via}", rule=text, via=transition.via) if transition.via else text


def _limits(track: Track) -> Iterator[Rule]:
    names = {step.key: step.name for step in track.steps}
    for limit in track.limits:
        text = say(
            "{name}：自{start}起 {length} {unit}内到{end}，由{holder}负责",
            name=limit.name,
            start=names[limit.from_],
            length=limit.length.value,
            unit=UNITS[limit.unit],
            end=names[limit.until],
            holder=HOLDERS.get(limit.holder, limit.holder),
        )
        yield Rule("limit", limit.key, _noted(text, limit.length), limit.length.source, limit.length.verified)
        if limit.consequence != "none":
            late = say("{name}逾期：{consequence}", name=limit.name, consequence=CONSEQUENCES[limit.consequence])
            yield Rule("limit", limit.key, late, limit.source or "", limit.verified)
            yield _extension(limit)


def _extension(limit: Limit) -> Rule:
    rule = limit.extension
    if rule is None:
        return Rule("limit", limit.key, say("{name}：不受理延期", name=limit.name), limit.source or "", limit.verified)
    parts = (rule.ask_days_before, rule.max_months, rule.times)
    text = say(
        "{name}：届满 {days} 日前可申请延期，每次至多 {months} 个月，至多 {times} 次", name=limit.name,
        days=parts[0].value, months=parts[1].value, times=parts[2].value,
    )  # fmt: skip
    return Rule("limit", limit.key, text, " ".join(dict.fromkeys(p.source for p in parts)), all(p.verified for p in parts))


def _rest(track: Track) -> Iterator[Rule]:
    for gate in track.termination.gates:
        text = say(
            "发布前终止项目，由{roles}登记：{gate}",
            roles=[ROLE_NAMES.get(r, r) for r in track.termination.by],
            gate=gate_words(track, gate),
        )
        yield Rule("termination", gate.key, text, gate.source, gate.verified)
    cycle = track.review.cycle_months
    outcomes = [say("{name} {code}", name=OUTCOME_NAMES.get(key, key), code=code) for key, code in track.review.outcomes.items()]
    if cycle:
        text = say("每 {months} 个月内复审一次，结论：{outcomes}", months=cycle.value, outcomes=outcomes)
        yield Rule("review", "cycle_months", text, cycle.source, cycle.verified)
    if fast := track.fast_track:
        steps = [track.step(key).name for key in fast.skips]
        kinds = [CONDITION_NAMES.get(kind, kind) for kind in fast.kinds]
        text = say("{kinds}项目可说明理由后跳过：{steps}", kinds=kinds, steps=steps)
        yield Rule("fast-track", "fast_track", text, fast.source, fast.verified)
    for key, fact in track.facts.items():
        known = FACTS.get(key)
        text = Message(known.text, {"value": fact.value}) if known else say("{key}：{value}", key=key, value=fact.value)
        yield Rule("fact", key, _noted(text, fact), fact.source, fact.verified)


def _noted(text: Message, fact: Fact) -> Message:
    return say("{rule}（{note}）", rule=text, note=fact.note) if fact.note else text
