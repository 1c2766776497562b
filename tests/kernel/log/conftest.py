"""Things with a history, on each engine."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import SQLModel

from standards_hub.kernel.access.actor import PUBLIC, SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.events import PROJECTIONS, REPLAYED, projection
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub
from tests.kernel.log.sample import (
    PART,
    SAMPLE,
    SampleNoted,
    SampleOpened,
    SamplePartRow,
    SamplePartTaken,
    SampleRenamed,
    SampleRow,
    Thing,
)


@pytest.fixture(autouse=True)
def _samples_are_replayed() -> Iterator[None]:
    """Only here: elsewhere the audit would look for tables that no migration makes."""
    projection(SampleRow, SamplePartRow, stream="sample")
    yield
    REPLAYED.difference_update((SAMPLE.name, PART.name))
    del PROJECTIONS["sample"]


@pytest.fixture
async def hub(database_url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    made = Hub(Database(database_url), FileStore(tmp_path), Clock(date(2026, 11, 24)))
    async with made.database.write() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.commit()
    yield made
    await made.database.close()


@pytest.fixture
async def thing(hub: Hub) -> Thing:
    """A thing with a history of five events, one of them of a past day."""
    made = Thing(id=uuid4())
    async with hub.work(SYSTEM) as work:
        await work.append(made, SampleOpened("甲", date(2026, 12, 31), ("a", "b")), effective_on=date(2026, 1, 1))
        await work.append(made, SampleRenamed("乙"), effective_on=date(2026, 6, 1))
        await work.append(made, SamplePartTaken(0))
        await work.append(made, SampleNoted("无"))
        await work.commit()
    async with hub.work(PUBLIC) as work:
        await work.append(made, SampleRenamed("丙"))
        await work.commit()
    return made
