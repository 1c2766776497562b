"""A hub with a clock that tests turn by hand, an administrator, and a cheap password hash."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from msgspec import field
from sqlmodel import SQLModel

from standards_hub.kernel import audit
from standards_hub.kernel.access import identity, secrets, service
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.values import Account, NewAccount, NewGrant
from standards_hub.kernel.clock import ZONE, Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub

PASSWORD = "一二三四五六七八九十"


class Hands(Clock, frozen=True):
    """A clock that stands still until it is turned."""

    at: list[datetime] = field(default_factory=lambda: [datetime(2026, 11, 24, 2, 0, tzinfo=UTC)])

    def now(self) -> datetime:
        return self.at[0]

    def today(self) -> date:
        return self.at[0].astimezone(ZONE).date()

    def turn(self, **much: float) -> None:
        self.at[0] += timedelta(**much)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hash in microseconds, and nothing remembered from another test; the bodies of these tests are only names."""
    monkeypatch.setattr(service, "BODY_CHECKS", {})
    monkeypatch.setattr(secrets, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    secrets._nobody.cache_clear()
    monkeypatch.setattr(identity.MEMORY, "_kept", {})
    monkeypatch.setattr(identity.MEMORY, "_changed", {})
    yield
    secrets._nobody.cache_clear()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def hub(database_url: str, tmp_path: Path, clock: Hands) -> AsyncIterator[Hub]:
    """Empty tables on each engine; afterwards the log must be whole and replay to the same tables."""
    made = Hub(Database(database_url), FileStore(tmp_path / "files"), clock)
    async with made.database.write() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.commit()
    yield made
    async with made.database.read() as connection:
        found = await audit.verify(connection)
    await made.database.close()
    assert found.sound, (found.broken, [str(d) for d in found.differences])


async def open_account(hub: Hub, login: str, *roles: str, password: str | None = PASSWORD) -> Account:
    """An account with roles held in the whole hub."""
    async with hub.work(SYSTEM) as work:
        account = await service.open_account(work, NewAccount(login=login, name=f"示例 {login}", password=password))
        for role in roles:
            await service.grant_role(work, account.id, NewGrant(role=role))
        await work.commit()
    return account


@pytest.fixture
async def root(hub: Hub) -> Account:
    return await open_account(hub, "root", "administrator")
