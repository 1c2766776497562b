"""The command line: one object a line, exit 1 if any failed, files in either encoding, codes and comparisons."""

import json

import pytest
from click.testing import CliRunner

from standards_hub.cli import identifiers as commands
from standards_hub.cli.identifiers import id_group

FIELDS = [
    "input",
    "canonical",
    "family",
    "prefix",
    "nature",
    "region_or_org",
    "number",
    "part",
    "year",
    "stage",
    "amendments",
    "dual",
    "extra",
    "error",
]


@pytest.fixture
def run():
    return lambda *arguments, **options: CliRunner().invoke(id_group, [str(argument) for argument in arguments], **options)


def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_parse_prints_one_object_a_line_with_every_field(run):
    result = run("parse", "--json", "GB/T 7939-2008/ISO 6605:2002", "DB32/4041-2021")
    first, second = rows(result)
    assert result.exit_code == 0
    assert list(first) == FIELDS
    assert first == {
        "input": "GB/T 7939-2008/ISO 6605:2002",
        "canonical": "GB/T 7939—2008/ISO 6605:2002",
        "family": "national",
        "prefix": "GB",
        "nature": "T",
        "region_or_org": None,
        "number": "7939",
        "part": None,
        "year": "2008",
        "stage": None,
        "amendments": None,
        "dual": "ISO 6605:2002",
        "extra": {"degree": "IDT"},
        "error": None,
    }
    assert (second["nature"], second["region_or_org"]) == ("mandatory", "32")


def test_a_failure_keeps_the_rest_and_exits_1(run):
    result = run("parse", "--json", "GB/T1.12020", "ISO 4")
    bad, good = rows(result)
    assert result.exit_code == 1
    assert bad["canonical"] is None and bad["family"] is None
    assert bad["extra"] == {"code": "identifier.dash-lost", "position": 7}
    assert "一字线" in bad["error"] and "dash" in bad["error"]
    assert good["canonical"] == "ISO 4" and good["error"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_either_encoding_and_blank_lines_are_skipped(run, tmp_path, encoding):
    file = tmp_path / "ids.txt"
    file.write_bytes("GB/T 5606（所有部分）\r\n\r\n  \r\nJJF（苏）234—2020\n".encode(encoding))
    result = run("parse", "--json", "--file", file)
    assert [row["canonical"] for row in rows(result)] == ["GB/T 5606（所有部分）", "JJF(苏) 234—2020"]
    assert result.exit_code == 0


def test_standard_input_is_read(run):
    result = run("parse", "--json", "--file", "-", input="ISO 4\nIEC 60050-351:2013\n")
    assert [row["family"] for row in rows(result)] == ["iso", "iec"]


def test_a_file_too_large_or_in_neither_encoding_is_refused(run, tmp_path, monkeypatch):
    file = tmp_path / "ids.txt"
    file.write_bytes(b"ISO 4\n\xff\xff\n")
    result = run("parse", "--json", "--file", file)
    assert result.exit_code == 1 and result.stdout == "" and "line 2" in result.stderr
    monkeypatch.setattr(commands, "LARGEST_FILE", 4)
    result = run("parse", "--file", file)
    assert result.exit_code == 1 and result.stdout == "" and "split" in result.stderr
    assert run("parse", "--file", tmp_path / "none").exit_code == 1


def test_without_json_it_is_for_reading(run):
    result = run("parse", "GB 20891-2014/XG1-2020", "GB/A 1")
    assert result.exit_code == 1
    assert "✓ GB 20891—2014/XG1—2020" in result.stdout and "国家标准 / national standard" in result.stdout
    assert "✗ GB/A 1" in result.stdout and "character 4" in result.stdout


def test_something_must_be_given(run):
    assert run("parse").exit_code == 2


@pytest.mark.parametrize(
    "first, second, verdict",
    [
        ("GB/T1.1-2020", "GB 1.1—2020", "same"),
        ("GB/T 1.1-2009", "GB/T 1.1-2020", "series"),
        ("DB31/T 1-2020", "DB32/T 1-2020", "different"),
    ],
)
def test_compare(run, first, second, verdict):
    result = run("compare", first, second, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["verdict"] == verdict


def test_compare_refuses_what_it_cannot_read(run):
    result = run("compare", "GB/T 1.1-2020", "nothing")
    assert result.exit_code == 1 and result.stdout == "" and "nothing" in result.stderr


@pytest.mark.parametrize(
    "table, code, name", [("industry", "MR", "市场监管"), ("region", "3213", "宿迁市"), ("department", "339", "工业和信息化部")]
)
def test_codes(run, table, code, name):
    found = {row["code"]: row for row in rows(run("codes", table, "--json"))}
    assert name in found[code].values()
    assert all(row["source"] and isinstance(row["verified"], bool) for row in found.values())
    assert any(line.startswith(code) and name in line for line in run("codes", table).stdout.splitlines())
