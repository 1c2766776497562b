"""A hub on each engine for the registers; after each test its log is proven and its tables are replayed."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from standards_hub.kernel import audit
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub, Work


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    hub = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))
    yield hub
    async with hub.database.read() as connection:
        found = await audit.verify(connection)
    await hub.database.close()
    assert found.sound, (found.broken, [str(d) for d in found.differences])


@pytest.fixture
async def work(hub: Hub) -> AsyncIterator[Work]:
    """A piece of the hub's own work, committed when the test is through so that its log can be proven."""
    async with hub.work(SYSTEM) as work:
        yield work
        await work.commit()
