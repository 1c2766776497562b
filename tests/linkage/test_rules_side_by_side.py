"""Two rules side by side as a page and as a file: the same numbers, and each standard with the clauses that decided."""

import csv
import io
import re
import zipfile
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from litestar import Litestar
from lxml import etree, html
from python_calamine import CalamineWorkbook

from standards_hub.cli import main
from tests.support.office import copied, loaded, visit

PLAN = "jiangsu-5x100"
MINUTE = re.compile(rb"T\d\d:\d\d")
"""When it was asked for, which may be another minute for one than for the other."""
QUERY = "first=default@1&second=approved@1&as_of=2026-10-31"


async def test_the_page_and_both_files_say_what_the_api_says(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as visitor:
        told = (await visitor.get(f"/api/v1/plans/{PLAN}/count/against/approved?as_of=2026-10-31")).json()
        shown = await visitor.get(f"/plans/{PLAN}/rules?{QUERY}")
        files = {kind: (await visitor.get(f"/plans/{PLAN}/rules/file/{kind}?{QUERY}")).content for kind in ("csv", "xlsx")}
        by_api = (await visitor.get(f"/api/v1/plans/{PLAN}/count/against/approved/file/csv?as_of=2026-10-31")).content
        wrong = await visitor.get(f"/plans/{PLAN}/rules?first=none&second=approved@1&as_of=2026-10-31")
        early = await visitor.get(f"/plans/{PLAN}/rules?{QUERY}&known_at=2027-01-01")
    sums = {t["key"]: [t["counted"], o["counted"]] for t, o in zip(*told["targets"], strict=True)}
    page = " ".join(html.fromstring(shown.text).xpath("//main")[0].text_content().split())
    numbers = [one["number"] or one["title"] for one in told["differences"]]
    assert numbers and all((number or "").replace("-", "—") in page.replace("-", "—") for number in numbers)
    assert "{start}" not in page and f"计入 {told['totals'][0]['counted']} 项" in page
    assert MINUTE.sub(b"", files["csv"], count=1) == MINUTE.sub(b"", by_api, count=1) != by_api
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"]))
    assert [row[2:4] for row in book.get_sheet_by_index(1).to_python()[1:-1]] == list(sums.values())
    assert len(book.get_sheet_by_index(2).to_python()[1:]) == len(told["differences"])
    assert len([row for row in rows if row and row[3:4] in (["仅后者计入"], ["仅前者计入"], ["都计入，归属不同"])]) == len(
        told["differences"]
    )
    assert wrong.status_code == 404 and early.status_code == 422


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    from standards_hub.linkage.sheets import as_csv, as_xlsx

    sheets: list[tuple[str, list[list[str | int]]]] = [("一", [["名称"], ["=1+1"], ["＝1+1"], [7]])]
    assert as_csv(sheets).decode("utf-8-sig").splitlines() == ["名称", "'=1+1", "'＝1+1", "7"]
    made = as_xlsx(sheets)
    assert CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python() == [["名称"], ["=1+1"], ["＝1+1"], [7]]
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert not etree.fromstring(packed.read("xl/worksheets/sheet1.xml")).xpath("//*[local-name() = 'f']")


def test_the_command_line_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDARDS_HUB_HOME", str(copied(loaded(), tmp_path / "home")))
    monkeypatch.setenv("STANDARDS_HUB_TODAY", "2026-11-24")
    out = tmp_path / "both.xlsx"
    words = ["count", "--plan", PLAN, "--as-of", "2026-10-31", "--out", str(out)]
    found = CliRunner().invoke(main, [*words, "--against", "approved", "--json"])
    assert found.exit_code == 0, found.output
    told = msgspec.json.decode(found.stdout)
    assert len(CalamineWorkbook.from_path(out).get_sheet_by_index(2).to_python()[1:]) == len(told["differences"])
    assert CliRunner().invoke(main, words).exit_code == 1
