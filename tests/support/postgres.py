"""A real PostgreSQL for the tests: started once a run in a folder of its own, as nobody when we are root, on a socket only."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "", "max_connections": "200"}
STARTS_WITHIN_SECONDS = 60


def binaries() -> Path:
    """The folder of `postgres` and `initdb`. Raises if PostgreSQL is not installed: these tests are never skipped."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("postgres")
    if not found and not on_path:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql (make test does it)")
    return found[-1].parent if found else Path(str(on_path)).parent


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server; gives the SQLAlchemy address of its `postgres` database."""
    where, run = binaries(), _as_nobody()
    folder = Path(tempfile.mkdtemp(prefix="hubpg", dir="/tmp"))  # short, because a socket's path may have 107 characters
    try:
        if run:
            shutil.chown(folder, "nobody", "nogroup")
        data = folder / "data"
        initdb = [*run, str(where / "initdb"), "-D", str(data), "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/")
        options = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen([*run, str(where / "postgres"), "-D", str(data), "-k", str(folder), *options], stdout=log, stderr=log, cwd="/")
        try:
            _wait(process, folder)
            yield f"postgresql+psycopg://hub@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(f"host={folder} user=hub dbname=postgres"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')[-2000:]}")
