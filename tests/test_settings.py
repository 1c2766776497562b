"""Settings come from the environment; what cannot be read is named, all at once, and never guessed."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from standards_hub.cli import main
from standards_hub.kernel.errors import BadInput
from standards_hub.settings import from_environment
from tests.support import postgres


def given(**values: str) -> dict[str, str]:
    return {f"STANDARDS_HUB_{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    "text, expected", [("1", True), ("true", True), ("Yes", True), ("on", True), ("0", False), ("False", False), ("", False)]
)
def test_a_switch_is_read_in_the_usual_words(text: str, expected: bool) -> None:
    assert from_environment(given(SECURE_COOKIES=text, SMTP_STARTTLS=text)).secure_cookies is expected


def test_jobs_run_unless_they_are_switched_off() -> None:
    assert [from_environment(given(JOBS=text)).jobs for text in ("", "true", "off")] == [True, True, False]


def test_an_empty_variable_is_an_unset_one() -> None:
    assert from_environment(given(PORT="", TODAY="", DATABASE_URL="", HOST="", MAIL_FROM="")) == from_environment({})


@pytest.mark.parametrize(
    "name, value",
    [
        ("PORT", "abc"),
        ("PORT", "99999"),
        ("PORT", "0"),
        ("PORT", "-1"),
        ("SMTP_PORT", "２５"),
        ("IDEMPOTENCY_DAYS", "-7"),
        ("TODAY", "2026-13-01"),
        ("TODAY", "today"),
        ("SECURE_COOKIES", "ja"),
        ("SMTP_STARTTLS", "starttls"),
        ("JOBS", "2"),
        ("DATABASE_URL", "nonsense"),
        ("TRUSTED_PROXIES", "127.0.0.1, proxy.example.org"),
        ("DATABASE_URL", "mysql://hub:secret@db/hub"),
        ("DATABASE_URL", "postgresql://hub:secret@db/hub"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_with_the_mend(name: str, value: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_environment(given(**{name: value}))
    (unmet,) = caught.value.unmet
    assert unmet.where == f"STANDARDS_HUB_{name}"
    assert "secret" not in str(caught.value)


def test_a_proxy_is_believed_only_where_it_is_named() -> None:
    assert from_environment({}).trusted_proxies == ()
    assert from_environment(given(TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")).trusted_proxies == ("127.0.0.1", "10.0.0.0/8")


def test_one_error_names_every_bad_variable() -> None:
    with pytest.raises(BadInput) as caught:
        from_environment(given(PORT="x", TODAY="x", JOBS="x"))
    assert [unmet.where for unmet in caught.value.unmet] == ["STANDARDS_HUB_TODAY", "STANDARDS_HUB_PORT", "STANDARDS_HUB_JOBS"]


def test_a_home_that_cannot_be_a_folder_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(main, ["standard", "list", "--json"], env=given(HOME=str(tmp_path / "file" / "hub")))
    assert done.exit_code == 1 and done.stdout == ""
    assert "STANDARDS_HUB_HOME" in done.stderr and "Not a directory" in done.stderr


def test_a_database_that_cannot_be_reached_is_one_clear_error_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://hub:secret@127.0.0.1:1/hub"
    done = CliRunner().invoke(main, ["standard", "list", "--json"], env=given(HOME=str(tmp_path), DATABASE_URL=url))
    assert done.exit_code == 1 and done.stdout == ""
    assert done.stderr.startswith("数据库不能使用") and "hub:***@127.0.0.1:1/hub" in done.stderr and "secret" not in done.stderr


def test_a_database_without_its_tables_says_which_command_makes_them(tmp_path: Path) -> None:
    url = postgres.address(name := postgres.create())
    done = CliRunner().invoke(main, ["standard", "list", "--json"], env=given(HOME=str(tmp_path), DATABASE_URL=url))
    postgres.drop(name)
    assert done.exit_code == 1 and done.stdout == ""
    assert "standards-hub db upgrade" in done.stderr
