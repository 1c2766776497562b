"""A hub for a test, whose log is proven afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from standards_hub.kernel import audit
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub


@asynccontextmanager
async def proven(database_url: str, folder: Path, today: date = date(2026, 11, 24)) -> AsyncIterator[Hub]:
    """A hub on an empty, migrated database; afterwards its log is proven and its tables are replayed."""
    hub = Hub(Database(database_url), FileStore(folder / "files"), Clock(today))
    yield hub
    async with hub.database.read() as connection:
        found = await audit.verify(connection)
    await hub.database.close()
    assert found.sound, (found.broken, [str(d) for d in found.differences])
