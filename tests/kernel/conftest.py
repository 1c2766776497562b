"""A hub on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub with a migrated database, and the tables that a test declares for itself."""
    found = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock())
    async with found.database.write() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.commit()
    yield found
    await found.database.close()
