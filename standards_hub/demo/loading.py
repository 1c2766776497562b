"""Loading the example office: its acts day by day, with the jobs that run when a limit runs out, until its last day."""

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import make_url

from standards_hub.demo import cast as casting
from standards_hub.demo import fixtures
from standards_hub.demo.acting import Office
from standards_hub.demo.balloting import Ballots
from standards_hub.demo.cast import Cast
from standards_hub.demo.limits import Limits
from standards_hub.demo.meeting import Meetings
from standards_hub.demo.reporting import Reports
from standards_hub.demo.snapshots import Snapshots
from standards_hub.demo.timeline import deeds
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database, upgrade
from standards_hub.kernel.errors import BadInput, Conflict, Unmet
from standards_hub.kernel.events import EventRow, table_of
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.jobs import drain, tick
from standards_hub.kernel.messages import say
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.catalogue.importing import import_file
from standards_hub.linkage import repository as plans
from standards_hub.rooms import fill_ports
from standards_hub.settings import Settings

SHOWN_ON = date(2026, 11, 24)
"""The business day of the demonstration where nobody sets another, so that its screens stay the same."""

ONE_DAY = timedelta(days=1)


class Loaded(Struct):
    """What the load has done."""

    standards: int
    events: int
    seconds: float


async def is_loaded(hub: Hub) -> bool:
    """Whether the example office is there. Raises `Conflict` for a database with other contents."""
    async with hub.reading(SYSTEM) as work:
        if await plans.plan_exists(work.connection, fixtures.plan().key):
            return True
        if (await work.connection.execute(sa.select(table_of(EventRow).c.id).limit(1))).first():
            raise Conflict(say("此库已有其他数据，请为示例另设空的数据目录（STANDARDS_HUB_HOME）"), code="not-empty")
    return False


def check_day(today: date) -> None:
    """Raise `BadInput` for a business day before the last day of the example's data."""
    last = fixtures.register().ends_on
    if today < last:
        why = say("示例数据止于 {last}，请将 STANDARDS_HUB_TODAY 设为 {last} 或以后，或不设", last=last)
        raise BadInput(say("业务日期 {today} 过早", today=today), unmet=[Unmet("demo.today", why, "STANDARDS_HUB_TODAY")])


async def load_home(settings: Settings, told: Callable[[int, int], None] = lambda done, of: None) -> Loaded:
    """Load into the settings' database. An SQLite file takes its place only when it is whole, so a killed load leaves nothing."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return await _into(settings, settings.database_url, told)
    target = Path(url.database)
    draft = target.with_name(f"{target.name}.loading")
    _remove(draft)
    draft_url = url.set(database=str(draft)).render_as_string(hide_password=False)
    upgrade(draft_url)
    loaded = await _into(settings, draft_url, told)
    _remove(target)
    os.replace(draft, target)
    _remove(draft, ".lock")
    return loaded


def _remove(path: Path, *further: str) -> None:
    for suffix in ("", "-wal", "-shm", *further):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


async def _into(settings: Settings, url: str, told: Callable[[int, int], None]) -> Loaded:
    hub = Hub(Database(url), FileStore(settings.home / "files"), Clock(settings.today))
    try:
        loaded = await load(hub, told)
        await tick(hub)  # what is done every night and week was done, so the office is at rest when its door opens
        await drain(hub)
        return loaded
    finally:
        if hub.database.sqlite:
            async with hub.database.engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await hub.database.close()


async def load(hub: Hub, told: Callable[[int, int], None] = lambda done, of: None) -> Loaded:
    """Everything the example office did, into an empty database. `told` hears how many acts are done, of how many."""
    fill_ports()
    started, register, cast = time.monotonic(), fixtures.register(), Cast()
    office = Office(hub, cast)
    async with office.on_day(register.opened_on).work(SYSTEM) as work:
        await casting.open_registers(work, cast, register.opened_on)
        await casting.open_accounts(work, cast)
        await work.commit()
    catalogue = fixtures.FOLDER / "catalogue.csv"
    await import_file(office.on_day(register.opened_on), cast.actor("admin"), catalogue, "csv")
    acts, limits, ballots, meetings, snapshots = deeds(), Limits(office), Ballots(office), Meetings(office), Snapshots(office)
    reports = Reports(office)
    for done, deed in enumerate(acts, 1):
        await limits.until(deed.on)
        await ballots.until(deed.on)
        await meetings.until(deed.on - ONE_DAY)  # what it deals with that day comes first
        await snapshots.until(deed.on)
        await reports.until(deed.on - ONE_DAY)
        await office.do(deed)
        told(done, len(acts))
    await ballots.until(register.ends_on)
    await meetings.until(register.ends_on)
    await limits.until(register.ends_on)
    await reports.until(register.ends_on)
    async with hub.reading(SYSTEM) as work:
        events = (await work.connection.execute(sa.select(sa.func.count()).select_from(table_of(EventRow)))).scalar_one()
    return Loaded(len(cast.standards), events, round(time.monotonic() - started, 1))
