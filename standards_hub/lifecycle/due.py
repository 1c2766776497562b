"""What is due when, for somebody who looks at it today. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from standards_hub.kernel.messages import Message, say


class Due(Protocol):
    @property
    def due_on(self) -> date | None: ...


D = TypeVar("D", bound=Due)
GROUP_NAMES: dict[str, Message] = {
    "late": say("逾期"),
    "today": say("今天"),
    "week": say("本周"),
    "later": say("以后"),
    "open": say("无期限"),
}


def group_of(due: date | None, today: date) -> str:
    """One of `GROUP_NAMES`. A limit ends at 24:00 of its day; a week ends on Sunday."""
    if due is None:
        return "open"
    if due <= today:
        return "today" if due == today else "late"
    return "week" if due <= today + timedelta(days=6 - today.weekday()) else "later"


def grouped(things: Iterable[D], today: date) -> dict[str, list[D]]:
    """Things by the groups that are not empty, the most urgent first."""
    found: dict[str, list[D]] = {key: [] for key in GROUP_NAMES}
    for thing in things:
        found[group_of(thing.due_on, today)].append(thing)
    return {key: members for key, members in found.items() if members}


def summary(dues: Iterable[date | None], today: date) -> Message:
    """How many things wait and how near the nearest is, in a sentence."""
    days = list(dues)
    dated = sorted(day for day in days if day)
    late = sum(day < today for day in dated)
    if not days:
        return say("没有待办")
    if late:
        return say("本人待办 {count} 项，其中 {late} 项已逾期", count=len(days), late=late)
    if not dated:
        return say("本人待办 {count} 项，都没有期限", count=len(days))
    if dated[0] == today:
        return say("本人待办 {count} 项，最近一项今天到期", count=len(days))
    return say("本人待办 {count} 项，最近一项 {day} 到期", count=len(days), day=dated[0])
