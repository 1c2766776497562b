"""Counting toward the targets of a plan: facts, rule and day in, a reasoned list out. Pure.

Every standard gets exactly one outcome with its reason, so each number opens to the standards behind it. The count is
of distinct standards; what projects, organisations or regions claim never adds to it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Literal

import msgspec
from msgspec import Struct

from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.identifiers import IdentifierError, parse
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage.facts import (
    STAGES,
    DeadlineFact,
    Drafter,
    PlanFacts,
    ProjectRef,
    StandardFacts,
    TargetFacts,
    Term,
)
from standards_hub.linkage.roles import judge, judge_international, why
from standards_hub.linkage.rule import CountRule, Role, load_rule
from standards_hub.linkage.wording import (
    AHEAD,
    BY_FAMILY,
    BY_KIND,
    ENDINGS,
    GONE,
    ROLES,
    UNAPPROVED,
    UNDATED,
    UNPUBLISHED,
    flags,
    happened,
    outside,
)

__all__ = [
    "ROLES",
    "STAGES",
    "CountRule",
    "Counted",
    "DeadlineFact",
    "Drafter",
    "Line",
    "PlanFacts",
    "ProjectRef",
    "StandardFacts",
    "TargetCount",
    "TargetFacts",
    "Term",
    "count",
    "load_rule",
    "role_of",
    "window_of",
]

Outcome = Literal["counted", "unverified", "in_progress", "not_counted"]
ENDED = ("terminated", "cancelled", "lapsed", "merged", "split")
HALTED = ("frozen", "suspended")
ISSUED = ("published", "superseded", "withdrawn")

HEIGHT = {"international": 0, "national": 1, "industry": 2, "local": 3}


class Line(Struct, frozen=True, gc=False):
    """One standard with what became of it in the count, and why."""

    standard: StandardFacts
    outcome: Outcome
    target: str | None
    """Key of the target it belongs to, None if the plan has no target for its level."""
    code: str
    """Name of the rule's clause that decided, such as `evidence`."""
    why: Message
    role: Role | None = None
    basis: Message | None = None
    """What the role rests on."""
    flags: tuple[Message, ...] = ()
    region: str | None = None
    """Primary region: of the leading drafter from the province."""
    field: str | None = None
    """Primary field, None if the standard has none of the plan's fields."""


class TargetCount(Struct, frozen=True):
    """The numbers of one target. `counted` = `lead` + `participate` + `not_ranked`; `in_progress` is the sum of `stages`."""

    key: str
    target: int
    counted: int
    lead: int
    participate: int
    not_ranked: int
    unverified: int
    in_progress: int
    halted: int
    """Those in progress that are frozen or suspended."""
    stages: dict[str, int]

    @property
    def permille(self) -> int | None:
        """Completion in tenths of a percent, rounded half up; None for a target of 0."""
        return (2000 * self.counted + self.target) // (2 * self.target) if self.target else None


class Counted(Struct, frozen=True):
    """The count of a plan on a day under a rule: one line per distinct standard, and the sums."""

    plan: str
    rule: str
    as_of: date
    lines: tuple[Line, ...]
    targets: tuple[TargetCount, ...]
    total: TargetCount

    def having(self, outcome: Outcome, target: str | None = None) -> list[Line]:
        return [line for line in self.lines if line.outcome == outcome and target in (None, line.target)]


def count(facts: Iterable[StandardFacts], plan: PlanFacts, rule: CountRule, as_of: date) -> Counted:
    """Count the standards toward the plan's targets as of the end of a day. The order of `facts` does not matter.

    Raises `BadInput` if two targets of the plan claim the same level, as a standard belongs to one target only.
    """
    by_level, window = _targets_by_level(plan), window_of(plan, rule)
    fields = frozenset(term.key for term in plan.fields)
    # Judged and summed as they lie in memory, and put in order last: in order first, a large portfolio would be read crosswise.
    lines = [_judge(one, by_level.get(one.level), fields, window, rule, as_of) for one in _distinct(facts)]
    if rule.parts.value == "series" or rule.adoption.value == "highest" or _repeated(lines):
        lines = _once(sorted(lines, key=_place), rule)
    if rule.adoption.value == "highest":
        lines = _highest(lines)
    of_target: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        of_target[line.target].append(line)
    targets = tuple(_sum(t.key, t.value, of_target[t.key]) for t in plan.targets)
    total = _total(targets)
    lines.sort(key=_place)
    return Counted(plan.key, rule.id, as_of, tuple(lines), targets, total)


def _repeated(lines: list[Line]) -> bool:
    """Whether two standards that count have the same number."""
    numbers = [_compared(line.standard.number) for line in lines if line.outcome == "counted" and line.standard.number]
    return len(set(numbers)) < len(numbers)


