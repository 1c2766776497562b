"""Accounts on the command line of a machine's own hub."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standards_hub.cli import main


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDARDS_HUB_HOME", str(tmp_path))
    monkeypatch.setenv("STANDARDS_HUB_TODAY", "2026-11-24")


def run(*arguments: str, stdin: str = "", login: str | None = None) -> Result:
    return CliRunner().invoke(main, [*(["--as", login] if login else []), "account", *arguments], input=stdin)


def test_the_operator_opens_the_first_administrator_who_does_the_rest() -> None:
    added = run("add", "root", "--name", "示例", "--role", "administrator", "--password-stdin", "--json", stdin="long enough\n")
    assert added.exit_code == 0, added.output
    assert json.loads(added.stdout)["grants"][0]["role"] == "administrator"
    assert run("add", "officer", "--name", "示例", "--no-password", login="root").exit_code == 0
    granted = run("grant", "officer", "officer", "--until", "2027-12-31", "--json", login="root")
    assert json.loads(granted.stdout)["until"] == "2027-12-31"
    listed = json.loads(run("list", "--json").stdout)
    assert {account["login"]: [g["role"] for g in account["grants"]] for account in listed} == {
        "officer": ["officer"],
        "root": ["administrator"],
    }
    assert run("revoke", "officer", "officer").exit_code == 0
    assert "officer  示例" in run("list").stdout
    assert run("token", "officer", "--name", "脚本").stdout.startswith("shub_")
    assert run("password", "officer", "--password-stdin", stdin="long enough\n").exit_code == 0


def test_what_is_refused_is_said_in_both_languages_with_status_1() -> None:
    run("add", "root", "--name", "示例", "--role", "administrator", "--no-password")
    run("add", "somebody", "--name", "示例", "--no-password")
    for arguments, login, told in (
        (("list",), "somebody", "You may not manage accounts and roles"),
        (("list",), "nobody", "There is no account nobody"),
        (("revoke", "root", "administrator"), None, "the last administrator"),
        (("revoke", "root", "officer"), None, "does not hold this role"),
        (("add", "ROOT", "--name", "x", "--no-password"), None, "The login root is taken"),
    ):
        refused = run(*arguments, login=login)
        assert refused.exit_code == 1, refused.output
        assert told in refused.stderr
        assert refused.stdout == ""


def test_a_short_password_opens_nothing() -> None:
    assert run("add", "root", "--name", "示例", "--password-stdin", stdin="short\n").exit_code == 1
    assert json.loads(run("list", "--json").stdout) == []
