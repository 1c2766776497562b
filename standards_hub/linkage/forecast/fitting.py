"""What the histories seen by a day teach of each step, and the chance of a standard that stands there. Pure.

Three layers, each giving way to the next as more is seen: the limit of the track, the same stage at all levels, the step at its own level;
and above them the age at the step.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from standards_hub.linkage.forecast.assumptions import Numbers
from standards_hub.linkage.forecast.histories import History, Route, weeks
from standards_hub.linkage.forecast.incidence import Incidence, Spell, incidence, rates
from standards_hub.linkage.forecast.path import onward, reached

ENDED, ON, BACK = "ended", "on", "back"
WEEKS_A_YEAR = 365.25 / 7
Key = tuple[str, tuple[str, ...]]
"""A route by its family and steps."""


class Passage(Struct, frozen=True, gc=False):
    """One stay of one standard with how it ended, dates as ordinals."""

    route: Route
    step: str
    entered: int
    left: int | None
    cause: str | None
    seen: int


class Flow(Struct):
    """How long stays were seen, in weeks, and how many ended which way."""

    exposure: int = 0
    ends: dict[str, int] = {}

    def add(self, spell: Spell, kind: str | None) -> None:
        self.exposure += max(1, spell.age - spell.seen)
        if kind:
            self.ends[kind] = self.ends.get(kind, 0) + 1


class Seen(Struct, frozen=True):
    """What had been seen by a day: the stays at each step of each route, and their flow there and at the same stage of all routes."""

    spells: Mapping[tuple[Key, str], list[Spell]]
    flows: Mapping[tuple[Key, str], Flow]
    pooled: Mapping[str, Flow]

    def moves(self, routes: Iterable[Key]) -> int:
        """Moves from step to step on some routes."""
        wanted = set(routes)
        return sum(flow.ends.get(ON, 0) + flow.ends.get(BACK, 0) for (route, _), flow in self.flows.items() if route in wanted)


def passages(histories: Iterable[History], routes: Mapping[str, Route]) -> list[Passage]:
    """Every stay before the goal, with the step that followed it or its end."""
    found = []
    for one in histories:
        route, seen = routes[one.track], one.seen.toordinal() if one.seen else 0
        for at, stay in enumerate(one.stays):
            if stay.step not in route.codes or stay.step == route.goal:
                continue
            after = one.stays[at + 1] if at + 1 < len(one.stays) else None
            if after:
                to = after.step if after.step in route.codes else route.goal
                left, cause = after.entered.toordinal(), to
            elif stop := one.ended or one.halted:
                left, cause = max(stop, stay.entered).toordinal(), ENDED
            else:
                left, cause = None, None
            found.append(Passage(route, stay.step, stay.entered.toordinal(), left, cause, seen))
    return found


def seen_by(found: Iterable[Passage], day: date) -> Seen:
    """What of the passages was to be seen by the end of a day."""
    spells: dict[tuple[Key, str], list[Spell]] = defaultdict(list)
    flows: dict[tuple[Key, str], Flow] = defaultdict(Flow)
    pooled: dict[str, Flow] = defaultdict(Flow)
    today = day.toordinal()
    for one in found:
        if one.entered > today or one.seen > today:
            continue
        over = one.left is not None and one.left <= today
        until = one.left if over and one.left is not None else today
        if one.seen > until:
            continue  # it was over before it came into sight
        late = weeks(one.seen - one.entered) if one.seen > one.entered else 0
        spell = Spell(weeks(until - one.entered), one.cause if over else None, late)
        kind, place = _kind(spell.cause, one.route.places, one.step), (one.route.key, one.step)
        spells[place].append(spell)
        flows[place].add(spell, kind)
        pooled[one.route.codes[one.step]].add(spell, kind)
    return Seen(spells, flows, pooled)


class Fit:
    """The chances of standards by where they stand, learned from what had been seen. `flat` passes over the age at the step."""

    def __init__(
        self, seen: Seen, routes: Iterable[Route], horizon: int, oldest: Mapping[tuple[Key, str], int], numbers: Numbers, *, flat: bool = False
    ) -> None:  # fmt: skip
        """`horizon` in weeks; `oldest` names for each step the greatest age that will be asked for."""
        self.seen, self.horizon, self.oldest, self.numbers, self.flat = seen, horizon, oldest, numbers, flat
        self.leaving: dict[tuple[Key, str], dict[str, list[float]]] = {}
        self.alive: dict[tuple[Key, str], Sequence[float]] = {}
        self.reach: dict[Key, dict[str, list[float]]] = {}
        self.known: dict[tuple[Key, str, int], float] = {}
        for route in {route.key: route for route in routes}.values():
            self._learn(route)

    def _learn(self, route: Route) -> None:
        for step, after in pairwise(route.steps):
            found, here = self._stays(route, step, after), route.places[step]
            self.alive[route.key, step] = found.survival
            self.leaving[route.key, step] = {
                to: _shares(values, later=route.places[to] > here) for to, values in found.caused.items() if to in route.places
            }
        leaving = {step: self.leaving[route.key, step] for step in route.steps[:-1]}
        self.reach[route.key] = reached(route.steps, leaving, route.goal, self.horizon)

    def _stays(self, route: Route, step: str, after: str) -> Incidence:
        n, place = self.numbers, (route.key, step)
        anchor = {ON: 1 / max(1.0, route.anchors[step]), ENDED: n.ended_per_year / 1000 / WEEKS_A_YEAR}
        stage = _drawn(self.seen.pooled.get(route.codes[step]), anchor, n.anchor_weeks)
        level = _drawn(self.seen.flows.get(place), stage, n.pooled_weeks)
        until = min(n.oldest_weeks, self.oldest.get(place, 0)) + self.horizon
        prior = {after: level[ON], ENDED: level[ENDED]}
        own = () if self.flat else self.seen.spells.get(place, ())
        return incidence(own, until, prior=prior, weight=1 if self.flat else n.prior_items)

    def chance(self, route: Route, step: str, age: int) -> float:
        """Whether a standard that has been at a step for so many weeks reaches the goal within the horizon."""
        age = min(age, self.numbers.oldest_weeks)
        place = (route.key, step, age)
        if place not in self.known:
            at = (route.key, step)
            found = onward(self.leaving[at], self.reach[route.key], age, self.alive[at][age], self.horizon)
            self.known[place] = min(1.0, max(0.0, float(found)))
        return self.known[place]


def _drawn(flow: Flow | None, prior: Mapping[str, float], weight: int) -> Mapping[str, float]:
    """The rates of a flow, drawn to those of the layer below."""
    return rates(flow.ends, flow.exposure, prior=prior, weight=weight) if flow else prior


def _kind(cause: str | None, place: Mapping[str, int], step: str) -> str | None:
    if cause is None or cause == ENDED:
        return cause
    return ON if place.get(cause, -1) > place[step] else BACK


def _shares(cumulative: Sequence[float], *, later: bool) -> list[float]:
    """What leaves at each age; a way back takes at least a week."""
    shares = [cumulative[0], *(b - a for a, b in pairwise(cumulative))]
    if not later and len(shares) > 1:
        shares[1] += shares[0]
        shares[0] = 0.0
    return shares
