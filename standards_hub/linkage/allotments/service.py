"""What users do with divisions of targets: divide one, divide it anew, and see what was allotted beside what counts."""

from datetime import date
from uuid import uuid4

from msgspec import Struct

from standards_hub.committees.schemas import checked
from standards_hub.committees.services.dates import day_of
from standards_hub.kernel.errors import BadInput, NotFound, Unmet, refuse_if
from standards_hub.kernel.messages import Message, say
from standards_hub.kernel.work import Work
from standards_hub.linkage import repository as plans
from standards_hub.linkage.allotments import repository
from standards_hub.linkage.allotments.comparing import Compared, compared
from standards_hub.linkage.allotments.events import TargetAllotted
from standards_hub.linkage.allotments.schemas import NewAllotment, TypedAllotment
from standards_hub.linkage.allotments.values import AXES, Allotment, Axis, Cell, allotted, unmet_for_allotment
from standards_hub.linkage.services import tallies
from standards_hub.linkage.services.tallies import Tally

MOST_DIGITS = 9
"""More standards than that nobody divides, and Python reads no number of any length."""


class Beside(Struct, frozen=True):
    """A division in force, and the count beside it."""

    allotment: Allotment
    compared: Compared


class Shown(Struct, frozen=True):
    tally: Tally
    divisions: list[Beside]
    former: list[Allotment]


async def allot(work: Work, plan_key: str, target_key: str, data: NewAllotment) -> Allotment:
    """Divide a target along one or two axes; a division along the same axes becomes its former version.

    Raises `NotFound` without the target, `Refused` naming every row that cannot be.
    """
    plan, data, day = await plans.plan_by_key(work, plan_key, lock=True), checked(data), day_of(work, data.on)
    work.actor.require("plan.manage", plan)
    facts = await plans.plan_facts(work, plan_key, day)
    target = next((t for t in facts.targets if t.key == target_key), None)
    if target is None:
        raise NotFound(say("计划 {plan} 没有指标 {key}", plan=plan_key, key=target_key))
    there = [one for one in await repository.allotments(work.connection, plan.id) if one.target_key == target_key]
    before = next((one for one in reversed(there) if set(one.axes) == set(data.axes) and one.superseded_on is None), None)
    chosen = next((one.mode for one in there if "year" in one.axes), None)
    years = {str(year) for year in range(facts.window_start.year, facts.window_end.year + 1)}
    known: dict[Axis, set[str]] = {
        "year": years, "field": {f.key for f in facts.fields}, "region": {r.key for r in facts.regions},
        "unit": await repository.units(work.connection, _of_axis(data, "unit")),
    }  # fmt: skip
    unmet = unmet_for_allotment(data.axes, data.mode, data.cells, target.value, known, chosen)
    if before and day <= before.since:
        unmet.append(Unmet("allotment.early", say("现行分解自 {day} 起，新的应晚于该日", day=before.since), "on"))
    refuse_if(unmet, say("不能这样分解指标"))
    made = Allotment(
        id=uuid4(), target_key=target_key, axes=data.axes, n=before.n + 1 if before else 1, mode=data.mode, cells=data.cells,
        open=target.value - allotted(data.axes, data.mode, data.cells), total=target.value, since=day, superseded_on=None,
        source=data.source, reason=data.reason,
    )  # fmt: skip
    await work.append(plan, TargetAllotted(allotment=made, before=before.id if before else None), effective_on=day)
    return made


def _of_axis(data: NewAllotment, axis: Axis) -> set[str]:
    if axis not in data.axes:
        return set()
    at = data.axes.index(axis)
    return {cell.keys[at] for cell in data.cells if at < len(cell.keys)}


async def allot_typed(work: Work, plan_key: str, target_key: str, data: TypedAllotment) -> Allotment:
    """The same from what was typed: names of fields and regions are looked up, and what cannot be read is named by its line."""
    facts = await plans.plan_facts(work, plan_key)
    axes = [axis for axis in data.axes.split("+") if axis in AXES]
    named = {"field": {t.zh: t.key for t in facts.fields}, "region": {t.zh: t.key for t in facts.regions}}
    cells, unmet = [], list[Unmet]()
    for row, line in enumerate((text for text in data.lines.replace("，", ",").splitlines() if text.strip()), 1):
        *keys, value = line.replace(",", " ").replace("\t", " ").split() or [""]
        if not value.isdecimal() or len(value) > MOST_DIGITS:
            unmet.append(Unmet("line", _whole(row), "lines"))
            continue
        cells.append(
            Cell([named.get(axis, {}).get(key, key) for axis, key in zip(axes, keys, strict=False)] + keys[len(axes) :], int(value))
        )
    if unmet:
        raise BadInput(say("请求有误，请按下列提示修改"), unmet=unmet)
    given = NewAllotment(axes=axes, cells=cells, source=data.source, reason=data.reason, mode=data.mode, on=data.on)
    return await allot(work, plan_key, target_key, given)


def _whole(row: int) -> Message:
    return say("第 {row} 行的末尾应为整数项数", row=row)


async def show(work: Work, plan_key: str, as_of: date | None = None) -> Shown:
    """The divisions in force on a day beside what counts then, and all other versions."""
    day = as_of or work.today
    tally = await tallies.tally(work, plan_key, day)
    plan = await plans.plan_by_key(work, plan_key)
    every = await repository.allotments(work.connection, plan.id)
    targets = {target.key: target.value for target in tally.plan.targets}
    order = list(targets)
    holding = sorted((one for one in every if one.holds_on(day) and one.target_key in targets), key=lambda one: order.index(one.target_key))
    found = [Beside(one, compared(one, tally.counted, tally.rule, targets[one.target_key])) for one in holding]
    return Shown(tally, found, [one for one in every if not one.holds_on(day)])
