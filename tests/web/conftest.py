"""The hub as a process of its own, with some standards, for a browser to open."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import settings_for
from tests.lifecycle.driving import driven, proposed
from tests.support import databases, office


async def _fill(url: str, home: Path) -> None:
    hub = settings_for(url, home).hub()
    for track in ("national-gbt", "local-db32", "iso-iec-36"):
        await proposed(hub, track)
    await driven(hub, (await proposed(hub)).id, "30.20")
    await hub.database.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running hub."""
    home = tmp_path_factory.mktemp("served")
    asyncio.run(_fill(databases.sqlite(home / "hub.sqlite"), home))
    with office.serving(home) as url:
        yield url
