"""The whole application on an empty, migrated database, spoken to in process."""

from collections.abc import AsyncIterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from standards_hub.app import create_app
from standards_hub.kernel.access import identity, service
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.access.values import NewAccount, NewGrant, NewToken
from standards_hub.kernel.work import Hub
from standards_hub.settings import Settings

TODAY = date(2026, 11, 24)


def settings_for(url: str, home: Path, **more: Any) -> Settings:
    return Settings(home=home, database_url=url, today=TODAY, jobs=False, **more)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity.MEMORY, "_kept", {})
    monkeypatch.setattr(identity.MEMORY, "_changed", {})


@cache
def one_app() -> Litestar:
    """The application, made once a worker, for that takes half a second; each test gives it a hub of its own."""
    return create_app(settings_for("sqlite+aiosqlite:///nowhere.sqlite", Path("nowhere")))


def app_on(url: str, home: Path) -> Litestar:
    """The application on a database and a folder; who asks for it closes the database."""
    made, settings = one_app(), settings_for(url, home)
    made.state.hub, made.state.settings = settings.hub(), settings
    return made


@pytest.fixture
async def app(database_url: str, tmp_path: Path) -> AsyncIterator[Litestar]:
    made = app_on(database_url, tmp_path)
    yield made
    await made.state.hub.database.close()


@pytest.fixture
def hub(app: Litestar) -> Hub:
    found: Hub = app.state.hub
    return found


async def token_for(hub: Hub, login: str, *roles: tuple[str, str, str] | str, scope: str = "write") -> str:
    """The token of a new account that holds roles, in the whole hub or in a body (role, kind, id)."""
    async with hub.work(SYSTEM) as work:
        account = await service.open_account(work, NewAccount(login=login, name=f"示例 {login}"))
        for role in roles:
            given = NewGrant(role=role) if isinstance(role, str) else NewGrant(role=role[0], body_kind=role[1], body_id=role[2])
            await service.grant_role(work, account.id, given)
        _, raw = await service.issue_token(work, NewToken(name="test", scope=scope, days=1000), account.id)
        await work.commit()
    return raw


def client_for(app: Litestar, token: str | None = None, **headers: str) -> httpx.AsyncClient:
    """A script that speaks to the application with a token, or as the public."""
    given = {**({"Authorization": f"Bearer {token}"} if token else {}), **headers}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://hub.test", headers=given)


@pytest.fixture
async def officer(app: Litestar, hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may do nearly everything: secretary, department, officer and administrator of the whole hub."""
    token = await token_for(hub, "officer", "secretary", "department", "officer", "administrator", "drafter", "project_manager")
    async with client_for(app, token) as client:
        yield client


PROPOSAL: dict[str, Any] = {"track": "national-gbt", "facts": {"title_zh": "示例 氢能标准"}}


@pytest.fixture
async def sqlite_app(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Litestar]:
    """The application on SQLite only, for tests of what does not depend on the engine."""
    made = app_on(sqlite_url, tmp_path)
    yield made
    await made.state.hub.database.close()
