"""The code tables hold what the field pages list, and every message of the room has its English."""

import ast
from pathlib import Path

from standards_hub import cli
from standards_hub.kernel.messages import catalogue
from standards_hub.lifecycle import identifiers
from standards_hub.lifecycle.identifiers import industry_codes, parse, plan_departments, regions
from standards_hub.lifecycle.identifiers.tables import engineering_series, itu_series


def test_the_live_industry_codes_are_seventy_six_with_field_and_body():
    live = [row for row in industry_codes().values() if row.status == "live"]
    assert len(live) == 76
    assert all(row.field and row.body and row.source for row in live)
    assert industry_codes()["TJ"].status == "withdrawn"


def test_provinces_and_the_thirteen_cities_of_jiangsu():
    cities = [row.code for row in regions().values() if row.parent == "32"]
    assert cities == [f"32{city:02}" for city in range(1, 14)]
    assert sum(len(code) == 2 for code in regions()) == 34
    assert {code for code, row in regions().items() if row.status == "unused"} == {"71", "81", "82"}


def test_every_code_opens_an_identifier():
    for code, row in engineering_series().items():
        assert parse(f"{code} 1-2020").family == row.family
    for code in industry_codes():
        assert parse(f"{code}/T 1-2020").family == "industry"


def test_only_what_was_seen_in_public_numbers_is_marked_verified():
    assert {code for code, row in plan_departments().items() if row.verified} == {"339", "469"}


def test_withdrawn_itu_series_are_still_read():
    assert {"B", "C"} <= itu_series()["T"] and "PN" in itu_series()["R"]


def test_every_message_has_its_english():
    files = [*Path(identifiers.__file__).parent.glob("*.py"), Path(cli.__file__).parent / "identifiers.py"]
    said = {
        node.args[0].value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "say"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 50
    assert said <= set(catalogue())
