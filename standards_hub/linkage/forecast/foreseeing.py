"""The forecast of a plan: its targets one by one and as a whole, each with what the same method would have said in the past. Pure.

Nothing is drawn at random, so the same facts give the same forecast. What is foreseen never enters the count.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct, structs

from standards_hub.kernel.messages import Message, say
from standards_hub.lifecycle.tracks import track
from standards_hub.linkage.counting import HALTED, Counted
from standards_hub.linkage.facts import PlanFacts
from standards_hub.linkage.forecast.assumptions import Numbers, assumptions
from standards_hub.linkage.forecast.backtest import Item, Known, Origin, fit, item_on, judged, look_back, origins, shock_of
from standards_hub.linkage.forecast.fitting import Seen, passages, seen_by
from standards_hub.linkage.forecast.histories import History, route_of
from standards_hub.linkage.forecast.total import moments, shaken
from standards_hub.linkage.forecast.values import Forecast, Foreseen, State
from standards_hub.linkage.rule import CountRule

GOALS = {"published_on": "60.60", "approved_on": "60.00"}
"""The stage at which a standard counts, by what the rule counts from."""
WHOLE = ""
"""The key of all targets together."""


class _Asked(Struct, frozen=True):
    """One target, or all of them, on the day of the count."""

    key: str
    levels: set[str]
    value: int
    due: date
    counted: int
    running: list[str]
    """Ids of the standards under way, without those that are halted."""
    halted: int


def foresee(counted: Counted, plan: PlanFacts, rule: CountRule, histories: Sequence[History]) -> Forecast:
    """What will have arrived by the day of each target, of what is under way on the day of the count."""
    made = assumptions()
    goal, read = GOALS.get(rule.trigger.value), _some(histories, made.numbers.most_histories)
    asked = _asked(counted, plan)
    if goal is None:
        why = say("统计口径按实施日期计入，不作预测")
        found = [_plain(one, counted.as_of) or _empty(one, "insufficient", why) for one in asked]
    else:
        routes = {id: route_of(track(id), goal, made.numbers.step_weeks) for id in {one.track for one in histories}}
        known = Known(read, routes, passages(read, routes), made.numbers, counted.as_of)
        found = _foreseen(known, asked, {one.id: one for one in histories})
    return Forecast(
        as_of=counted.as_of, version=made.version, hash=made.hash, histories=len(histories), sampled=len(read), targets=tuple(found[:-1]),
        total=_whole(found[-1], found[:-1]),
    )  # fmt: skip


def _some(histories: Sequence[History], most: int) -> Sequence[History]:
    """All of them in the order of their ids, or every so many-th where there are too many."""
    ordered = sorted(histories, key=lambda one: one.id)
    return ordered[:: max(1, -(-len(ordered) // most))]


def _asked(counted: Counted, plan: PlanFacts) -> list[_Asked]:
    """The targets of the plan in their order, and last all of them together, by the latest of their days."""
    found = []
    for target, numbers in zip(plan.targets, counted.targets, strict=True):
        lines = counted.having("in_progress", target.key)
        running = [line.standard.id for line in lines if line.standard.status not in HALTED]
        due = min(target.due or plan.window_end, plan.window_end)
        found.append(_Asked(target.key, set(target.levels), target.value, due, numbers.counted, running, len(lines) - len(running)))
    whole = _Asked(
        WHOLE, set().union(*(one.levels for one in found)), sum(one.value for one in found), max((one.due for one in found), default=plan.window_end),
        sum(one.counted for one in found), [id for one in found for id in one.running], sum(one.halted for one in found),
    )  # fmt: skip
    return [*found, whole]


def _foreseen(known: Known, asked: Sequence[_Asked], histories: Mapping[str, History]) -> list[Foreseen]:
    waiting = [one for one in asked if not _plain(one, known.as_of)]
    past = _pasts(known, [one for one in asked if one.due > known.as_of])  # a target that is met still tells of the shock that all share
    everywhere = [origin for key, own in past.items() if key != WHOLE for origin in own]
    seen = seen_by(known.passages, known.as_of)
    standing = {
        id: item for id in dict.fromkeys(id for one in waiting for id in one.running)
        if (own := histories.get(id)) and (item := item_on(own, known.routes[own.track], known.as_of))
    }  # fmt: skip
    return [_plain(one, known.as_of) or _reckoned(known, one, standing, seen, past[one.key], everywhere) for one in asked]


def _pasts(known: Known, asked: Sequence[_Asked]) -> dict[str, list[Origin]]:
    """For each what past days would have said as far ahead as its day lies now, the earliest first."""
    found: dict[str, list[Origin]] = defaultdict(list)
    for ahead in sorted({(one.due - known.as_of).days for one in asked}):
        sets = {one.key: one.levels for one in asked if (one.due - known.as_of).days == ahead}
        for day in origins(known, ahead):
            for key, origin in look_back(known, day, ahead, sets).items():
                found[key].append(origin)
    return found


def _plain(one: _Asked, as_of: date) -> Foreseen | None:
    """What needs no reckoning: the day is past, the target met, or nothing under way."""
    if as_of >= one.due:
        return _empty(one, "over", None)
    if one.counted >= one.value:
        return _empty(one, "reached", None)
    return None if one.running else _empty(one, "none", None)


def _empty(one: _Asked, state: State, why: Message | None) -> Foreseen:
    return Foreseen(one.key, state, one.due, one.counted, len(one.running), one.halted, why=why)


def _reckoned(
    known: Known, one: _Asked, standing: Mapping[str, Item], seen: Seen, own: Sequence[Origin], everywhere: Sequence[Origin]
) -> Foreseen:  # fmt: skip
    n, ahead = known.numbers, (one.due - known.as_of).days
    items = [standing[id] for id in one.running if id in standing]
    places = Counter((item.route.key, item.step, item.age) for item in items)
    routes = {item.route.key: item.route for item in items}
    made = fit(known, seen, items, ahead)
    groups: Counter[float] = Counter()
    for (key, step, age), number in places.items():
        groups[made.chance(routes[key], step, age)] += number
    sigma, past = shock_of(everywhere, n), judged(own, everywhere, n)
    spread = shaken(groups, sigma, nodes=n.nodes, exact=n.exact_items)
    low, middle, high = (spread.quantile(share / 100) for share in (n.first_share, 50, n.last_share))
    told = Foreseen(
        one.key, "range", one.due, one.counted, len(one.running), one.halted, expected=moments(groups)[0], low=low, middle=middle, high=high,
        shock=sigma, moves=seen.moves(routes), past=past,
    )  # fmt: skip
    if why := _doubt(told, len(one.running) - len(items), n):
        return structs.replace(told, state="insufficient", why=why)
    return told


def _doubt(told: Foreseen, unknown: int, n: Numbers) -> Message | None:
    """Why the range must not be printed, if so: too little to look back on, or too many outcomes outside the band."""
    if unknown:
        return say("在研标准中 {number} 项没有阶段经历", number=unknown)
    if len(told.past) < n.least_origins:
        return say("可回溯的起点有 {number} 个，少于 {least} 个", number=len(told.past), least=n.least_origins)
    if 100 * told.covered < n.least_coverage * len(told.past):
        return say(
            "以往 {number} 个起点中有 {covered} 个落入区间，低于 {least}%",
            number=len(told.past),
            covered=told.covered,
            least=n.least_coverage,
        )
    return None


def _whole(total: Foreseen, targets: Sequence[Foreseen]) -> Foreseen:
    """The sum of the targets has a range only where each of them can be said."""
    if total.state != "range":
        return total
    if len({one.due for one in targets}) > 1:
        return structs.replace(total, state="insufficient", why=say("各级别的完成时限不同，不列合计"))
    if any(one.state == "insufficient" for one in targets):
        return structs.replace(total, state="insufficient", why=say("有的级别依据不足，不列合计"))
    return total
