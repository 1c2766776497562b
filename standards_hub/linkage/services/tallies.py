"""Counting a plan: on any day, from what was known on any day, under any rule; and two rules side by side."""

from datetime import date, datetime

from msgspec import Struct

from standards_hub.kernel.clock import end_of
from standards_hub.kernel.errors import BadInput, Unmet
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Work
from standards_hub.linkage import portfolio, repository
from standards_hub.linkage.comparing import Difference, differences
from standards_hub.linkage.counting import Counted, count
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.portfolio import Portfolio
from standards_hub.linkage.rule import CountRule, load_rule


class Tally(Struct, frozen=True):
    """A count with all it rests on."""

    plan: PlanFacts
    rule: CountRule
    held: Portfolio
    counted: Counted


class SideBySide(Struct, frozen=True):
    """One portfolio counted under two rules."""

    first: Tally
    second: Tally
    differences: list[Difference]


async def tally(work: Work, plan_key: str, as_of: date, *, known_at: date | datetime | None = None, rule: str | None = None) -> Tally:
    """What counts toward the plan's targets as of a day, known at an instant or by the end of a day; under its own rule if nobody names one.

    Raises `BadInput` for days that are not over yet, `NotFound` for an unknown plan or rule.
    """
    work.actor.require("report.read")
    chosen = load_rule(rule) if rule else None
    plan, held = await _facts(work, plan_key, as_of, known_at)
    return _tally(plan, held, chosen or load_rule(plan.count_rule), as_of)


async def side_by_side(
    work: Work, plan_key: str, as_of: date, against: str, *, known_at: date | None = None, rule: str | None = None
) -> SideBySide:
    """The same standards on the same day under two rules, and which of them the choice of rule decides."""
    work.actor.require("report.read")
    other = load_rule(against)
    first = await tally(work, plan_key, as_of, known_at=known_at, rule=rule)
    second = _tally(first.plan, first.held, other, as_of)
    return SideBySide(first, second, differences(first.counted, second.counted))


async def _facts(work: Work, plan_key: str, as_of: date, known_at: date | datetime | None) -> tuple[PlanFacts, Portfolio]:
    if as_of > work.today:
        raise BadInput(say("统计截止日晚于今天"), unmet=[Unmet("as_of", say("截止日 {day} 尚未到来", day=as_of), "as_of")])
    then = _then(work, known_at)
    plan = await repository.plan_facts(work, plan_key, as_of, then)
    return plan, await portfolio.held(work, plan_key, as_of, then)


def _then(work: Work, known_at: date | datetime | None) -> datetime | None:
    """The past instant whose knowledge is used, such as the end of a day that is over; none for what is known now."""
    if isinstance(known_at, datetime):
        return known_at if known_at < work.clock.now() else None
    if known_at and known_at > work.today:
        raise BadInput(say("获知日晚于今天"), unmet=[Unmet("known_at", say("获知日 {day} 尚未到来", day=known_at), "known_at")])
    return end_of(known_at) if known_at and known_at < work.today else None


def _tally(plan: PlanFacts, held: Portfolio, rule: CountRule, as_of: date) -> Tally:
    return Tally(plan, rule, held, count(held.facts, plan, rule, as_of))
