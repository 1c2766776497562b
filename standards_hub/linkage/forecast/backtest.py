"""What the same method would have said on past days, from what of the histories lay before them, and what came. Pure.

Windows are as long as the one ahead and do not overlap, so that a run of misses is not counted many times over.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from standards_hub.linkage.forecast.assumptions import Numbers
from standards_hub.linkage.forecast.fitting import Fit, Key, Passage, Seen, seen_by
from standards_hub.linkage.forecast.histories import History, Route, weeks
from standards_hub.linkage.forecast.scoring import brier, ranked
from standards_hub.linkage.forecast.total import moments, shaken, shock
from standards_hub.linkage.forecast.values import Past


class Known(Struct, frozen=True):
    """The histories with all that was made of them once."""

    histories: Sequence[History]
    routes: Mapping[str, Route]
    passages: Sequence[Passage]
    numbers: Numbers
    as_of: date

    def routes_of(self, levels: Iterable[str]) -> set[Key]:
        return {self.routes[one.track].key for one in self.histories if one.level in levels}


class Item(Struct, frozen=True, gc=False):
    """Where a standard stands: a step of its route and the weeks it has been there."""

    route: Route
    step: str
    age: int


class Origin(Struct, frozen=True):
    """What a day would have said for some levels before any shock: how many had which chance; and what came."""

    day: date
    until: date
    groups: Mapping[float, int]
    came: int
    beside: int
    moves: int
    brier: float
    flat: float


def origins(known: Known, ahead: int) -> list[date]:
    """Days whose windows of this length are over, the earliest first."""
    n, apart = known.numbers, max(ahead, known.numbers.origin_days)
    first = min((one.entered for one in known.passages), default=known.as_of.toordinal())
    days = [known.as_of - timedelta(days=ahead + apart * at) for at in range(n.most_origins)]
    return [day for day in reversed(days) if day.toordinal() > first]


def look_back(known: Known, day: date, ahead: int, sets: Mapping[str, set[str]]) -> dict[str, Origin]:
    """What a day would have said of each set of levels; only those that had work under way and had seen enough moves."""
    until, seen = day + timedelta(days=ahead), seen_by(known.passages, day)
    stood = [(one, item_on(one, known.routes[one.track], day), _came(one, known.routes[one.track], day, until)) for one in known.histories]
    fits = [fit(known, seen, (item for _, item, _ in stood if item), ahead, flat=flat) for flat in (False, True)]
    found = {}
    for key, levels in sets.items():
        running = [(item, came) for one, item, came in stood if item and one.level in levels]
        moves = seen.moves(known.routes_of(levels))
        if not running or moves < known.numbers.least_moves:
            continue
        said, flat = ([made.chance(item.route, item.step, item.age) for item, _ in running] for made in fits)
        came = [int(one) for _, one in running]
        beside = sum(came for one, item, came in stood if not item and one.level in levels)
        found[key] = Origin(day, until, Counter(said), sum(came), beside, moves, brier(said, came), brier(flat, came))
    return found


def item_on(one: History, route: Route, day: date) -> Item | None:
    """Where a standard stood at the end of a day; none if it was not at work or not in sight."""
    if (one.ended and one.ended <= day) or (one.halted and one.halted <= day) or (one.seen and one.seen > day):
        return None
    last = None
    for stay in one.stays:
        if stay.entered > day:
            break
        if stay.step == route.goal:
            return None
        last = stay
    return Item(route, last.step, weeks((day - last.entered).days)) if last and last.step in route.places else None


def _goal(one: History, route: Route) -> date | None:
    return next((stay.entered for stay in one.stays if stay.step == route.goal), None)


def _came(one: History, route: Route, day: date, until: date) -> bool:
    goal = _goal(one, route)
    return goal is not None and day < goal <= until


def fit(known: Known, seen: Seen, items: Iterable[Item], ahead: int, *, flat: bool = False) -> Fit:
    """What was seen, made ready for the chances of these items so many days ahead."""
    oldest: dict[tuple[Key, str], int] = {}
    for item in items:
        at = (item.route.key, item.step)
        oldest[at] = max(oldest.get(at, 0), item.age)
    routes = {route for route, _ in oldest}
    return Fit(seen, (r for r in known.routes.values() if r.key in routes), weeks(ahead), oldest, known.numbers, flat=flat)


def judged(own: Sequence[Origin], all_: Sequence[Origin], n: Numbers) -> tuple[Past, ...]:
    """Each origin with the band it would have said; the shock is learned from windows that were over on its day, of all targets."""
    found = []
    for one in own:
        before = [other for other in all_ if other.until <= one.day]
        spread = shaken(one.groups, shock_of(before, n), nodes=n.nodes, exact=n.exact_items)
        found.append(
            Past(
                origin=one.day, until=one.until, under_way=sum(one.groups.values()), expected=moments(one.groups)[0],
                low=spread.quantile(n.band_first / 100), high=spread.quantile(n.band_last / 100), came=one.came, beside=one.beside,
                score=float(ranked(spread, one.came)), brier=one.brier, flat=one.flat,
            )
        )  # fmt: skip
    return tuple(found)


def shock_of(past: Iterable[Origin], n: Numbers) -> float:
    """The spread of the shared shock that these origins call for."""
    told = [(one.came, *moments(one.groups)) for one in past]
    return shock(told, prior=n.shock / 100, weight=n.shock_origins, most=n.most_shock / 100)
