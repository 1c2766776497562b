"""`standards-hub ballot`: a file of numbers is counted, in JSON and in words, and what is wrong with it is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standards_hub.cli import main


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["ballot", *arguments], input=stdin)


@pytest.fixture
def real(tmp_path: Path) -> str:
    file = tmp_path / "real.json"
    file.write_text(json.dumps({"eligible": 29, "votes": {"approve": 24}}))
    return str(file)


def test_json_has_the_outcome_the_tests_in_integers_and_the_explanation_in_both_languages(real: str) -> None:
    answer = run("tally", real, "--rule", "V1", "--json")
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert found["outcome"] == "passed" and [(t["left"], t["right"]) for t in found["tests"]] == [(96, 87), (72, 48), (0, 24)]
    assert "结论：通过" in found["explanation"]["zh"] and "Result: passed" in found["explanation"]["en"]


def test_without_json_the_explanation_is_printed_line_by_line(real: str) -> None:
    lines = run("tally", real, "--rule", "V1").stdout.splitlines()
    assert lines[0].startswith("规则 V1") and lines[-1] == "结论：通过" and len(lines) == 9
    assert run("tally", real, "--rule", "V1", "--language", "en").stdout.splitlines()[-1] == "Result: passed"


def test_single_votes_come_from_standard_input_too() -> None:
    ballots = {"eligible": 4, "ballots": [{"vote": "approve"}, {"vote": "approve"}, {"vote": "approve", "name": "示例"}]}
    answer = run("tally", "-", "--rule", "V1", "--json", stdin=json.dumps(ballots))
    assert json.loads(answer.stdout)["outcome"] == "passed"


@pytest.mark.parametrize(
    "text, rule, named",
    [
        ("{", "V1", "JSON 不完整"),
        ('{"elegible": 3}', "V1", "elegible"),
        ('{"votes": {"approve": -1}}', "V1", "votes.approve"),
        ('{"eligible": 1, "votes": {"approve": 2}}', "V1", "votes"),
        ("{}", "V99", "V99"),
        ("[" * 100_000, "V1", "套得太深"),
        ("[]", "V1", "Must be a JSON object, not a JSON list"),
        ('{"recused": 3, "votes": {"approve": 5}}', "V4", "recused"),
    ],
)
def test_what_is_wrong_is_named_and_ends_with_an_error(text: str, rule: str, named: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text)
    answer = run("tally", str(file), "--rule", rule, "--json")
    assert answer.exit_code == 1 and named in answer.stderr and not answer.stdout


def test_a_file_that_is_not_there_is_named() -> None:
    answer = run("tally", "/nowhere/votes.json", "--rule", "V1")
    assert answer.exit_code == 1 and "/nowhere/votes.json" in answer.stderr


def test_the_rules_are_listed_with_their_sources() -> None:
    assert "令55号" in run("rules").stdout and "At least 3/4 of all members voted" in run("rules", "--language", "en").stdout
    assert [rule["id"] for rule in json.loads(run("rules", "--json").stdout)][:2] == ["V1", "V2"]


def test_the_mark_that_some_editors_put_before_a_text_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "marked.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps({"eligible": 29, "votes": {"approve": 24}}).encode())
    assert json.loads(run("tally", str(file), "--rule", "V1", "--json").stdout)["outcome"] == "passed"
