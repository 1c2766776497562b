"""`standards-hub import catalogue` on the command line."""

import csv
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlmodel import SQLModel

from standards_hub.cli import catalogue as command
from standards_hub.kernel.database import sync_url
from standards_hub.settings import Settings


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a migrated hub, which the command finds."""
    engine = sa.create_engine(sync_url(sqlite_url))
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    found = Settings(tmp_path, sqlite_url)
    monkeypatch.setattr(command, "prepared", lambda: found)
    return found


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command.import_group, ["catalogue", *map(str, arguments)])


def test_json_is_all_that_goes_to_standard_output(settings: Settings, samples: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    result = run(samples / "relaton.jsonl", "--format", "relaton-jsonl", "--json", "--rejects", rejects)
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert (summary["read"], summary["written"], summary["rejected"], summary["resumed_at"]) == (16, 7, 5, None)
    assert "relaton.jsonl" in result.stderr
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["line"] for row in rows] == ["13", "14", "15", "16", "17"]
    assert rows[1]["reason_zh"] == "缺少 docid"


def test_words_are_in_both_languages(settings: Settings, samples: Path) -> None:
    result = run(samples / "ics.csv", "--format", "ics-csv")
    assert "读入 5 条：新增 3" in result.stdout and "5 records read: 3 new" in result.stdout
    assert "ICS 01.060" in result.stderr


def test_a_file_without_one_good_record_ends_with_status_1(settings: Settings, samples: Path) -> None:
    assert run(samples / "national.csv", "--format", "relaton-jsonl").exit_code == 1


def test_no_cell_of_the_rejects_is_a_formula(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "evil.jsonl").write_text('=HYPERLINK("x")\n')
    run(tmp_path / "evil.jsonl", "--format", "relaton-jsonl", "--rejects", tmp_path / "rejects.csv")
    assert "'=HYPERLINK" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
