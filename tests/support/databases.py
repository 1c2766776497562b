"""Empty, migrated databases at the price of a copy: the migrations run once a run on each engine."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tests.support import postgres

BESIDE = ThreadPoolExecutor(1, "databases")
READY: list[Future[str]] = []
"""The copy for the next test that asks."""


def sqlite(path: Path) -> str:
    """The URL of a new SQLite database at `path`."""
    shutil.copyfile(postgres.once("migrated.sqlite", _migrate_sqlite), path)
    return f"sqlite+aiosqlite:///{path}"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a new PostgreSQL database, dropped at the end.

    Copying waits for the server 40 ms and dropping 90 ms, which is more than most tests take. So the copy was made while the test before
    ran, and the drop is done while the next one runs; one after the other, so that databases do not pile up in memory.
    """
    template = postgres.once("migrated-postgresql", _migrate_postgresql).read_text()
    name = (READY.pop() if READY else BESIDE.submit(postgres.create, template)).result()
    READY.append(BESIDE.submit(postgres.create, template))
    try:
        yield postgres.address(name)
    finally:
        BESIDE.submit(postgres.drop, name)


def _migrate_sqlite(path: Path) -> None:
    from standards_hub.kernel.database import upgrade

    being = path.with_name("migrating.sqlite")
    upgrade(f"sqlite+aiosqlite:///{being}")
    with contextlib.closing(sqlite3.connect(being)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    being.rename(path)


def _migrate_postgresql(path: Path) -> None:
    from standards_hub.kernel.database import upgrade

    name = postgres.create()
    upgrade(postgres.address(name))
    path.write_text(name)
