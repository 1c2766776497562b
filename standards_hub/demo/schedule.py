"""When an example standard reached each step: natural spans of a route, stretched between the days that are given."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zlib import crc32

from msgspec import Struct

from standards_hub.lifecycle.gates import applies
from standards_hub.lifecycle.tracks.model import Track, Transition

FAMILIES = {"local": "chinese", "industry": "chinese", "national": "chinese", "iso-iec": "iso-iec", "itu-t": "itu-t"}
"""Which table of routes a family of tracks follows."""
MARGIN = 3
"""Days above the least comment period, so that neither end falls on a weekend's account."""


class Leg(Struct, frozen=True):
    """A step of a route, the transition that leads there, and its natural span in days; `fixed` spans are not stretched."""

    step: str
    transition: Transition | None
    days: int
    fixed: bool = False


class Arrival(Struct, frozen=True):
    step: str
    on: date
    transition: Transition | None = None


def legs(track: Track, route: str, kind: str, until: str, start: str | None = None) -> list[Leg]:
    """A route along a track up to its last visit of `until`, from `start` or its beginning. Raises `ValueError` where the track has no such way."""
    words = [word.partition("+") for word in route.split()]
    steps = [step for step, _, _ in words]
    last = len(steps) - 1 - steps[::-1].index(until)
    first = steps.index(start) if start else 0
    found: list[Leg] = []
    for at in range(first, last + 1):
        step, _, days = words[at]
        if at == first:
            found.append(Leg(step, None, 0))
            continue
        ways = [t for t in track.leaving(steps[at - 1]) if t.to == step]
        if not ways:
            raise ValueError(f"{track.id}: no way from {steps[at - 1]} to {step}")
        least = max((g.days.value for g in ways[0].gates if g.kind == "comment_period" and g.days and applies(g, {kind})), default=0)
        found.append(Leg(step, ways[0], least + MARGIN if least else int(days or 0), fixed=bool(least)))
    return found


def arrivals(route: Sequence[Leg], pins: Mapping[str, date], key: str) -> list[Arrival]:
    """The day of each step. `pins` fixes the last visit of some; before the first of them days run backward, after the last forward.

    The pace differs from standard to standard but is always the same for one `key`; what is not fixed falls on a weekday.
    """
    pace = 0.92 + crc32(key.encode()) % 100 / 450
    spans = [float(leg.days) if leg.fixed else leg.days * pace for leg in route]
    places = {
        max(i for i, leg in enumerate(route) if leg.step == step): day
        for step, day in pins.items()
        if any(leg.step == step for leg in route)
    }
    pinned = sorted(places.items())
    for (low, start), (high, end) in pairwise(pinned):
        inside = range(low + 1, high + 1)
        rigid = sum(spans[i] for i in inside if route[i].fixed)
        loose = sum(spans[i] for i in inside if not route[i].fixed)
        room = (end - start).days - rigid
        if room < 0 or (room and not loose):
            raise ValueError(f"{key}: {route[low].step} {start} to {route[high].step} {end} leaves {room} days")
        for i in inside:
            spans[i] *= 1.0 if route[i].fixed else (room / loose if loose else 0)
    position, anchor = pinned[0]
    offsets = [sum(spans[: i + 1]) for i in range(len(spans))]
    days = [anchor + timedelta(days=round(offset - offsets[position])) for offset in offsets]
    return _on_weekdays(route, [places.get(i, day) for i, day in enumerate(days)], places)


def _on_weekdays(route: Sequence[Leg], days: list[date], places: Mapping[int, date]) -> list[Arrival]:
    found: list[Arrival] = []
    for i, (leg, day) in enumerate(zip(route, days, strict=True)):
        if i not in places:
            day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
            ahead = [places[p] for p in places if p > i]
            day = min([day, *ahead])
        found.append(Arrival(leg.step, max(day, found[-1].on) if found else day, leg.transition))
    return found
