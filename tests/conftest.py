"""What all tests share: a database on each engine, a mail server, a browser, no network and a clean environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import coverage_floor, databases, environment, network, postgres, statements
from tests.support.mailbox import Mailbox, running_mailbox

settings.register_profile("hub", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("hub"), max_examples=2000)
pytest_plugins = [
    "tests.support.browser",
    "tests.support.furnished",
    "tests.support.glances",
    "tests.support.office",
    "tests.support.tracing",
]


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(config.getoption("--hypothesis-profile") or "hub")
    environment.clean()
    network.refuse()
    statements.share()
    if not hasattr(config, "workerinput"):
        postgres.begin()
        config.add_cleanup(postgres.end)
        coverage_floor.ask(config)
        config.option.basetemp = config.option.basetemp or postgres.folder() / "tmp"  # in memory where there is room


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    coverage_floor.tell(terminalreporter, config)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty, migrated SQLite database."""
    return databases.sqlite(tmp_path / "hub.sqlite")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty, migrated PostgreSQL database."""
    with databases.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database, on one engine after the other."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on this machine that keeps what it is sent."""
    with running_mailbox() as mailbox:
        yield mailbox
