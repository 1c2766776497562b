"""A hub on each engine for the services of the lifecycle."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from standards_hub.kernel.work import Hub
from standards_hub.rooms import fill_ports
from tests.lifecycle.reviewing import Review
from tests.support.hubs import proven


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on an empty, migrated database; afterwards its log is proven and its tables are replayed."""
    fill_ports()
    async with proven(database_url, tmp_path) as hub:
        yield hub


@pytest.fixture
async def review(hub: Hub) -> Review:
    made = Review(hub)
    await made.begin()
    return made
