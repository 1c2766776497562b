"""A real PostgreSQL for the tests: one a run, shared by all workers, started by the first test that wants it.

It lives in a folder of its own and on a socket only, as nobody when we are root. A shell keeps it: when the run has ended, however
it ended, the server stops and its folder goes.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg

RUN = "HUB_TEST_RUN"
"""Where the controlling process tells its workers the folder of the run."""
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "200",
}
STARTS_WITHIN_SECONDS = 60
MEMORY = Path("/dev/shm")
"""Copying a database takes 12 ms here and ten times as long on a disk."""
KEEPER = """
folder=$1 run=$2; shift 2
"$@" >"$folder/log" 2>&1 & server=$!
trap 'run=0' TERM
while [ "$run" != 0 ] && kill -0 "$run" 2>/dev/null && kill -0 "$server" 2>/dev/null; do sleep 0.2; done
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "${folder%/*}"
"""


def begin() -> None:
    """Give the run its folder; called by the controlling process before any worker starts."""
    # Short, because the path of a socket may have 107 characters, wherever the checkout is.
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 << 30
    made = Path(tempfile.mkdtemp(prefix="hub-tests-", dir=MEMORY if roomy else "/tmp"))
    made.chmod(0o755)
    os.environ[RUN] = str(made)
    (made / "controller").write_text(str(os.getpid()))


def end() -> None:
    """Stop the server, if any test wanted it, and remove the folder of the run."""
    made = Path(os.environ.pop(RUN))
    if (keeper := made / "keeper").exists():
        os.kill(int(keeper.read_text()), signal.SIGTERM)
        _until(lambda: not (made / "postgres").exists(), 30)
    shutil.rmtree(made, ignore_errors=True)


def folder() -> Path:
    """The run's folder."""
    return Path(os.environ[RUN])


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The path `name` in the run's folder, made by whichever worker asks first while the others wait."""
    path = folder() / name
    with open(path.with_name(f"{name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            make(path)
    return path


def binary(name: str) -> str:
    """A program of the server's. Raises if PostgreSQL is not installed: its tests are never skipped."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise RuntimeError(f"PostgreSQL's {name} is missing: run scripts/system-packages test")
    return program


@cache
def server() -> Path:
    """The folder of the running server's socket."""
    return once("postgres", _start)


def address(database: str) -> str:
    """The URL of a database on the server, as the hub's settings take it."""
    return f"postgresql+psycopg://hub@/{database}?host={server()}"


def create(template: str = "template1") -> str:
    """A new database copied from a template that nobody uses; its name."""
    name = f"test_{uuid4().hex}"
    _administration().execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


def drop(database: str) -> None:
    _administration().execute(f"DROP DATABASE {database} WITH (FORCE)")


@cache
def _administration() -> psycopg.Connection:
    return psycopg.connect(host=str(server()), user="hub", dbname="postgres", autocommit=True)


def _start(folder: Path) -> None:
    being = folder.with_name("starting")
    being.mkdir()
    as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(being, "nobody", "nogroup")
    data, log = str(being / "data"), being / "log"
    made = subprocess.run(
        [*as_user, binary("initdb"), "-D", data, "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True,
        text=True,
        cwd="/",
    )
    if made.returncode:
        raise RuntimeError(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")
    being.rename(folder)
    data, log = str(folder / "data"), folder / "log"
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    controller = folder.with_name("controller").read_text()
    serve = [*as_user, binary("postgres"), "-D", data, "-k", str(folder), *settings]
    quiet = subprocess.DEVNULL
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", str(folder), controller, *serve],
        cwd="/",
        start_new_session=True,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
    )
    folder.with_name("keeper").write_text(str(keeper.pid))
    if not _until(lambda: _answers(folder) or keeper.poll() is not None, STARTS_WITHIN_SECONDS) or keeper.poll() is not None:
        raise RuntimeError("PostgreSQL did not start" + (f":\n{log.read_text(errors='replace')[-2000:]}" if log.exists() else ""))


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="hub", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _until(done: Callable[[], bool], seconds: float) -> bool:
    """Whether something came about in time."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
