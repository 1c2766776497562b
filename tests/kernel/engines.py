"""Both database engines for tests: an SQLite file, and a PostgreSQL server of our own that ends with the test run."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlmodel import SQLModel

from standards_hub.kernel import search
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.work import Hub

ENGINES = ("sqlite", "postgresql")


def _binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else name


@cache
def server() -> Path:
    """The socket's folder of a PostgreSQL server, started once a process. It refuses root, so root becomes nobody."""
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "nobody", "nogroup")
    make = [_binary("initdb"), "-D", f"{folder}/data", "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([*user, *make], check=True, capture_output=True, cwd="/")
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", f"unix_socket_directories={folder}", "-c", "max_connections=60"]
    log = open(folder / "log", "wb")  # noqa: SIM115 - open as long as the server
    process = subprocess.Popen([*user, _binary("postgres"), "-D", f"{folder}/data", *options], stdout=log, stderr=log, cwd="/")

    def stop() -> None:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    for _ in range(100):
        try:
            psycopg.connect(host=str(folder), user="hub", dbname="postgres").close()
            return folder
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError((folder / "log").read_text())


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on each engine."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite'}"
        return
    name = f"test_{uuid4().hex}"
    with psycopg.connect(host=str(server()), user="hub", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://hub@/{name}?host={server()}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def hub(url: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub whose database has all tables that the test's imports declare."""
    found = Hub(Database(url), FileStore(tmp_path / "files"), Clock())
    async with found.database.write() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.run_sync(search.create_search)
        await connection.commit()
    yield found
    await found.database.close()