def _compared(number: str) -> str:
    """A number without its spaces, in capitals."""
    return "".join(number.split()).upper()


def _once(lines: list[Line], rule: CountRule) -> list[Line]:
    """The same lines in their order, where what counted before under the same number, or as a part of the same series, counts no more."""
    numbers: dict[str, str] = {}
    series: dict[str, str] = {}
    for at, line in enumerate(lines):
        if line.outcome != "counted" or not (number := line.standard.number):
            continue
        same = numbers.setdefault(_compared(number), line.standard.id)
        if same != line.standard.id:
            lines[at] = _left_out(line, "distinct", say("标准号 {number} 已计过一次", number=number))
        elif rule.parts.value == "series" and (work := _series(number)):
            first = series.setdefault(work, number)
            if first != number:
                lines[at] = _left_out(line, "parts", say("与 {number} 为同一标准的不同部分，整套计1项", number=first))
    return lines


def role_of(standard: StandardFacts, rule: CountRule) -> tuple[Role | None, Message, bool]:
    """The province's part in a standard: the role, what it rests on, and whether the record suffices to say so."""
    if standard.level == "international":
        part = judge_international(standard.international_role, rule.lead)
    else:
        ours = [d for d in standard.drafters if d.in_province]
        part = judge(standard.drafters, ours, rule.lead, unnamed=standard.drafters_not_named)
    return part.role, why(part), part.sure


def _left_out(line: Line, code: str, why: Message) -> Line:
    return msgspec.structs.replace(line, outcome="not_counted", code=code, why=why, role=None, basis=None)


def _series(number: str) -> str | None:
    """What all parts of a numbered standard share, none for a number without parts."""
    try:
        found = parse(number)
    except IdentifierError:
        return None
    return f"{found.family} {found.prefix} {found.number}" if found.part else None


def _highest(lines: list[Line]) -> list[Line]:
    """Of standards with one source only the one of the highest level stays counted, the first where two are level."""
    counted = {line.standard.id: line for line in lines if line.outcome == "counted"}
    root = {id: id for id in counted}

    def found(id: str) -> str:
        while root[id] != id:
            id = root[id] = root[root[id]]
        return id

    for id, line in counted.items():
        for source in line.standard.same_source:
            if source in counted:
                root[found(id)] = found(source)
    best: dict[str, Line] = {}
    for id, line in counted.items():
        held = best.setdefault(found(id), line)
        if HEIGHT[line.standard.level] < HEIGHT[held.standard.level]:
            best[found(id)] = line
    kept = []
    for line in lines:
        chosen = best[found(line.standard.id)] if line.outcome == "counted" else line
        if chosen.standard.id != line.standard.id:
            line = _left_out(
                line, "adoption", say("同源的 {number} 已按较高级别计入", number=chosen.standard.number or chosen.standard.title_zh)
            )
        kept.append(line)
    return kept


def counting_day(standard: StandardFacts, rule: CountRule) -> date | None:
    """The day on which the rule counts a standard. What is published was approved, even where nobody recorded when."""
    if rule.trigger.value == "approved_on":
        return standard.approved_on or standard.published_on
    return standard.published_on if rule.trigger.value == "published_on" else standard.effective_on


def _judge(
    standard: StandardFacts, target: TargetFacts | None, fields: frozenset[str], window: tuple[date, date], rule: CountRule, as_of: date
) -> Line:
    """One standard, one outcome. What can never count is told apart first, then what did not happen yet, then the rest."""
    key, field = target.key if target else None, standard.primary_field if standard.primary_field in fields else None
    line = partial(_line, standard, key, field, primary_region(standard), flags(standard, as_of))

    if target is None:
        return line("not_counted", "distinct", say("本计划没有{level}的目标", level=LEVEL_NAMES[standard.level]))
    if standard.family in rule.families.excluded:
        return line("not_counted", "families", BY_FAMILY)
    if standard.kind not in rule.kinds.value:
        return line("not_counted", "kinds", BY_KIND)
    if standard.level == "international" and standard.document_type not in rule.types.value:
        return line("not_counted", "types", say("{type} 类国际文件不计入", type=standard.document_type))

    day, trigger = counting_day(standard, rule), rule.trigger.value
    if standard.status in ENDED:
        if day is not None and day <= as_of:
            return line("unverified", "status", say("状态与发布日期不一致：{status}", status=ENDINGS[standard.status]))
        return line("not_counted", "status", ENDINGS[standard.status])
    if day is None and standard.status in ISSUED and standard.status in rule.status.value:
        return line("unverified", "trigger", UNDATED)
    if day is None or day > as_of:
        return line("in_progress", "trigger", AHEAD[trigger])
    if standard.status in ("withdrawn", "superseded") and standard.status not in rule.status.value:
        return line("not_counted", "status", GONE)

    first, last = window
    if not first <= day <= last:
        return line("not_counted", "window", outside(day))
    role, basis, sure = role_of(standard, rule)
    if not sure:
        return line("unverified", "roles", basis)
    if role is None or role not in rule.roles.value:
        return line("not_counted", "roles", basis)
    if rule.evidence.required and not standard.publication_evidence:
        if trigger != "approved_on":
            return line("unverified", "evidence", UNPUBLISHED, role, basis)
        if not standard.approval_evidence:
            return line("unverified", "evidence", UNAPPROVED, role, basis)
    return line("counted", "trigger", happened(trigger, day), role, basis)


