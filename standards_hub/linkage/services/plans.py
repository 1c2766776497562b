"""What users do to plans: register, edit, add and re-base targets, add words, link the committees that are named."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

from msgspec import UNSET, structs

from standards_hub.committees import repository as committees
from standards_hub.committees.schemas import checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel.errors import BadInput, Conflict, NotFound, Unmet, refuse_if
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.lifecycle.tracks.model import LEVEL_NAMES
from standards_hub.linkage import repository, versions
from standards_hub.linkage.events import PlanCommitteeLinked, PlanEdited, PlanExtended, PlanRegistered, TargetAdded, TargetRebased
from standards_hub.linkage.rule import load_rule
from standards_hub.linkage.schemas import CommitteeLink, NewPlan, NewTarget, PlanChange, PlanOut, Rebase, Words
from standards_hub.linkage.values import Plan, PlanCommittee, PlanField, PlanPatch, PlanRegion, Target


async def show(work: Work, key: str, *, on: date | None = None) -> PlanOut:
    """A plan with the targets in force on a day, today if nobody says, and with all other versions of them."""
    work.actor.require("plan.read")
    plan, c = await repository.plan_by_key(work, key), work.connection
    day = on or work.today
    targets = await repository.targets(c, plan.id)
    log = await repository.plan_log(work, plan)
    return PlanOut(
        plan, [t for t in targets if t.holds_on(day)], [t for t in targets if not t.holds_on(day)], await repository.fields(c, plan.id),
        await repository.regions(c, plan.id), await repository.named_committees(c, plan.id), versions.rules_of(log), versions.words_of(log),
    )  # fmt: skip


async def register(work: Work, data: NewPlan, *, on: date | None = None) -> Plan:
    """Put a plan on the register with its targets and words. Raises `Conflict` if its key is taken."""
    data = checked(data)
    facts = PlanPatch(
        **{name: getattr(data, name) for name in PlanPatch.__struct_fields__ if name != "count_rule"}, count_rule=_pinned(data.count_rule)
    )
    plan = Plan(id=uuid4(), key=data.key, **facts.said())
    work.actor.require("plan.manage", plan)
    if await repository.plan_exists(work.connection, data.key):
        raise Conflict(say("已有名为 {key} 的计划", key=data.key), code="exists")
    _window(plan)
    await _known(work, data.department_id)
    day = day_of(work, on)
    targets = [_first(target, position, day) for position, target in enumerate(data.targets, 1)]
    refuse_if([*unmet_for_targets(targets), *unmet_for_words(data)], say("不能登记计划"))
    words = await _words(work, Words(fields=data.fields, regions=data.regions, committees=data.committees), 1, 1, 1)
    await work.append(plan, PlanRegistered(key=plan.key, facts=facts, targets=targets, words=words), effective_on=day)
    return plan


async def edit(work: Work, key: str, change: PlanChange, *, on: date | None = None) -> Plan:
    plan = await _mine(work, key)
    said = {n: v for n, v in structs.asdict(checked(change)).items() if v is not UNSET}
    if "count_rule" in said:
        said["count_rule"] = _pinned(said["count_rule"])
    news = PlanPatch(**said).news(plan)
    if not news.said():
        return plan
    before = news.before(plan)
    news.apply(plan)
    _window(plan)
    if news.department_id is not UNSET:
        await _known(work, news.department_id)
    await work.append(plan, PlanEdited(before=before, after=news), effective_on=day_of(work, on))
    return plan


async def add_target(work: Work, key: str, data: NewTarget, *, on: date | None = None) -> Target:
    """Add a target. A level may belong to one target only, or a standard would count twice."""
    plan, data, day = await _mine(work, key), checked(data), day_of(work, on)
    known = await repository.targets(work.connection, plan.id)
    target = _first(data, max((t.position for t in known), default=0) + 1, day)
    refuse_if(unmet_for_targets([*_in_force(known), target]), say("不能增加指标"))
    await work.append(plan, TargetAdded(target=target), effective_on=day)
    return target


async def rebase(work: Work, key: str, target_key: str, data: Rebase) -> Target:
    """Give a target a new version, for a reason; reports made under the old one keep it."""
    plan, data, day = await _mine(work, key), checked(data), day_of(work, data.on)
    known = _in_force(await repository.targets(work.connection, plan.id))
    old = next((t for t in known if t.key == target_key), None)
    if old is None:
        raise NotFound(say("计划 {plan} 没有指标 {key}", plan=key, key=target_key))
    changed = {n: v for n in ("value", "due", "levels", "tolerance") if (v := getattr(data, n)) is not UNSET}
    new = structs.replace(
        old, id=uuid4(), n=old.n + 1, since=day, superseded_on=None, reason=data.reason, source=data.source, **changed
    )  # fmt: skip
    unmet = unmet_for_targets([new if t.key == target_key else t for t in known])
    if day <= old.since and old.n > 1:
        unmet.append(Unmet("rebase.early", say("现行版本自 {day} 起，新版本应晚于该日", day=old.since), "on"))
    refuse_if(unmet, say("不能调整指标"))
    await work.append(plan, TargetRebased(before=old.id, target=new), effective_on=day)
    return new


async def extend(work: Work, key: str, data: Words, *, on: date | None = None) -> PlanOut:
    """Add fields, regions and committees to what the plan names."""
    plan, data, c = await _mine(work, key), checked(data), work.connection
    fields, regions = await repository.fields(c, plan.id), await repository.regions(c, plan.id)
    named = await repository.named_committees(c, plan.id)
    known = ({f.key for f in fields}, {r.code for r in regions}, {n.name_zh for n in named})
    refuse_if(unmet_for_words(data, *known), say("不能增加词条"))
    words = await _words(work, data, len(fields) + 1, len(regions) + 1, len(named) + 1)
    await work.append(plan, words, effective_on=day_of(work, on))
    return await show(work, key)


async def link_committee(work: Work, key: str, data: CommitteeLink, *, on: date | None = None) -> PlanCommittee:
    """Say which committee of the register an entry of the plan means."""
    plan, data = await _mine(work, key), checked(data)
    entry = next((e for e in await repository.named_committees(work.connection, plan.id) if e.id == data.entry), None)
    if entry is None:
        raise NotFound(say("计划 {plan} 没有词条 {id}", plan=key, id=data.entry))
    await committees.committee(work.connection, data.committee_id)
    await work.append(plan, PlanCommitteeLinked(entry=entry.id, committee_id=data.committee_id), effective_on=day_of(work, on))
    return structs.replace(entry, committee_id=data.committee_id)


def unmet_for_targets(targets: Sequence[Target]) -> list[Unmet]:
    """Targets whose keys or levels meet: a standard must count in exactly one of them."""
    unmet = [
        Unmet("target.key", say("指标 {key} 重复", key=key), "targets")
        for key, times in Counter(t.key for t in targets).items()
        if times > 1
    ]
    holders: dict[str, Target] = {}
    for target in targets:
        for level in target.levels:
            if level in holders:
                why = say("{level}已属于指标“{name}”，同一标准会被计数两次", level=LEVEL_NAMES[level], name=holders[level].name_zh)
                unmet.append(Unmet("target.level", why, "levels"))
            holders.setdefault(level, target)
    return unmet


def unmet_for_words(
    data: NewPlan | Words, fields: Iterable[str] = (), regions: Iterable[str] = (), committees: Iterable[str] = ()
) -> list[Unmet]:  # fmt: skip
    """Words that stand there twice."""
    groups = (
        ("fields", [*fields, *(f.key for f in data.fields)]),
        ("regions", [*regions, *(r.code for r in data.regions)]),
        ("committees", [*committees, *(c.name_zh for c in data.committees)]),
    )
    return [
        Unmet("word.again", say("{word} 重复", word=word), where)
        for where, words in groups for word, times in Counter(words).items() if times > 1
    ]  # fmt: skip


async def _mine(work: Work, key: str) -> Plan:
    plan = await repository.plan_by_key(work, key)
    work.actor.require("plan.manage", plan)
    return plan


async def _known(work: Work, department: UUID | None) -> None:
    """Raise `NotFound` for a department that is not on the register."""
    if department:
        await committees.organisation(work.connection, department)


def _pinned(rule: str) -> str:
    """The rule with its version, so that a newer version of its file never counts a plan that nobody moved to it. Raises `NotFound`."""
    return load_rule(rule).id


def _window(plan: Plan) -> None:
    if plan.window_end < plan.window_start:
        why = say("计数期止于 {end}，早于起始日 {start}", end=plan.window_end, start=plan.window_start)
        raise BadInput(say("计数期有误"), unmet=[Unmet("window", why, "window_end")])


def _in_force(targets: Iterable[Target]) -> list[Target]:
    return [target for target in targets if target.superseded_on is None]


def _first(target: NewTarget, position: int, day: date) -> Target:
    return Target(id=uuid4(), n=1, position=position, since=day, **structs.asdict(target))


async def _words(work: Work, data: Words, field: int, region: int, entry: int) -> PlanExtended:
    """The new words as rows, numbered on from these positions."""
    for one in data.committees:
        if one.committee_id is not None:
            await committees.committee(work.connection, one.committee_id)
    return PlanExtended(
        fields=[PlanField(id=uuid4(), position=n, **structs.asdict(f)) for n, f in enumerate(data.fields, field)],
        regions=[PlanRegion(id=uuid4(), position=n, **structs.asdict(r)) for n, r in enumerate(data.regions, region)],
        committees=[PlanCommittee(id=uuid4(), position=n, **structs.asdict(c)) for n, c in enumerate(data.committees, entry)],
    )
