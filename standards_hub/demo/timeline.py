"""What happens in the example office, day by day: the acts of all standards, sorted."""

from datetime import date, timedelta

from msgspec import Struct

from standards_hub.demo import fixtures
from standards_hub.demo.fixtures import DatedAct, Line
from standards_hub.demo.schedule import FAMILIES, Arrival, arrivals, legs
from standards_hub.lifecycle.tracks import newest

ORDER = ("body", "project", "enter", "begin", "move", "act", "close", "claim")
CLAIMED_AFTER = timedelta(days=7)


class Deed(Struct, frozen=True, kw_only=True):
    """One act on one day. `line` is the standard it concerns; which further fields are set depends on `what`."""

    on: date
    what: str
    line: Line | None = None
    arrival: Arrival | None = None
    past: tuple[Arrival, ...] = ()
    """What lay behind a standard that entered in mid-life."""
    act: DatedAct | None = None
    project: fixtures.ProjectLine | None = None
    claim: fixtures.ClaimLine | None = None
    body: fixtures.BodyAct | None = None


def course(line: Line, lines: dict[str, Line]) -> list[Arrival]:
    """The day on which a standard reached each step of its way."""
    track = newest(line.track)
    pins = {line.until: line.on, **line.pins}
    if FAMILIES[track.family] == "chinese" and line.until == "60.60":
        pins = {"60.00": line.on, **line.pins}
    start = None
    if line.origin and line.origin[0] == "split":
        start = "20.00"
        parts = next(act for act in lines[line.origin[1]].acts if act.verb == "split")
        pins = {start: parts.on, **pins}
    route = fixtures.scenarios()[FAMILIES[track.family]][line.route]
    return arrivals(legs(track, route, line.kind, line.until, start), pins, line.key)


def deeds() -> list[Deed]:
    """Everything that happens, in order. Raises `ValueError` for an act after the last day."""
    register, lines = fixtures.register(), {line.key: line for line in fixtures.portfolio()}
    found: list[Deed] = []
    for line in lines.values():
        found += _of_standard(line, course(line, lines), register.opened_on)
    found += [Deed(on=max(body.on, register.opened_on), what="body", body=body) for body in register.bodies]
    for project in fixtures.projects():
        begun = max(project.starts, register.opened_on)
        found.append(Deed(on=begun, what="project", project=project))
        for claim in project.claims:
            day = min(max(lines[claim.standard].on + CLAIMED_AFTER, begun), register.ends_on)
            found.append(Deed(on=day, what="claim", line=lines[claim.standard], project=project, claim=claim))
        if project.ends + timedelta(days=60) < register.ends_on:
            found.append(Deed(on=project.ends + timedelta(days=60), what="close", project=project))
    for deed in found:
        if deed.on > register.ends_on:
            raise ValueError(f"{deed.line.key if deed.line else deed.what}: {deed.on} is after the last day")
    return sorted(found, key=lambda deed: (deed.on, ORDER.index(deed.what)))


def _of_standard(line: Line, way: list[Arrival], opened_on: date) -> list[Deed]:
    past = tuple(arrival for arrival in way if arrival.on < opened_on)
    found = []
    if past and not line.origin:
        found.append(Deed(on=opened_on, what="enter", line=line, past=past))
    elif line.origin is None or line.origin[0] != "split":
        found.append(Deed(on=way[0].on, what="begin", line=line))
    late, _, days = line.options.get("late", "").partition(":")
    for arrival in way[max(1, len(past)) :]:
        recorded = arrival.on + timedelta(days=int(days) if arrival.step == late else 0)
        found.append(Deed(on=recorded, what="move", line=line, arrival=arrival))
    found += [Deed(on=act.on, what="act", line=line, act=act) for act in line.acts]
    return found
