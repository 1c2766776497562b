"""Projects from a file: each row with its result, errors by cell, nothing kept when only tried, and out again in the same columns."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import xlsxwriter
from litestar import Litestar
from python_calamine import CalamineWorkbook

from standards_hub.committees.schemas import NewOrganisation
from standards_hub.committees.services import organisations
from standards_hub.kernel.access.actor import SYSTEM
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import BadInput
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.registers.sheets import sheet as as_csv
from standards_hub.kernel.registers.taking import take_in
from standards_hub.kernel.work import Hub, Work
from standards_hub.linkage import repository
from standards_hub.linkage.registering.service import PROJECTS, rows_of
from standards_hub.linkage.registering.sheet import SHEET
from tests.support.office import visit

HEADS = {key: column.name.into("zh") for key, column in SHEET.columns.items()}
ROW = {
    "project_no": "SHILI-1", "title": "示例项目", "programme": "示例", "lead": "示例公司", "starts_on": "2024-01-01", "ends_on": "2026/12/31",
    "level": "国家标准", "count": "2", "role_required": "主导", "due": "2026-06-30", "evidence": "发布公告；标准封面和前言页", "source_text": "示例原话",
}  # fmt: skip


def lines(*rows: dict[str, str], heads: dict[str, str] = HEADS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([list(heads.values()), *([row.get(key, "") for key in heads] for row in rows)])
    return text.getvalue().encode("gb18030")


def xlsx(*rows: dict[str, str]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for at, row in enumerate([HEADS, *rows]):
        for column, key in enumerate(HEADS):
            page.write_string(at, column, row.get(key, ""))
    book.close()
    return out.getvalue()


@pytest.fixture
async def work(database_url: str, tmp_path: Path) -> AsyncIterator[Work]:
    hub = Hub(Database(database_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))
    async with hub.work(SYSTEM) as work:
        await organisations.register(work, NewOrganisation(name_zh="示例公司", kind="enterprise"))
        yield work
    await hub.database.close()


@pytest.mark.parametrize("file", [lines, xlsx])
async def test_a_project_comes_in_with_its_promises_and_again_is_known(work: Work, file: object) -> None:
    further = {"project_no": "shili 1", "level": "local", "count": "1", "source_text": "示例地方标准"} | {"level": "地方标准"}
    taken = await take_in(work, PROJECTS, file(ROW, further), write=True)  # type: ignore[operator]
    assert [row.outcome for row in taken.rows] == ["registered", "promised"], taken.rows
    made = await repository.project_by_number(work.connection, "SHILI-1")
    assert (
        made
        and (made.title, made.starts_on, made.ends_on) == ("示例项目", date(2024, 1, 1), date(2026, 12, 31))
        and made.lead_organisation_id
    )
    promises = await repository.commitments(work.connection, made.id)
    assert {(p.level, p.count, p.role_required, p.min_stage, p.due) for p in promises} == {
        ("national", 2, "lead", "60.60", date(2026, 6, 30)), ("local", 1, "either", "60.60", None),
    }  # fmt: skip
    assert [p.evidence for p in promises if p.level == "national"] == [["publication_notice", "foreword"]]
    again = await take_in(work, PROJECTS, file(ROW, further), write=True)  # type: ignore[operator]
    assert [row.outcome for row in again.rows] == ["known", "known"]
    changed = await take_in(work, PROJECTS, file({"project_no": "SHILI-1", "title": "示例新名"}), write=True)  # type: ignore[operator]
    assert [(row.outcome, [one.zh for one in row.changes]) for row in changed.rows] == [("changed", ["项目名称"])]


async def test_what_is_wrong_is_told_by_cell_and_holds_up_no_other_row(work: Work) -> None:
    wrong = {
        "project_no": "SHILI-2", "lead": "没有的单位", "starts_on": "去年", "level": "团体标准", "count": "许多", "min_stage": "61.00",
        "evidence": "口头", "source_text": "示例", "role_policy": "nobody",
    }  # fmt: skip
    taken = await take_in(work, PROJECTS, lines(wrong, ROW, {"title": "没有编号"}), write=True)
    cells = {problem.cell for problem in taken.rows[0].problems}
    expected = ("lead", "starts_on", "level", "count", "min_stage", "evidence", "role_policy")
    assert cells == {f"{SHEET.letters[key]}2" for key in expected}
    assert [row.outcome for row in taken.rows] == ["wrong", "registered", "wrong"]
    assert [(p.cell, p.why.zh) for p in taken.rows[2].problems] == [("A4", "必填")]
    missing = await take_in(work, PROJECTS, lines({"project_no": "SHILI-3", "level": "国家标准"}), write=True)
    assert {p.cell for p in missing.rows[0].problems} == {f"{SHEET.letters[key]}2" for key in ("count", "source_text")}


async def test_of_a_wrong_row_nothing_is_kept(work: Work) -> None:
    await organisations.register(work, NewOrganisation(name_zh="示例伙伴", kind="enterprise"))
    (first,) = (await take_in(work, PROJECTS, lines(ROW), write=True)).rows
    rows = ROW | {"partners": "示例伙伴", "plan_key": "none"}, ROW | {"count": "1" * 5000}
    found = await take_in(work, PROJECTS, lines(*rows), write=True)
    assert [(row.outcome, [one.cell for one in row.problems]) for row in found.rows] == [("wrong", ["A2"]), ("wrong", ["L3"])]
    assert await repository.partners(work.connection, [UUID(str(first.id))]) == {}


@pytest.mark.parametrize(
    "content, code",
    [
        (b"PK\x03\x04 broken", "bad-file"),
        (lines(ROW, heads={**HEADS, "title": "别的"}), "bad-header"),
        (lines(), "bad-file"),
        ("名称\nx".encode(), "bad-header"),
    ],
)
async def test_a_file_that_is_none_is_refused_as_a_whole(work: Work, content: bytes, code: str) -> None:
    with pytest.raises(BadInput) as error:
        await take_in(work, PROJECTS, content, write=True)
    assert error.value.code == code


@pytest.mark.parametrize("format", ["xlsx", "csv"])
async def test_what_goes_out_comes_in_again_unchanged(work: Work, format: str) -> None:
    await take_in(
        work,
        PROJECTS,
        lines({**ROW, "title": "=1+1", "partners": ""}, {"project_no": "SHILI-2", "title": "示例二", "programme": "示例"}),
        write=True,
    )
    rows = await rows_of(work, await repository.projects(work.connection))
    content = SHEET.workbook(rows) if format == "xlsx" else as_csv(SHEET.table(rows))
    assert b"'=1+1" in content or format == "xlsx"
    again = await take_in(work, PROJECTS, content, write=True)
    assert [row.outcome for row in again.rows] == ["known", "known"], again.rows


def test_the_template_has_the_dictionary_of_its_columns() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(SHEET.workbook()))
    assert [cell.partition("\n")[0] for cell in book.get_sheet_by_name("项目").to_python()[0]] == list(HEADS.values())
    told = book.get_sheet_by_name("数据字典").to_python()[1:]
    assert len(told) == len(SHEET.columns) and all(row[1] for row in told)


async def test_a_file_is_tried_and_then_taken_in_on_the_page(office_app: Litestar) -> None:
    async with await visit(office_app, "officer") as officer:
        file = {"file": ("projects.csv", lines({**ROW, "lead": "示例·苏南氢能研究院"}, {"project_no": "SHILI-8"}))}
        tried = await officer.send_form("/projects/sheet", {}, files=file)
        assert "可写入 1 行，尚未写入" in tried.text and "<code>B3</code>" in tried.text
        assert "0 个科技项目" in (await officer.get("/projects?q=SHILI-1")).text
        digest = tried.text.partition('name="tried" value="')[2][:64]
        taken = await officer.send_form("/projects/sheet", {"tried": digest, "write": "1"})
        assert "已写入 1 行" in taken.text
        assert "1 个科技项目" in (await officer.get("/projects?q=SHILI-1")).text
        assert "示例原话" in (await officer.get("/projects/sheet/csv?q=SHILI-1")).text
    async with await visit(office_app, "admin") as admin:
        assert (await admin.get("/projects/sheet")).status_code == 403
