"""The example office for tests of pages: loaded once a run, copied at the price of a few files, served or spoken to in process."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from playwright.sync_api import Page

from tests.support import postgres

TODAY = "2026-11-24"


def loaded() -> Path:
    """The folder of the whole example; to be read only."""
    return postgres.once("demo-home", _load)


def _load(path: Path) -> None:
    from standards_hub.demo import loading
    from standards_hub.settings import from_environment

    being = path.with_name("demo-loading")
    settings = from_environment({"STANDARDS_HUB_HOME": str(being), "STANDARDS_HUB_TODAY": TODAY})
    with ThreadPoolExecutor(1) as thread:  # the caller may be on an event loop already
        thread.submit(lambda: asyncio.run(loading.load_home(settings))).result()
    being.rename(path)


def copied(home: Path, to: Path) -> Path:
    """A folder of one's own like another. Stored files never change, so they are the same files under a second name."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("files"))
    one = os.stat(home).st_dev == os.stat(to).st_dev
    subprocess.run(["cp", "-rl" if one else "-r", home / "files", to], check=True)  # eight hundred names
    return to


@contextmanager
def serving(home: Path, today: str = TODAY, command: str = "serve", *, measured: bool = True, **settings: str) -> Iterator[str]:
    """The address of the hub of a folder, as a process of its own; one that only shows what others measure does it without coverage, sooner."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    given = {"HOME": str(home), "PORT": str(port), "TODAY": today, **settings}
    around = {name: value for name, value in os.environ.items() if measured or not name.startswith("COVERAGE_PROCESS")}
    environment = {**around, **{f"STANDARDS_HUB_{name}": value for name, value in given.items()}}
    program = [sys.executable, "-c", "from standards_hub.cli import main; main()", command]
    with open(home / "log", "wb") as log:
        server = subprocess.Popen(program, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):  # a busy machine takes its time
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=1)
                break
            except OSError:
                assert server.poll() is None, (home / "log").read_text()
                time.sleep(0.1)
        else:
            raise TimeoutError((home / "log").read_text())
        yield url
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="session")
def read_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the example office that this worker's tests read together; they leave its standards as they found them."""
    with serving(copied(loaded(), tmp_path_factory.mktemp("office") / "home"), measured=False) as url:
        yield url


@pytest.fixture(scope="session")
def office(read_office: str) -> str:
    """The address of the office that a test goes to; some folders have another."""
    return read_office


@pytest.fixture(scope="module")
def own_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an example office for the acts of this module alone."""
    with serving(copied(loaded(), tmp_path_factory.mktemp("office") / "home")) as url:
        yield url


@pytest.fixture
async def office_app(tmp_path: Path) -> AsyncIterator[Litestar]:
    """The application in process on a copy of the example office."""
    from tests.api.conftest import app_on

    home = copied(loaded(), tmp_path / "home")
    made = app_on(f"sqlite+aiosqlite:///{home / 'hub.sqlite'}", home)
    yield made
    await made.state.hub.database.close()


BROWSER = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}


class Visitor(httpx.AsyncClient):
    """A browser without a window: keeps cookies, follows nothing by itself, and sends the value that forms carry."""

    csrf = ""

    async def send_form(self, path: str, fields: dict[str, object] | None = None, **more: object) -> httpx.Response:
        """Post a form as a page would, with a value of the session that stands on that page alone."""
        from standards_hub.kernel.access.middleware import COOKIE
        from standards_hub.kernel.access.secrets import csrf_matches, csrf_of

        secret = self.cookies.get(COOKIE) or ""
        value = csrf_of(secret) if csrf_matches(secret, self.csrf) else self.csrf
        return await self.post(path, data={"x-csrf-token": value, **(fields or {})}, **more)  # type: ignore[arg-type]


async def visit(app: Litestar, login: str | None = None, language: str = "zh") -> Visitor:
    """Somebody of the example office at their browser, signed in; the public without a login."""
    from standards_hub.kernel.access import repository, signing_in
    from standards_hub.kernel.access.middleware import COOKIE

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    visitor = Visitor(transport=transport, base_url="http://hub.test", headers={**BROWSER, "Accept-Language": language})
    if login:
        hub = app.state.hub
        async with hub.database.write() as connection:  # without the password, whose proof takes a tenth of a second on purpose
            account = await repository.account_by_login(connection, login)
            session = await signing_in.open_session(connection, account.id, "127.0.0.1", hub.clock.now())
            await connection.commit()
        visitor.cookies.set(COOKIE, session.secret)
        visitor.csrf = session.csrf
    return visitor


def sign_in(page: Page, url: str, login: str) -> None:
    """Sign in through the page as somebody of the example office."""
    from standards_hub.demo.cast import PASSWORD

    page.goto(f"{url}/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
