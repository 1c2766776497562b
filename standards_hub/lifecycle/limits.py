"""Limits: which begin with a step, which it meets, what happens when one runs out, and how it may be lengthened."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID, uuid4

from standards_hub.kernel.clock import due_day
from standards_hub.kernel.errors import Unmet
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.events import DeadlineOpened, Running
from standards_hub.lifecycle.tracks.model import ExtensionRule, Limit, Track
from standards_hub.lifecycle.values import Deadline

STATUS_AFTER = {"freeze": "frozen", "lapse": "lapsed", "cancel": "cancelled"}
"""What a consequence makes of a standard."""


def on_entering(track: Track, step: str, on: date, deadlines: Iterable[Deadline]) -> Running:
    """What entering a step does to the limits of a standard.

    A limit opens where it says, unless it runs already; it is met when its end is reached, also when that is learned after it
    had run out; after a return to before
    its end it runs again with its old day, because the clock of the plan does not stop (国家标准管理办法: plan issued to submission).
    """
    here = track.position(step)
    newest = {deadline.limit: deadline for deadline in deadlines}
    opened, met, reopened = [], [], []
    for limit in track.limits:
        deadline = newest.get(limit.key)
        ends, begins = track.position(limit.until), track.position(limit.from_)
        if deadline and here >= ends and (deadline.state == "running" or (froze(deadline) and on <= deadline.due_on)):
            met.append(deadline.id)
        elif deadline and deadline.state == "met" and begins < here < ends:
            reopened.append(deadline.id)
        elif limit.from_ == step and (deadline is None or deadline.state in ("met", "void")):
            opened.append(opening(limit, on))
        elif deadline and deadline.state == "running" and here < begins:
            met.append(deadline.id)
    return Running(opened=opened, met=met, reopened=reopened)


def froze(deadline: Deadline) -> bool:
    """Whether this limit ran out and froze the standard."""
    return deadline.state == "executed" and deadline.consequence == "freeze"


def lives(deadline: Deadline) -> bool:
    """Whether this limit runs, or holds the standard frozen: what may be lengthened."""
    return deadline.state == "running" or froze(deadline)


def opening(limit: Limit, on: date) -> DeadlineOpened:
    """The deadline of a limit that opens on a day."""
    return DeadlineOpened(
        id=uuid4(), limit=limit.key, name_zh=limit.name.zh, name_en=limit.name.en, cause=limit.length.source, holder=limit.holder,
        consequence=limit.consequence, due_on=due_day(on, limit.length.value, limit.unit),
    )  # fmt: skip


def unmet_for_extension(rule: ExtensionRule | None, *, expires: date, asked_on: date, months: int, granted: int) -> list[Unmet]:
    """What stands in the way of asking for `months` more, nothing if it may be asked for.

    `granted` counts earlier extensions. Days are calendar days in Asia/Shanghai.
    """
    if rule is None:
        return [Unmet("extension.none", say("本轨道不受理延期"))]
    last_day = expires - timedelta(days=rule.ask_days_before.value)
    unmet = []
    if asked_on > last_day:
        unmet.append(Unmet("extension.late", say("应于 {day} 前提出", day=last_day), "asked_on", "lead_drafter", waivable=True))
    if not 1 <= months <= rule.max_months.value:
        unmet.append(Unmet("extension.long", say("延期须为 1 至 {months} 个月", months=rule.max_months.value), "months"))
    if granted >= rule.times.value:
        unmet.append(Unmet("extension.again", say("已延期过 {granted} 次，最多 {times} 次", granted=granted, times=rule.times.value)))
    return unmet


def after_pause(deadline: Deadline, on: date) -> date:
    """The new last day of a limit that rested since it was paused."""
    return deadline.due_on + (on - (deadline.ended_on or on))


def warning_days(limit: Limit | None, due_on: date) -> list[date]:
    """The days on which the holder is reminded, oldest first."""
    return sorted(due_on - timedelta(days=days) for days in (limit.warn_days if limit else ()))


def running_ids(deadlines: Iterable[Deadline], *states: str) -> list[UUID]:
    return [deadline.id for deadline in deadlines if deadline.state in (states or ("running", "paused"))]
