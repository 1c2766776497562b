"""What every command owes a script: one clear error, nothing on standard output, a status that tells."""

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standards_hub.cli import main

USAGE = 2
"""click's status for a command that was written wrongly."""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDARDS_HUB_HOME", str(tmp_path))
    monkeypatch.setenv("STANDARDS_HUB_TODAY", "2026-11-24")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    "arguments, named",
    [
        (("report", "progress", "--plan", "x", "--as-of", "2026-31-31", "--json"), "2026-31-31"),
        (("report", "progress", "--plan", "x", "--since", "gestern", "--json"), "gestern"),
        (("standard", "as-of", "2026-02-30", "--json"), "2026-02-30"),
        (("standard", "list", "--status", "frozn", "--json"), "frozn"),
        (("standard", "list", "--limit", "0", "--json"), "0"),
        (("serve", "--workers", "0"), "0"),
    ],
)
def test_a_value_that_makes_no_sense_is_named_before_anything_happens(arguments: tuple[str, ...], named: str, tmp_path: Path) -> None:
    refused = run(*arguments)
    assert refused.exit_code == USAGE and refused.stdout == ""
    assert named in refused.stderr and "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_somebody_listens_on_is_not_shared() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        refused = CliRunner().invoke(main, ["serve"], env={"STANDARDS_HUB_PORT": str(taken.getsockname()[1])})
    assert refused.exit_code == 1 and "STANDARDS_HUB_PORT" in refused.stderr


def test_who_acts_as_an_account_sees_jobs_only_if_the_account_may() -> None:
    run("account", "add", "somebody", "--name", "示例", "--no-password")
    refused = run("--as", "somebody", "jobs", "list", "--json")
    assert refused.exit_code == 1 and refused.stdout == ""
    assert "You may not see background jobs" in refused.stderr