def _line(
    standard: StandardFacts, target: str | None, field: str | None, region: str | None, flags: tuple[Message, ...], outcome: Outcome,
    code: str, why: Message, role: Role | None = None, basis: Message | None = None,
) -> Line:  # fmt: skip
    return Line(standard, outcome, target, code, why, role, basis, flags, region, field)


def primary_region(standard: StandardFacts) -> str | None:
    """The region of the leading drafter from the province, or else the standard's own."""
    ours = [d for d in standard.drafters if d.in_province and d.region]
    if not ours:
        return standard.region
    return ours[0].region if len(ours) == 1 else min(ours, key=lambda d: (not d.lead, d.rank or 10**6, d.organisation)).region


def window_of(plan: PlanFacts, rule: CountRule) -> tuple[date, date]:
    """First and last day that count: the plan's window, narrowed by the rule's own."""
    return max(plan.window_start, rule.window.start or plan.window_start), min(plan.window_end, rule.window.end or plan.window_end)


def _targets_by_level(plan: PlanFacts) -> dict[str, TargetFacts]:
    found: dict[str, TargetFacts] = {}
    for target in plan.targets:
        for level in target.levels:
            if level in found:
                raise BadInput(
                    say(
                        "目标“{a}”与“{b}”都含{level}，一项标准只能计入一个目标",
                        a=found[level].name,
                        b=target.name,
                        level=LEVEL_NAMES[level],
                    )
                )
            found[level] = target
    return found


def _distinct(facts: Iterable[StandardFacts]) -> Iterable[StandardFacts]:
    """One per id; where several rows bring the same standard, their projects are joined, each once."""
    rows: dict[str, StandardFacts] = {}
    twice: dict[str, list[StandardFacts]] = {}
    for fact in facts:
        first = rows.setdefault(fact.id, fact)
        if first is not fact:
            twice.setdefault(fact.id, [first]).append(fact)
    for id, same in twice.items():
        ordered = sorted(same, key=repr)
        projects = {project.project_no: project for fact in ordered for project in fact.projects}
        rows[id] = msgspec.structs.replace(ordered[0], projects=tuple(projects[number] for number in sorted(projects)))
    return rows.values()


def _place(line: Line) -> str:
    """Where a standard stands in the fixed order of a count: by day of publication, number and id."""
    standard = line.standard
    return f"{(standard.published_on or date.max).isoformat()}\0{standard.number or ''}\0{standard.id}"


def _sum(key: str, target: int, lines: list[Line]) -> TargetCount:
    counted = [line for line in lines if line.outcome == "counted"]
    running = [line for line in lines if line.outcome == "in_progress"]
    roles = Counter(line.role for line in counted)
    stages = Counter(line.standard.main_stage if line.standard.main_stage in STAGES else "other" for line in running)
    return TargetCount(
        key=key,
        target=target,
        counted=len(counted),
        lead=roles["lead"],
        participate=roles["participate"],
        not_ranked=roles["not_ranked"],
        unverified=sum(line.outcome == "unverified" for line in lines),
        in_progress=len(running),
        halted=sum(line.standard.status in HALTED for line in running),
        stages={stage: stages[stage] for stage in (*STAGES, "other") if stages[stage]},
    )


SUMMED = ("target", "counted", "lead", "participate", "not_ranked", "unverified", "in_progress", "halted")


def _total(targets: tuple[TargetCount, ...]) -> TargetCount:
    """All targets together; a standard belongs to one, so the numbers add up."""
    stages = Counter[str]()
    for one in targets:
        stages.update(one.stages)
    sums = {name: sum(getattr(one, name) for one in targets) for name in SUMMED}
    return TargetCount(key="total", stages={stage: stages[stage] for stage in (*STAGES, "other") if stages[stage]}, **sums)
