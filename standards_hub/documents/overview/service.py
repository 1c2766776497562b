"""Reading the overview: counts of days are replays of the log, so they are kept by the head of the log they were computed from."""

import asyncio
from datetime import date, timedelta

import msgspec

from standards_hub.documents import repository
from standards_hub.documents.kept import days_that_can_be
from standards_hub.documents.overview.build import behind, build
from standards_hub.documents.overview.model import LineView, Overview
from standards_hub.documents.overview.selections import Finder, Selection
from standards_hub.kernel import audit
from standards_hub.kernel.errors import NotFound
from standards_hub.kernel.http import Said
from standards_hub.kernel.memory import Memory
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import portfolio
from standards_hub.linkage import repository as linkage
from standards_hub.linkage.counting import Counted, count
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.forecast.foreseeing import foresee
from standards_hub.linkage.forecast.histories import History
from standards_hub.linkage.forecast.repository import in_sight
from standards_hub.linkage.forecast.values import Forecast
from standards_hub.linkage.rule import load_rule
from standards_hub.linkage.values import Plan

DEFAULT_SPAN = timedelta(days=30)
"""How far back the comparison goes where no report was kept."""


class Day(msgspec.Struct, frozen=True, gc=False):
    """A plan counted on a day, and how its standards had come along until then."""

    counted: Counted
    histories: list[History]


COUNTS: Memory[Day] = Memory()
FORECASTS: Memory[Forecast] = Memory()
VIEWS: Memory[Overview] = Memory()


async def plans(work: Work) -> list[Plan]:
    """The plans an overview can be had of."""
    work.actor.require("plan.read")
    return await linkage.plans(work.connection)


async def overview(work: Work, key: str, on: date | None = None, since: date | None = None) -> Overview:
    """A plan on a day, compared with an earlier one: the last kept report's, or thirty days before.

    What counts toward a target is what the report states, so it is left out for those who may not see reports; what is under way or
    late are sums over standards that everybody signed in may see one by one. Raises `BadInput` for days that cannot be.
    """
    work.actor.require("plan.read")
    plan, day = await linkage.plan_by_key(work, key), on or work.today
    kept = None if since else await repository.last_day(work.connection, key, day)
    before = since or kept or day - DEFAULT_SPAN
    days_that_can_be(work.today, day, before)
    _, head = await audit.newest(work.connection)
    counts = work.actor.may("report.read")
    identity = (key, day, before, bool(kept), counts, work.today, head)
    if found := VIEWS.get(identity):
        return found
    finder = await _finder(work, key, day, head, before)
    then = await _counted(work, finder.plan, before, head)
    forecast = await _forecast(work, finder, head) if counts else None
    made = build(finder, then, forecast, since_is_report=bool(kept), head=head)
    return VIEWS.put(identity, msgspec.structs.replace(made, name=Said(plan.name_zh, plan.name_en or plan.name_zh)))


async def lines(work: Work, key: str, chosen: Selection, on: date | None = None, since: date | None = None) -> list[LineView]:
    """The standards behind a number of the overview: for those who may not see reports what is under way, and nothing of what counts."""
    work.actor.require("plan.read")
    if not work.actor.may("report.read") and not chosen.outcome and not chosen.change:
        chosen = msgspec.structs.replace(chosen, outcome=("in_progress",))
    if chosen.change or chosen.outcome != ("in_progress",):
        work.actor.require("report.read")
    day = on or work.today
    before = since or day - DEFAULT_SPAN
    days_that_can_be(work.today, day, before)
    _, head = await audit.newest(work.connection)
    finder = await _finder(work, key, day, head, before)
    then = await _counted(work, finder.plan, before, head) if chosen.change else None
    return behind(finder, then, chosen, work.actor.may("report.read"))


async def _finder(work: Work, key: str, day: date, head: str, since: date) -> Finder:
    plan = await linkage.plan_facts(work, key, day)
    return Finder(counted=await _counted(work, plan, day, head), plan=plan, rule=load_rule(plan.count_rule), today=work.today, since=since)


async def _forecast(work: Work, finder: Finder, head: str) -> Forecast:
    """What the report of the day would foresee; it takes up to a second on a large plan, so it leaves the event loop free."""
    plan, day = finder.plan, finder.counted.as_of
    key = (plan, day, work.today, head)
    if found := FORECASTS.get(key):
        return found
    histories = await in_sight(work.connection, (await _day(work, plan, day, head)).histories)
    return FORECASTS.put(key, await asyncio.to_thread(foresee, finder.counted, plan, finder.rule, histories))


async def _counted(work: Work, plan: PlanFacts, day: date, head: str) -> Counted:
    return (await _day(work, plan, day, head)).counted


async def _day(work: Work, plan: PlanFacts, day: date, head: str) -> Day:
    """A day counted for a plan as it is now or as it was then: the same day is counted for both."""
    key = (plan, day, work.today, head)
    if found := COUNTS.get(key):
        return found
    held = await portfolio.held(work, plan.key, day)
    return COUNTS.put(key, Day(count(held.facts, plan, load_rule(plan.count_rule), day), held.histories))


async def some_plan(work: Work, key: str | None) -> str | None:
    """The plan that is asked for, or the first there is; none where there is no plan yet. Raises `NotFound`."""
    found = await plans(work)
    if key and key not in {plan.key for plan in found}:
        raise NotFound(say("找不到计划 {key}", key=key))
    return key or (found[0].key if found else None)
