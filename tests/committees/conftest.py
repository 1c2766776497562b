"""A hub on each engine for the registers; after each test its log is proven and its tables are replayed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.work import Hub, Work
from tests.support.hubs import proven


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    async with proven(database_url, tmp_path) as hub:
        yield hub


@pytest.fixture
async def work(hub: Hub) -> AsyncIterator[Work]:
    """A piece of the hub's own work, committed when the test is through so that its log can be proven."""
    async with hub.work(SYSTEM) as work:
        yield work
        await work.commit()
