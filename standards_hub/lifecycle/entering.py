"""Entering in mid-life: from the days that are known to the events of the past, and what is wrong with those days."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from uuid import UUID, uuid4

from msgspec import structs

from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.events import Event
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.events import (
    DraftersSet,
    DraftingUnitsSet,
    Moved,
    NumberGiven,
    PlanNumberGiven,
    Proposed,
    Running,
    Suspended,
    Withdrawn,
)
from standards_hub.lifecycle.limits import on_entering, running_ids
from standards_hub.lifecycle.schemas import Entry
from standards_hub.lifecycle.stages import PLANNED, PUBLISHED, WITHDRAWN
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.values import Deadline

NOBODY = UUID(int=0)


def known_days(chosen: Track, given: Entry) -> list[tuple[str, date]]:
    """The steps with a known day in the order of the track, up to where the standard stands. Unknown steps are left out."""
    order = {step.key: position for position, step in enumerate(chosen.steps)}
    here = order.get(given.step, -1)
    days = dict(given.dates)
    published = next((step.key for step in chosen.steps if step.code == PUBLISHED), None)
    if published and given.published_on:
        days.setdefault(published, given.published_on)
    known = [(step, day) for step, day in days.items() if order.get(step, here + 1) <= here]
    return sorted(known, key=lambda pair: order[pair[0]])


def unmet_for_days(chosen: Track, given: Entry, today: date) -> list[Unmet]:
    """Everything that is wrong with where it stands and with its days."""
    steps = {step.key for step in chosen.steps}
    unmet = [
        Unmet("entry.step", say("{track} 没有步骤 {step}", track=chosen.name, step=step), "step" if step == given.step else f"dates.{step}")
        for step in dict.fromkeys((given.step, *given.dates)) if step not in steps
    ]  # fmt: skip
    if given.step not in steps:
        return unmet
    known = known_days(chosen, given)
    if not known or known[-1][0] != given.step:
        unmet.append(Unmet("entry.date", say("请填写进入现处步骤“{step}”的日期", step=chosen.step(given.step).name), f"dates.{given.step}"))
    for (step, day), (later, after) in pairwise(known):
        if after < day:
            why = say(
                "“{later}”的日期 {after} 早于“{step}”的日期 {day}",
                later=chosen.step(later).name,
                after=after,
                step=chosen.step(step).name,
                day=day,
            )
            unmet.append(Unmet("entry.order", why, f"dates.{later}"))
    for step, day in known:
        if day > today:
            unmet.append(Unmet("entry.future", say("“{step}”的日期 {day} 晚于今天", step=chosen.step(step).name, day=day), f"dates.{step}"))
    if chosen.step(given.step).code >= PUBLISHED and not (given.number and given.published_on):
        unmet.append(Unmet("entry.number", say("已发布的标准须填标准号和发布日期"), "number" if not given.number else "published_on"))
    return unmet


def after(deadlines: list[Deadline], running: Running, standard_id: UUID, on: date) -> list[Deadline]:
    """The limits of a standard after what a move did to them."""
    there = [
        structs.replace(d, state="met", ended_on=on) if d.id in running.met
        else structs.replace(d, state="running", ended_on=None) if d.id in running.reopened else d
        for d in deadlines
    ]  # fmt: skip
    return there + [
        Deadline(
            id=o.id, standard_id=standard_id, limit=o.limit, name_zh=o.name_zh, name_en=o.name_en, cause=o.cause, holder=o.holder,
            consequence=o.consequence, opened_on=on, due_on=o.due_on, first_due_on=o.due_on, extensions=0, state="running", ended_on=None,
        )
        for o in running.opened
    ]  # fmt: skip


def deadlines_of(chosen: Track, given: Entry, standard_id: UUID = NOBODY) -> list[Deadline]:
    """The limits that run, or ran, once it is entered."""
    deadlines: list[Deadline] = []
    for step, day in known_days(chosen, given):
        deadlines = after(deadlines, on_entering(chosen, step, day, deadlines), standard_id, day)
    return deadlines


def past(
    chosen: Track, given: Entry, standard_id: UUID, plan_number: str | None, number: tuple[str, str] | None
) -> Iterator[tuple[Event, date]]:
    """The events of its past, oldest first, each with its day; moves are marked as done elsewhere.

    `number` is the published number and its key, `plan_number` the plan number in canonical form.
    """
    known = known_days(chosen, given)
    first, on = known[0]
    running = on_entering(chosen, first, on, [])
    deadlines, visit, here = after([], running, standard_id, on), uuid4(), first
    yield Proposed(
        track=chosen.id, level=chosen.level, kind=given.kind, step=first, stage=chosen.step(first).code, facts=given.facts, visit=visit,
        running=running, status=_status(chosen, first), entered_mid_life=True, exemplar=given.exemplar, import_id=given.import_id,
    ), on  # fmt: skip
    if given.drafting_units:
        yield DraftingUnitsSet(before=[], after=given.drafting_units), on
    if given.drafters:
        yield DraftersSet(before=[], after=given.drafters), on
    if plan_number:
        yield PlanNumberGiven(alias=uuid4(), number=plan_number), next((day for step, day in known if step == PLANNED), on)
    for step, day in known[1:]:
        running = on_entering(chosen, step, day, deadlines)
        deadlines, left, visit = after(deadlines, running, standard_id, day), visit, uuid4()
        yield Moved(
            act="advance", from_step=here, from_stage=chosen.step(here).code, to_step=step, to_stage=chosen.step(step).code, left=left,
            visit=visit, elsewhere=True, running=running, status=_status(chosen, step),
        ), day  # fmt: skip
        here, on = step, day
    if number and given.published_on:
        yield NumberGiven(
            number=number[0], number_key=number[1], approved_on=given.approved_on, published_on=given.published_on,
            effective_on=given.effective_on or given.published_on,
        ), given.published_on  # fmt: skip
    if chosen.step(here).code == WITHDRAWN:
        yield Withdrawn(reason=str(say("入库时已废止"))), on
    elif given.status == "suspended" and _status(chosen, here) == "active":
        yield Suspended(reason=str(say("入库时已暂停")), paused=running_ids(deadlines, "running")), on


def _status(chosen: Track, step: str) -> str:
    return "published" if chosen.step(step).code >= PUBLISHED else "active"
