"""What all tests share: a database on each engine, no network, and a clean environment."""

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import sqlalchemy as sa

from tests.support import postgres

hypothesis.settings.register_profile("hub", deadline=None, max_examples=60, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("hub")
POSTGRES = "HUB_TEST_POSTGRES"
"""Where the controlling process tells its workers the server is."""
_stack = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for the whole run, before any worker starts."""
    for name in [name for name in os.environ if name.startswith("STANDARDS_HUB_")]:
        del os.environ[name]
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        os.environ[POSTGRES] = _stack.enter_context(postgres.server())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _stack.close()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections leave this machine for no test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from standards_hub.kernel.database import upgrade

    path = tmp_path_factory.mktemp("template") / "hub.sqlite"
    upgrade(f"sqlite+aiosqlite:///{path}")
    with contextlib.closing(sa.create_engine(f"sqlite:///{path}").connect()) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def _postgres_template() -> Iterator[str]:
    from standards_hub.kernel.database import upgrade

    name = f"template_{uuid4().hex[:12]}"
    _administer(f"CREATE DATABASE {name}")
    upgrade(_postgres_address(name))
    yield name
    _administer(f"DROP DATABASE {name}")


def _postgres_address(name: str) -> str:
    return os.environ[POSTGRES].replace("/postgres?", f"/{name}?")


def _administer(statement: str) -> None:
    engine = sa.create_engine(os.environ[POSTGRES], isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """An empty, migrated SQLite database."""
    path = tmp_path / "hub.sqlite"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgres_url(_postgres_template: str) -> Iterator[str]:
    """An empty, migrated PostgreSQL database."""
    name = f"test_{uuid4().hex[:16]}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {_postgres_template} STRATEGY FILE_COPY")
    yield _postgres_address(name)
    _administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database, on one engine after the other."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
