"""What the tests stand on holds by itself: databases that start empty, no network, caught mail, a browser."""

import asyncio
import os
import smtplib
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from standards_hub.kernel.database import sync_url
from tests.support import coverage_floor, environment, network
from tests.support.mailbox import Mailbox


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_has_an_empty_migrated_database_of_its_own(database_url: str, time: str) -> None:
    engine = sa.create_engine(sync_url(database_url), poolclass=sa.NullPool)
    assert {"account", "event", "standard"} <= set(sa.inspect(engine).get_table_names())
    with engine.begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM event")) == 0
        connection.execute(sa.text("DROP TABLE event"))
    engine.dispose()


@pytest.mark.parametrize("reach", [("192.0.2.1", 443), ("2001:db8::1", 443, 0, 0)])
def test_no_test_reaches_another_machine(reach: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in reach[0] else socket.AF_INET
    with socket.socket(family) as line, pytest.raises(network.NetworkRefused, match="serve what it needs"):
        line.connect(reach)
    with pytest.raises(network.NetworkRefused, match=r"example\.org"):
        urllib.request.urlopen("https://example.org")


@pytest.mark.parametrize(
    "host, expected", [("127.0.0.1", True), ("::1", True), ("localhost", True), (None, True), ("8.8.8.8", False), ("localhost.org", False)]
)
def test_this_machine_is_told_from_others(host: str | None, expected: bool) -> None:
    assert network.local(host) is expected


def test_the_settings_of_the_shell_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [name for name in os.environ if name.startswith("STANDARDS_HUB_")]
    monkeypatch.setenv("STANDARDS_HUB_TODAY", "2026-01-01")
    environment.clean()
    assert "STANDARDS_HUB_TODAY" not in os.environ


def test_mail_is_caught_and_can_be_refused(mailbox: Mailbox) -> None:
    text = "Subject: =?utf-8?b?5Yiw5pyf?=\nContent-Type: text/plain; charset=utf-8\n\n明天到期".encode()
    with smtplib.SMTP(mailbox.host, mailbox.port) as line:
        line.sendmail("hub@example.org", ["a@example.org", "b@example.org"], text)
        mailbox.refusing = "451 later"
        with pytest.raises(smtplib.SMTPDataError):
            line.sendmail("hub@example.org", ["a@example.org"], text)
    assert mailbox.recipients == [["a@example.org", "b@example.org"]]
    assert mailbox.messages[0]["Subject"] == "到期"
    assert mailbox.messages[0].get_content().strip() == "明天到期"


def test_the_browser_shows_chinese_and_sees_this_machine_only(page: Page) -> None:
    page.set_content("<h1>标准全程</h1>")
    assert page.get_by_role("heading").inner_text() == "标准全程"
    assert page.evaluate("navigator.language") == "zh-CN"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_asynchronous_tests_run_beside_the_browser(_chromium: object, turn: str) -> None:
    assert await asyncio.sleep(0, turn) == turn


@pytest.mark.parametrize(
    "floor, arguments, failed",
    [("100.0", [], True), ("50.0", [], False), ("100.0", ["tests/test_room.py"], False), ("100.0", ["-k", "half"], False)],
)
def test_a_whole_run_below_the_floor_of_coverage_fails(tmp_path: Path, floor: str, arguments: list[str], failed: bool) -> None:
    """A house of one function, of which its tests run three lines of four."""
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n[tool.coverage.run]\nsource = ["room"]\n',
        "room.py": "def half(number):\n    if number % 2:\n        return None\n    return number // 2\n",
        "floor.txt": floor,
        "tests/conftest.py": f"""import sys
from pathlib import Path
sys.path.insert(0, {str(coverage_floor.FLOOR.parents[1])!r})
from tests.support import coverage_floor
coverage_floor.FLOOR = Path("floor.txt").absolute()
pytest_configure = coverage_floor.ask
""",
        "tests/test_room.py": "from room import half\ndef test_half():\n    assert half(4) == 2\n",
    }
    (tmp_path / "tests").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "pytest_cov.plugin", *arguments, "--cov"]
    ran = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=60)
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr
    assert (ran.returncode != 0) is failed
    assert ("Coverage failure" in ran.stdout) is failed, ran.stdout
