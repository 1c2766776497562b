"""Which handler does which job, and when jobs come by themselves."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from apscheduler.triggers.cron import CronTrigger
from msgspec import Struct

from standards_hub.kernel.clock import ZONE
from standards_hub.kernel.messages import Message

Handler = Callable[..., Awaitable[Any]]
T = TypeVar("T")
H = TypeVar("H", bound=Handler)


class Schedule(Struct, frozen=True):
    """A job that comes at every time that fits `trigger`, in Asia/Shanghai."""

    name: str
    trigger: CronTrigger

    def next_after(self, moment: datetime) -> datetime | None:
        """The first slot later than a moment."""
        found: datetime | None = self.trigger.get_next_fire_time(moment, moment)
        return found


HANDLERS: dict[str, Handler] = {}
BEFORE: dict[str, Handler] = {}
"""What some jobs do before their transaction opens: `(hub, **arguments)`, whose answer the handler gets as `prepared`."""
TITLES: dict[str, Message] = {}
WITHHELD: dict[str, tuple[str, ...]] = {}
"""Arguments that no keeper of the jobs is told, such as a letter in which a secret stands."""
ABOUT: dict[str, tuple[str, ...]] = {}
"""Arguments that tell one job of a name from another at a glance."""
SCHEDULES: dict[str, Schedule] = {}


def job(
    name: str, title: Message | None = None, *, before: Handler | None = None, withheld: tuple[str, ...] = (), about: tuple[str, ...] = ()
) -> Callable[[H], H]:  # fmt: skip
    """Register an idempotent handler `(work, **arguments)`; its arguments come back as JSON gives them. `title` is what it does, in words.

    Long computing belongs into `before`, for a transaction that writes keeps all other writers of SQLite waiting.
    """

    def register(handler: H) -> H:
        known = HANDLERS.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (handler.__module__, handler.__qualname__):
            raise TypeError(f"two handlers of job {name}")
        HANDLERS[name] = handler
        if before:
            BEFORE[name] = before
        if title is not None:
            TITLES[name] = title
        if withheld:
            WITHHELD[name] = withheld
        if about:
            ABOUT[name] = about
        return handler

    return register


def every(name: str, *, cron: str) -> Callable[[H], H]:
    """Let the job `name` come by itself: minute, hour, day, month and weekday in Asia/Shanghai."""

    def register(handler: H) -> H:
        if name not in HANDLERS:
            raise TypeError(f"no job {name} to schedule; @every stands above @job")
        SCHEDULES[name] = Schedule(name, CronTrigger.from_crontab(cron, timezone=ZONE))
        return handler

    return register


_tools: ContextVar[tuple[object, ...]] = ContextVar("tools", default=())


@contextmanager
def tools(*given: object) -> Iterator[None]:
    """Put what handlers need besides their work, such as the mail server, within their reach."""
    token = _tools.set(given)
    try:
        yield
    finally:
        _tools.reset(token)


def tool(kind: type[T]) -> T | None:
    """The tool of a kind that the runner was given, or none."""
    return next((found for found in _tools.get() if isinstance(found, kind)), None)
