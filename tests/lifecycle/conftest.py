"""A hub on each engine for the services of the lifecycle."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from standards_hub.kernel import audit
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from standards_hub.rooms import fill_ports
from tests.lifecycle.reviewing import Review


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on an empty, migrated database; afterwards its log is proven and its tables are replayed."""
    fill_ports()
    hub = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))
    yield hub
    async with hub.database.read() as connection:
        found = await audit.verify(connection)
    await hub.database.close()
    assert found.sound, (found.broken, [str(d) for d in found.differences])


@pytest.fixture
async def review(hub: Hub) -> Review:
    made = Review(hub)
    await made.begin()
    return made
