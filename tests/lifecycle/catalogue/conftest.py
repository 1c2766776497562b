"""A hub on each engine, and samples in the shapes of the real files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from standards_hub.lifecycle.catalogue import models as models


@pytest.fixture
def samples() -> Path:
    return Path(__file__).parent / "samples"


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub with an empty catalogue."""
    found = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock())
    async with found.database.write() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.commit()
    yield found
    await found.database.close()
