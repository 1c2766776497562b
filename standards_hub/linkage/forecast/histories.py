"""The way of each standard so far, and the routes they follow: what the forecast learns from. Pure."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from standards_hub.lifecycle.tracks.model import Level, Track

WEEK = 7
PER_UNIT = {"days": 1 / 7, "weeks": 1.0, "months": 365.25 / 12 / 7}
"""Weeks in a unit of a limit."""


class Stay(Struct, frozen=True, gc=False):
    step: str
    entered: date
    left: date | None = None


class History(Struct, frozen=True):
    """A standard from step to step, as it was on a day from what was known."""

    id: str
    level: Level
    track: str
    stays: tuple[Stay, ...]
    ended: date | None = None
    """When it was terminated, or went into others, before publication."""
    halted: date | None = None
    """Since when it is frozen or suspended."""
    seen: date | None = None
    """When it came into sight, if it did in mid-life."""


class Route(Struct, frozen=True):
    """The steps of a track up to the one that counts, in order, with the mean stay that its limits allow."""

    family: str
    steps: tuple[str, ...]
    codes: Mapping[str, str]
    anchors: Mapping[str, float]
    """Weeks."""
    places: Mapping[str, int]
    """Where each step stands in the order, from 0."""

    @property
    def goal(self) -> str:
        return self.steps[-1]

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        return self.family, self.steps


def route_of(track: Track, goal: str, step_weeks: int) -> Route:
    """The route of a track to the first step whose code is `goal` or later.

    The narrowest limit around a step, shared evenly among the steps it covers, is what its anchor is.
    """
    last = next(at for at, step in enumerate(track.steps) if step.code >= goal)
    steps = track.steps[: last + 1]
    anchors: dict[str, tuple[int, float]] = {}
    for limit in track.limits:
        first, until = track.position(limit.from_), track.position(limit.until)
        covered = until - first
        for step in track.steps[first:until]:
            share = limit.length.value * PER_UNIT[limit.unit] / covered
            if step.key not in anchors or covered < anchors[step.key][0]:
                anchors[step.key] = (covered, share)
    return Route(
        track.family, tuple(step.key for step in steps), {step.key: step.code for step in steps},
        {step.key: anchors[step.key][1] if step.key in anchors else float(step_weeks) for step in steps},
        {step.key: at for at, step in enumerate(steps)},
    )  # fmt: skip


def weeks(days: int) -> int:
    """Days in whole weeks, to the nearest."""
    return (2 * days + WEEK) // (2 * WEEK)
