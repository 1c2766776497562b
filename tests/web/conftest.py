"""The hub as a process of its own, with some standards, for a browser to open."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import settings_for
from tests.lifecycle.driving import driven, proposed
from tests.support import databases


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
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "STANDARDS_HUB_HOME": str(home), "STANDARDS_HUB_PORT": str(port), "STANDARDS_HUB_TODAY": "2026-11-24"}
    program = [sys.executable, "-c", "from standards_hub.cli import main; main()", "serve"]
    with open(home / "log", "wb") as log:
        server = subprocess.Popen(program, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=1)
                break
            except OSError:
                assert server.poll() is None, (home / "log").read_text()
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(30)
