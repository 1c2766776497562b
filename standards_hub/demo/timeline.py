"""What happens in the example office, day by day: the acts of all standards, sorted."""

from datetime import date, timedelta

from msgspec import Struct

from standards_hub.demo import fixtures
from standards_hub.demo.fixtures import DatedAct, Line
from standards_hub.demo.schedule import FAMILIES, Arrival, arrivals, legs
from standards_hub.lifecycle.tracks import newest

ORDER = (
    "body", "project", "enter", "begin", "move", "act", "renumber", "terminate", "close", "claim", "rule", "suggest", "prove", "decide", "undo",
)  # fmt: skip
CLAIMED_AFTER, PROVEN_AFTER, DECIDED_AFTER, UNDONE_AFTER = timedelta(7), timedelta(12), timedelta(20), timedelta(90)
ISSUED = "60.60"
LATEST = {"prove": timedelta(2), "decide": timedelta(1)}
"""How long before the last day such a deed is done at the latest, so that the last days keep their order."""


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
        found += _of_project(project, lines, register)
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


def _of_project(project: fixtures.ProjectLine, lines: dict[str, Line], register: fixtures.Register) -> list[Deed]:
    """A project from its contract to its acceptance, with what becomes of each claim."""
    begun, last = max(project.starts, register.opened_on), register.ends_on
    found = [Deed(on=begun, what="project", project=project)]
    disputed = _disputed()
    for claim in project.claims:
        line = lines[claim.standard]
        day = min(max(line.on + CLAIMED_AFTER, begun), last - LATEST["prove"])
        found.append(Deed(on=day, what="claim", line=line, project=project, claim=claim))
        if claim.ruled:
            found.append(Deed(on=claim.ruled, what="rule", line=line, project=project, claim=claim))
            day = claim.ruled
        becomes = claim.becomes or ("verified" if line.until >= ISSUED and claim.standard not in disputed else "claimed")
        if becomes in ("in_review", "verified", "returned", "revoked"):
            proven = min(day + (PROVEN_AFTER - CLAIMED_AFTER), last - LATEST["prove"])
            found.append(Deed(on=proven, what="prove", line=line, project=project, claim=claim))
            if becomes != "in_review":
                decided = min(proven + (DECIDED_AFTER - PROVEN_AFTER), last - LATEST["decide"])
                found.append(Deed(on=decided, what="decide", line=line, project=project, claim=claim))
        if becomes in ("revoked", "withdrawn"):
            found.append(Deed(on=min(day + UNDONE_AFTER, last), what="undo", line=line, project=project, claim=claim))
    for what, on in (("suggest", project.suggests), ("terminate", project.terminated)):
        if on:
            found.append(Deed(on=on, what=what, project=project))
    if project.renumbered:
        found.append(Deed(on=project.renumbered.on, what="renumber", project=project))
    if closed := closing_day(project, last):
        found.append(Deed(on=closed, what="close", project=project))
    return found


def closing_day(project: fixtures.ProjectLine, last: date) -> date | None:
    """The day of its acceptance, if that is before the last day."""
    day = project.ends + timedelta(days=60)
    return day if day < last and not project.terminated else None


def _disputed() -> set[str]:
    """The standards of which two projects say that they are the primary and nobody rules."""
    primary = [(claim.standard, claim.ruled) for project in fixtures.projects() for claim in project.claims if claim.primary]
    keys, ruled = [key for key, _ in primary], {key for key, on in primary if on}
    return {key for key in keys if keys.count(key) > 1} - ruled
