"""Who writes holds nothing to read with: as many requests as there are connections would wait for each other. Every test finds one that does."""

import contextlib
from collections.abc import AsyncIterator
from contextvars import ContextVar

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from standards_hub.kernel.database import Database

HELD: ContextVar[bool] = ContextVar("HELD", default=False)
"""Whether a glance is open in what runs now."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "holds_a_glance: what is tested is how it goes where one is held all the same")


@pytest.fixture(autouse=True)
def _who_writes_holds_no_glance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("holds_a_glance"):
        return
    glance, write = Database.glance, Database.write

    @contextlib.asynccontextmanager
    async def glancing(self: Database) -> AsyncIterator[AsyncConnection]:
        before = HELD.get()
        HELD.set(True)
        try:
            async with glance(self) as connection:
                yield connection
        finally:
            HELD.set(before)

    def writing(self: Database) -> contextlib.AbstractAsyncContextManager[AsyncConnection]:
        assert not HELD.get(), "a connection to write with is asked for while one to read with is held"
        return write(self)

    monkeypatch.setattr(Database, "glance", glancing)
    monkeypatch.setattr(Database, "write", writing)
