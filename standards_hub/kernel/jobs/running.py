"""Doing the jobs: one after another in the server's own process, ticked by APScheduler, or drained on the command line."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from msgspec import Struct
from sqlalchemy.exc import OperationalError

from standards_hub.kernel.access.actor import Actor
from standards_hub.kernel.jobs import queue
from standards_hub.kernel.jobs.queue import LEASE, Claim
from standards_hub.kernel.jobs.registry import BEFORE, HANDLERS, tools
from standards_hub.kernel.jobs.schedules import tick

if TYPE_CHECKING:
    from standards_hub.kernel.work import Hub

TICK_SECONDS = 1
STOP_SECONDS = 20
"""How long a stopping server waits for the job in hand; cut off later than that, it is taken up again elsewhere."""

log = structlog.get_logger(__name__)


class Drained(Struct):
    """What a drain has done; `errors` are the texts of attempts that failed."""

    done: int = 0
    errors: list[str] = []


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


async def _claim(hub: "Hub", worker: str, lease: timedelta) -> Claim | None:
    now = hub.clock.now()
    async with hub.database.read() as connection:
        if not await queue.any_due(connection, HANDLERS.keys(), now):
            return None
    async with hub.database.write() as connection:
        claimed = await queue.claim(connection, worker, HANDLERS.keys(), now, lease)
        await connection.commit()
        return claimed


@contextlib.asynccontextmanager
async def _renewing(hub: "Hub", claimed: Claim, lease: timedelta) -> AsyncIterator[None]:
    """Keep the lease alive. The renewing task is asked to end, never cancelled: that would tear its connection.

    On SQLite a renewal waits while the handler writes; nobody else can write then either, so the lease is safe.
    """
    ended = asyncio.Event()

    async def renew() -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), lease.total_seconds() / 3)
            if ended.is_set():
                return
            try:
                async with hub.database.write() as connection:
                    await queue.renew(connection, claimed, lease)
                    await connection.commit()
            except OperationalError as error:
                log.warning("lease not renewed", job=claimed.name, id=str(claimed.id), error=str(error))

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        ended.set()
        await task


async def _do(hub: "Hub", claimed: Claim, lease: timedelta) -> str | None:
    """Run one job; its text of error, or none if it is done."""
    try:
        async with _renewing(hub, claimed, lease):
            before = BEFORE.get(claimed.name)
            prepared = {"prepared": await before(hub, **claimed.arguments)} if before else {}
            await _record(hub, claimed, prepared)
            return None
    except Exception as error:  # whatever a handler raises is kept with its job, and the next job is not kept waiting
        async with hub.database.write() as connection:
            state = await queue.fail(connection, claimed, error, hub.clock.now())
            await connection.commit()
        log.warning("job failed", job=claimed.name, id=str(claimed.id), attempt=claimed.attempt, state=state, error=str(error))
        return str(error) or type(error).__name__


async def _record(hub: "Hub", claimed: Claim, prepared: dict[str, Any]) -> None:
    """What the handler writes and the end of its job, in one transaction."""
    async with hub.work(Actor(system=True, name=claimed.name)) as work:
        await HANDLERS[claimed.name](work, **claimed.arguments, **prepared)
        await queue.finish(work.connection, claimed, hub.clock.now())
        await work.commit()


async def drain(hub: "Hub", *given: object, worker: str | None = None, lease: timedelta = LEASE, most: int | None = None) -> Drained:
    """Do every job that is due, and what those ask for, until nothing is; a failed one waits for its next turn."""
    result, name = Drained(), worker or worker_name()
    with tools(*given):
        while (most is None or result.done + len(result.errors) < most) and (claimed := await _claim(hub, name, lease)):
            if error := await _do(hub, claimed, lease):
                result.errors.append(f"{claimed.name}: {error}")
            else:
                result.done += 1
    return result


class Runner:
    """Jobs and schedules inside the server's process. `given` are the tools of the handlers, such as `mail.Smtp`."""

    def __init__(self, hub: "Hub", *given: object, lease: timedelta = LEASE) -> None:
        self.hub = hub
        self.lease = lease
        self.worker = worker_name()
        self._given = given
        self._known: set[str] = set()
        self._scheduler = AsyncIOScheduler()
        self._turn: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to tick, at once and then every second. One turn at a time: a long one swallows the ticks it misses."""
        self._scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS)
        self._scheduler.start()
        self._tick_now()

    async def stop(self) -> None:
        """Take no new job; wait a while for the one in hand."""
        self._scheduler.shutdown(wait=False)
        if self._turn and not self._turn.done():
            self._stopping = True
            await asyncio.wait([self._turn], timeout=STOP_SECONDS)
            self._turn.cancel()
            await asyncio.gather(self._turn, return_exceptions=True)

    _stopping = False

    async def _tick(self) -> None:
        self._tick_now()

    def _tick_now(self) -> None:
        if self._turn is None or self._turn.done():
            self._turn = asyncio.create_task(self._take_turn())

    async def _take_turn(self) -> None:
        try:
            await tick(self.hub, self._known)
            while not self._stopping:
                drained = await drain(self.hub, *self._given, worker=self.worker, lease=self.lease, most=1)
                if not (drained.done or drained.errors):
                    return
        except Exception:  # the database may be away for a while; the next tick tries again
            log.exception("no jobs this turn")
